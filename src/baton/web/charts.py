"""Charts: the geometry of the server-drawn SVG, as values a template can print.

Positions across are percent of the drawing, so that a chart is as wide as its place while its letters keep their size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import floor, log10
from typing import Literal

State = Literal[
    "open",
    "provisional",
    "confirmed",
    "correctly_refused",
    "correctly_handed_over",
    "given_up",
    "failed",
    "reversed",
    "unaccounted",
]


@dataclass(frozen=True)
class Look:
    """How one of the nine states of a need is named and drawn. `pattern` marks what is not final."""

    state: State
    name: str
    short: str
    group: str
    pattern: str
    meaning: str


LEDGER: tuple[Look, ...] = (
    Look("confirmed", "Confirmed", "Confirmed", "settled", "", "evidence, and nobody came back in the window"),
    Look("provisional", "Provisional", "Provisional", "settled", "p-hatch", "evidence, window still open"),
    Look("correctly_refused", "Correctly refused", "Refused", "settled", "", "not allowed, and said so clearly"),
    Look("given_up", "Given up", "Given up", "not settled", "", "left after an unmet ask"),
    Look("reversed", "Reversed", "Reversed", "not settled", "p-back", "was held to be met, then came back"),
    Look("failed", "Failed", "Failed", "not settled", "", "the record, the rep or the source says it was not done"),
    Look("unaccounted", "Unaccounted", "Unaccounted", "not settled", "p-dots", "ended, no evidence either way"),
    Look("open", "Open", "Open", "open", "p-open", "still being worked on, or a promise is open"),
    Look("correctly_handed_over", "Correctly handed over", "Handed over", "rightly to a person", "",
         "a person was needed and was reached"),
)  # fmt: skip

LOOKS: Mapping[str, Look] = {look.state: look for look in LEDGER}

# Labels are laid out for each width and shown from it on (figures.css): a wider bar only spreads them.
LABEL_WIDTHS_PX = (820, 1100)
_LETTER_PX = 6.6


@dataclass(frozen=True)
class Segment:
    """One state on the bar. `x`, `width`, `label_x` in percent of the bar."""

    look: Look
    needs: int
    permille: int
    x: float
    width: float
    label_x: float

    @property
    def middle(self) -> float:
        """Where the label's leader starts."""
        return round(self.x + self.width / 2, 3)


def ledger(needs: Mapping[str, int], labels_px: int = LABEL_WIDTHS_PX[0]) -> list[Segment]:
    """The bar of the nine states, in reading order, from needs per state; states without needs have width 0."""
    counts = [needs.get(look.state, 0) for look in LEDGER]
    total = sum(counts) or 1
    starts = [0, *accumulate(counts)]
    widths = [100 * count / total for count in counts]
    labels = iter(_spread(_label_wishes(counts, starts, total, labels_px)))
    return [
        Segment(look, count, share, round(100 * start / total, 3), round(width, 3), next(labels) if count else 0.0)
        for look, count, share, start, width in zip(
            LEDGER, counts, whole_permille(counts), starts, widths, strict=False
        )
    ]


def whole_permille(counts: Sequence[int]) -> list[int]:
    """Shares in permille that sum to exactly 1000 (largest remainder, Hamilton's method)."""
    total = sum(counts)
    if not total:
        return [0 for _ in counts]
    shares = [1000 * count // total for count in counts]
    rest = sorted(range(len(counts)), key=lambda i: (-(1000 * counts[i] % total), i))
    for i in rest[: 1000 - sum(shares)]:
        shares[i] += 1
    return shares


def _label_wishes(counts: Sequence[int], starts: Sequence[int], total: int, bar_px: int) -> list[tuple[float, float]]:
    """For each label: the middle of its segment and the width it needs, in percent."""
    return [
        (100 * (start + count / 2) / total, 100 * (len(look.short) * _LETTER_PX + 14) / bar_px)
        for look, count, start in zip(LEDGER, counts, starts, strict=False)
        if count
    ]


def _spread(wishes: Sequence[tuple[float, float]]) -> list[float]:
    """Places nearest to the wished ones (least squares) at which no label touches the next.

    Isotonic regression by pooling adjacent violators, after subtracting the room the labels before it take.
    """
    before = [0.0, *accumulate((a[1] + b[1]) / 2 for a, b in pairwise(wishes))]
    pools: list[tuple[float, int]] = []
    for (middle, _), room in zip(wishes, before, strict=False):
        pools.append((middle - room, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (b, m), (a, n) = pools.pop(), pools.pop()
            pools.append(((a * n + b * m) / (n + m), n + m))
    free = [value for value, size in pools for _ in range(size)]
    low = wishes[0][1] / 2 if wishes else 0.0
    high = 100 - before[len(wishes) - 1] - wishes[-1][1] / 2 if wishes else 0.0
    return [round(min(max(value, low), high) + room, 3) for value, room in zip(free, before, strict=False)]


@dataclass(frozen=True)
class Spark:
    """Paths of a sparkline in its own box; `limit_y` is where a limit lies, if there is one."""

    line: str
    area: str
    limit_y: float | None
    end_y: float


def spark(values: Sequence[float], limit: float | None = None, width: int = 160, height: int = 32) -> Spark:
    """A sparkline of at least one value, scaled so that its limit is inside."""
    shown = [*values, *([limit] if limit is not None else [])]
    low, span = min(shown), (max(shown) - min(shown)) or 1.0
    step = width / max(len(values) - 1, 1)

    def y(value: float) -> float:
        return round(height - 3 - (height - 6) * (value - low) / span, 1)

    points = [f"{round(i * step, 1)} {y(value)}" for i, value in enumerate(values)]
    line = "M" + " L".join(points if len(points) > 1 else [points[0], f"{width} {y(values[0])}"])
    return Spark(line, f"{line} L{width} {height} L0 {height}Z", None if limit is None else y(limit), y(values[-1]))


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, in percent of the axis, and the value it stands for."""

    at: float
    value: float


@dataclass(frozen=True)
class Axis:
    """A scale with round ticks from `low` to `high`."""

    low: float
    high: float
    ticks: tuple[Tick, ...]

    def at(self, value: float) -> float:
        """Where a value lies, in percent of the axis, kept inside it."""
        return round(min(max(100 * (value - self.low) / (self.high - self.low), 0.0), 100.0), 3)


def axis(values: Sequence[float], wanted: int = 5, from_zero: bool = False) -> Axis:
    """An axis around the values with about `wanted` round ticks (steps of 1, 2 or 5 times a power of ten)."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    low = min(low, 0.0) if from_zero else low
    step = _round_step((high - low or abs(high) or 1.0) / wanted)
    first, last = floor(low / step), -floor(-high / step)
    last = last if last > first else first + 1
    ticks = tuple(
        Tick(round(100 * (i - first) / (last - first), 3), round(i * step, 9)) for i in range(first, last + 1)
    )
    return Axis(first * step, last * step, ticks)


def with_room(permille: Sequence[float], share: float = 0.35) -> list[float]:
    """The values and one beyond them, so that a name fits at the right of the last; a share ends at 1000 permille."""
    low, high = min(permille, default=0.0), max(permille, default=1000.0)
    return [*permille, max(high, min(high + share * (high - low), 1000.0))]


def _round_step(raw: float) -> float:
    power: float = 10.0 ** floor(log10(raw))
    return next(m * power for m in (1, 2, 5, 10) if raw <= m * power * 1.0001)


def line_path(values: Sequence[float | None], scale: Axis) -> str:
    """A line over the whole box of 1000 by 1000; a missing value breaks it."""
    step = 1000 / max(len(values) - 1, 1)
    parts: list[str] = []
    pen_down = False
    for i, value in enumerate(values):
        if value is not None:
            parts.append(f"{'L' if pen_down else 'M'}{round(i * step, 1)} {round(1000 - 10 * scale.at(value), 1)}")
        pen_down = value is not None
    return " ".join(parts)


def band_path(lows: Sequence[float], highs: Sequence[float], scale: Axis) -> str:
    """The area between two lines, for an interval around a line."""
    step = 1000 / max(len(lows) - 1, 1)
    there = [f"{round(i * step, 1)} {round(1000 - 10 * scale.at(v), 1)}" for i, v in enumerate(highs)]
    back = [f"{round(i * step, 1)} {round(1000 - 10 * scale.at(v), 1)}" for i, v in enumerate(lows)][::-1]
    return "M" + " L".join([*there, *back]) + "Z"


def sparse(labels: Sequence[str], wanted: int = 6) -> list[tuple[float, str]]:
    """About `wanted` of the labels with their places in percent, first and last among them where they fit."""
    last = max(len(labels) - 1, 1)
    step = max(round(last / max(wanted - 1, 1)), 1)
    return [(round(100 * i / last, 3), labels[i]) for i in range(0, len(labels), step)]
