"""The desk: what a rep or a supervisor does, as events on the log. What rests on a holder is refused once hands changed."""

import asyncio
from collections.abc import Awaitable, Callable
from difflib import SequenceMatcher
from typing import Final

from baton.capabilities.performance.events import SuggestionUsed
from baton.capabilities.routing.events import (
    MAIN,
    Assigned,
    Consult,
    GivenTo,
    OfferPassed,
    OfferTaken,
    Place,
    Presence,
    RepReady,
    TakenOver,
)
from baton.channels.desk import shown
from baton.kernel.committer import Done
from baton.kernel.conversation import Holder
from baton.kernel.errors import BatonError, Conflict
from baton.kernel.events import Event
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.board import named
from baton.web.reader import Told
from baton.web.refusals import not_found
from baton.web.staff import Staff

TAKE_S: Final = 2.0
CONSULT: Final = "consult-"
"""What work on a consult is called beside its conversation."""
OWN_WORDS_PERMILLE: Final = 700
"""From this share of changed text on, a rep is taken to have written own words instead of editing a suggestion."""


class _Until:
    """Waits until something holds, looking again after each commit to a stream."""

    def __init__(self, app: App, stream: str, holds: Callable[[], Awaitable[bool]]) -> None:
        self._app, self._stream, self._holds = app, stream, holds
        self._news = asyncio.Event()

    def heard(self, done: Done) -> None:
        """Something was committed."""
        self._news.set()

    def poke(self) -> None:
        """Something may have been committed elsewhere."""
        self._news.set()

    def signalled(self, body: bytes) -> None:
        """Typing is no news here."""

    async def wait(self, limit_s: float) -> bool:
        """Whether it came to hold in time."""
        self._app.hub.watch(self._stream, self)
        try:
            async with asyncio.timeout(limit_s):
                while not await self._holds():
                    await self._news.wait()
                    self._news.clear()
        except TimeoutError:
            return await self._holds()
        finally:
            self._app.hub.leave(self._stream, self)
        return True


class Desk:
    """The acts of staff in conversations."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def state(self, staff: Staff, leads: bool) -> shown.State:
        """What is on this desk now."""
        board = self.app.board
        post = board.posts.get(staff.id)
        places = [p for p in board.places.values() if p.rep == staff.id]
        mine = [shown.held(p, await self._readable(p)) for p in places if p.state == "held"]
        seats = [shown.seat(p) for p in board.posts.values() if leads or p.rep == staff.id]
        me = shown.Me(
            rep=staff.id, name=staff.name, presence=post.presence if post else "offline", since_ms=post.since_ms if post else 0,
            capacity=post.capacity if post else staff.capacity, load=post.held + post.offered if post else 0,
        )  # fmt: skip
        return shown.State(
            me=me, mine=sorted(mine, key=lambda h: h.since_ms), offered=[shown.offer(p) for p in places if p.state == "offered"],
            waiting=sum(p.state == "waiting" for p in board.places.values()), posts=seats, position=self.app.hub.newest,
        )  # fmt: skip

    async def _readable(self, place: Place) -> Stream | None:
        return await self.app.reader.stream(named(shown.key_of(place.conversation)))

    async def be(self, staff: Staff, presence: Presence, reason: str) -> int:
        """Say whether one can take conversations; the position of that."""
        ready = RepReady(staff.id, presence, staff.name, staff.skills, staff.languages, staff.capacity, reason)
        return await self._append(MAIN, staff, ready)

    async def take(self, staff: Staff, key: str, approval: str) -> Holder:
        """Take what was offered; who holds it then. Raises 409 where it went on before."""
        work = _work(key, approval)
        if self._offered(staff, work).state == "offered":
            await self._append(MAIN, staff, OfferTaken(staff.id, work))

        async def is_held() -> bool:
            place = self.app.board.places.get(work)
            return place is not None and place.state == "held" and place.rep == staff.id

        if not await _Until(self.app, MAIN, is_held).wait(TAKE_S):
            raise Conflict(
                "offer_gone", "The offer went on to somebody else before it was taken. Wait for the next one."
            )
        if approval.startswith(CONSULT):
            await self._reads_along(staff, named(key), approval.removeprefix(CONSULT))
        return Holder("agent") if approval else await self._taken(staff, named(key))

    async def _reads_along(self, staff: Staff, stream: str, consult: str) -> None:
        async def is_named() -> bool:
            found = (await self.app.committer.memory.stream(stream)).facts.slot(Consult, consult)
            return found is None or found.colleague == staff.id or found.state == "ended"

        await _Until(self.app, stream, is_named).wait(TAKE_S)

    async def _taken(self, staff: Staff, stream: str) -> Holder:
        async def is_theirs() -> bool:
            return (await self._holder(stream)).who == staff.id

        if not await _Until(self.app, stream, is_theirs).wait(TAKE_S):
            raise Conflict("offer_gone", "The customer left, or somebody else took over, just before you took it.")
        return await self._holder(stream)

    async def _holder(self, stream: str) -> Holder:
        return (await self.app.committer.memory.stream(stream)).facts.get(Holder) or Holder("nobody")

    def _offered(self, staff: Staff, work: str) -> Place:
        place = self.app.board.places.get(work)
        if place is None or staff.id not in (place.rep, *place.passed_by):
            raise not_found()
        if place.rep != staff.id:
            raise Conflict("offer_gone", "The offer went on to somebody else. Wait for the next one.")
        return place

    async def pass_on(self, staff: Staff, key: str, approval: str, reason: str) -> int:
        """Pass what was offered; it goes on to the next rep. Passing it again changes nothing."""
        work = _work(key, approval)
        self._offered(staff, work)
        return await self._append(MAIN, staff, OfferPassed(staff.id, work, reason))

    async def held(self, staff: Staff, key: str) -> tuple[Stream, Holder]:
        """A conversation this rep holds; 404 where they may not see it, 409 telling who has it now."""
        stream = await self.app.conversation(staff, key)
        holder = stream.facts.get(Holder) or Holder("nobody")
        if not self.app.permissions.may_with(staff, "speak", stream.id, [], holder.who if holder.kind == "rep" else ""):
            raise Conflict("not_yours", f"You do not hold this conversation now: {_told(holder)}. Nothing was sent.")
        return stream, holder

    async def speak(self, staff: Staff, key: str, events: tuple[Event, ...], once: str = "") -> int:
        """Append what rests on holding the conversation; the first one's position."""
        stream, holder = await self.held(staff, key)
        return await self._append(stream.id, staff, *events, once=once, expect=holder.epoch)

    async def give(self, staff: Staff, key: str, consult: str, note: str) -> int:
        """Give a conversation to the colleague who took this consult. Raises 409 where nobody took it, or it is over."""
        stream, _ = await self.held(staff, key)
        asked = stream.facts.slot(Consult, consult)
        if asked is None or asked.rep != staff.id or asked.state != "taken":
            raise Conflict(
                "nobody_consulted", f"Nobody has taken the consult {consult!r}. Hand over to a queue instead."
            )
        post = self.app.board.posts.get(asked.colleague)
        name = post.name if post is not None else asked.colleague
        given = GivenTo(staff.id, asked.colleague, name, consult, self.app.cover(note.strip()))
        return await self.speak(staff, key, (given,))

    async def take_over(self, staff: Staff, key: str, reason: str) -> Holder:
        """Take a conversation at once, whoever has it."""
        stream = await self.app.conversation(staff, key)
        holder = stream.facts.get(Holder) or Holder("nobody")
        if holder.kind != "rep" or holder.who != staff.id:
            await self._append(stream.id, staff, TakenOver(staff.id, staff.name, reason), expect=holder.epoch)
        return await self._taken(staff, stream.id)

    async def _append(
        self, stream: str, staff: Staff, *events: Event, once: str = "", expect: int | None = None
    ) -> int:
        return await self.app.committer.append(stream, *events, by=f"rep/{staff.id}", once=once or None, expect=expect)


def _work(key: str, approval: str) -> str:
    return named(key) + (f"#{approval}" if approval else "")


def _told(holder: Holder) -> str:
    who = {"agent": "the AI has it", "queue": "it waits in a queue", "nobody": "it is over"}
    return who.get(holder.kind) or f"{holder.name or holder.who} has it"


def used(rep: str, suggestion: str, text: str) -> SuggestionUsed:
    """What became of a suggestion: `changed_permille` is one minus the share of text both have (Ratcliff and Obershelp 1988)."""
    if suggestion == text:
        return SuggestionUsed(rep, "picked", 0)
    changed = 1000 - round(1000 * SequenceMatcher(None, suggestion, text, autojunk=False).ratio())
    return SuggestionUsed(rep, "own_words" if changed >= OWN_WORDS_PERMILLE or not suggestion else "edited", changed)


def held_since_ms(told: list[Told], rep: str) -> int:
    """When this rep last took the conversation; 0 where they never did."""
    taken = [e.happened_at_ms for e, _ in told if _had_by(e.event) == rep]
    return taken[-1] if taken else 0


def _had_by(event: Event) -> str:
    """The rep who has it from this event on; empty where it changes no hands."""
    if isinstance(event, GivenTo):
        return event.to
    return event.rep if isinstance(event, Assigned | TakenOver) else ""


def unknown_queue(queue: str) -> BatonError:
    """A queue nobody knows."""
    return BatonError("unknown_queue", 422, f"There is no queue {queue!r}. Nothing was sent.")
