"""The rows behind the metrics: read-model rows with their dimensions, before anything is counted."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Select, Table, select

from baton.capabilities.empathy.tables import NEEDS as NEEDED
from baton.capabilities.lake.tables import CONVERSATIONS, LABELS, SEGMENTS
from baton.capabilities.performance.ai_use.days import day_of
from baton.capabilities.performance.registry.seen import DIMENSIONS, Filters, Seen
from baton.capabilities.performance.tables import AI_USE, OFFERS
from baton.capabilities.resolution.tables import CONTACTS, NEEDS
from baton.kernel.log import Store

Row = Mapping[str, object]


class Dimensioned(dict[str, dict[str, object]]):
    """Conversations by id, as far as the filters let them through; `of` gives their dimensions."""

    def of(self, id: str) -> dict[str, str]:
        """The dimensions of a conversation."""
        of: dict[str, str] = self[id]["of"]  # type: ignore[assignment]
        return of

    def cluster(self, id: str) -> str:
        """What a conversation is not independent of: its task, else its customer, else itself."""
        return str(self[id].get("task") or self[id]["customer"] or id)


class Frame:
    """What one question reads: each table once, as far as the filters let it through."""

    def __init__(self, store: Store, filters: Filters | None = None) -> None:
        self.store, self.filters = store, filters or Filters()
        self._tables: dict[str, list[Row]] = {}
        self._among: Dimensioned | None = None

    async def table(self, query: Select[tuple[object, ...]], name: str) -> list[Row]:
        """Rows of a query, read once under `name`."""
        if name not in self._tables:
            self._tables[name] = list(await self.store.rows(query))
        return self._tables[name]

    async def conversations(self) -> Dimensioned:
        """Every conversation that the filters let through."""
        if self._among is None:
            tasks = {str(r["conversation"]): r["cluster"] for r in await self._rewards()}
            self._among = Dimensioned()
            for row in await self.store.rows(_chosen(self.filters)):
                key, of = str(row["conversation"]), _dimensions(row)
                if all(of.get(name) == value for name, value in self.filters.where.items()):
                    self._among[key] = {**row, "task": tasks.get(key, ""), "of": of}
        return self._among

    async def contacts(self) -> list[Row]:
        """Ended conversations as the ledger knows them."""
        return await self._among_them(CONTACTS)

    async def needs(self) -> list[Row]:
        """Needs, filed under the conversation in which each was first said. A conversation under way is an open need."""
        among = await self.conversations()
        rows = await self.table(select(NEEDS).where(NEEDS.c.merged_into == ""), "needs")
        told = {str(row["conversation"]) for row in await self.table(select(CONTACTS), CONTACTS.name)}
        return [row for row in rows if str(row["need"]) in among] + [
            _open(row) for key, row in among.items() if key not in told
        ]

    async def segments(self, keep: Callable[[Row], bool]) -> list[Row]:
        """Stretches with a queue or a rep, of conversations with real times."""
        among = await self.conversations()
        return [
            r for r in await self._among_them(SEGMENTS) if not among[str(r["conversation"])]["simulated"] and keep(r)
        ]

    async def person_needs(self) -> list[Row]:
        """Stays with the AI in which a person came to be needed."""
        return await self._among_them(NEEDED)

    async def suggestions(self) -> list[Row]:
        """AI suggestions per rep, day and conversation."""
        return await self._among_them(AI_USE)

    async def offers(self) -> list[Row]:
        """Offers per rep, day and conversation."""
        return await self._among_them(OFFERS)

    async def rewards(self) -> list[Row]:
        """Outcomes that the system of record of a simulation states."""
        among = await self.conversations()
        return [row for row in await self._rewards() if str(row["conversation"]) in among]

    async def seen(
        self, found: Iterable[Row], y: Callable[[Row], float], x: Callable[[Row], float] = lambda row: 1.0,
        key: str = "conversation", by_rep: bool = False,
    ) -> list[Seen]:  # fmt: skip
        """Rows as a metric counts them; with `by_rep` the row's own rep is the dimension, and the cluster."""
        among = await self.conversations()
        rows: list[Seen] = []
        for row in found:
            at = str(row[key])
            of, cluster = among.of(at), among.cluster(at)
            if by_rep:
                rep, queue = str(row.get("rep") or ""), row.get("queue")
                of, cluster = {**of, "rep": rep, **({"queue": str(queue)} if queue else {})}, rep or cluster
            rows.append(Seen(at, y(row), x(row), cluster, of))
        return rows

    async def _rewards(self) -> list[Row]:
        return await self.table(select(LABELS).where(LABELS.c.what == "reward"), "rewards")

    async def _among_them(self, table: Table) -> list[Row]:
        among = await self.conversations()
        return [row for row in await self.table(select(table), table.name) if str(row["conversation"]) in among]


def _chosen(filters: Filters) -> Select[tuple[object, ...]]:
    query = select(CONVERSATIONS)
    if filters.from_ms:
        query = query.where(CONVERSATIONS.c.started_ms >= filters.from_ms)
    return query.where(CONVERSATIONS.c.started_ms < filters.until_ms) if filters.until_ms else query


def _open(row: Row) -> Row:
    path = "rep" if whole(row["turns_rep"]) and not whole(row["turns_agent"]) else "agent"
    return {"need": row["conversation"], "state": "open", "first_path": path, "contained": 0, "conversations": 1}


def _dimensions(row: Row) -> dict[str, str]:
    of = {name: str(row.get(name) or "") for name in DIMENSIONS}
    of["intent"] = str(row["stated_intent"] or row["intent"] or "")
    of["day"] = day_of(whole(row["started_ms"]))
    return of


def whole(value: object) -> int:
    """An integer cell; 0 where it is empty."""
    return value if isinstance(value, int) else 0
