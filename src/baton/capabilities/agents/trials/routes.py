"""The routes of scenarios and trials: HTML only; what a trial told is at /api/agents/trials/{id} too."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from baton.capabilities.agents.events import Agents
from baton.capabilities.agents.screen.tabs import tabs
from baton.capabilities.agents.trials import asking
from baton.capabilities.agents.trials.agents import Scenarios
from baton.capabilities.agents.trials.figures import WHATS, What, figures, paired
from baton.capabilities.agents.trials.scenario import Scenario, scenario_of
from baton.capabilities.agents.trials.standing import standing
from baton.capabilities.agents.trials.traces import pages as traces
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff

SCREEN: Final = "agents"
FOLDER: Final = "capabilities/agents/trials"
Id = Annotated[str, Path(max_length=60, pattern=r"^[\w-]+$")]
Key = Annotated[str, Path(max_length=60, pattern=r"^[\w-]+$")]
Label = Annotated[str, Form(max_length=150)]
Text = Annotated[str, Form(max_length=60_000)]
Why = Annotated[str, Form(max_length=500)]
BLANK: Final = """id = "a_name"
title = "What has to come of it"
persona = "patient"
says = ["What the customer writes first", "and then"]

[[tool]]
tool = "booking"
gives = { code = "QK7M2P" }

[expect]
said = ["words that the agent must say"]
handed_over = false
turns_at_most = 4
"""


def routes(app: App) -> APIRouter:
    """The pages and their forms."""
    router = APIRouter(include_in_schema=False)
    _scenarios(router, app)
    _scenario(router, app)
    _trials(router, app)
    _trial(router, app)
    router.include_router(traces(app))
    return router


def _scenarios(router: APIRouter, app: App) -> None:
    @router.get("/agents/scenarios")
    async def scenarios(request: Request, on: Annotated[str, Query(max_length=150)] = "") -> Response:
        """Every scenario with its last ten runs, and how each version stands."""
        return await _list(app, request, app.allow(request, "open", SCREEN), on)

    @router.post("/agents/scenarios")
    async def write(request: Request, text: Text, why: Why = "") -> Response:
        """Put a new scenario in force."""
        staff = app.allow(request, "change", SCREEN)
        try:
            made = await asking.keep(app, staff.id, text, why)
        except BatonError as refused:
            if refused.status != 422:
                raise
            return await _list(app, request, staff, "", refused.message, text)
        return RedirectResponse(f"/agents/scenarios/{made.id}", 303)

    @router.post("/agents/scenarios/run")
    async def run(request: Request, on: Label, only: Annotated[str, Form(max_length=60)] = "") -> Response:
        """Run all scenarios, or one, with a version."""
        staff = app.allow(request, "change", SCREEN)
        try:
            key = await asking.ask(app, staff.id, "scenarios", on, only=only)
        except BatonError as refused:
            if refused.status != 422:
                raise
            return await _list(app, request, staff, on, refused.message)
        return RedirectResponse(f"/agents/trials/{key}", 303)


def _scenario(router: APIRouter, app: App) -> None:
    @router.get("/agents/scenarios/{id}")
    async def scenario(request: Request, id: Id) -> Response:
        """One scenario: what it says and expects, its file, and its last ten runs."""
        app.allow(request, "open", SCREEN)
        return await _one(app, request, id)

    @router.post("/agents/scenarios/{id}")
    async def change(request: Request, id: Id, text: Text, why: Why = "") -> Response:
        """Change a scenario."""
        staff = app.allow(request, "change", SCREEN)
        if app.policy(Scenarios).of(id) is None:
            raise not_found()
        try:
            made = await asking.keep(app, staff.id, text, why, id)
        except BatonError as refused:
            if refused.status != 422:
                raise
            return await _one(app, request, id, refused.message, text)
        return RedirectResponse(f"/agents/scenarios/{made.id}", 303)

    @router.post("/agents/scenarios/{id}/remove")
    async def remove(request: Request, id: Id, why: Why = "") -> Response:
        """A scenario is no longer run."""
        await asking.take_away(app, app.allow(request, "change", SCREEN).id, id, why)
        return RedirectResponse("/agents/scenarios", 303)


def _trials(router: APIRouter, app: App) -> None:
    @router.get("/agents/trials")
    async def trials(request: Request, on: Annotated[str, Query(max_length=150)] = "") -> Response:
        """Every trial, and the form that lets simulated customers come."""
        return await _trials_page(app, request, app.allow(request, "open", SCREEN), on)

    @router.post("/agents/trials")
    async def ask(
        request: Request, on: Label, rival: Label = "", n: Annotated[int, Form(ge=0, le=100_000)] = 100,
        seed: Annotated[int, Form(ge=0, le=1_000_000)] = 1,
    ) -> Response:  # fmt: skip
        """Let simulated customers talk to a version, and to a rival."""
        staff = app.allow(request, "change", SCREEN)
        try:
            key = await asking.ask(app, staff.id, "customers", on, rival=rival, n=n, seed=seed)
        except BatonError as refused:
            if refused.status != 422:
                raise
            return await _trials_page(app, request, staff, on, refused.message)
        return RedirectResponse(f"/agents/trials/{key}", 303)


def _trial(router: APIRouter, app: App) -> None:
    @router.get("/agents/trials/{key}")
    async def trial(request: Request, key: Key) -> Response:
        """One trial: how far it is, or what came of it."""
        app.allow(request, "open", SCREEN)
        return app.page(request, f"{FOLDER}/trial.html", screen=SCREEN, **(await _told(app, key)))

    @router.get("/agents/trials/{key}/progress")
    async def progress(request: Request, key: Key) -> Response:
        """Whether it is over; then the page is loaded again."""
        app.allow(request, "open", SCREEN)
        kept = (await asking.one(app, key)).kept
        headers = {"Cache-Control": "no-store"} | ({} if kept.state == "asked" else {"HX-Refresh": "true"})
        return HTMLResponse(app.templates.get_template(f"{FOLDER}/progress.html").render(kept=kept), headers=headers)

    @router.get("/agents/trials/{key}/customers")
    async def customers(
        request: Request, key: Key, version: Annotated[str, Query(max_length=40)] = "", what: What = "all", persona: Annotated[str, Query(max_length=20)] = "",
    ) -> Response:  # fmt: skip
        """The customers behind a figure."""
        app.allow(request, "open", SCREEN)
        found = await asking.one(app, key)
        picked = [
            talk for talk in (found.done.talks if found.done else ())
            if WHATS[what][1](talk) and version in {"", talk.version} and persona in {"", talk.persona}
        ]  # fmt: skip
        title = WHATS[what][0]
        return app.page(
            request, f"{FOLDER}/customers.html", screen=SCREEN, kept=found.kept, talks=picked, title=title, version=version, persona=persona,
            tabs=tabs("/agents/trials"),
        )  # fmt: skip

    @router.get("/agents/trials/{key}/talk")
    async def talk(request: Request, key: Key, of: Annotated[str, Query(max_length=100)]) -> Response:
        """One talk of a trial, line by line, with what was decided."""
        app.allow(request, "open", SCREEN)
        found = await asking.one(app, key)
        if of not in found.lines:
            raise not_found()
        results = found.done.scenarios if found.done else ()
        talks = found.done.talks if found.done else ()
        return app.page(
            request, f"{FOLDER}/talk.html", screen=SCREEN, kept=found.kept, of=of, lines=found.lines[of], tabs=tabs(_tab(found.kept.kind)),
            result=next((r for r in results if r.id == of), None), fate=next((t for t in talks if f"{t.version}/{t.n}" == of), None),
        )  # fmt: skip


async def _list(app: App, request: Request, staff: Staff, on: str, refused: str = "", text: str = BLANK) -> Response:
    files = sorted(app.policy(Scenarios).files, key=lambda file: file.title)
    every = asking.versions_in(app)
    stand = [(agent, await standing(app, agent)) for agent in every]
    return app.page(
        request, f"{FOLDER}/scenarios.html", screen=SCREEN, status=422 if refused else 200, files=files, runs=await asking.runs(app, [f.id for f in files]),
        standing=stand, on=on or (every[0].label if every else ""), refused=refused, text=text, may_change=app.may(staff, "change", SCREEN),
        csrf=app.csrf(request), zone=app.organisation.zone, tabs=tabs("/agents/scenarios"), wrote=text != BLANK,
    )  # fmt: skip


async def _one(app: App, request: Request, id: str, refused: str = "", text: str = "") -> Response:
    staff, file = app.staff(request), app.policy(Scenarios).of(id)
    if file is None:
        raise not_found()
    return app.page(
        request, f"{FOLDER}/scenario.html", screen=SCREEN, status=422 if refused else 200, file=file, made=_read(file.text), text=text or file.text,
        refused=refused, runs=(await asking.runs(app, [id]))[id], labels=_labels(app), may_change=app.may(staff, "change", SCREEN),
        csrf=app.csrf(request), zone=app.organisation.zone, names=_names(app), tabs=tabs("/agents/scenarios"),
    )  # fmt: skip


async def _trials_page(app: App, request: Request, staff: Staff, on: str, refused: str = "") -> Response:
    every = asking.versions_in(app)
    return app.page(
        request, f"{FOLDER}/trials.html", screen=SCREEN, status=422 if refused else 200, trials=await asking.every(app), labels=_labels(app),
        on=on or (every[0].label if every else ""), refused=refused, may_change=app.may(staff, "change", SCREEN), csrf=app.csrf(request),
        zone=app.organisation.zone, names=_names(app), tabs=tabs("/agents/trials"), invented=app.organisation.invented, most=asking.MOST_CUSTOMERS,
    )  # fmt: skip


async def _told(app: App, key: str) -> dict[str, Any]:
    found = await asking.one(app, key)
    kept, done = found.kept, found.done
    talks = done.talks if done else ()
    names = [name for name in (kept.version, kept.rival) if name]
    return {
        "kept": kept, "done": done, "figures": [figures(talks, name) for name in names] if talks else [], "names": _names(app),
        "paired": paired(talks, kept.version, kept.rival) if kept.rival else None, "zone": app.organisation.zone, "tabs": tabs(_tab(kept.kind)), "called": _called(app, kept.agent),
    }  # fmt: skip


def _labels(app: App) -> list[tuple[str, str]]:
    """Versions to choose from."""
    return [(each.label, f"{each.name}, version {each.version}") for each in asking.versions_in(app)]


def _read(text: str) -> Scenario | None:
    try:
        return scenario_of(text)
    except BatonError:
        return None


def _names(app: App) -> dict[str, str]:
    return {"halcyon": "Halcyon Air", **{each.id: each.name for each in app.accounts.everyone()}}


def _tab(kind: str) -> str:
    return "/agents/scenarios" if kind == "scenarios" else "/agents/trials"


def _called(app: App, agent: str) -> str:
    """What people call an agent: its name, or its id where it is gone."""
    known = app.policy(Agents).of(agent)
    return known.name if known is not None else agent
