"""The page that says how the ledger decides, and shows it deciding."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from baton.capabilities.resolution.events import STATES
from baton.capabilities.resolution.judging.matching import SAME_NEED_MS
from baton.capabilities.resolution.judging.needs import WINDOW_DAYS
from baton.capabilities.resolution.screen.history import SIZE, changes
from baton.capabilities.routing.events import Routing
from baton.web.app import App
from baton.web.asked import asked_of, bar, in_words

DAY_MS = 86_400_000


def router(app: App) -> APIRouter:
    """The page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/performance/changes")
    async def page(request: Request) -> Response:
        staff = app.allow(request, "open", "performance")
        query = request.query_params
        asked = asked_of(query, app.clock.now_ms(), app.organisation.zone)
        state = query.get("state", "") if query.get("state") in STATES else ""
        told = query.get("page", "1")
        number = max(1, int(told) if told.isdigit() and len(told) < 7 else 1)
        found = await changes(app.store, asked, state, number)
        return app.page(
            request, "capabilities/resolution/page.html", screen="performance", found=found, state=state, number=number, size=SIZE,
            asked=asked, filters=bar(asked, {}, [("", "People and AI")])[:1], zone=app.organisation.zone, in_words=in_words,
            window_days=WINDOW_DAYS, same_days=SAME_NEED_MS // DAY_MS, may_open=app.may(staff, "open", "conversations"),
            titles={q.id: q.title for q in app.policy(Routing).queues if q.title},
        )  # fmt: skip

    return routes
