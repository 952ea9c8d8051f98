"""Outcomes nobody knew, on a screen: what the record is still asked about, and what a person may say of it."""

import msgspec
from sqlalchemy import select

from baton.capabilities.agents.events import OutcomeTold
from baton.capabilities.agents.tables import UNSETTLED
from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff

MOST = 200


class Row(msgspec.Struct, frozen=True):
    """An act whose outcome nobody knew. `settled`: empty, `done` or `not_done`."""

    key: str
    conversation: str
    procedure: str
    step: str
    tool: str
    since_ms: int
    asked: int
    settled: str
    by: str


async def rows(app: App) -> list[Row]:
    """Those that are open, the oldest first; then those that were settled, the newest first."""
    u = UNSETTLED.c
    columns = [u[name] for name in Row.__struct_fields__]
    open_ = select(*columns).where(u.settled == "").order_by(u.since_ms).limit(MOST)
    over = select(*columns).where(u.settled != "").order_by(u.since_ms.desc()).limit(MOST)
    found = [*await app.store.rows(open_), *await app.store.rows(over)]
    return [msgspec.convert(dict(row), Row) for row in found]


async def tell(app: App, staff: Staff, key: str, done: bool) -> None:
    """Somebody looked in the record. Raises 404 where there is no such act that they may see, 409 where it is settled."""
    found = await app.store.rows(select(UNSETTLED.c.conversation, UNSETTLED.c.settled).where(UNSETTLED.c.key == key))
    if not found or not await app.may_see(staff, f"conversation/{found[0]['conversation']}"):
        raise not_found()
    if found[0]["settled"]:
        raise Conflict("settled", "Somebody, or the record, has said what came of it. Load the page again.")
    stream = f"conversation/{found[0]['conversation']}"
    await app.committer.append(stream, OutcomeTold(key, done, staff.id), by=f"staff/{staff.id}", once=f"told:{key}")


def said(outcome: str) -> bool:
    """`done` or `not_done` as a form says it. Raises 422 for anything else."""
    if outcome not in {"done", "not_done"}:
        raise BatonError("outcome", 422, "Say whether it was done or not done. Nothing was changed.")
    return outcome == "done"
