"""What a metric is made of: rows that were seen, what may be asked of them, and the figure they give."""

from collections.abc import Mapping
from typing import Literal

import msgspec

Unit = Literal["share", "s", "permille", "count", "points", "score", "cents"]
DIMENSIONS = (
    "rep", "agent", "version", "queue", "intent", "channel", "complexity", "source", "path", "day", "language", "brand", "site", "origin",
)  # fmt: skip


class Filters(msgspec.Struct, frozen=True):
    """Which conversations count: by when they began (milliseconds, `until_ms` excluded) and by dimension; empty means all."""

    from_ms: int = 0
    until_ms: int = 0
    where: dict[str, str] = {}


class Seen(msgspec.Struct, frozen=True, gc=False):
    """One row of a metric: y over x, the conversation (or other id) it came from, and its dimensions.

    An automatic estimate names the `model` it is `y` of, and the `label` where the outcome is stated; x is 0 where there is none.
    """

    id: str
    y: float
    x: float
    cluster: str
    of: Mapping[str, str]
    model: str = ""
    label: float | None = None


class Figure(msgspec.Struct, frozen=True):
    """A metric's value in a group: y over x (the sum of y, for a count), with its 95 % interval over `clusters`.

    `note` says what has to be known to read it: what an estimate rests on.
    """

    metric: str
    title: str
    unit: Unit
    group: dict[str, str]
    value: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int
    y: float
    x: float
    note: str = ""

    def row(self) -> dict[str, object]:
        """As one flat row: for tables, CSV and JSON."""
        digits = 1 if self.unit in {"s", "permille", "cents"} else 4
        ends = [None if e is None else round(e, digits) for e in (self.low, self.high)]
        return {
            "metric": self.metric, **self.group, "value": None if self.value is None else round(self.value, digits), "low": ends[0], "high": ends[1],
            "unit": self.unit, "n": self.n, "clusters": self.clusters, "sum": round(self.y, 3),
            "note": self.note,
        }  # fmt: skip
