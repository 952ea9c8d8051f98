"""`eval satisfaction`: how dissatisfied the customer is at each of their turns, from that turn and what came before it.

No label of the file is learned from. Each turn gives points: what the fast tier hears, whether the turn before it was an
apology or a refusal, whether the customer corrects or repeats, or who serves does. Points fade as the talk goes on (a
filter with one state), and a later turn never changes an earlier one. The weights come from other data: see `WEIGHTS`.
The baseline beside it, TF-IDF with logistic regression, does learn from the file's labels, cross-fitted over dialogues.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from baton.engines.models.evaluate.aggression import repeated
from baton.engines.models.evaluate.baseline import baseline, chances
from baton.engines.models.evaluate.blocks import crossed
from baton.engines.models.evaluate.spread import auroc_over_groups, over_groups
from baton.engines.models.evaluate.texts import opened
from baton.engines.models.fast import FastTier
from baton.engines.models.heads import Floats
from baton.engines.models.judged import Judged
from baton.engines.models.training.figures import auroc, average_precision, calibration
from baton.kernel.errors import BatonError

Figures = dict[str, float]
Say = Callable[[str], None]

MIDDLE: Final = 3.0
"""A turn whose mean score is below the middle of the scale is a dissatisfied one."""
KEPT: Final = 0.3
"""Of what was felt at the turn before, so much is still there."""
WEIGHTS: Final = {
    "frustration": 2.1, "mood": 1.4, "asks_person": 0.6, "still_unsolved": 1.0, "thanks": -0.75, "affirms": -0.5,
    "was_refused": 1.5, "corrects": 0.8, "repeats": 0.5, "was_told_again": 0.2,
}  # fmt: skip
"""Log odds. Their ratios are those of a logistic regression on STAR (MIT, development part): which customers their reps
found aggressive, from conversation means; `still_unsolved` and the repeats are too rare there and set by judgement."""
START: Final = -2.5
"""Log odds of a turn with no points: nearly one in thirteen."""
PARTS: Final = 5
SURE: Final = 0.75
_CUSTOMER: Final = frozenset({"user", "customer"})
_WHOLE: Final = "OVERALL"
"""Some files close a dialogue with a line for the whole of it, which no turn said."""
_FAILED: Final = re.compile(
    r"\b(?:sorry|apologi[sz]e|unfortunately|unable|failed|error|(?:can|could|did|do|does|was|is)(?: ?not|n'?t)|cannot"
    r"|there (?:are|is) no|no \w+ (?:were |was |is |are )?(?:found|available|match)|already (?:booked|taken)|not available)\b",
    re.IGNORECASE,
)
_CORRECTS: Final = re.compile(
    r"^no\b|\bnot what\b|\bi (?:said|meant|told|already|just)\b|\bwrong\b|\bagain\b|\bactually\b|\binstead\b|\belse\b"
    r"|\b(?:any|some)? ?other\b|\banother\b|\bdifferent\b|\bwhy\b|\?{2,}",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(
    r"\bthank|\bthx\b|\bgreat\b|\bperfect\b|\bsounds (?:good|great)\b|\bawesome\b", re.IGNORECASE
)


class Scored(NamedTuple):
    """One turn of the customer: what was said before it, and the mean of its scores."""

    dialogue: str
    text: str
    asked: tuple[str, ...]
    served: tuple[str, ...]
    score: float


def eval_satisfaction(test: Path, say: Say = print) -> Figures:
    """Figures over every scored turn of the customer."""
    rows = list(scored(test))
    low = np.array([float(row.score < MIDDLE) for row in rows])
    if not 0 < low.sum() < len(rows):
        raise BatonError(
            "one_class", 422, f"No turn, or every turn, of {test.name!r} is below 3. Both kinds are needed."
        )
    groups = [row.dialogue for row in rows]
    say(f"{len(rows)} turns of {len(set(groups))} dialogues, {int(low.sum())} of them dissatisfied")
    tier = FastTier()
    began = time.process_time()
    alone = points(rows, tier)
    felt = filtered(groups, alone)
    spent = time.process_time() - began
    simple = _simply(rows) if len(set(groups)) >= PARTS else np.zeros(len(rows))
    satisfied = np.array([row.score for row in rows])
    chance = 1 / (1 + np.exp(-(felt + START)))
    lower, upper = auroc_over_groups(felt, low, groups)
    worst, best = over_groups(spearman, -felt, satisfied, groups)
    return {
        "auroc_dissatisfied": round(auroc(felt, low), 4), "auroc_low": lower, "auroc_high": upper,
        "average_precision": round(average_precision(felt, low), 4),
        "spearman": round(spearman(-felt, satisfied), 4), "spearman_low": worst, "spearman_high": best,
        "turn_auroc": round(auroc(alone, low), 4),
        **calibration(chance, low).figures(),
        "baseline_auroc": round(auroc(simple, low), 4),
        "abstained": round(float((np.maximum(chance, 1 - chance) < SURE).mean()), 4),
        "dissatisfied": round(float(low.mean()), 4),
        "texts_per_cpu_s": round(len(rows) / max(spent, 1e-9), 1), "n": len(rows), "dialogues": len(set(groups)),
    }  # fmt: skip


def scored(path: Path) -> Iterator[Scored]:
    """The customer's turns that have scores. A line is role, text, action and scores, apart by tabs; a blank line ends a dialogue."""
    with opened(path) as lines:
        asked, served, begun = list[str](), list[str](), 1
        for row, line in enumerate(lines, 1):
            if not line.strip():
                asked, served, begun = [], [], row + 1
                continue
            role, text, scores = _parts(line, row, path.name)
            if role not in _CUSTOMER:
                served.append(text)
            elif text != _WHOLE:
                if scores:
                    yield Scored(f"line {begun}", text, tuple(asked), tuple(served), float(np.mean(scores)))
                asked.append(text)


def _parts(line: str, row: int, name: str) -> tuple[str, str, list[float]]:
    fields = [field.strip() for field in line.rstrip("\r\n").split("\t")]
    told = fields[3] if len(fields) > 3 else ""
    try:
        scores = [float(score) for score in told.split(",") if score.strip()]
    except ValueError:
        scores = [0.0]
    if len(fields) < 2 or not fields[0] or any(not 1 <= score <= 5 for score in scores):
        raise BatonError(
            "bad_row", 422, f"Line {row} of {name!r} is not role, text, action and scores from 1 to 5 apart by commas, with "
            "tabs between. Correct it or remove it.",
        )  # fmt: skip
    return fields[0].lower(), fields[1], scores


def points(rows: Sequence[Scored], tier: FastTier) -> Floats:
    """What each turn by itself says of displeasure, in log odds."""
    heard = tier.judge_many([row.text for row in rows])
    return np.array([_points(row, turn) for row, turn in zip(rows, heard, strict=True)])


def signs(row: Scored, turn: Judged) -> dict[str, float]:
    """What is seen of displeasure at one turn, each from 0 to 1 (mood to -1 where it is good)."""
    before = row.served[-1] if row.served else ""
    return {
        "frustration": turn.frustration / 1000,
        "mood": -turn.mood / 1000,
        "asks_person": turn.asks_person / 1000,
        "still_unsolved": float(turn.confirms == "no"),
        "thanks": float(turn.confirms == "yes" or bool(_THANKS.search(row.text))),
        "affirms": float(turn.affirms),
        "was_refused": float(bool(_FAILED.search(before))),
        "corrects": float(bool(_CORRECTS.search(row.text))),
        "repeats": repeated((row.text, *row.asked[-3:])),
        "was_told_again": repeated(row.served[-3:]),
    }


def _points(row: Scored, turn: Judged) -> float:
    return sum(WEIGHTS[name] * seen for name, seen in signs(row, turn).items())


def filtered(dialogues: Sequence[str], alone: Floats) -> Floats:
    """Points with what is left of the turn before, in the order of the talk; each dialogue begins at nothing."""
    felt = np.zeros(len(alone))
    for n, each in enumerate(alone):
        same = n > 0 and dialogues[n - 1] == dialogues[n]
        felt[n] = each + (KEPT * felt[n - 1] if same else 0.0)
    return felt


def spearman(these: Floats, those: Floats) -> float:
    """Correlation of ranks, ties at their middle rank (Spearman 1904)."""
    a, b = _ranks(these), _ranks(those)
    spread = float(a.std() * b.std())
    return float(((a - a.mean()) * (b - b.mean())).mean()) / spread if spread else 0.0


def _ranks(values: Floats) -> Floats:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[inverse], dtype=np.float64)


def _simply(rows: Sequence[Scored]) -> Floats:
    """TF-IDF of the turn and the one before it, fitted on the labels of the other dialogues."""
    names = {name: n % PARTS for n, name in enumerate(dict.fromkeys(row.dialogue for row in rows))}

    def judge(known: Sequence[Scored], asked: Sequence[Scored]) -> Floats:
        marks = [str(int(row.score < MIDDLE)) for row in known]
        if len(set(marks)) < 2:
            return np.zeros(len(asked))
        return chances(baseline([_text(r) for r in known], marks, 1.0), [_text(r) for r in asked])[:, 1]

    return crossed(rows, [names[row.dialogue] for row in rows], judge)


def _text(row: Scored) -> str:
    return f"{row.served[-1] if row.served else ''} {row.text}"
