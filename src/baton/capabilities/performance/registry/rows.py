"""The rows behind the metrics, and their sums: what one question asks the database, each thing once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from baton.capabilities.lake.tables import CONVERSATIONS, LABELS
from baton.capabilities.performance.registry.counted import Counted, group_of, listed, seen, tallied, told
from baton.capabilities.performance.registry.scope import Expr, Scope
from baton.capabilities.performance.registry.seen import Filters, Seen
from baton.capabilities.performance.tables import AI_USE
from baton.kernel.log import Store
from baton.kernel.stats import ClusterSums

Row = Mapping[str, object]
Sums = dict[tuple[str, ...], list[ClusterSums]]


class Frame:
    """What one question reads. `paths` are those of who had a conversation first; empty for anybody."""

    def __init__(self, store: Store, filters: Filters | None = None, paths: Sequence[str] = ()) -> None:
        self.store, self.filters, self.paths = store, filters or Filters(), tuple(paths)
        self._scope: Scope | None = None

    async def scope(self) -> Scope:
        """The conversations that count. Tasks cluster them where a source names tasks."""
        if self._scope is None:
            tasks = await self.store.rows(select(LABELS.c.what).where(LABELS.c.what == "reward").limit(1))
            self._scope = Scope(self.filters, self.paths, bool(tasks))
        return self._scope

    async def read(self, query: Select[Any]) -> list[Row]:
        """Rows of a query, read beside the loop."""
        return list(await self.store.survey(query))

    async def sums(self, counts: Sequence[Counted], by: Sequence[str] = (), also: Expr | None = None) -> Sums:
        """Sums by group of metrics of one grain; `also` is one more condition."""
        rows = await self.read(tallied(counts, await self.scope(), by, also))
        return {group_of(row, by): told(row, counts) for row in rows}

    async def listed(
        self, one: Counted, group: Mapping[str, str], limit: int = 0, offset: int = 0, also: Expr | None = None
    ) -> list[Seen]:
        """The rows behind a figure, or a page of them; 0 is no limit."""
        query = listed(one, await self.scope(), group, also)
        rows = await self.read(query.limit(limit).offset(offset) if limit else query)
        return [seen(row, one) for row in rows]

    async def suggestions(self) -> list[Row]:
        """AI suggestions per rep, day and conversation."""
        scope = await self.scope()
        joined = scope.joined(CONVERSATIONS.join(AI_USE, AI_USE.c.conversation == CONVERSATIONS.c.conversation))
        return await self.read(select(*AI_USE.c).select_from(joined).where(*scope.conditions()))


def whole(value: object) -> int:
    """An integer cell; 0 where it is empty."""
    return value if isinstance(value, int) else 0
