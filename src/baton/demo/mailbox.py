"""The invented mailbox: mail that Halcyon's record sends leaves no machine, so whoever tries the demo reads it here.

Only `baton demo` adds this page; it opens to the demo's accounts.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from baton.demo.halcyon.record import SystemOfRecord
from baton.web.app import App
from baton.web.staff import Staff

AT: Final = "/demo/mailbox"
MOST: Final = 50
To = Annotated[str | None, Query(max_length=254)]


def router(app: App, record: SystemOfRecord) -> APIRouter:
    """The route."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(AT)
    def page(request: Request, to: To = None) -> Response:
        """The newest mails to one address, or to whomever; a customer's own at first."""
        who = app.staff(request)
        address = _first(who) if to is None else to.strip().lower()
        mails = record.mailbox(address)[:MOST] if address else record.mails(MOST)
        shown = app.templates.get_template("demo/mailbox.html").render(
            mails=mails, to=address, organisation=app.organisation, who=who
        )
        return HTMLResponse(shown, headers={"Cache-Control": "no-store"})

    return routes


def _first(who: Staff) -> str:
    return who.email if who.role == "customer" else ""
