"""Measuring a taught head before anybody switches: beside what names intents now and the simplest thing that works, on rows none has seen.

Every side is asked as it would serve: words first, the transformer where they are unsure.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

import msgspec
import numpy as np

from baton.engines.models.own.bags import Floats
from baton.engines.models.own.intents import OwnTier
from baton.engines.models.own.learning import Embed
from baton.engines.models.own.rows import Row
from baton.engines.models.own.scoring import share, simply
from baton.engines.models.training.figures import auroc, calibration
from baton.kernel.stats import Estimate, mean

WORST: Final = 12
ROWS_SHOWN: Final = 20

Name = Literal["taught", "live", "simple"]


class Answered(NamedTuple):
    """What one side made of the held-out rows: its best label, whether it gave it, how sure it is, how likely it is none of them."""

    best: list[str]
    given: list[bool]
    sure: Floats
    outside: Floats


Ask = Callable[[Sequence[str]], Answered]


class Side(msgspec.Struct, frozen=True):
    """The figures of one side. The simple one always answers, so it has only its accuracy."""

    name: Name
    accuracy: Estimate
    """The best label is right, over rows that are about one of the labels."""
    given_right: Estimate = share(np.zeros(0))
    """Right among the answers given, over all rows."""
    abstained: Estimate = share(np.zeros(0))
    """No answer, over rows that are about one of the labels."""
    ece: float = 0.0
    ece_low: float = 0.0
    ece_high: float = 1.0
    left_alone: Estimate = share(np.zeros(0))
    """No answer, over rows that are about none of the labels."""
    outside_auroc: float = 0.5
    known: int = 0
    """How many of the labels, taught or held out, it can name."""


class Confused(msgspec.Struct, frozen=True):
    """Rows of one label that were taken for another: how many, of how many rows of the label, and where in the held-out rows."""

    label: str
    taken_for: str
    count: int
    of: int
    rows: tuple[int, ...]


class Measured(msgspec.Struct, frozen=True):
    """All figures of a taught head. `better` is its accuracy less that of the live one, row by row."""

    sides: tuple[Side, ...]
    better: Estimate
    confused: tuple[Confused, ...]
    inside: int
    outside: int


def measure(
    head: OwnTier, live: Ask, known: Sequence[str], held: Sequence[Row], learned: Sequence[Row], embed: Embed,
    out_of_scope: str = "",
) -> Measured:  # fmt: skip
    """`head`, taught `learned`, and `live`, which can name `known`, on `held`; rows labelled `out_of_scope` are about none."""
    texts, inside = [row.text for row in held], np.array([row.label != out_of_scope for row in held])
    taught, now = asked(head, embed)(texts), live(texts)
    labels = {row.label for row in (*learned, *held)} - {out_of_scope}
    sides = (
        _side("taught", taught, held, inside, len(labels.intersection(head.labels))),
        _side("live", now, held, inside, len(labels.intersection(known))),
        Side("simple", share(simply(learned, held, out_of_scope)), known=len(labels.intersection(head.labels))),
    )
    gained = (_right(taught, held) - _right(now, held))[inside]
    better = mean([float(each) for each in gained])
    return Measured(sides, better, _confused(taught, held, inside), int(inside.sum()), int((~inside).sum()))


def asked(head: OwnTier, embed: Embed) -> Ask:
    """A taught head as it serves."""

    def ask(texts: Sequence[str]) -> Answered:
        said, _ = head.judge(texts, embed)
        return Answered(
            [each.best for each in said], [bool(each.intent) for each in said],
            np.array([each.confidence / 1000 for each in said]), np.array([each.outside / 1000 for each in said]),
        )  # fmt: skip

    return ask


def _side(name: Name, told: Answered, held: Sequence[Row], inside: Floats, known: int) -> Side:
    right, given, within = _right(told, held), np.array(told.given, dtype=bool), np.asarray(inside, dtype=bool)
    good = np.where(within, right, 0.0)
    calibrated = calibration(told.sure[within], right[within])
    return Side(
        name, share(right[within]), share(good[given]), share((~given[within]).astype(np.float64)),
        *calibrated, share((~given[~within]).astype(np.float64)), auroc(told.outside, (~within).astype(np.float64)), known,
    )  # fmt: skip


def _right(told: Answered, held: Sequence[Row]) -> Floats:
    return np.array([best == row.label for best, row in zip(told.best, held, strict=True)], dtype=np.float64)


def _confused(told: Answered, held: Sequence[Row], inside: Floats) -> tuple[Confused, ...]:
    """The pairs that are taken for each other most, most rows first."""
    pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
    size: dict[str, int] = defaultdict(int)
    for n, (best, row) in enumerate(zip(told.best, held, strict=True)):
        size[row.label] += 1
        if inside[n] and best != row.label:
            pairs[row.label, best].append(n)
    worst = sorted(pairs.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:WORST]
    return tuple(Confused(a, b, len(rows), size[a], tuple(rows[:ROWS_SHOWN])) for (a, b), rows in worst)
