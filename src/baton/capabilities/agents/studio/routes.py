"""The routes of the studio: the agents, one agent's versions, canary and comparison, one version, and the rows behind a figure."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from baton.capabilities.agents.events import Agent, Agents, Procedures
from baton.capabilities.agents.screen.tabs import tabs
from baton.capabilities.agents.studio import beginning, changing, overview, rows
from baton.capabilities.agents.studio.api import router as data
from baton.capabilities.agents.studio.asking import made_of, typed
from baton.capabilities.agents.studio.cost import beside_people, costs
from baton.capabilities.agents.studio.shown import entry_of, figures_of
from baton.capabilities.agents.studio.versions import moves, versions
from baton.capabilities.agents.studio.watching import compared
from baton.capabilities.agents.trials.standing import standing
from baton.capabilities.governance.events import Stop
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.refusals import not_found

SCREEN: Final = "agents"
HERE: Final = "/agents/versions"
FOLDER: Final = "capabilities/agents/studio"
Id = Annotated[str, Path(max_length=100, pattern=r"^[\w.-]+$")]
Name = Annotated[str, Path(max_length=40, pattern=r"^[\w.-]+$")]
Asked = Annotated[str, Query(max_length=40, pattern=r"^[\w.-]*$")]
Why = Annotated[str, Form(max_length=500)]
Short = Annotated[str, Form(max_length=200)]


def routes(app: App) -> APIRouter:
    """The pages, their forms, and the same over HTTP."""
    router = APIRouter(include_in_schema=False)
    _beginning(router, app)
    _reading(router, app)
    _rows(router, app)
    _making(router, app)
    _serving(router, app)
    both = APIRouter()
    both.include_router(data(app))
    both.include_router(router)
    return both


def _reading(router: APIRouter, app: App) -> None:
    @router.get("/agents")
    async def agents(request: Request) -> Response:
        """Every agent: how it stands, what its conversations brought and cost, and what was refused."""
        staff = app.allow(request, "open", SCREEN)
        return app.page(
            request, f"{FOLDER}/overview.html", screen=SCREEN, agents=await overview.overview(app), reasons=await overview.reasons(app),
            guarded=await overview.guardrails(app), all_stopped="*" in app.policy(Stop).agents, tabs=tabs("/agents"), days=overview.DAYS,
            may_stop=app.may(staff, "stop", SCREEN), may_change=app.may(staff, "change", SCREEN), csrf=app.csrf(request),
        )  # fmt: skip

    @router.get(f"{HERE}/{{id}}")
    async def agent(request: Request, id: Id, newer: Asked = "", other: Asked = "") -> Response:
        """One agent: its versions, its canary, two of them compared, and what each costs."""
        app.allow(request, "open", SCREEN)
        return app.page(
            request, f"{FOLDER}/agent.html", screen=SCREEN, **(await _agent(app, request, id, newer, other))
        )

    @router.get(f"{HERE}/{{id}}/{{version}}")
    async def version(request: Request, id: Id, version: Name) -> Response:
        """One version: what it is made of, how it differs, and what may be done with it."""
        app.allow(request, "open", SCREEN)
        return app.page(request, f"{FOLDER}/version.html", screen=SCREEN, **(await _version(app, request, id, version)))


def _beginning(router: APIRouter, app: App) -> None:
    @router.get("/agents/new")
    async def blank(request: Request) -> Response:
        """The form of a new agent."""
        app.allow(request, "change", SCREEN)
        return _blank(app, request, Agent("", ""))

    @router.post("/agents/new")
    async def begin(request: Request) -> Response:
        """A new agent, switched off and not approved."""
        staff = app.allow(request, "change", SCREEN)
        form = await request.form()
        try:
            made = await beginning.begin(app, staff, made_of(form), str(form.get("why") or "")[:500])
        except BatonError as refused:
            if refused.status != 422:
                raise
            return _blank(app, request, typed(form), refused.message, str(form.get("why") or ""))
        return RedirectResponse(f"{HERE}/{made.id}", 303)

    @router.post(f"{HERE}/{{id}}/on")
    async def on(request: Request, id: Id, why: Why = "", forced: Why = "") -> Response:
        """Let it take turns."""
        staff = app.allow(request, "approve", SCREEN)
        await beginning.switch_on(app, staff, id, why, forced)
        return RedirectResponse(f"{HERE}/{id}", 303)


def _blank(app: App, request: Request, agent: Agent, refused: str = "", why: str = "") -> Response:
    return app.page(
        request, f"{FOLDER}/new.html", screen=SCREEN, status=422 if refused else 200, agent=agent, refused=refused, why=why,
        procedures=app.policy(Procedures).procedures, queues=beginning.queues_of(app), tabs=tabs("/agents"), csrf=app.csrf(request),
    )  # fmt: skip


def _rows(router: APIRouter, app: App) -> None:
    @router.get("/agents/rows/{id}")
    async def behind(
        request: Request, id: Id, version: Asked = "", what: rows.What = "all", days: Annotated[int, Query(ge=0, le=3660)] = 0,
        reason: Asked = "", skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Response:  # fmt: skip
        """The conversations behind a figure."""
        app.allow(request, "open", SCREEN)
        agent = changing.agent_of(app.policy(Agents), id)
        since_ms = app.clock.now_ms() - days * overview.DAY_MS if days else 0
        asked = rows.Asked(id, version, what, since_ms, app.clock.now_ms(), reason)
        found = await rows.rows(app.store, asked, skip)
        return app.page(
            request, f"{FOLDER}/rows.html", screen=SCREEN, agent=agent, version=version, what=what, reason=reason, words=rows.WORDS, days=days,
            rows=found[: rows.PAGE], more=len(found) > rows.PAGE, skip=skip, page=rows.PAGE, tabs=tabs("/agents"), zone=app.organisation.zone,
        )  # fmt: skip


def _making(router: APIRouter, app: App) -> None:
    @router.post(f"{HERE}/{{id}}/{{version}}/new")
    async def new(request: Request, id: Id, version: Name) -> Response:
        """A new version made from this one."""
        staff = app.allow(request, "change", SCREEN)
        form = await request.form()
        try:
            made = await changing.make(app, staff, id, version, made_of(form), str(form.get("why") or "")[:500])
        except BatonError as refused:
            if refused.status != 422:
                raise
            told = await _version(app, request, id, version)
            return app.page(
                request, f"{FOLDER}/version.html", screen=SCREEN, status=422, **{**told, "refused": refused.message}
            )
        return RedirectResponse(f"{HERE}/{id}/{made.version}", 303)


def _serving(router: APIRouter, app: App) -> None:
    @router.post(f"{HERE}/{{id}}/{{version}}/share")
    async def share(
        request: Request,
        id: Id,
        version: Name,
        percent: Annotated[float, Form(ge=0, le=90)],
        why: Why = "",
        forced: Why = "",
    ) -> Response:
        """Give a version a share of new conversations. Whoever may stop an agent may lower a share or end it."""
        now, permille = app.policy(Agents).canary(id), round(percent * 10)
        lower = now is not None and now.version == version and permille < now.permille
        staff = app.allow(request, "stop" if lower else "approve", SCREEN)
        await changing.share(app, staff, id, version, permille, why, forced)
        return RedirectResponse(f"{HERE}/{id}#canary", 303)

    @router.post(f"{HERE}/{{id}}/{{version}}/stop")
    async def stop(request: Request, id: Id, version: Name, why: Why = "") -> Response:
        """End a canary at once: the conversations that it holds go to people."""
        staff = app.allow(request, "stop", SCREEN)
        await changing.stop_at_once(app, staff, id, version, why)
        return RedirectResponse(f"{HERE}/{id}#canary", 303)

    @router.post(f"{HERE}/{{id}}/{{version}}/force")
    async def force(request: Request, id: Id, version: Name, why: Why = "", forced: Why = "") -> Response:
        """Put a version in force."""
        staff = app.allow(request, "approve", SCREEN)
        await changing.put_in_force(app, staff, id, version, why, forced)
        return RedirectResponse(f"{HERE}/{id}", 303)


async def _agent(app: App, request: Request, id: str, newer: str, other: str) -> dict[str, Any]:
    staff, agents = app.staff(request), app.policy(Agents)
    main = changing.agent_of(agents, id)
    canary, known = agents.canary(id), await versions(app, id)
    figures = await figures_of(app, id)
    names = list(dict.fromkeys([*(v.agent.version for v in known), *figures]))
    tried = {main.version, canary.version if canary else ""}
    newest = newer or main.version
    beside = other or next((n for n in names if n not in tried), next((n for n in names if n != newest), ""))
    return {
        "agent": main, "one": await overview.shown(app, main), "versions": {v.agent.version: v for v in known}, "canary": canary, "figures": figures, "names_of": names,
        "told": await compared(app, id, newest, beside) if newest != beside and beside else None, "newest": newest, "beside": beside,
        "watched": await compared(app, id, canary.version, main.version) if canary else None,
        "cost": await costs(app.store, id, overview.since(app), app.clock.now_ms()), "people": await beside_people(app.store, id, overview.since(app), app.clock.now_ms()),
        "left": await beginning.left(app, main) if not main.on else [], "where": beginning.where(app, main),
        "acts": overview.acts_of(app, main), "reasons": await overview.reasons(app, id), "moves": await moves(app, id), "days": overview.DAYS,
        "tabs": tabs("/agents"), "csrf": app.csrf(request), "zone": app.organisation.zone, "people_names": _names(app),
        "may_stop": app.may(staff, "stop", SCREEN), "may_approve": app.may(staff, "approve", SCREEN), "may_change": app.may(staff, "change", SCREEN),
    }  # fmt: skip


async def _version(app: App, request: Request, id: str, version: str) -> dict[str, Any]:
    staff, agents = app.staff(request), app.policy(Agents)
    agent = changing.agent_of(agents, id, version)
    one = next((v for v in await versions(app, id) if v.agent == agent), None)
    if one is None:
        raise not_found()
    return {
        "agent": agent, "one": one, "main": changing.agent_of(agents, id), "canary": agents.canary(id), "entry": entry_of(app, agent, staff.id),
        "tried": await standing(app, agent),
        "procedures": app.policy(Procedures).procedures, "queues": beginning.queues_of(app), "acts": overview.acts_of(app, agent), "tabs": tabs("/agents"), "refused": "",
        "csrf": app.csrf(request), "zone": app.organisation.zone, "people_names": _names(app), "may_stop": app.may(staff, "stop", SCREEN),
        "may_approve": app.may(staff, "approve", SCREEN), "may_change": app.may(staff, "change", SCREEN), "most": changing.MOST_PERMILLE // 10,
    }  # fmt: skip


def _names(app: App) -> dict[str, str]:
    return {"baton": "Baton", "halcyon": "Halcyon Air", **{each.id: each.name for each in app.accounts.everyone()}}
