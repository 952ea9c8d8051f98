"""Own: what a customer does with their own data, with the token of their conversation: take it, agree or refuse, be forgotten.

A customer whose identity the site proved acts for all that is theirs; anybody else for this one conversation, since a name is easily claimed.
"""

from typing import Annotated, Final, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from baton.capabilities.governance.privacy import asking, consent, erasing, erasures, holds
from baton.capabilities.governance.privacy.bodies import PLAIN, Agreements, Kept, MyPrivacy, MyUse, Strict
from baton.capabilities.governance.privacy.commands import ZIP, agreements, zipped
from baton.capabilities.governance.privacy.governance import Consent, Purpose, Purposes
from baton.capabilities.governance.privacy.subject import CONVERSATION, Subject, anonymous
from baton.channels.chat.doors import Doors
from baton.kernel.errors import BatonError
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.limits import Buckets
from baton.web.refusals import TooMany, not_found
from baton.web.uses import standing

AT: Final = "/api/chat/conversations/{id}"
Language = Annotated[str, Query(max_length=20, pattern=r"^[A-Za-z-]*$")]
BURST, PER_S = 3, 3 / 3600
"""A copy of everything three times, then three an hour."""


class Said(Strict):
    """What a customer says about one use of their data, and the words they saw."""

    purpose: Purpose
    given: bool
    wording: str = Field("", max_length=2000, pattern=PLAIN)
    version: str = Field("", max_length=40, pattern=PLAIN)


class Asked(BaseModel):
    """Whether it is done, or waits: a legal hold may put an erasure off, which is then done by itself.

    `certificate` is the number under which the company finds its proof (or the request); `remains` labels what is kept.
    """

    state: Literal["erased", "waits"]
    certificate: str = ""
    conversations: int = 0
    remains: list[str] = []


class Own:
    """The customer of a conversation, as far as they are proved."""

    def __init__(self, app: App) -> None:
        secret = app.settings.site_secret
        self.app, self.buckets = app, Buckets(app.clock, BURST, PER_S)
        self._doors = Doors(app.signer, app.clock, secret.get_secret_value() if secret else "")

    async def stream(self, request: Request, id: str) -> Stream:
        """The conversation; 404 for a foreign or missing one."""
        found = await self.app.reader.stream(self._doors.stream(id, request.scope))
        if found is None or found.started is None:
            raise not_found()
        return found

    async def subject(self, request: Request, id: str) -> Subject:
        """Whose data this token speaks for."""
        stream = await self.stream(request, id)
        alone = Subject((), (stream.id,))
        if stream.started is None or stream.started.verified != "verified":
            return alone
        return await anonymous(self.app.committer, stream.id.removeprefix(CONVERSATION)) or alone

    def limit(self, id: str) -> None:
        """Raise 429 where everything is asked for too often."""
        if wait_s := self.buckets.wait_s(id):
            raise TooMany(f"You have had a copy just now. Ask again in {wait_s} s.", wait_s)


def router(app: App) -> APIRouter:
    """The routes."""
    routes, own = APIRouter(tags=["chat"]), Own(app)

    @routes.get(AT + "/my-data", response_class=Response, responses=ZIP)
    async def mine(request: Request, id: str) -> Response:
        """Everything that is kept of you, as a zip of JSON and a page."""
        subject = await own.subject(request, id)
        own.limit(subject.stream)
        return zipped(await asking.taken(app, subject, ""))

    @routes.post(AT + "/forget-me", response_model=Asked, status_code=202)
    async def forget(request: Request, id: str) -> Asked:
        """Be forgotten: every conversation of yours where the site proved who you are, else this one."""
        subject = await own.subject(request, id)
        if await holds.holding_back(app.store, subject, app.clock.now_ms()):
            await erasing.ask(app, subject)
            return Asked(state="waits", certificate=subject.stream)
        await erasing.erase(app, subject)
        return await _done(app, subject)

    _agreeing(routes, own)
    return routes


async def _done(app: App, subject: Subject) -> Asked:
    found = await erasures.record(app, subject.stream)
    if found is None:
        return Asked(state="erased", certificate=subject.stream)
    _, told = found
    return Asked(
        state="erased", certificate=subject.stream, conversations=told.conversations, remains=list(told.remains)
    )


def _agreeing(routes: APIRouter, own: Own) -> None:
    @routes.get(AT + "/my-privacy", response_model=MyPrivacy)
    async def privacy(request: Request, id: str, language: Language = "") -> MyPrivacy:
        """What you may do with your data here, and what your words are used for."""
        return await _privacy(own, await own.stream(request, id), await own.subject(request, id), language)

    @routes.get(AT + "/consents", response_model=Agreements)
    async def agreed(request: Request, id: str) -> Agreements:
        """What you agreed to and refused."""
        subject = await own.subject(request, id)
        return agreements(own.app, await consent.of(own.app.store, subject.customers))

    @routes.post(AT + "/consents", response_model=Kept, status_code=201)
    async def say(request: Request, id: str, body: Said) -> Kept:
        """Agree to one use of your data, or refuse it. A refusal is taken from anybody; an agreement only from who is proved."""
        stream = await own.stream(request, id)
        customer = stream.started.customer if stream.started else ""
        proved = stream.started is not None and stream.started.verified == "verified"
        if not customer or (body.given and not proved):
            raise BatonError(
                "not_proved", 403, "The site has to prove who you are first. Sign in there, and open the chat again."
            )
        said = Consent(body.purpose, body.given, wording=body.wording, version=body.version, source="widget")
        told = msgspec.structs.replace(said, proof=stream.id)
        return Kept(position=await consent.keep(own.app.committer, customer, told, "customer"))


async def _privacy(own: Own, stream: Stream, subject: Subject, language: str) -> MyPrivacy:
    app, started = own.app, stream.started
    known = (started.customer,) if started and started.customer else ()
    now = app.clock.now_ms()
    asked = language or (started.language if started else "")
    uses = await standing(app.store, app.policy(Purposes), subject.customers or known, asked, now)
    return MyPrivacy(
        known=bool(known), proved=bool(subject.customers), conversations=len(subject.conversations),
        held=bool(await holds.holding_back(app.store, subject, now)),
        uses=[MyUse(purpose=u.purpose, title=u.title, wording=u.wording, version=u.version, on=u.on, always=u.always) for u in uses],
    )  # fmt: skip
