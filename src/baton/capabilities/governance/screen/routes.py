"""The routes of the kill switch: the page, what a dialog asks, and the forms that stop and start. Data is under /api/governance."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from baton.capabilities.agents.events import Agents
from baton.capabilities.governance.events import Stop
from baton.capabilities.governance.register.standing import standings as registered
from baton.capabilities.governance.screen.standing import ALL, name_of, refused, standings, turns
from baton.capabilities.governance.screen.tabs import tabs
from baton.capabilities.governance.switch import reach
from baton.web.app import App
from baton.web.refusals import not_found

HERE: Final = "capabilities/governance"
Why = Annotated[str, Form(max_length=500)]


def routes(app: App) -> APIRouter:
    """The routes."""
    router = APIRouter(include_in_schema=False)
    _page(router, app)
    _switch(router, app)
    return router


def _page(router: APIRouter, app: App) -> None:
    @router.get("/governance")
    async def page(request: Request) -> Response:
        """The agents, the switch and how it was turned, and what was refused."""
        app.allow(request, "open", "agents")
        return app.page(request, f"{HERE}/page.html", screen="governance", status=200, **(await _shown(app, request)))

    @router.get("/governance/parts")
    async def parts(request: Request) -> Response:
        """The same without the frame."""
        app.allow(request, "open", "agents")
        return _fragment(app, "body", **(await _shown(app, request)))

    @router.get("/governance/agents/{agent}/stop")
    async def ask(request: Request, agent: str) -> Response:
        """What the dialog asks before an agent is stopped."""
        app.allow(request, "stop", "agents")
        _known(app, agent)
        live = sum(s.live for s in await standings(app) if agent in (ALL, s.id))
        free = sum(
            max(0, p.capacity - p.held - p.offered) for p in app.board.posts.values() if p.presence == "available"
        )
        shown: dict[str, Any] = {
            "agent": agent, "name": name_of(app, agent), "live": live, "free": free, "csrf": app.csrf(request),
        }  # fmt: skip
        if "hx-request" not in request.headers:
            return app.page(request, f"{HERE}/parts/asks.html", screen="governance", status=200, **shown)
        return _fragment(app, "ask", **shown)


def _switch(router: APIRouter, app: App) -> None:
    @router.post("/governance/agents/{agent}/stop")
    async def stop(request: Request, agent: str, why: Why = "") -> Response:
        """Stop it, in conversations that run as in those to come."""
        staff = app.allow(request, "stop", "agents")
        _known(app, agent)
        done = await reach.stop(app.committer, agent, staff.id, app.reason(why))
        text = f"{_capital(name_of(app, agent))} is stopped. {done.told} open conversations were told; customers go to people."
        return _done(app, request, text)

    @router.post("/governance/agents/{agent}/start")
    async def start(request: Request, agent: str, why: Why = "") -> Response:
        """Let it speak again; where all were stopped together, all."""
        staff = app.allow(request, "stop", "agents")
        _known(app, agent)
        for each in [a for a in app.policy(Stop).agents if a in (ALL, agent) or agent == ALL]:
            await reach.start(app.committer, each, staff.id, app.reason(why))
        return _done(
            app,
            request,
            f"{_capital(name_of(app, agent))} may speak again. Conversations that went to a person stay there.",
        )


async def _shown(app: App, request: Request) -> dict[str, Any]:
    staff = app.staff(request)
    return {
        "agents": await standings(app), "warned": [s for s in await registered(app) if s.warnings], "turns": await turns(app), "refused": await refused(app), "all_stopped": ALL in app.policy(Stop).agents,
        "tabs": tabs(app, staff, "/governance"), "may_stop": app.may(staff, "stop", "agents"), "zone": app.organisation.zone, "csrf": app.csrf(request),
    }  # fmt: skip


def _fragment(app: App, template: str, **context: object) -> HTMLResponse:
    body = app.templates.get_template(f"{HERE}/parts/{template}.html").render(**context)
    return HTMLResponse(body, headers={"Cache-Control": "no-store"})


def _done(app: App, request: Request, text: str) -> Response:
    if "hx-request" not in request.headers:
        return RedirectResponse("/governance", 303)
    return _fragment(app, "told", text=text)


def _known(app: App, agent: str) -> None:
    if agent != ALL and all(agent != a.id for a in app.policy(Agents).agents):
        raise not_found()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
