"""Looks: who looked at whose words, and who took them out; and keeping that somebody did."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from sqlalchemy import select

from baton.capabilities.governance.events import Looked
from baton.capabilities.governance.privacy.governance import TakenOut
from baton.capabilities.governance.tables import ACCESS, TAKEN
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.web.app import App
from baton.web.staff import Staff

DAY_MS: Final = 86_400_000
LOOK_MS: Final = 600_000
MOST: Final = 500
WHAT: Final = {"looked": "read the texts", "vcon": "took out a vCon", "person": "took out everything of the person"}


class Seen(msgspec.Struct, frozen=True):
    """A look at a conversation, or something taken out of Baton; `staff` is empty where it was the person."""

    position: int
    at_ms: int
    staff: str
    what: str
    conversation: str
    customer: str


async def look(app: App, staff: Staff, *keys: str) -> None:
    """Keep that someone opened the text of conversations, once in ten minutes each."""
    now = app.clock.now_ms()
    for key in keys:
        bare = key.rpartition("/")[2]
        once = f"{staff.id}:{bare}:{now // LOOK_MS}"
        await app.committer.append(f"access/{now // DAY_MS}", Looked(staff.id, bare), by=f"staff/{staff.id}", once=once)


async def take_out(app: App, told: TakenOut) -> int:
    """Keep that somebody took personal data out; the position."""
    by = f"staff/{told.staff}" if told.staff else "customer"
    return await app.committer.append(f"access/{app.clock.now_ms() // DAY_MS}", told, by=by)


async def seen(app: App, staff: str = "", conversation: str = "", customers: Sequence[str] = ()) -> list[Seen]:
    """Looks and exports, the newest first; of one member of staff, one conversation, or one person."""
    looked = select(ACCESS).where(ACCESS.c.act == "looked").order_by(ACCESS.c.position.desc()).limit(MOST)
    taken = select(TAKEN).order_by(TAKEN.c.position.desc()).limit(MOST)
    keys = [conversation] if conversation else await _conversations(app, customers)
    if staff:
        looked, taken = looked.where(ACCESS.c.staff == staff), taken.where(TAKEN.c.staff == staff)
    if conversation or customers:
        looked = looked.where(ACCESS.c.conversation.in_([*keys, *(f"conversation/{key}" for key in keys)]))
        taken = taken.where(TAKEN.c.conversation.in_(keys) | TAKEN.c.customer.in_(customers))
    rows = [*await app.store.rows(looked), *await app.store.rows(taken)]
    return await _with_customers(app, sorted([_seen(row) for row in rows], key=lambda each: -each.position)[:MOST])


async def _conversations(app: App, customers: Sequence[str]) -> list[str]:
    query = select(CONVERSATIONS.c.conversation).where(CONVERSATIONS.c.customer.in_(customers))
    return [str(row["conversation"]) for row in await app.store.rows(query)] if customers else []


async def _with_customers(app: App, found: list[Seen]) -> list[Seen]:
    keys = sorted({each.conversation for each in found if each.conversation and not each.customer})
    query = select(CONVERSATIONS.c.conversation, CONVERSATIONS.c.customer).where(CONVERSATIONS.c.conversation.in_(keys))
    of = {str(row["conversation"]): str(row["customer"] or "") for row in await app.store.rows(query)} if keys else {}
    return [msgspec.structs.replace(each, customer=each.customer or of.get(each.conversation, "")) for each in found]


def _seen(row: Mapping[str, object]) -> Seen:
    what = str(row.get("act") or row.get("kind"))
    return Seen(
        int(str(row["position"])), int(str(row["at_ms"])), str(row["staff"] or ""), WHAT.get(what, what),
        str(row["conversation"] or "").rpartition("/")[2], str(row.get("customer") or ""),
    )  # fmt: skip
