"""The Conversations screen: list, search, files, one conversation, why it was decided so, and two side by side."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from baton.capabilities.governance.events import Looked
from baton.capabilities.lake.asking import SHOWN, separated
from baton.capabilities.lake.screen import lists, words
from baton.capabilities.lake.screen.search import search
from baton.capabilities.lake.screen.selection import (
    Chosen,
    beside,
    choices,
    chosen_of,
    counted,
    listed,
    openable,
    reach,
)
from baton.capabilities.lake.screen.timeline import decisions, items
from baton.capabilities.lake.screen.views import Context, last_of, names, told_of, whole
from baton.kernel.conversation import Ended
from baton.kernel.explain import explained
from baton.web.app import App
from baton.web.asked import address, asked_of, in_words
from baton.web.refusals import not_found
from baton.web.staff import Staff

FOLDER: Final = "capabilities/lake"
DAY_MS: Final = 86_400_000
LOOK_MS: Final = 600_000
CSV_MOST: Final = 100_000
COLUMNS: Final = tuple(column.name for column in SHOWN)


def router(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)
    _lists(routes, app)
    _one(routes, app)
    _closer(routes, app)
    return routes


async def chosen(app: App, staff: Staff, query: Mapping[str, str]) -> Chosen:
    """What an address asks for, as far as this member of staff may see. Where the usual time is empty, all of the log."""
    asked = asked_of(query, app.clock.now_ms(), app.organisation.zone)
    if lists.usual(query):
        n, last = await reach(app.store)
        asked = lists.everything(asked) if n and last < asked.from_ms else asked
    return chosen_of(query, asked, staff.id if staff.role == "rep" else "")


def _lists(routes: APIRouter, app: App) -> None:
    @routes.get("/conversations")
    async def page(request: Request) -> Response:
        staff = app.allow(request, "open", "conversations")
        query, who = request.query_params, names(app)
        wanted = await chosen(app, staff, query)
        found = await search(app, wanted)
        await look(app, staff, *found.matched[: lists.SIZE])
        total = await counted(app.store, found.chosen)
        number = lists.page_of(query, total)
        n, _ = await reach(app.store)
        rows = await listed(app.store, found.chosen, lists.SIZE, (number - 1) * lists.SIZE)
        return app.page(
            request, f"{FOLDER}/page.html", screen="conversations", chosen=wanted, total=total, number=number, size=lists.SIZE,
            rows=rows, returns=await openable(app.store, wanted, [str(row["next"]) for row in rows if row["next"]]), known=n, read=found.read,
            filters=lists.filters(wanted, await choices(app.store, who.queues)), hidden=lists.kept(wanted), narrower=lists.narrower(wanted), kept={**wanted.asked.query(), **lists.kept(wanted)},
            conditions=lists.conditions(wanted, who.staff), views=lists.views(wanted), address=address, **_common(app, staff, who),
        )  # fmt: skip

    @routes.get("/conversations.csv")
    async def file(request: Request) -> Response:
        """The whole list, without text."""
        staff = app.allow(request, "export", "conversations")
        found = await search(app, await chosen(app, staff, request.query_params))
        await look(app, staff, *found.matched)
        rows = await listed(app.store, found.chosen, CSV_MOST)
        headers = {"Content-Disposition": 'attachment; filename="baton-conversations.csv"', "Cache-Control": "no-store"}
        return Response(separated(rows, COLUMNS), media_type="text/csv; charset=utf-8", headers=headers)


def _one(routes: APIRouter, app: App) -> None:
    @routes.get("/conversations/{id}")
    async def one(request: Request, id: str) -> Response:
        """One conversation, with everything that was decided about it."""
        staff = app.allow(request, "open", "conversations")
        stream = await app.conversation(staff, id)
        await look(app, staff, stream.key)
        told, who = await told_of(app, staff, stream), names(app)
        wanted = await chosen(app, staff, request.query_params)
        newer, older = await beside(app.store, wanted, stream.key, whole(told["row"]["started_ms"]))
        query = {k: v for k, v in request.query_params.items() if k != "page"}
        return app.page(
            request, f"{FOLDER}/screen/conversation.html", screen="conversations", **told, **_common(app, staff, who),
            back=address("/conversations", dict(request.query_params)), query=query, address=address,
            newer=address(f"/conversations/{newer}", query) if newer else "", older=address(f"/conversations/{older}", query) if older else "",
        )  # fmt: skip

    @routes.get("/conversations/{id}/since/{position}")
    async def since(request: Request, id: str, position: int) -> Response:
        """What is new in a conversation under way, to be added to what is shown."""
        staff = app.allow(request, "open", "conversations")
        stream = await app.conversation(staff, id)
        await look(app, staff, stream.key)
        told = await app.hiding.told(staff, await app.reader.told(stream.id))
        context = {
            "stream": stream, "items": [i for i in items(told, names(app)) if i.position > position], "last": last_of(told), "again": True, "over": any(isinstance(e.event, Ended) for e, _ in told),
            **_common(app, staff, names(app)),
        }  # fmt: skip
        body = app.templates.get_template(f"{FOLDER}/screen/more.html").render(context)
        return HTMLResponse(body, headers={"Cache-Control": "no-store"})


def _closer(routes: APIRouter, app: App) -> None:
    @routes.get("/conversations/{id}/explain/{position}")
    async def explain(request: Request, id: str, position: int) -> Response:
        """What was understood and decided at one position: a drawer, or a page without script."""
        staff = app.allow(request, "explain", "conversations")
        stream = await app.conversation(staff, id)
        await look(app, staff, stream.key)
        found = await explained(app.store, app.committer.codec, str(position))
        if found[0].stream != stream.id:
            raise not_found()
        reached = decisions(await app.reader.told(stream.id))
        at = reached.index(position) if position in reached else -1
        told: Context = {
            "each": await app.hiding.explained(staff, found[0]), "stream": stream, "number": at + 1, "decisions": len(reached),
            "before": reached[at - 1] if at > 0 else 0, "after": reached[at + 1] if 0 <= at < len(reached) - 1 else 0,
            **_common(app, staff, names(app)),
        }  # fmt: skip
        return _drawer(app, request, told)

    @routes.get("/conversations/{id}/beside/{other}")
    async def pair(request: Request, id: str, other: str) -> Response:
        """Two conversations side by side: Tuesday's chat, and Thursday's call about the same."""
        staff = app.allow(request, "open", "conversations")
        streams = [await app.conversation(staff, key) for key in (id, other)]
        await look(app, staff, *(stream.key for stream in streams))
        both = [await told_of(app, staff, stream) for stream in streams]
        gap_ms = whole(both[1]["row"]["started_ms"]) - whole(both[0]["row"]["ended_ms"])
        return app.page(
            request, f"{FOLDER}/screen/beside.html", screen="conversations", both=both, gap_ms=gap_ms,
            same=both[0]["row"]["need"] and both[0]["row"]["need"] == both[1]["row"]["need"], **_common(app, staff, names(app)),
        )  # fmt: skip


async def look(app: App, staff: Staff, *keys: str) -> None:
    """Keep that someone opened the text of conversations, once in ten minutes each."""
    now = app.clock.now_ms()
    for key in keys:
        once = f"{staff.id}:{key}:{now // LOOK_MS}"
        await app.committer.append(f"access/{now // DAY_MS}", Looked(staff.id, key), by=f"staff/{staff.id}", once=once)


def _common(app: App, staff: Staff, who: words.Names) -> Context:
    return {
        "zone": app.organisation.zone, "in_words": in_words, "words": words, "names": who,
        "may_export": app.may(staff, "export", "conversations"), "may_explain": app.may(staff, "explain", "conversations"),
        "invented": app.organisation.invented,
    }  # fmt: skip


def _drawer(app: App, request: Request, told: Context) -> Response:
    body = app.templates.get_template(f"{FOLDER}/screen/explain.html").render(told)
    if "hx-request" in request.headers:
        return HTMLResponse(body, headers={"Cache-Control": "no-store"})
    return app.page(request, f"{FOLDER}/screen/alone.html", screen="conversations", body=body, **told)
