"""The page of the rules: every queue at a glance, one of them or what holds for all in a form, and the reason a change is kept with."""

from typing import Annotated, Final

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from baton.capabilities.routing.events import Routing
from baton.capabilities.routing.rules import form
from baton.capabilities.routing.rules.bodies import Revision, RulesIn
from baton.capabilities.routing.rules.replayed import ask
from baton.capabilities.routing.rules.revising import newest, possible, revised, version, written
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.refusals import not_found

TEMPLATE: Final = "capabilities/routing/parts/rules.html"
EVERY: Final = "all"
Which = Annotated[str, Field(max_length=60)]


def pages(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/live/rules")
    async def glance(request: Request, changed: str = "") -> Response:
        """Every queue, and the form of what holds for all."""
        app.allow(request, "open", "planning")
        return await _shown(app, request, EVERY, changed=bool(changed))

    @routes.get("/live/rules/{which}")
    async def one(request: Request, which: Which) -> Response:
        """The form of one queue."""
        app.allow(request, "open", "planning")
        return await _shown(app, request, which)

    @routes.post("/live/rules/{which}")
    async def change(request: Request, which: Which) -> Response:
        """Replay a change of a queue, or of what holds for all (`all`); in an emergency it goes live at once."""
        staff = app.allow(request, "change", "planning")
        given = await request.form()
        before = written(app.policy(Routing))
        try:
            rules = form.with_all(before, given) if which == EVERY else form.with_queue(before, which, given)
            made_from = str(given.get("version", ""))
            why = str(given.get("why", ""))[:500].replace("\x00", "")
            revision = Revision(
                version=int(made_from) if made_from.isdecimal() else 0, rules=rules, why=why, replay="", emergency="emergency" in given
            )  # fmt: skip
            if not revision.emergency:
                possible(app, revision)
                key = await ask(app, before, rules, staff.id, why or f"Routing rules: {which}")
                return RedirectResponse(f"/planning/replays/{key}", 303)
            await revised(app, revision, staff.id)
        except BatonError as refused:
            return await _shown(app, request, which, refused)
        return RedirectResponse("/live/rules?changed=1", 303)

    return routes


async def _shown(
    app: App, request: Request, which: str, refused: BatonError | None = None, changed: bool = False
) -> Response:
    rules: RulesIn = written(app.policy(Routing))
    queue = next((queue for queue in rules.queues if queue.id == which), None)
    if queue is None and which != EVERY:
        raise not_found()
    staff = app.staff(request)
    skills = sorted({skill.partition(":")[0] for each in app.accounts.everyone() for skill in each.skills})
    return app.page(
        request, TEMPLATE, screen="live", status=refused.status if refused else 200, rules=rules, queue=queue, version=version(app), form=form,
        csrf=app.csrf(request), may=app.may(staff, "change", "planning"), skills=skills, changed=changed, refused=refused.message if refused else "",
        made=await newest(app), names={each.id: each.name for each in app.accounts.everyone()}, zone=app.organisation.zone,
    )  # fmt: skip
