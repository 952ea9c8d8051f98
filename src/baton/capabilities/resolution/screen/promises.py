"""The promises page: what was promised, whose it is, how it stands, and the place to say what came of it."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.capabilities.resolution.events import Settled
from baton.capabilities.resolution.reading.promised import MEANINGS, STANDS, Wanted, counted, listed, owners
from baton.capabilities.resolution.screen import shown
from baton.capabilities.resolution.screen.asking import asking_of, filters
from baton.capabilities.resolution.screen.settling import may_settle, sees_all, settle
from baton.web.app import App
from baton.web.asked import address, in_words
from baton.web.separated import csv_response
from baton.web.staff import Staff

HERE: Final = "/performance/promises"
SIZE: Final = 40
ALL: Final = 100_000
SETTLED_WORDS: Final = {"kept": "Kept", "broken": "Broken", "withdrawn": "No longer needed"}


def router(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)
    _list(routes, app)
    _settling(routes, app)
    return routes


def reader(app: App, request: Request) -> Staff:
    """Who asks: whoever sees the floor, or a rep, who sees their own."""
    staff = app.staff(request)
    return staff if sees_all(app, staff) else app.allow(request, "serve", "desk")


async def wanted_of(app: App, request: Request, staff: Staff) -> Wanted:
    """Which promises a request asks for; a rep's are their own."""
    query = request.query_params
    stands = query.get("stands", "") if query.get("stands") in STANDS else ""
    own = "" if sees_all(app, staff) else staff.id
    return Wanted((await asking_of(app, request)).asked, stands, query.get("owner", "")[:120], own)


def _list(routes: APIRouter, app: App) -> None:
    @routes.get(HERE)
    async def page(request: Request) -> Response:
        staff = reader(app, request)
        wanted, now_ms = await wanted_of(app, request, staff), app.clock.now_ms()
        counts = await counted(app.store, wanted, now_ms)
        total = counts[wanted.stands] if wanted.stands else sum(counts.values())
        asked = request.query_params.get("page", "1")
        number = max(1, int(asked) if asked.isdigit() and len(asked) < 7 else 1)
        kept = {**wanted.asked.query(), "stands": wanted.stands, "owner": wanted.owner}
        settled = request.query_params.get("settled", "")
        return shown.page(
            app, request, "screen/promises.html", staff,
            {"rows": await listed(app.store, wanted, now_ms, SIZE, (number - 1) * SIZE), "counts": counts, "total": total, "number": number,
             "size": SIZE, "wanted": wanted, "here": HERE, "meanings": MEANINGS, "stands": STANDS, "whole": not wanted.own, "query": kept,
             "href": lambda **more: address(HERE, {**kept, **more}), "may_settle": lambda each: may_settle(app, staff, each),
             "settled_words": SETTLED_WORDS, "told": SETTLED_WORDS.get(settled, ""), "filters": await _filters(app, wanted)},
        )  # fmt: skip

    @routes.get(f"{HERE}/all.csv")
    async def file(request: Request) -> Response:
        """The whole list, without words."""
        staff = app.allow(request, "export", "performance")
        wanted = await wanted_of(app, request, staff)
        return csv_response(
            *shown.promises_table(await listed(app.store, wanted, app.clock.now_ms(), ALL)), "baton-promises"
        )


def _settling(routes: APIRouter, app: App) -> None:
    @routes.post(f"{HERE}/{{promise}}")
    async def settled(
        request: Request,
        promise: str,
        state: Annotated[Settled, Form()],
        back: Annotated[str, Form(max_length=600)] = "",
    ) -> Response:
        """Somebody says what came of it."""
        await settle(app, reader(app, request), promise, state)
        kept = back if back.startswith("?") else "?"
        return RedirectResponse(f"{HERE}{kept}{'' if kept == '?' else '&'}settled={state}", 303)


async def _filters(app: App, wanted: Wanted) -> list[dict[str, object]]:
    found = [each for each in await filters(app, wanted.asked, shown.titles(app)) if each["name"] != "took"]
    if wanted.own:
        return found[:1]
    people, queues = {each.id: each.name for each in app.accounts.everyone()}, shown.titles(app)
    options = [(each, shown.owner_name(each, people, queues)) for each in await owners(app.store)]
    if wanted.owner and all(wanted.owner != value for value, _ in options):
        options.append((wanted.owner, in_words(wanted.owner.partition(":")[2])))
    return [
        *found,
        {"name": "owner", "label": "Owner", "options": [("", "All owners"), *options], "value": wanted.owner},
    ]
