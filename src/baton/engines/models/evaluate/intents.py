"""`eval intent` and `eval intent-fewshot`: what a head taught these rows knows of rows it has not seen, beside the simplest thing that works."""

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from baton.engines.models.evaluate.baseline import baseline, chances
from baton.engines.models.evaluate.texts import Labelled, labelled
from baton.engines.models.heads import Vectors, learn
from baton.engines.models.own.intents import OwnTier, Said
from baton.engines.models.own.learning import learn_intents
from baton.engines.models.own.rows import Row, examine, numbered
from baton.engines.models.slow import SIZE, SlowTier
from baton.engines.models.training.figures import auroc, calibration

Figures = dict[str, float]
Say = Callable[[str], None]

OUTSIDE: Final = 500
"""A text is said to be out of scope from this chance in permille."""
BESIDE: Final = 0.7
"""Length of what stands beside a sentence vector of length one."""


class Answers(NamedTuple):
    """Of each text: the best label in scope, how likely it is right, how likely the text is out of scope, and whether an answer is given."""

    best: list[str]
    confidence: npt.NDArray[np.float64]
    outside: npt.NDArray[np.float64]
    given: npt.NDArray[np.bool_]


def eval_intent(train: Path, test: Path, out_of_scope: str | None = None, say: Say = print) -> Figures:
    """Accuracy, calibration, out-of-scope detection and speed where every text asks the transformer, and where only unsure ones do."""
    learned, asked = labelled(train), labelled(test, "test")
    say(f"{len(learned.texts)} texts to learn from, {len(asked.texts)} to judge")
    embed = SlowTier(Path()).embed
    rows = _fit_to_learn(learned, asked, say)
    tier = OwnTier(learn_intents(rows, embed, out_of_scope or "", say))
    began = time.process_time()
    live, slow = tier.judge(asked.texts, embed)
    middle = time.process_time()
    thorough = tier.thorough(asked.texts, embed(asked.texts))
    ended = time.process_time()
    count = len(asked.texts)
    return {
        **_figures(_answers(thorough), asked, out_of_scope),
        "texts_per_cpu_s": round(count / max(ended - middle, 1e-9), 1),
        "live_accuracy": _figures(_answers(live), asked, out_of_scope)["accuracy"],
        "live_texts_per_cpu_s": round(count / max(middle - began, 1e-9), 1),
        "slow_tier_share": round(slow / count, 4),
        **_simple(learned, asked, out_of_scope),
        "n": count,
    }


def eval_intent_fewshot(train: Path, test: Path, shots: int, repeats: int = 5, say: Say = print) -> Figures:
    """Mean accuracy with `shots` examples per label over `repeats` draws, and the baseline's with the same examples."""
    learned, asked = labelled(train), labelled(test, "test")
    tier = SlowTier(Path())
    say(f"sentence vectors of {len(asked.texts)} texts")
    wanted, truth = _views(tier, asked.texts), np.array(asked.labels)
    right, simply = [], []
    for repeat in range(repeats):
        drawn = _drawn(learned, shots, repeat)
        names = sorted(set(drawn.labels))
        shown = [*drawn.texts, *(name.replace("_", " ") for name in names)]  # a name is one more example
        head = learn(_views(tier, shown), [*drawn.labels, *names])
        right.append(float((np.array(head.labels)[head.chances(wanted).argmax(axis=1)] == truth).mean()))
        simply.append(float((baseline(*drawn).predict(asked.texts) == truth).mean()))
        say(f"draw {repeat + 1} of {repeats}: {right[-1]:.4f}, baseline {simply[-1]:.4f}")
    return {
        "accuracy": round(float(np.mean(right)), 4),
        "baseline_accuracy": round(float(np.mean(simply)), 4),
        "n": len(truth),
    }


def _views(tier: SlowTier, texts: Sequence[str]) -> Vectors:
    """Sentence vectors, and beside them the mean and the most of the tokens after the fourth block (chosen on CLINC150)."""
    read = tier.read(texts)
    beside = [
        np.concatenate([fourth.mean(axis=0), fourth.max(axis=0)]) for each in read.states for fourth in [each[:, SIZE:]]
    ]
    return np.hstack([read.vectors, [BESIDE * view / np.linalg.norm(view) for view in beside]]).astype(np.float32)


def _fit_to_learn(learned: Labelled, asked: Labelled, say: Say) -> list[Row]:
    """The rows to learn from; what was left out is told with its lines."""
    found = examine(numbered(*learned), numbered(*asked))
    for notice in found.notices:
        say(notice.said)
    return found.rows


def _answers(said: Sequence[Said]) -> Answers:
    return Answers(
        [each.best for each in said],
        np.array([each.confidence / 1000 for each in said]),
        np.array([each.outside / 1000 for each in said]),
        np.array([bool(each.intent) for each in said]),
    )


def _figures(answers: Answers, asked: Labelled, out_of_scope: str | None) -> Figures:
    """In-scope accuracy is over texts with a known label, by the best label in scope; the calibration error is theirs."""
    truth, best = np.array(asked.labels), np.array(answers.best)
    inside = truth != out_of_scope
    said = np.where(answers.outside >= OUTSIDE / 1000, out_of_scope, best) if out_of_scope else best
    right = (best == truth).astype(np.float64)
    return {
        "accuracy": round(float((said == truth).mean()), 4),
        "in_scope_accuracy": round(float(right[inside].mean()), 4) if inside.any() else 0.0,
        "oos_auroc": round(auroc(answers.outside, (~inside).astype(np.float64)), 4),
        **calibration(answers.confidence[inside], right[inside]).figures(),
        "abstained": round(float(1 - answers.given.mean()), 4),
    }


def _simple(learned: Labelled, asked: Labelled, out_of_scope: str | None) -> Figures:
    """TF-IDF with logistic regression: its own class for what is out of scope, where rows teach one, else low confidence."""
    simple = baseline(*learned)
    names, judged = np.array([str(c) for c in simple.classes_]), chances(simple, asked.texts)
    truth = np.array(asked.labels)
    inside = truth != out_of_scope
    outside = judged[:, names == out_of_scope].sum(axis=1) if out_of_scope else np.zeros(len(truth))
    top = names[np.where(names == out_of_scope, -1.0, judged).argmax(axis=1)]
    said = names[judged.argmax(axis=1)]
    return {
        "baseline_accuracy": round(float((said == truth).mean()), 4),
        "baseline_in_scope_accuracy": round(float((top == truth)[inside].mean()), 4) if inside.any() else 0.0,
        "baseline_oos_auroc": round(auroc(1 - judged.max(axis=1) + outside, (~inside).astype(np.float64)), 4),
    }


def _drawn(learned: Labelled, shots: int, repeat: int) -> Labelled:
    """`shots` texts of each label, drawn by a fixed seed."""
    chance = random.Random(f"{shots}/{repeat}")
    by_label: dict[str, list[str]] = {}
    for text, label in zip(*learned, strict=True):
        by_label.setdefault(label, []).append(text)
    chosen = [
        (text, label)
        for label, texts in sorted(by_label.items())
        for text in chance.sample(texts, min(shots, len(texts)))
    ]
    return Labelled([text for text, _ in chosen], [label for _, label in chosen])
