"""Acting: what a rep does with their own load, and what a supervisor approves for a team."""

from typing import Literal

from fastapi import Request

from baton.capabilities.wellbeing.events import BreatherAnswered, BreathersApproved, LoadForgotten, team_stream
from baton.capabilities.wellbeing.reading.own import breather_of
from baton.capabilities.wellbeing.reading.teams import SMALLEST, members_of
from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff


def own(app: App, request: Request) -> Staff:
    """Who asks for their own load: whoever serves; Cedar says that it is theirs."""
    staff = app.allow(request, "serve", "desk")
    if not app.permissions.may_read_load(staff, staff.id):
        raise BatonError("not_allowed", 403, "A work load is read only by whose it is.")
    return staff


async def answer(app: App, staff: Staff, ref: str, said: Literal["take", "later", "no"]) -> int:
    """Take a breather, put it off, or say no; 409 where it is no longer offered."""
    breather = await breather_of(app, staff.id)
    if breather is None or breather.ref != ref or breather.state != "offered":
        raise Conflict(
            "breather_gone",
            "This breather is no longer offered. Nothing was changed; the next one is shown at your desk.",
        )
    return await app.committer.append(f"rep/{staff.id}", BreatherAnswered(ref, said), by=f"rep/{staff.id}")


async def forget(app: App, staff: Staff, counting: bool) -> int:
    """Delete one's own load, and say whether it is counted from then on."""
    return await app.committer.append(f"rep/{staff.id}", LoadForgotten(counting), by=f"rep/{staff.id}")


async def approve(app: App, staff: Staff, team: str, many: int) -> int:
    """Approve so many of a team's breathers; 404 for a team too small to be told of, as for one that is not there."""
    members = await members_of(app)
    if len(members.get(team, ())) < SMALLEST:
        raise not_found()
    return await app.committer.append(team_stream(team), BreathersApproved(many, staff.id), by=f"rep/{staff.id}")
