"""The audit's pages: records with the state of the log above them, one entry with its proof, and the same as CSV."""

from dataclasses import asdict
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from baton.capabilities.governance.audit.entry import shown
from baton.capabilities.governance.audit.records import KINDS, MOST, PAGE, Record, asked, found
from baton.capabilities.governance.audit.routes import signing
from baton.capabilities.governance.audit.standing import standing
from baton.capabilities.governance.screen.tabs import tabs
from baton.web.app import App
from baton.web.asked import in_words
from baton.web.refusals import not_found
from baton.web.separated import csv_response

AT: Final = "/governance/audit"
HERE: Final = "capabilities/governance/audit"
COLUMNS: Final = ("position", "at_ms", "kind", "who", "name", "on", "why", "replay", "emergency")
BY_ITSELF: Final = frozenset({"", "baton", "system", "kernel"})


def router(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(AT)
    async def page(request: Request) -> Response:
        """Records that fit, and how the log stands."""
        staff = app.allow(request, "open", "admin")
        search = asked(app, request.query_params)
        records = await found(app, search, PAGE + 1)
        older = {**search.query(), "before": str(records[PAGE - 1].position)} if len(records) > PAGE else {}
        return app.page(
            request, f"{HERE}/page.html", screen="governance", tabs=tabs(app, staff, AT), search=search, kinds=KINDS, lines=[_line(app, r) for r in records[:PAGE]],
            standing=await standing(app), zone=app.organisation.zone, older=f"{AT}?{urlencode(older)}" if older else "",
            newest=f"{AT}?{urlencode(search.query())}" if search.before else "", may_export=app.may(staff, "export", "admin"),
            csv=f"{AT}.csv?{urlencode(search.query())}",
        )  # fmt: skip

    @routes.get(f"{AT}.csv")
    async def separated(request: Request) -> Response:
        """The same as rows, as far as they go."""
        app.allow(request, "export", "admin")
        names = {each.id: each.name for each in app.accounts.everyone()}
        rows = [
            {**asdict(r), "name": names.get(r.who, "")}
            for r in await found(app, asked(app, request.query_params), MOST)
        ]
        return csv_response(rows, COLUMNS, "audit")

    @routes.get(f"{AT}/{{position}}")
    async def entry(request: Request, position: str) -> Response:
        """One entry: who, when, what was stored, and its proof."""
        staff = app.allow(request, "open", "admin")
        at = int(position) if position.isdecimal() and len(position) < 17 else -1
        one = await shown(app, at, signing(app).public) if at >= 0 else None
        if one is None:
            raise not_found()
        names = {f"staff/{each.id}": each.name for each in app.accounts.everyone()}
        return app.page(
            request, f"{HERE}/entry.html", screen="governance", tabs=tabs(app, staff, AT), entry=one, asked_for=at, zone=app.organisation.zone, who=names.get(one.by, one.by),
        )  # fmt: skip

    return routes


def _line(app: App, record: Record) -> dict[str, object]:
    """A record in words; who it was as a person, or Baton itself."""
    names = {each.id: each.name for each in app.accounts.everyone()}
    told_of = {**dict.fromkeys(BY_ITSELF, "Baton itself"), **names, "halcyon": app.organisation.name}
    who = record.who.removeprefix("staff/")
    own = record.kind in ("out", "erased") and not who
    told = "The person themselves" if own else told_of.get(who) or who
    return {
        "record": record,
        "what": KINDS[record.kind],
        "who": told,
        "person": who in names,
        "on": _on(record),
        "on_href": _leads(record),
    }


def _on(record: Record) -> str:
    """On what it was done: a policy in words, a person by the beginning of their name in the log."""
    if record.kind == "erased":
        return f"Person {record.on.partition('/')[2][:8]}"
    if record.kind != "policy":
        return record.on
    folder, _, name = record.on.rpartition(".")
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
    return in_words(words if words == folder else f"{folder}: {words}")


def _leads(record: Record) -> str:
    """Where more of it is read."""
    if record.kind == "erased":
        return f"/governance/privacy/erasures/{record.on}"
    return f"/conversations/{record.on}" if record.kind in ("look", "out") and record.on else ""
