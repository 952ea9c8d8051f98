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
STAYS: Final = (
    ("The log itself", "Its entries are a signed tree: to take one out would break the proof of all others. Texts in it are sealed, and dark once their key is destroyed."),
    ("Who looked, in the log", "The ids of staff and conversations, and times, are not sealed: on an entry's own page an auditor reads them for as long as there is a log."),
    ("What was taken out", "Who took a copy of whose data, and when: so that copies are recalled when the person is erased. It has no text."),
    ("Copies outside", "What was exported is made while it is taken and Baton keeps none of it. Copies elsewhere, backups and old keys too, have to be destroyed where they are."),
    ("Traces", "Baton writes no traces to files. What a collector or a web server in front of it keeps has its own days there."),
    ("Taught models", "What a model learned stays in its numbers until it is taught anew; the examples are gone."),
    ("Figures and facts", "Numbers, labels and times under ids. They hold no text, and a rebuild of them is equal."),
)  # fmt: skip
"""What no retention period reaches, and why."""
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
        request: Request, conversations: Days = "0", training_rows: Days = "0", access_log: Days = "0", why: Text = "", sure: Text = ""
    ) -> Response:  # fmt: skip
        """See what a change would destroy; said again, put it in force."""
        staff = app.allow(request, "change", "admin")
        try:
            given: dict[Records, str] = {
                "conversations": conversations,
                "training_rows": training_rows,
                "access_log": access_log,
            }
            wanted = retention.checked(Retention(tuple(Keep(kind, _days(given[kind])) for kind in RECORDS)))
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
        why=why, records=RECORDS, purposes=PURPOSES, ask=app.policy(Purposes).ask, least=retention.LEAST_DAYS, stays=STAYS,
    )  # fmt: skip
