"""Same: which identities are one person, and where their contacts meet."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Select, func, or_, select

from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.resolution.tables import CONTACTS, JOINED
from baton.kernel.log import Store

C = CONVERSATIONS.c
MOST = 200


class Identity(msgspec.Struct, frozen=True):
    """One identity of a person: its conversations, the channels, and when the last of them began. `into` is what it was joined with."""

    customer: str
    into: str = ""
    who: str = ""
    at_ms: int = 0
    conversations: int = 0
    channels: tuple[str, ...] = ()
    last_ms: int = 0


async def meeting(store: Store, customer: str) -> str:
    """The customer on whose stream all contacts of this person meet. Ids only ever move to an earlier one, so this ends."""
    while rows := await store.rows(select(JOINED.c.into).where(JOINED.c.customer == customer, JOINED.c.into != "")):
        customer = str(rows[0]["into"])
    return customer


async def identities(store: Store, customer: str) -> list[Identity]:
    """Every identity of the person, the one that others were joined with first."""
    root = await meeting(store, customer)
    said: dict[str, Mapping[str, object]] = {}
    last = {root}
    while last:
        rows = await store.rows(select(*JOINED.c).where(JOINED.c.into.in_(last)))
        last = {str(row["customer"]) for row in rows}
        said |= {str(row["customer"]): row for row in rows}
    return await _identities(store, [root, *sorted(said)], said)


async def identity(store: Store, customer: str) -> Identity:
    """One identity, with what is known of it; no conversations where it is not known."""
    return (await _identities(store, [customer], {}))[0]


async def contacts(store: Store, *customers: str) -> int:
    """How many ended contacts are told as theirs."""
    query: Select[tuple[object, ...]] = select(func.count().label("n"))
    rows = await store.rows(query.where(CONTACTS.c.customer.in_(customers)))
    return _whole(rows[0]["n"])


async def every(store: Store) -> list[Identity]:
    """The identities that were joined with another, the latest first; at most MOST."""
    rows = await store.rows(select(*JOINED.c).where(JOINED.c.into != "").order_by(JOINED.c.at_ms.desc()).limit(MOST))
    return await _identities(store, [str(row["customer"]) for row in rows], {str(row["customer"]): row for row in rows})


async def joined(store: Store) -> int:
    """How many identities were joined with another."""
    query: Select[tuple[object, ...]] = select(func.count().label("n"))
    return _whole((await store.rows(query.where(JOINED.c.into != "")))[0]["n"])


async def _identities(
    store: Store, customers: Sequence[str], said: Mapping[str, Mapping[str, object]]
) -> list[Identity]:
    own = func.coalesce(func.nullif(C.customer, ""), C.conversation).label("customer")
    of_them = or_(C.customer.in_(customers), C.conversation.in_(customers))
    each = select(own, C.channel, C.started_ms).where(of_them).subquery("each")
    query: Select[tuple[object, ...]] = select(
        each.c.customer, each.c.channel, func.count().label("n"), func.max(each.c.started_ms).label("last")
    )
    known: dict[str, list[Mapping[str, object]]] = {}
    for row in await store.survey(query.group_by(each.c.customer, each.c.channel)):
        known.setdefault(str(row["customer"]), []).append(row)
    return [_identity(one, known.get(one, ()), said.get(one, {})) for one in customers]


def _identity(customer: str, rows: Sequence[Mapping[str, object]], said: Mapping[str, object]) -> Identity:
    return Identity(
        customer, str(said.get("into") or ""), str(said.get("who") or ""), _whole(said.get("at_ms")), sum(_whole(r["n"]) for r in rows),
        tuple(sorted(str(r["channel"]) for r in rows)), max((_whole(r["last"]) for r in rows), default=0),
    )  # fmt: skip


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
