"""The ledger's pages: the nine states for a window, the needs behind each share, and every change of a state with its evidence."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from baton.capabilities.resolution.events import STATES
from baton.capabilities.resolution.judging.matching import SAME_NEED_MS
from baton.capabilities.resolution.judging.needs import WINDOW_DAYS, WINDOWS_DAYS
from baton.capabilities.resolution.reading.corrected import corrected, probes
from baton.capabilities.resolution.reading.promised import MEANINGS, Wanted, counted
from baton.capabilities.resolution.reading.same import joined
from baton.capabilities.resolution.reading.windowed import told, windows
from baton.capabilities.resolution.screen import answers, people, promises, shown
from baton.capabilities.resolution.screen.asking import HERE, Asking, asking_of, filters
from baton.capabilities.resolution.screen.history import SIZE, changes
from baton.web.app import App
from baton.web.asked import asked_of, bar, says
from baton.web.separated import csv_response

DAY_MS = 86_400_000
ALL = 100_000


def router(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)
    _ledger(routes, app)
    _changes(routes, app)
    for part in (promises, answers, people):
        routes.include_router(part.router(app))
    return routes


def number_of(request: Request) -> int:
    """The page an address names, 1 first."""
    asked = request.query_params.get("page", "1")
    return max(1, int(asked) if asked.isdigit() and len(asked) < 7 else 1)


def _ledger(routes: APIRouter, app: App) -> None:
    @routes.get(HERE)
    async def page(request: Request) -> Response:
        staff = app.allow(request, "open", "performance")
        return shown.page(app, request, "page.html", staff, await _whole(app, await asking_of(app, request)))

    @routes.get(f"{HERE}/states.csv")
    async def states(request: Request) -> Response:
        """The nine states for every window."""
        app.allow(request, "export", "performance")
        asking = await asking_of(app, request)
        found, _ = await windows(app.store, asking.asked, app.clock.now_ms())
        return csv_response(*shown.states_table(found), "baton-ledger-states")

    @routes.get(f"{HERE}/needs")
    async def needs(request: Request) -> Response:
        """The needs behind a share, each with its conversations."""
        staff = app.allow(request, "open", "performance")
        asking, state = await asking_of(app, request), request.query_params.get("state", "")
        found = await told(app.store, asking.asked, asking.days, app.clock.now_ms())
        kept = sorted((n for n in found if not state or n.state == state), key=lambda n: (-n.first_ms, n.need))
        number = number_of(request)
        return shown.page(
            app, request, "screen/needs.html", staff,
            {"asking": asking, "state": state if state in STATES else "", "rows": kept[(number - 1) * SIZE : number * SIZE], "total": len(kept),
             "number": number, "size": SIZE, "here": HERE, "filters": await filters(app, asking.asked, shown.titles(app))},
        )  # fmt: skip

    @routes.get(f"{HERE}/needs.csv")
    async def file(request: Request) -> Response:
        """All of them."""
        app.allow(request, "export", "performance")
        asking, state = await asking_of(app, request), request.query_params.get("state", "")
        found = await told(app.store, asking.asked, asking.days, app.clock.now_ms())
        table = shown.needs_table([n for n in found if not state or n.state == state][:ALL], asking.days)
        return csv_response(*table, f"baton-ledger-needs-{asking.days}d")


async def _whole(app: App, asking: Asking) -> shown.Context:
    """Everything the ledger's page shows."""
    now_ms, asked = app.clock.now_ms(), asking.asked
    found, behind = await windows(app.store, asked, now_ms)
    return {
        "asking": asking, "windows": found, "chosen": found[asking.days], "days": WINDOWS_DAYS, "states": STATES, "here": HERE,
        "figure": corrected(behind[asking.days], await probes(app.store)), "usual_days": WINDOW_DAYS, "meanings": MEANINGS,
        "telling": app.telling if app.telling and not app.telling.done else None, "promises": await counted(app.store, Wanted(asked), now_ms), "joined": await joined(app.store),
        "period": says(asked, now_ms, app.organisation.zone), "filters": await filters(app, asked, shown.titles(app)),
    }  # fmt: skip


def _changes(routes: APIRouter, app: App) -> None:
    @routes.get("/performance/changes")
    async def page(request: Request) -> Response:
        """How the ledger decides, and every change of a state."""
        staff = app.allow(request, "open", "performance")
        query = request.query_params
        asked = asked_of(query, app.clock.now_ms(), app.organisation.zone)
        state = query.get("state", "") if query.get("state") in STATES else ""
        number = number_of(request)
        return shown.page(
            app, request, "screen/changes.html", staff,
            {"found": await changes(app.store, asked, state, number), "state": state, "number": number, "size": SIZE, "asked": asked,
             "filters": bar(asked, {}, [("", "People and AI")])[:1], "window_days": WINDOW_DAYS, "same_days": SAME_NEED_MS // DAY_MS},
        )  # fmt: skip
