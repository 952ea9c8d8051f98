"""Forgetting one conversation, on its customer's word: its key is destroyed, whoever else they are."""

from typing import Final

from sqlalchemy import or_, select

from baton.capabilities.governance.events import TextErased
from baton.capabilities.governance.tables import HOLDS
from baton.kernel.errors import BatonError
from baton.kernel.stream import Stream
from baton.web.app import App

HELD: Final = (
    "The law obliges us to keep this conversation for now, so nothing was forgotten. Ask us until when, and why."
)


async def forget(app: App, stream: Stream) -> None:
    """Destroy the key of one conversation; no other goes dark with it. Raises 409 where a legal hold covers it."""
    if await _held(app, stream):
        raise BatonError("held", 409, HELD)
    committer, owner = app.committer, f"alone/{stream.id}"
    async with committer.memory.quiet:
        app.keys.identify(stream.id, owner)
        key = dict(app.keys.held(owner)).get(stream.id, "")
        if not app.keys.forget(owner):
            told = "Nothing was forgotten. Try again; if it stays, tell the company by another way."
            raise BatonError("nothing_forgotten", 503, told)
        committer.codec.forget()
        committer.memory.clear()
    await committer.append(stream.id, TextErased("forgotten", key), by="customer")


async def _held(app: App, stream: Stream) -> bool:
    if "governance" not in app.crafts.names:
        return False
    customer = stream.started.customer if stream.started else ""
    about = or_(
        HOLDS.c.scope == "all",
        (HOLDS.c.scope == "conversation") & (HOLDS.c.ref == stream.key),
        (HOLDS.c.scope == "customer") & (HOLDS.c.ref == (customer or stream.key)),
    )
    query = select(HOLDS.c.hold).where(about, HOLDS.c.ended_ms.is_(None), HOLDS.c.until_ms > app.clock.now_ms())
    return bool(await app.store.rows(query.where(HOLDS.c.records.contains("conversations"))))


def erased(stream: Stream) -> bool:
    """Whether its customer was erased: its token opens nothing any more."""
    told = stream.facts.get(TextErased)
    return told is not None and told.why == "erased"
