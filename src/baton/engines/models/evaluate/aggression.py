"""`eval aggression`: whether a rep found the customer aggressive or annoyed (STAR), from the whole conversation.

Two heads, added: one over the customer's words alone, one over all that can be seen (words, spelling, what the fast tier
saw turn by turn, the replies that were needed). The first ranks steadily, the second is right at the top. Sentence vectors
added nothing that their minutes were worth. Never applied to reps.
"""

import re
import time
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from baton.engines.models.evaluate.baseline import baseline, chances
from baton.engines.models.evaluate.blocks import Block, Characters, Rates, Stacked, Words, calibrated, crossed
from baton.engines.models.evaluate.spread import auroc_spread, over_groups
from baton.engines.models.evaluate.star import Told, apart, checked, told
from baton.engines.models.fast import FastTier
from baton.engines.models.heads import Floats
from baton.engines.models.judged import Judged
from baton.engines.models.training.corpora import share
from baton.engines.models.training.figures import auroc, average_precision, calibration

Figures = dict[str, float]
Say = Callable[[str], None]

PARTS: Final = 5
WHOLE_STRENGTH: Final = 1.0
WORDS_STRENGTH: Final = 3.0
SURE: Final = 0.9
"""Below this confidence either way the answer is withheld; nineteen in twenty are not aggressive."""
_WORD: Final = re.compile("[a-z]+")


class Seen(NamedTuple):
    """A dialogue with what the fast tier sees of it."""

    told: Told
    seen: Floats


WORDS: Final = (Block(lambda each: " ".join(each.told.asked), Words()),)
WHOLE: Final = (
    *WORDS,
    Block(lambda each: " ".join(each.told.asked), Characters()),
    Block(lambda each: " ".join(each.told.served), Words(3)),
    Block(lambda each: _replies(each.told), Rates()),
    Block(lambda each: each.seen, None, 0.3),
)


def eval_aggression(train: Path, test: Path, say: Say = print) -> Figures:
    """Figures on `test` of a head fitted on `train`; the same file twice is cross-fitted."""
    learned, wanted = told(train, "aggressive"), told(test, "aggressive")
    checked(learned, train.name)
    same = train.resolve() == test.resolve()
    if not same:
        apart(learned, wanted)
    say(f"{len(learned)} dialogues to learn from, {len(wanted)} to judge" + (", cross-fitted" if same else ""))
    tier = FastTier()
    known = _looked(learned, tier)
    scale = _scale(known)
    began = time.process_time()
    asked = known if same else _looked(wanted, tier)
    spent = time.process_time() - began
    known, asked = [scale(each) for each in known], [scale(each) for each in asked]
    groups = [share(each.told.id, PARTS) for each in known]
    held = crossed(known, groups, judged)
    scores = held if same else judged(known, asked)
    simple = crossed(known, groups, _simply) if same else _simply(known, asked)
    likely = calibrated(scores, held, _marks(known))
    return _figures(asked, scores, likely, simple) | {
        "dialogues_per_cpu_s": 0.0 if same else round(len(asked) / max(spent, 1e-9), 1),
        "cross_fitted": int(same),
    }


def judged(known: Sequence[Seen], asked: Sequence[Seen]) -> Floats:
    """Both heads fitted on `known`, each on the scale of its own scores there, added."""
    marks, total = _marks(known), np.zeros(len(asked))
    for blocks, strength in ((WORDS, WORDS_STRENGTH), (WHOLE, WHOLE_STRENGTH)):
        head = Stacked(blocks, known, marks, strength)
        own = head.logits(known)
        total += (head.logits(asked) - own.mean()) / (own.std() + 1e-9)
    return total


def _looked(rows: Sequence[Told], tier: FastTier) -> list[Seen]:
    return [Seen(each, np.array(features(each, tier.judge_many(each.asked)))) for each in rows]


def features(each: Told, turns: Sequence[Judged]) -> list[float]:
    """The worst and mean frustration and mood, needs denied and confirmed, shouting, marks, length, repeats, replies without a plan."""
    frustration = sorted((turn.frustration for turn in turns), reverse=True)
    mood = sorted(turn.mood for turn in turns)
    n, letters = len(turns), sum(map(len, each.asked))
    said = [turn.lower() for turn in each.asked]
    replies = _replies(each)
    return [
        frustration[0], float(np.mean(frustration)), float(np.mean(frustration[:3])), mood[0], float(np.mean(mood)),
        sum(turn.confirms == "no" for turn in turns), sum(turn.confirms == "yes" for turn in turns),
        max(turn.asks_person for turn in turns),
        sum(turn.isupper() and len(turn) > 3 for turn in each.asked), sum("!" in turn for turn in said) / n,
        sum(turn.count("!!") for turn in said), sum(turn.count("?") for turn in said) / n,
        float(np.log(n)), float(np.log(max(1, letters) / n)),
        float(np.log1p(replies.count("reply:out_of_scope"))),
        float(np.log1p(replies.count("reply:custom") + replies.count("reply:own words"))),
        repeated(each.asked), float(any("thank" in turn for turn in said)), sum("please" in turn for turn in said) / n,
    ]  # fmt: skip


def repeated(turns: Sequence[str]) -> float:
    """How alike the two most alike turns of more than two words are: shared words over all words (Jaccard 1901)."""
    found = [words for turn in turns if len(words := set(_WORD.findall(turn.lower()))) > 2]
    return max((len(a & b) / len(a | b) for a, b in combinations(found, 2)), default=0.0)


def _replies(each: Told) -> list[str]:
    return [token for token in each.record if token.startswith("reply:")]


def _scale(known: Sequence[Seen]) -> Callable[[Seen], Seen]:
    seen = np.array([each.seen for each in known])
    mean, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-9
    return lambda each: each._replace(seen=(each.seen - mean) / spread)


def _simply(known: Sequence[Seen], asked: Sequence[Seen]) -> Floats:
    """TF-IDF over the customer's words, with logistic regression."""
    marks = [str(int(each.told.label)) for each in known]
    model = baseline([" ".join(each.told.asked) for each in known], marks, 3.0)
    return chances(model, [" ".join(each.told.asked) for each in asked])[:, 1]


def _marks(rows: Sequence[Seen]) -> Floats:
    return np.array([float(each.told.label) for each in rows])


def _figures(rows: Sequence[Seen], scores: Floats, likely: Floats, simple: Floats) -> Figures:
    truth = _marks(rows)
    low, high = auroc_spread(scores, truth)
    worst, best = over_groups(average_precision, scores, truth, [each.told.id for each in rows])
    return {
        "auroc": round(auroc(scores, truth), 4), "auroc_low": low, "auroc_high": high,
        "average_precision": round(average_precision(scores, truth), 4),
        "average_precision_low": worst, "average_precision_high": best,
        **calibration(likely, truth).figures(),
        "baseline_auroc": round(auroc(simple, truth), 4),
        "baseline_average_precision": round(average_precision(simple, truth), 4),
        "abstained": round(float((np.maximum(likely, 1 - likely) < SURE).mean()), 4),
        "n": len(rows),
    }  # fmt: skip
