"""`eval reported-success`: whether the customer will say that what they came for was done (STAR), from words and the record.

A "no" is not always a failure: where the scenario could not be met, it is a correct refusal. Its rows are told apart
(`resolved`, `correctly_refused`, `failed`), and so is how well the head ranks within each kind.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from baton.engines.models.evaluate.baseline import baseline, chances
from baton.engines.models.evaluate.blocks import Block, Stacked, Tokens, Words, calibrated, crossed
from baton.engines.models.evaluate.spread import auroc_spread
from baton.engines.models.evaluate.star import Told, apart, checked, told
from baton.engines.models.heads import Floats
from baton.engines.models.training.corpora import share
from baton.engines.models.training.figures import auroc, average_precision, calibration

Figures = dict[str, float]
Say = Callable[[str], None]

PARTS: Final = 5
STRENGTH: Final = 5.0
ASKED_LAST: Final = 3
SERVED_LAST: Final = 4
BLOCKS: Final = (
    Block(lambda each: " ".join(each.asked), Words()),
    Block(lambda each: " ".join(each.served), Words()),
    Block(lambda each: " ".join(each.asked[-ASKED_LAST:]), Words()),
    Block(lambda each: " ".join(each.served[-SERVED_LAST:]), Words()),
    Block(lambda each: with_stand(each.record), Tokens(), 0.3),
)
SURE: Final = 0.75
"""Below this confidence either way the answer is withheld: a person or a survey should be asked."""


def with_stand(record: Sequence[str]) -> tuple[str, ...]:
    """The record, and what it came to for each task: a "no" of one system is another's yes."""
    tasks = [each for each in record if each.startswith(("task:", "query:"))]
    stands = [each for each in record if each.startswith(("needful1:", "state:", "laststate:"))]
    return (*record, *(f"{task} {stand}" for task in sorted(set(tasks)) for stand in sorted(set(stands))))


def eval_reported_success(train: Path, test: Path, say: Say = print) -> Figures:
    """Figures on `test` of a head fitted on `train`; the same file twice is cross-fitted."""
    known, asked = told(train, "success"), told(test, "success")
    checked(known, train.name)
    same = train.resolve() == test.resolve()
    say(f"{len(known)} conversations to learn from, {len(asked)} to judge" + (", cross-fitted" if same else ""))
    held = crossed(known, [share(each.id, PARTS) for each in known], _judged)
    if same:
        spent, scores = 0.0, held
        simple = crossed(known, [share(each.id, PARTS) for each in known], _simply)
    else:
        apart(known, asked)
        head = Stacked(BLOCKS, known, _marks(known), STRENGTH)
        began = time.process_time()
        scores = head.logits(asked)
        spent = time.process_time() - began
        simple = _simply(known, asked)
    likely = calibrated(scores, held, _marks(known))
    return _figures(asked, scores, likely, simple) | {
        "texts_per_cpu_s": round(len(asked) / spent, 1) if spent else 0.0,
        "cross_fitted": int(same),
    }


def _judged(known: Sequence[Told], asked: Sequence[Told]) -> Floats:
    return Stacked(BLOCKS, known, _marks(known), STRENGTH).logits(asked)


def _simply(known: Sequence[Told], asked: Sequence[Told]) -> Floats:
    """TF-IDF over all that was said, with logistic regression."""
    model = baseline([_all(each) for each in known], [str(int(each.label)) for each in known], 1.0)
    return chances(model, [_all(each) for each in asked])[:, 1]


def _all(each: Told) -> str:
    return " ".join((*each.asked, *each.served))


def _marks(rows: Sequence[Told]) -> Floats:
    return np.array([float(each.label) for each in rows])


def _figures(rows: Sequence[Told], scores: Floats, likely: Floats, simple: Floats) -> Figures:
    truth = _marks(rows)
    could = np.array([each.could for each in rows])
    low, high = auroc_spread(scores, truth)
    return {
        "auroc": round(auroc(scores, truth), 4), "auroc_low": low, "auroc_high": high,
        "average_precision": round(average_precision(scores, truth), 4),
        "auroc_could": round(auroc(scores[could], truth[could]), 4),
        "auroc_could_not": round(auroc(scores[~could], truth[~could]), 4),
        **calibration(likely, truth).figures(),
        "baseline_auroc": round(auroc(simple, truth), 4),
        "abstained": round(float((np.maximum(likely, 1 - likely) < SURE).mean()), 4),
        "resolved": round(float(truth.mean()), 4),
        "correctly_refused": round(float(((truth == 0) & ~could).mean()), 4),
        "failed": round(float(((truth == 0) & could).mean()), 4),
        "n": len(rows),
    }  # fmt: skip
