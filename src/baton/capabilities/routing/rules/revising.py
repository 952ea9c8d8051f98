"""Revising: the routing policy is read and changed over HTTP, with whoever may plan."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request

from baton.capabilities.routing.events import Routing
from baton.capabilities.routing.rules.bodies import Revised, Revision, Rules, RulesIn
from baton.capabilities.routing.rules.checking import checked
from baton.capabilities.routing.rules.replayed import check_shown
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import Conflict
from baton.kernel.stream import policy_name
from baton.web.app import App

NAME = policy_name(Routing)
REFUSED: dict[int | str, dict[str, Any]] = {
    409: {"description": "Somebody else revised the rules meanwhile; nothing was changed."},
    422: {
        "description": "A queue nobody could serve, or that is never open, is named; or no replay shows these rules."
    },
}


def revising(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/routing", tags=["routing"])

    @routes.get("/rules", response_model=Rules)
    async def rules(request: Request) -> Rules:
        """The routing rules in force."""
        app.allow(request, "open", "planning")
        return Rules(version=version(app), rules=written(app.policy(Routing)))

    @routes.put("/rules", response_model=Revised, status_code=202, responses=REFUSED)
    async def revise(request: Request, body: Revision) -> Revised:
        """Revise the routing rules. A skill nobody has, a queue that is never open or an unknown time zone is refused."""
        staff = app.allow(request, "change", "planning")
        return Revised(version=await revised(app, body, staff.id))

    return routes


def version(app: App) -> int:
    """The position of the rules in force; 0 before any."""
    return app.committer.memory.policies.as_of(1 << 62).get(NAME, 0)


def written(rules: Routing) -> RulesIn:
    """The rules as a body; the tables of zones are no part of it."""
    plain = msgspec.to_builtins(rules)
    plain.pop("zones", None)
    return RulesIn.model_validate(plain)


async def newest(app: App) -> tuple[int, PolicyRevised] | None:
    """When the rules in force were made, and what was said of them; None before any."""
    told = [entry for entry, _ in await app.reader.told(f"policy/{NAME}")]
    last = told[-1] if told else None
    return (last.at_ms, last.event) if last is not None and isinstance(last.event, PolicyRevised) else None


def possible(app: App, body: Revision) -> Routing:
    """The rules as they would be in force. Raises 409 where `version` is not the newest, 422 where they cannot be."""
    if body.version != version(app):
        raise Conflict("rules_moved", "Somebody else revised the rules meanwhile. Load them again, then change them.")
    skills = [skill for each in app.accounts.everyone() if each.role == "rep" for skill in each.skills]
    return checked(msgspec.convert(body.rules.model_dump(), Routing), skills, app.clock.now_ms())


async def revised(app: App, body: Revision, staff: str) -> int:
    """Append a new version; its position. Raises as `possible` does, and 422 where no replay shows these rules."""
    rules = possible(app, body)
    await check_shown(app, body, rules)
    event = PolicyRevised(
        NAME, msgspec.Raw(msgspec.json.encode(rules)), staff, app.reason(body.why), body.replay, body.emergency
    )
    once = f"rules:{body.version}"
    return await app.committer.append(f"policy/{NAME}", event, by=f"rep/{staff}", once=once)
