"""Counted: what a metric adds up, over which rows. The database adds; what comes back are sums, or a page of rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, FromClause, Select, case, cast, func, select

from baton.capabilities.performance.ai_use.days import DAY_MS, day_of
from baton.capabilities.performance.registry.scope import (
    DIMENSION,
    EMPTY,
    NONE,
    NOWHERE,
    ONE,
    C,
    Expr,
    Scope,
    amount,
    flag,
    is_,
    known,
)
from baton.capabilities.performance.registry.seen import DIMENSIONS, Seen
from baton.kernel.stats import ClusterSums

Row = Mapping[str, object]
Query = Select[tuple[object, ...]]
SUMS = ("n", "k", "y", "x", "yy", "xy", "xx")


@dataclass(frozen=True, eq=False)
class Grain:
    """Rows of one kind: where they are read, and whose they are.

    `rep` is the row's own rep, its dimension and its cluster; `own` are the dimensions of rows that are no part of one
    conversation (a rep's day), which then has no others; `more` are those that only this grain has.
    """

    source: FromClause | Callable[[Scope], FromClause]
    id: Expr
    rep: Expr | None = None
    queue: Expr | None = None
    keep: Expr | None = None
    own: Mapping[str, Expr] | None = None
    more: Mapping[str, Expr] | None = None

    def read(self, scope: Scope, *by: str) -> FromClause:
        """Where the rows are read."""
        source = self.source if isinstance(self.source, FromClause) else self.source(scope)
        return scope.joined(source, *by)

    def dimension(self, name: str) -> Expr:
        """A dimension of a row."""
        if self.own is not None:
            return self.own.get(name, NOWHERE)
        if self.more is not None and name in self.more:
            return self.more[name]
        if name == "rep" and self.rep is not None:
            return known(self.rep)
        if name == "queue" and self.queue is not None:
            return func.coalesce(func.nullif(self.queue, EMPTY), C.queue, EMPTY)
        return DIMENSION[name]

    def cluster(self, scope: Scope) -> Expr:
        """What a row is not independent of."""
        if self.own is not None:
            return self.own["rep"]
        return scope.cluster if self.rep is None else func.coalesce(func.nullif(self.rep, EMPTY), scope.cluster)

    def where(self, scope: Scope) -> list[Expr]:
        """What a row has to meet; a grain of its own reads only conversations that met it."""
        met = [] if self.own is not None else scope.conditions()
        return met if self.keep is None else [*met, self.keep]


@dataclass(frozen=True, eq=False)
class Counted:
    """A metric's rows: `y` over `x` of every row of the grain that is to be kept; `per` and `per_x` divide what was added up."""

    grain: Grain
    y: Expr
    x: Expr = ONE
    keep: Expr | None = None
    per: int = 1
    per_x: int = 1


def tallied(counts: Sequence[Counted], scope: Scope, by: Sequence[str] = (), also: Expr | None = None) -> Query:
    """One query for all of these metrics of one grain: sums over clusters, for each group of `by`.

    Rows are added up by cluster first: what one customer, task or rep does twice is not news twice.
    """
    grain = counts[0].grain
    dims = [grain.dimension(name).label(f"d{n}") for n, name in enumerate(by)]
    added = _Added()
    columns = [added.of(each) for each in counts]
    inner = (
        select(*dims, grain.cluster(scope).label("cluster"), *added.columns)
        .select_from(grain.read(scope, *by))
        .where(*grain.where(scope), *([] if also is None else [also]))
        .group_by(*(d.element for d in dims), grain.cluster(scope))
        .subquery("clusters")
    )
    outer = [sum_ for n, names in enumerate(columns) for sum_ in _moments(inner, n, *names)]
    groups = [inner.c[f"d{n}"] for n in range(len(by))]
    return select(*groups, *outer).group_by(*groups)


def told(row: Row, counts: Sequence[Counted]) -> list[ClusterSums]:
    """The sums of one group."""
    return [_sums({name: float(str(row[f"{name}{n}"] or 0)) for name in SUMS}, each) for n, each in enumerate(counts)]


def group_of(row: Row, by: Sequence[str]) -> tuple[str, ...]:
    """A group's values as they are shown."""
    return tuple(_shown(name, row[f"d{n}"]) for n, name in enumerate(by))


def listed(one: Counted, scope: Scope, group: Mapping[str, str], also: Expr | None = None) -> Query:
    """The rows behind a figure, the latest conversation first."""
    grain = one.grain
    conditions = [*grain.where(scope), *(is_(grain.dimension(k), k, v) for k, v in group.items())]
    conditions += [each for each in (one.keep, also) if each is not None]
    dims = [grain.dimension(name).label(f"d{n}") for n, name in enumerate(DIMENSIONS)]
    latest = C.started_ms.desc() if grain.own is None else grain.own["day"].desc()
    return (
        select(grain.id.label("id"), amount(one.y).label("y"), amount(one.x).label("x"), grain.cluster(scope).label("cluster"), *dims)
        .select_from(grain.read(scope, "version" if grain.own is None else ""))
        .where(*conditions).order_by(latest, grain.id)
    )  # fmt: skip


def seen(row: Row, one: Counted) -> Seen:
    """A listed row."""
    of = dict(zip(DIMENSIONS, group_of(row, DIMENSIONS), strict=True))
    y, x = float(str(row["y"])) / one.per, float(str(row["x"])) / one.per_x
    return Seen(str(row["id"]), y, x, str(row["cluster"]), of)


class _Added:
    """Sums by cluster, each of them once however many metrics need it."""

    def __init__(self) -> None:
        self.columns: list[Any] = []
        self._known: dict[tuple[int, int], str] = {}

    def of(self, one: Counted) -> tuple[str, str, str]:
        return self._sum(ONE, one.keep), self._sum(one.y, one.keep), self._sum(one.x, one.keep)

    def _sum(self, value: Expr, keep: Expr | None) -> str:
        key = (id(value), id(keep))
        if key not in self._known:
            self._known[key] = name = f"a{len(self.columns)}"
            what = amount(value) if keep is None else case((keep, amount(value)), else_=NONE)
            self.columns.append(func.sum(what).label(name))
        return self._known[key]


def _moments(inner: FromClause, n: int, rows: str, y: str, x: str) -> list[Any]:
    many, up, down = inner.c[rows], cast(inner.c[y], Float), cast(inner.c[x], Float)
    sums = (many, flag(many > NONE), up, down, up * up, up * down, down * down)
    return [func.sum(sum_).label(f"{name}{n}") for name, sum_ in zip(SUMS, sums, strict=True)]


def _shown(name: str, value: object) -> str:
    if name == "day" and isinstance(value, int):
        return day_of(value * DAY_MS)
    return "" if value is None else str(value)


def _sums(v: Mapping[str, float], one: Counted) -> ClusterSums:
    a, b = one.per, one.per_x
    return ClusterSums(
        int(v["n"]), int(v["k"]), v["y"] / a, v["x"] / b, v["yy"] / a / a, v["xy"] / a / b, v["xx"] / b / b
    )
