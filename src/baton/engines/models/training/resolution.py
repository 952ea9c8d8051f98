"""Training of the resolution head: folds by task, so that every figure, and every fold that ships, is of tasks never seen."""

import math
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np
from sklearn.linear_model import LogisticRegression

from baton.engines.models.heads import Floats
from baton.engines.models.resolution_head import (
    FACT_SHARE,
    ONE,
    SHARES,
    UNIT,
    Fitted,
    Head,
    Side,
    facts_of,
    hashed,
    recent_words,
    score,
)
from baton.engines.models.training.corpora import share
from baton.engines.models.training.fit import platt
from baton.engines.models.training.outcomes import Outcome

PARTS: Final = 5
LEAST_GROUPS: Final = 3
"""A word has to be said in as many tasks: names and the like are then no words of ours."""
STRENGTH: Final = 5.0
RECORD_STRENGTH: Final = 10.0
RECORD_SHARE: Final = 0.3
"""How much what was done weighs beside what was said, per standard deviation; both from cross-fits over tasks."""
STEEPEST: Final = 40
"""A calibration slope below one fortieth is taken as none: the cuts would run out of the integers."""


class Judged(NamedTuple):
    """Every row as a head sees it that never saw its task: scores and calibrated chances, and the part it was held out in."""

    scores: Floats
    chances: Floats
    parts: np.ndarray[tuple[int], np.dtype[np.int64]]


def fitted(rows: Sequence[Outcome]) -> tuple[Fitted, Judged]:
    """The head for everyone with its folds, and the cross-fitted judgement of the rows it was fitted on."""
    parts = np.array([share(row.group, PARTS) for row in rows])
    truth = np.array([float(row.met) for row in rows])
    folds = {int(part): _fit(_but(rows, parts == part)) for part in np.unique(parts)}
    scores = np.array([float(score(folds[int(p)], row.ending)) for p, row in zip(parts, rows, strict=True)])
    lines = {part: _line(scores[parts != part], truth[parts != part]) for part in folds}
    chances = np.array([_chance(*lines[int(p)], s) for p, s in zip(parts, scores, strict=True)])
    whole = _calibrated(_fit(rows), *_line(scores, truth))
    held = [_calibrated(folds[part], *lines[part]) for part in sorted(folds)]
    at = {part: n for n, part in enumerate(sorted(folds))}
    groups = {
        hashed(row.group): at[int(p)]
        for row, p in sorted(zip(rows, parts, strict=True), key=lambda each: each[0].group)
    }
    return Fitted(whole, tuple(held), groups), Judged(scores, chances, parts)


def chance_of(judged: Judged, rows: Sequence[Outcome], scored: float) -> float:
    """A score of the whole head as a chance, calibrated on the cross-fitted scores of the rows it was fitted on."""
    return _chance(*_line(judged.scores, np.array([float(row.met) for row in rows])), scored)


def recorded(known: Sequence[Outcome], asked: Sequence[Outcome]) -> Floats:
    """Logits of `asked` by a head over what was said at the end and what was done, fitted on `known`.

    It needs the record of every act, which a live conversation does not always have: it does not ship.
    """
    words = [(side, *_vocabulary(known, side)) for side in SHARES]
    own = np.array([row.process.numbers() for row in known], dtype=np.float64)
    middle, spread = own.mean(axis=0), own.std(axis=0) + 0.2
    model = LogisticRegression(C=RECORD_STRENGTH, max_iter=500)

    def numbers(rows: Sequence[Outcome]) -> Floats:
        done = (np.array([row.process.numbers() for row in rows], dtype=np.float64) - middle) / spread * RECORD_SHARE
        return np.hstack([*(_vectors(rows, *each) for each in words), _counted(rows), done])

    model.fit(numbers(known), np.array([int(row.met) for row in known]))
    return np.asarray(model.decision_function(numbers(asked)), dtype=np.float64)


def write(made: Fitted, path: Path) -> None:
    """The heads as one compressed file."""
    path.write_bytes(zlib.compress(msgspec.msgpack.encode(made), 9))


def _but(rows: Sequence[Outcome], held: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[Outcome]:
    return [row for row, out in zip(rows, held, strict=True) if not out]


def _fit(rows: Sequence[Outcome]) -> Head:
    """Logistic regression over recent words (each side of one length) and facts, in whole numbers; not yet calibrated."""
    served, rare_served = _vocabulary(rows, "served")
    asked, rare_asked = _vocabulary(rows, "asked")
    x = np.hstack([
        _vectors(rows, "served", served, rare_served), _vectors(rows, "asked", asked, rare_asked), _counted(rows),
    ])  # fmt: skip
    model = LogisticRegression(C=STRENGTH, max_iter=500, tol=1e-6).fit(x, np.array([int(row.met) for row in rows]))
    weights = [int(w) for w in np.clip(np.rint(model.coef_[0] * UNIT), -32768, 32767)]
    first, second = len(served), len(served) + len(asked)
    return Head(
        _side(served, rare_served, weights[:first]), _side(asked, rare_asked, weights[first:second]),
        tuple(weights[second:]), round(float(model.intercept_[0]) * UNIT), (),
    )  # fmt: skip


def _counted(rows: Sequence[Outcome]) -> Floats:
    return np.asarray(np.array([facts_of(row.ending) for row in rows]) * (FACT_SHARE / ONE / ONE), dtype=np.float64)


def _vocabulary(rows: Sequence[Outcome], side: str) -> tuple[list[str], list[int]]:
    """Words said in enough tasks, and how rare each is among conversations."""
    tasks: dict[str, set[str]] = {}
    seen = Counter[str]()
    for row in rows:
        for word in recent_words(getattr(row.ending, side)):
            tasks.setdefault(word, set()).add(row.group)
            seen[word] += 1
    kept = sorted(word for word, groups in tasks.items() if len(groups) >= LEAST_GROUPS)
    return kept, [round(64 * (1 + math.log(len(rows) / seen[word]))) for word in kept]


def _vectors(rows: Sequence[Outcome], side: str, kept: Sequence[str], rarity: Sequence[int]) -> Floats:
    at = {word: n for n, word in enumerate(kept)}
    x = np.zeros((len(rows), len(kept)))
    for n, row in enumerate(rows):
        for word, count in recent_words(getattr(row.ending, side)).items():
            if word in at:
                x[n, at[word]] = count * rarity[at[word]]
    lengths = np.sqrt((x * x).sum(axis=1, keepdims=True))
    scaled: Floats = x / np.maximum(lengths, 1.0) * (SHARES[side] / ONE)
    return scaled


def _side(kept: Sequence[str], rarity: Sequence[int], weights: Sequence[int]) -> Side:
    return Side("\n".join(kept), np.array(rarity, dtype="<i2").tobytes(), np.array(weights, dtype="<i2").tobytes())


def _line(scores: Floats, truth: Floats) -> tuple[float, float]:
    """Slope and offset from scores to logits, of scores on tasks never seen (Platt 1999)."""
    slope, offset = platt(scores / UNIT, truth)
    return max(slope, 1 / STEEPEST), offset


def _chance(slope: float, offset: float, scored: float) -> float:
    return 1 / (1 + math.exp(-(slope * scored / UNIT + offset)))


def _calibrated(head: Head, slope: float, offset: float) -> Head:
    """The score at which each permille begins."""
    logits = [math.log((p - 0.5) / (1000.5 - p)) for p in range(1, 1001)]
    return msgspec.structs.replace(head, cuts=tuple(math.ceil(UNIT * (z - offset) / slope) for z in logits))
