"""How long records are kept, on a page: what a change would destroy is shown before it is put in force."""

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.capabilities.governance.privacy import retention
from baton.capabilities.governance.privacy.commands import put_in_force
from baton.capabilities.governance.privacy.governance import (
    PURPOSES,
    RECORDS,
    Keep,
    Purpose,
    Purposes,
    Records,
    Retention,
)
from baton.capabilities.governance.privacy.screen import showing
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError
from baton.web.app import App

HERE: Final = "/governance/privacy/keep"
POLICY: Final = "governance.Purposes"
LONGEST: Final = 36_600
Days = Annotated[str, Form(max_length=6)]
Text = Annotated[str, Form(max_length=500)]


def router(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(HERE)
    async def page(request: Request) -> Response:
        """What is kept how long, and what is due."""
        app.allow(request, "open", "admin")
        return await _page(app, request, app.policy(Retention))

    @routes.post(HERE)
    async def change(
        request: Request, conversations: Days = "0", training_rows: Days = "0", why: Text = "", sure: Text = ""
    ) -> Response:
        """See what a change would destroy; said again, put it in force."""
        staff = app.allow(request, "change", "admin")
        try:
            given: dict[Records, str] = {"conversations": conversations, "training_rows": training_rows}
            wanted = Retention(tuple(Keep(kind, _days(given[kind])) for kind in RECORDS))
            if sure != "yes":
                return await _page(app, request, wanted, asked=True, why=why)
            await put_in_force(app, wanted, staff.id, why)
        except BatonError as error:
            return await _page(app, request, app.policy(Retention), error=error.message, why=why)
        return RedirectResponse(HERE, 303)

    @routes.post(f"{HERE}/purposes")
    async def purposes(request: Request, ask: Annotated[list[str] | None, Form()] = None, why: Text = "") -> Response:
        """For which uses a person has to have agreed."""
        staff = app.allow(request, "change", "admin")
        if not why.strip():
            return await _page(
                app, request, app.policy(Retention), error="Say why it changes: whoever asks later reads it."
            )
        asked: tuple[Purpose, ...] = tuple(each for each in PURPOSES if each in (ask or ()) and each != "service")
        body = msgspec.Raw(msgspec.json.encode(Purposes(asked)))
        revised = PolicyRevised(POLICY, body, staff.id, app.reason(why))
        await app.committer.append(f"policy/{POLICY}", revised, by=f"staff/{staff.id}")
        return RedirectResponse(HERE, 303)

    return routes


def _days(given: str) -> int:
    """Days from a field; raises 422 where it is no number."""
    if not given.strip():
        return 0
    if not given.strip().isdigit() or int(given) > LONGEST:
        raise BatonError("no_days", 422, f"{given!r} is no number of days. Give 0 for ever, or up to {LONGEST}.")
    return int(given)


async def _page(
    app: App, request: Request, policy: Retention, *, asked: bool = False, error: str = "", why: str = ""
) -> Response:
    return showing.page(
        app, request, "keep", "keep", policy=policy, due={d.records: d for d in await retention.preview(app, policy)}, asked=asked, error=error,
        why=why, records=RECORDS, purposes=PURPOSES, ask=app.policy(Purposes).ask,
    )  # fmt: skip
