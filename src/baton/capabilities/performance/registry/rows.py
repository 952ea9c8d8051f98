"""The rows behind the metrics: read-model rows with their dimensions, before anything is counted."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Table, select

from baton.capabilities.empathy.tables import NEEDS as NEEDED
from baton.capabilities.lake.tables import CONVERSATIONS, LABELS, SEGMENTS
from baton.capabilities.performance.ai_use.days import day_of
from baton.capabilities.performance.registry.seen import DIMENSIONS, Filters, Seen
from baton.capabilities.performance.tables import AI_USE, OFFERS
from baton.capabilities.resolution.tables import CONTACTS, NEEDS
from baton.kernel.log import Store

Row = Mapping[str, object]
_NO_ROW: Row = {"simulated": 1}


class Dimensioned(dict[str, Row]):
    """Conversations by id, as far as the filters let them through; `of` gives their dimensions."""

    def of(self, id: str) -> dict[str, str]:
        """The dimensions of a conversation."""
        return _dimensions(self[id])

    def cluster(self, id: str) -> str:
        """What a conversation is not independent of: its task, else its customer, else itself."""
        return str(self[id].get("task") or self[id]["customer"] or id)


async def conversations(store: Store, filters: Filters) -> Dimensioned:
    """Every conversation that the filters let through."""
    table = CONVERSATIONS.c
    query = select(CONVERSATIONS)
    if filters.from_ms:
        query = query.where(table.started_ms >= filters.from_ms)
    if filters.until_ms:
        query = query.where(table.started_ms < filters.until_ms)
    tasks = {str(r["conversation"]): r["cluster"] for r in await _labels(store, "reward")}
    wanted = {name: value for name, value in filters.where.items() if name in DIMENSIONS}
    found = Dimensioned()
    for row in await store.rows(query):
        of = _dimensions(row)
        if all(of[name] == value for name, value in wanted.items()):
            key = str(row["conversation"])
            found[key] = {**row, "task": tasks.get(key, "")}
    return found


async def contacts(store: Store, filters: Filters) -> list[tuple[Row, Dimensioned]]:
    """Ended conversations as the ledger knows them, with the dimensions of the lake."""
    among = await conversations(store, filters)
    return [(row, among) for row in await store.rows(select(CONTACTS)) if str(row["conversation"]) in among]


async def needs(store: Store, filters: Filters) -> list[tuple[Row, Dimensioned]]:
    """Needs, filed under the conversation in which each was first said. A conversation under way is an open need."""
    among = await conversations(store, filters)
    rows = await store.rows(select(NEEDS).where(NEEDS.c.merged_into == ""))
    found = [(row, among) for row in rows if str(row["need"]) in among]
    told = {str(row["conversation"]) for row in await store.rows(select(CONTACTS.c.conversation))}
    under_way = [row for key, row in among.items() if key not in told]
    return found + [(_open(row), among) for row in under_way]


def _open(row: Row) -> Row:
    path = "rep" if _whole(row["turns_rep"]) and not _whole(row["turns_agent"]) else "agent"
    return {"need": row["conversation"], "state": "open", "first_path": path, "contained": 0, "conversations": 1}


async def segments(store: Store, filters: Filters, keep: Callable[[Row], bool]) -> list[tuple[Row, Dimensioned]]:
    """Stretches with a queue or a rep, of conversations with real times."""
    among = await conversations(store, filters)
    rows = await store.rows(select(SEGMENTS).where(SEGMENTS.c.offered_ms > 0))
    real = [row for row in rows if not among.get(str(row["conversation"]), _NO_ROW)["simulated"]]
    return [(row, among) for row in real if keep(row)]


async def person_needs(store: Store, filters: Filters) -> list[tuple[Row, Dimensioned]]:
    """Stays with the AI in which a person came to be needed."""
    return await _of(store, filters, NEEDED)


async def suggestions(store: Store, filters: Filters) -> list[tuple[Row, Dimensioned]]:
    """AI suggestions per rep, day and conversation."""
    return await _of(store, filters, AI_USE)


async def offers(store: Store, filters: Filters) -> list[tuple[Row, Dimensioned]]:
    """Offers per rep, day and conversation."""
    return await _of(store, filters, OFFERS)


async def rewards(store: Store, filters: Filters) -> list[tuple[Row, Dimensioned]]:
    """Outcomes that the system of record of a simulation states."""
    among = await conversations(store, filters)
    return [(row, among) for row in await _labels(store, "reward") if str(row["conversation"]) in among]


def seen(
    found: Iterable[tuple[Row, Dimensioned]], y: Callable[[Row], float], x: Callable[[Row], float] = lambda row: 1.0,
    key: str = "conversation", by_rep: bool = False,
) -> list[Seen]:  # fmt: skip
    """Rows as a metric counts them; with `by_rep` the row's own rep is the dimension, and the cluster."""
    rows: list[Seen] = []
    for row, among in found:
        at = str(row[key])
        of, cluster = among.of(at), among.cluster(at)
        if by_rep:
            rep = str(row.get("rep") or "")
            of, cluster = (
                {**of, "rep": rep, **({"queue": str(row["queue"])} if row.get("queue") else {})},
                rep or cluster,
            )
        rows.append(Seen(at, y(row), x(row), cluster, of))
    return rows


async def _labels(store: Store, what: str) -> list[Row]:
    return list(await store.rows(select(LABELS).where(LABELS.c.what == what)))


async def _of(store: Store, filters: Filters, table: Table) -> list[tuple[Row, Dimensioned]]:
    among = await conversations(store, filters)
    return [(row, among) for row in await store.rows(select(table)) if str(row["conversation"]) in among]


def _dimensions(row: Row) -> dict[str, str]:
    of = {name: str(row.get(name) or "") for name in DIMENSIONS}
    of["intent"] = str(row["stated_intent"] or row["intent"] or "")
    of["day"] = day_of(_whole(row["started_ms"]))
    return of


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
