"""Same: which identities are one person, and where their contacts meet."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Select, func, select

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
    """The customer on whose stream all contacts of this person meet."""
    into = await _into(store)
    while customer in into:
        customer = into[customer]
    return customer


async def identities(store: Store, customer: str) -> list[Identity]:
    """Every identity of the person, the one that others were joined with first."""
    root, into = await meeting(store, customer), await _into(store)
    known, size = {root}, 0
    while size < len(known):
        size = len(known)
        known |= {each for each, to in into.items() if to in known}
    rows = await store.rows(select(*JOINED.c).where(JOINED.c.customer.in_(known)))
    said = {str(row["customer"]): row for row in rows if row["into"]}
    return [await identity(store, each, said.get(each)) for each in sorted(known, key=lambda c: (c != root, c))]


async def identity(store: Store, customer: str, said: Mapping[str, object] | None = None) -> Identity:
    """One identity, with what is known of it; no conversations where it is not known."""
    own = func.coalesce(func.nullif(C.customer, ""), C.conversation) == customer
    rows = await store.rows(
        select(C.channel, func.count().label("n"), func.max(C.started_ms).label("last")).where(own).group_by(C.channel)
    )
    told = said or {}
    return Identity(
        customer, str(told.get("into") or ""), str(told.get("who") or ""), _whole(told.get("at_ms")), sum(_whole(r["n"]) for r in rows),
        tuple(sorted(str(r["channel"]) for r in rows)), max((_whole(r["last"]) for r in rows), default=0),
    )  # fmt: skip


async def contacts(store: Store, *customers: str) -> int:
    """How many ended contacts are told as theirs."""
    query: Select[tuple[object, ...]] = select(func.count().label("n"))
    rows = await store.rows(query.where(CONTACTS.c.customer.in_(customers)))
    return _whole(rows[0]["n"])


async def every(store: Store) -> list[Identity]:
    """Every identity that was joined with another, the latest first."""
    rows = await store.rows(select(*JOINED.c).where(JOINED.c.into != "").order_by(JOINED.c.at_ms.desc()).limit(MOST))
    return [await identity(store, str(row["customer"]), row) for row in rows]


async def _into(store: Store) -> dict[str, str]:
    rows = await store.rows(select(JOINED.c.customer, JOINED.c.into).where(JOINED.c.into != ""))
    return {str(row["customer"]): str(row["into"]) for row in rows}


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
