"""Settling: who keeps a promise, or leads those who do, says what came of it. Once: what somebody said stands."""

import asyncio
from typing import Final

from baton.capabilities.resolution.events import PromiseSettled, Settled
from baton.capabilities.resolution.reading.promised import Obligation, one
from baton.kernel.errors import Conflict
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff

LOOKS: Final = 40
LOOK_S: Final = 0.05


def sees_all(app: App, staff: Staff) -> bool:
    """Whether somebody sees everybody's promises; a rep sees their own."""
    return app.may(staff, "open", "performance")


def may_settle(app: App, staff: Staff, promise: Obligation) -> bool:
    """The rep who gave it, whoever leads the floor, and analysts."""
    own = promise.made_by == "rep" and promise.who == staff.id
    return promise.may_be_told and (own or app.may(staff, "assign", "live") or app.may(staff, "change", "performance"))


async def settle(app: App, staff: Staff, promise: str, state: Settled) -> Obligation:
    """Say what came of it. Raises 404 where it is not theirs to see or settle, 409 where somebody has said so before."""
    now_ms = app.clock.now_ms()
    found = await one(app.store, promise, now_ms)
    if found is None or not (sees_all(app, staff) or found.who == staff.id):
        raise not_found()
    if not found.may_be_told:
        raise Conflict(
            "already_told", "Somebody has said before what came of this promise; that stands. Load the page again."
        )
    if not may_settle(app, staff, found):
        raise not_found()
    event = PromiseSettled(found.deed, state, staff.id)
    await app.committer.append(f"conversation/{found.conversation}", event, by=f"staff/{staff.id}")
    return await _told(app, found)


async def _told(app: App, before: Obligation) -> Obligation:
    """The promise once its own stream has heard of it: the page that follows shows what was written."""
    found: Obligation | None = before
    for _ in range(LOOKS):
        found = await one(app.store, before.promise, app.clock.now_ms())
        if found is not None and found.told_by:
            return found
        await asyncio.sleep(LOOK_S)
    return found or before
