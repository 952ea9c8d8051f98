"""The chat routes that are not hot: a person, back to the AI, a callback, the end, typing, transcript, forgetting, openers."""

from typing import Final, Literal

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from baton.capabilities.empathy.events import PersonNeeded
from baton.capabilities.floor.events import Outage
from baton.capabilities.individual.events import Choice, Chosen
from baton.capabilities.individual.events import Forgotten as Unremembered
from baton.capabilities.knowledge.events import Articles
from baton.capabilities.performance.events import Rated
from baton.capabilities.routing.events import CallbackAsked, HandedBack, WaitTold
from baton.channels.chat import forgetting, told
from baton.channels.chat.bodies import (
    Asked,
    Callback,
    Chooses,
    Forgotten,
    Openers,
    Passage,
    Position,
    Prefers,
    Rating,
    Sent,
    Transcript,
    TurnOut,
    Typing,
)
from baton.channels.chat.doors import Doors
from baton.channels.chat.events import Preferences
from baton.channels.chat.hot import HotRoutes
from baton.channels.chat.pages import pages
from baton.kernel.conversation import Ended, Holder, TurnSaid
from baton.kernel.errors import Conflict
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.front import Hot
from baton.web.refusals import not_found

AT: Final = "/api/chat/conversations"
ASKS: Final = {
    "en": "I would like a person, please.",
    "es": "Quisiera hablar con una persona, por favor.",
    "de": "Ich möchte bitte mit einem Menschen sprechen.",
}
OPENERS_MOST: Final = 10


class Talks:
    """What a customer may do with their conversation beside speaking."""

    def __init__(self, app: App, doors: Doors) -> None:
        self.app, self._doors = app, doors

    async def open(self, request: Request, key: str) -> Stream:
        """The customer's conversation; 404 for a foreign or missing one."""
        stream = await self.app.committer.memory.stream(self._doors.stream(key, request.scope))
        if stream.started is None or forgetting.erased(stream):
            raise not_found()
        return stream

    async def ask_person(self, stream: Stream) -> Asked:
        """Escalate, whatever was said before; asking again changes nothing."""
        if _holder(stream).kind in ("queue", "rep"):
            return self.state(stream)
        language = stream.started.language[:2] if stream.started else ""
        asks = ASKS.get(language, ASKS["en"])
        nonce = f"person-{_holder(stream).epoch}-{stream.entry.position}"
        position = await self.app.committer.append(
            stream.id, TurnSaid("customer", asks, nonce), by="customer", once=f"turn:{nonce}"
        )
        stream = await self.app.committer.memory.stream(stream.id)
        if _holder(stream).kind not in ("queue", "rep"):
            needed = PersonNeeded("asked", position, 1, 0, len(asks), asked=position, asks=1)
            await self.app.committer.append(stream.id, needed, by="customer", once=f"needs:{nonce}")
        return self.state(await self.app.committer.memory.stream(stream.id))

    async def back(self, stream: Stream) -> Asked:
        """Give up the place in line and go on with the AI."""
        if _holder(stream).kind == "rep":
            raise Conflict(
                "rep_holds", "A person is with you already. Say to them that you would rather go on with the AI."
            )
        if _holder(stream).kind == "queue":
            epoch = _holder(stream).epoch
            await self.app.committer.append(stream.id, HandedBack("customer"), by="customer", expect=epoch)
        return self.state(await self.app.committer.memory.stream(stream.id))

    async def choose(self, stream: Stream, whom: Literal["anyone", "rep"]) -> int:
        """Wait for one rep, or for anybody again; the place in line stays. The position of the choice."""
        choice, holder = stream.facts.get(Choice), _holder(stream)
        if (
            holder.kind != "queue"
            or choice is None
            or choice.epoch != holder.epoch
            or (whom == "rep" and not choice.rep)
        ):
            raise Conflict(
                "no_choice", "There is nothing to choose now. Ask for a person, or wait for whoever is free first."
            )
        return await self.app.committer.append(
            stream.id, Chosen(whom, holder.epoch), by="customer", expect=holder.epoch
        )

    def state(self, stream: Stream) -> Asked:
        """Who holds it and where it stands in line."""
        line, kind = self.app.board.line(stream.id, stream.facts.get(WaitTold)), _holder(stream).kind
        if line is None:
            return Asked(holder=kind, position=stream.entry.position)
        return Asked(
            holder=kind, position=stream.entry.position, place=line.place, wait_s=line.wait_s, nobody=line.nobody
        )


def _holder(stream: Stream) -> Holder:
    return stream.facts.get(Holder) or Holder("agent")


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["chat"])
    talks = Talks(app, _doors(app))
    _choices(routes, talks)
    _telling(routes, talks)
    _records(routes, talks)
    routes.include_router(pages(app))
    return routes


def _choices(routes: APIRouter, talks: Talks) -> None:
    @routes.post(
        AT + "/{id}/person",
        response_model=Asked,
        status_code=202,
    )
    async def person(request: Request, id: str) -> Asked:
        """Ask for a person. This always works, and asking again changes nothing."""
        return await talks.ask_person(await talks.open(request, id))

    @routes.post(
        AT + "/{id}/agent",
        response_model=Asked,
        status_code=202,
        responses={409: {"description": "A person holds it."}},
    )
    async def agent(request: Request, id: str) -> Asked:
        """Leave the line and go on with the AI."""
        return await talks.back(await talks.open(request, id))

    @routes.post(
        AT + "/{id}/choice",
        response_model=Position,
        status_code=202,
        responses={409: {"description": "There is nothing to choose."}},
    )
    async def choice(request: Request, id: str, body: Chooses) -> Position:
        """Choose whom to wait for: the rep of last time, where they were offered, or whoever is free first."""
        return Position(position=await talks.choose(await talks.open(request, id), body.whom))

    @routes.post(
        AT + "/{id}/callback",
        response_model=Position,
        status_code=202,
    )
    async def callback(request: Request, id: str, body: Callback) -> Position:
        """Be called back, or written to, instead of waiting. The contact is sealed."""
        stream = await talks.open(request, id)
        asked = CallbackAsked(talks.app.cover(body.contact), body.at_ms)
        position = await talks.app.committer.append(stream.id, asked, by="customer")
        return Position(position=position)

    @routes.post(AT + "/{id}/end", response_model=Position, status_code=202)
    async def end(request: Request, id: str) -> Position:
        """End the conversation; ending it again changes nothing."""
        stream = await talks.open(request, id)
        if _holder(stream).kind == "nobody":
            return Position(position=stream.entry.position)
        position = await talks.app.committer.append(stream.id, Ended("customer_left"), by="customer")
        return Position(position=position)


def _telling(routes: APIRouter, talks: Talks) -> None:
    @routes.post(AT + "/{id}/preferences", response_model=Position, status_code=202)
    async def preferences(request: Request, id: str, body: Prefers) -> Position:
        """Say how one would like to be written to; whoever answers sees it."""
        stream = await talks.open(request, id)
        wanted = Preferences(body.plain, body.one_at_a_time, body.language)
        return Position(position=await talks.app.committer.append(stream.id, wanted, by="customer"))

    @routes.post(AT + "/{id}/rating", response_model=Position, status_code=202)
    async def rating(request: Request, id: str, body: Rating) -> Position:
        """Rate the conversation; a later rating on the same scale takes the place of an earlier one."""
        stream = await talks.open(request, id)
        given = Rated(body.scale, body.score)
        return Position(position=await talks.app.committer.append(stream.id, given, by="customer"))

    @routes.post(AT + "/{id}/typing", response_model=Sent, status_code=202)
    async def typing(request: Request, id: str, body: Typing) -> Sent:
        """Tell whoever holds the conversation that the customer types. Never logged."""
        stream = await talks.open(request, id)
        await talks.app.hub.signal(stream.id, b'{"role":"customer","on":%s}' % (b"true" if body.on else b"false"))
        return Sent()


def _records(routes: APIRouter, talks: Talks) -> None:
    @routes.get(
        AT + "/{id}/transcript",
        response_model=Transcript,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def transcript(request: Request, id: str) -> Response | Transcript:
        """Everything said so far, as JSON, or as text where `Accept: text/plain` asks for it."""
        stream = await talks.open(request, id)
        turns = [
            TurnOut(position=t.position + t.n, role=t.role, text=t.text, by=f"{t.role}/{t.who}" if t.who else t.role, at_ms=t.at_ms, cites=[], ai_generated=t.role == "agent")
            for t in stream.turns
        ]  # fmt: skip
        if request.headers.get("accept", "").startswith("text/plain"):
            return PlainTextResponse("".join(f"{t.role}: {t.text}\n" for t in turns))
        return Transcript(id=id, turns=turns)

    @routes.delete(
        AT + "/{id}", response_model=Forgotten, responses={409: {"description": "A legal hold keeps it; nothing was forgotten."}}
    )  # fmt: skip
    async def forget(request: Request, id: str) -> Forgotten:
        """Forget this conversation and what is remembered of its customer: it ends, and its text can be read by nobody, as its key is destroyed."""
        stream = await talks.open(request, id)
        if _holder(stream).kind != "nobody":
            await talks.app.committer.append(stream.id, Ended("customer_left"), by="customer")
        await forgetting.forget(talks.app, stream)
        if stream.started is not None and stream.started.customer:
            forgotten = Unremembered(talks.app.clock.now_ms())
            await talks.app.committer.append(f"customer/{stream.started.customer}", forgotten, by="customer")
        return Forgotten(forgotten=True)

    @routes.get("/api/chat/passages/{cite}", response_model=Passage)
    async def passage(cite: str) -> Passage:
        """What an answer cites, such as `art-31#1` (with the sign escaped)."""
        found = talks.app.policy(Articles).passage(cite)
        if found is None:
            raise not_found()
        return Passage(title=found.article.title, section=found.section.title, text=found.section.text)

    @routes.get("/api/chat/openers", response_model=Openers)
    async def openers() -> Openers:
        """Sentences a customer may begin with, and what the widget tells at first."""
        return opening(talks.app)


def opening(app: App) -> Openers:
    """What the widget shows before anything was said."""
    known = app.organisation.openers or tuple(a.title for a in app.policy(Articles).articles if a.state == "published")
    wait_s, outage = app.board.quote_s(), app.policy(Outage)
    return Openers(
        brand=app.organisation.name, assistant=app.organisation.assistant, openers=list(known[:OPENERS_MOST]),
        disclosure="You are chatting with an AI. A person is always one tap away.", person_wait_s=wait_s, nobody=wait_s is None,
        notice=outage.text if not outage.queues else "",
    )  # fmt: skip


def hot(app: App) -> list[Hot]:
    """The hot routes."""
    routes = HotRoutes(app, _doors(app))
    app.tasks.append(routes.streams.beat)
    return [
        Hot("POST", f"{AT}/", "/turns", routes.post, told.POST),
        Hot("GET", f"{AT}/", "/events", routes.follow, told.FOLLOW),
        Hot("POST", AT, "", routes.begin, told.BEGIN, has_id=False),
    ]


def _doors(app: App) -> Doors:
    secret = app.settings.site_secret
    return Doors(app.signer, app.clock, secret.get_secret_value() if secret else "")
