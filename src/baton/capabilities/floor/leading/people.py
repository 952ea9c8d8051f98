"""People: who has an alert, who is lent to which queue, and what cover is bought within the hour's budget."""

import msgspec
from sqlalchemy import func, select

from baton.capabilities.floor.events import FLOOR, AlertOwned, AlertState, Budget, Covered, CoverKind
from baton.capabilities.floor.tables import COVERS
from baton.capabilities.routing.events import MAIN, Lent, Queue, Routing
from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
LONGEST_MIN = 480


class Left(msgspec.Struct, frozen=True):
    """Minutes of the budget, and those not bought yet in the last hour."""

    overtime_of: int
    overtime: int
    partner_of: int
    partner: int


async def own(app: App, staff: Staff, alert: str, state: AlertState) -> int:
    """Take an alert, say that it is done, or give it back."""
    now = app.clock.now_ms()
    owned = AlertOwned(alert, state, staff.id, staff.name, now)
    return await app.committer.append(FLOOR, owned, by=f"rep/{staff.id}")


async def lend(app: App, staff: Staff, rep: str, queue: str, minutes: int, reason: str = "") -> int:
    """Let a rep work for another queue for a while. Raises 404 for nobody at work, 422 for a queue or time that cannot be."""
    post = app.board.posts.get(rep)
    if post is None:
        raise not_found()
    skill = queue_of(app, queue).skill
    if not skill:
        raise BatonError("no_skill_needed", 422, f"The queue {queue!r} needs no skill: everyone serves it already.")
    if not 1 <= minutes <= LONGEST_MIN:
        raise BatonError("no_such_time", 422, f"Lend for 1 to {LONGEST_MIN} minutes, not {minutes!r}.")
    lent = Lent(rep, (skill,), app.clock.now_ms() + minutes * MINUTE_MS, staff.id, reason)
    return await app.committer.append(MAIN, lent, by=f"rep/{staff.id}")


async def send_back(app: App, staff: Staff, rep: str) -> int:
    """Their own queues again; saying it of somebody who is not lent changes nothing."""
    if rep not in app.board.posts:
        raise not_found()
    return await app.committer.append(MAIN, Lent(rep, by=staff.id), by=f"rep/{staff.id}")


async def cover(app: App, staff: Staff, queue: str, kind: CoverKind, minutes: int, why: str) -> int:
    """Buy one more person on a queue. Raises 409 where the hour's budget is spent."""
    queue_of(app, queue)
    if not 15 <= minutes <= LONGEST_MIN:
        raise BatonError("no_such_time", 422, f"Buy from 15 to {LONGEST_MIN} minutes, not {minutes!r}.")
    left = await budget_left(app)
    rest = left.overtime if kind == "overtime" else left.partner
    if minutes > rest:
        told = f"Of this hour's {kind} budget {rest} minutes are left, and this takes {minutes}. Nothing was bought; a planner may raise it."
        raise Conflict("budget_spent", told)
    bought = Covered(app.chance.token(8), queue, kind, minutes, staff.id, staff.name, why)
    return await app.committer.append(FLOOR, bought, by=f"rep/{staff.id}")


async def budget_left(app: App) -> Left:
    """What the last hour left of the budget."""
    of = app.policy(Budget)
    query = select(COVERS.c.kind, func.sum(COVERS.c.minutes).label("minutes")).where(
        COVERS.c.at_ms > app.clock.now_ms() - HOUR_MS
    )
    spent = {str(r["kind"]): int(str(r["minutes"])) for r in await app.store.rows(query.group_by(COVERS.c.kind))}
    return Left(
        of.overtime_min, max(0, of.overtime_min - spent.get("overtime", 0)),
        of.partner_min, max(0, of.partner_min - spent.get("partner", 0)),
    )  # fmt: skip


def queue_of(app: App, queue: str) -> Queue:
    """The queue of that id; 422 where there is none."""
    found = next((each for each in app.policy(Routing).queues if each.id == queue), None)
    if found is None:
        raise BatonError("unknown_queue", 422, f"There is no queue {queue!r}. Nothing was changed.")
    return found
