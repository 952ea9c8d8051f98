"""The conversation in the middle: who it is with, what an AI understood, what was said, and what could be said next."""

from dataclasses import dataclass, replace

import msgspec

from baton.capabilities.complexity.events import Complexity
from baton.capabilities.floor.events import HelpAsked
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.performance.events import SuggestionRequested
from baton.capabilities.routing.events import Place, Summary
from baton.channels.desk import shown
from baton.channels.desk.desk import held_since_ms
from baton.channels.desk.screen import words
from baton.channels.desk.screen.advising import Advice, advice, consult_of
from baton.channels.desk.screen.left import Asked, asked_in, is_falling
from baton.channels.desk.screen.naming import given, names_of
from baton.channels.desk.screen.summing import Point, points
from baton.channels.desk.screen.timeline import Line, lines
from baton.kernel.conversation import Ended, Holder
from baton.kernel.errors import Conflict
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.board import named
from baton.web.reader import Told
from baton.web.staff import Staff

BOOKING = ("code", "booking", "booking_code", "file_number")


@dataclass(frozen=True)
class Suggestion:
    """A text that could be sent; `sources` are (what it is called, citation) of the sections it rests on."""

    text: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Summed:
    """The summary: its sentences, when it was made, and how many turns were read for it."""

    points: tuple[Point, ...] = ()
    at_ms: int = 0
    turns: int = 0


@dataclass(frozen=True)
class Work:
    """One conversation as the rep works on it.

    `hands` tells where the baton is when it is not here; `newest` is the position plus n of the last line; `asked_at` is the
    customer's turn that waits for an answer, 0 where none does. `helps` is set while a supervisor was asked; `approval` is set where an agent asks for one.
    """

    key: str
    name: str
    channel: str
    since_ms: int
    language: str = ""
    about: str = ""
    is_mine: bool = False
    ended: bool = False
    hands: str = ""
    level: str = ""
    falling: bool = False
    lines: tuple[Line, ...] = ()
    newest: int = 0
    summed: Summed = Summed()
    suggestions: tuple[Suggestion, ...] = ()
    asked_at: int = 0
    is_new: bool = True
    approval: str = ""
    asked: Asked | None = None
    consults: tuple[Advice, ...] = ()
    helps: str = ""

    @property
    def topic(self) -> str:
        """What tells of news of it."""
        return f"conversation/{self.key}"

    @property
    def advises(self) -> str:
        """The consult by which this rep reads along; empty where they do not."""
        return consult_of(self.approval)

    def past(self, after: int) -> "Work":
        """The same, with only the lines past a position."""
        return replace(self, lines=tuple(line for line in self.lines if line.position + line.n > after))


async def work(app: App, staff: Staff, key: str) -> tuple[Work, Stream, list[Told]]:
    """A conversation this rep may see, with what it was made from. Raises 404 where they may not."""
    stream = await app.conversation(staff, key)
    told = await app.reader.told(stream.id)
    names = names_of(app, staff, stream)
    every = tuple(lines(told, names))
    holder = stream.facts.get(Holder) or Holder("nobody")
    is_mine = holder.kind == "rep" and holder.who == staff.id
    asked_at = _unanswered(every)
    first_ms = every[0].at_ms if every else stream.now_ms
    made = replace(
        _standing(stream, names.customer, held_since_ms(told, staff.id) or first_ms),
        is_mine=is_mine, ended=bool(told) and isinstance(told[-1][0].event, Ended), hands=_hands(holder, is_mine, names.queue(holder.who)),
        lines=every, newest=max((line.position + line.n for line in every), default=0), summed=_summed(stream, told, every),
        suggestions=_suggestions(app, stream) if is_mine and asked_at else (), asked_at=asked_at,
        is_new=not any(line.mine and line.kind == "turn" for line in every), consults=advice(stream, names),
        helps=_helps(stream, staff.id),
    )  # fmt: skip
    return made, stream, told


async def asked_for(app: App, staff: Staff, place: Place) -> Work:
    """An approval this rep holds and what is asked, where they may not see the conversation itself."""
    key, approval = shown.key_of(place.conversation), place.conversation.partition(shown.APPROVAL)[2]
    asked, name = await asked_in(app, key, approval), names_of(app, staff, await app.reader.stream(named(key))).customer
    return Work(key, name, "chat", place.answered_ms or place.since_ms, approval=approval, asked=asked)


async def count_suggestions(app: App, staff: Staff, shown_here: Work) -> None:
    """Say that suggestions were shown for a customer's turn, once for each turn."""
    if not shown_here.suggestions:
        return
    event = SuggestionRequested(staff.id, len(shown_here.suggestions))
    once = f"suggested:{staff.id}:{shown_here.asked_at}"
    try:
        await app.committer.append(shown_here.topic, event, by=f"rep/{staff.id}", once=once)
    except Conflict:
        return


def _standing(stream: Stream, name: str, since_ms: int) -> Work:
    level, started, intent = stream.facts.get(Complexity), stream.started, stream.facts.get(Intent)
    language = (started.language if started else "") or (intent.language if intent else "")
    known = given(stream)
    return Work(
        stream.key, name, started.channel if started else "chat", since_ms, words.language_of(language),
        next((known[slot] for slot in BOOKING if slot in known), ""), level=level.level if level else "", falling=is_falling(stream),
    )  # fmt: skip


def _hands(holder: Holder, is_mine: bool, queue: str) -> str:
    if is_mine:
        return ""
    told = {
        "agent": "The AI has this conversation now.",
        "queue": f"It waits in the queue {queue} now.",
        "nobody": "This conversation is over.",
    }
    return told.get(holder.kind) or f"{holder.name or holder.who} has this conversation now."


def _helps(stream: Stream, rep: str) -> str:
    """`asked` while a supervisor was asked by this rep and has not answered; else empty."""
    asked = stream.facts.get(HelpAsked)
    return asked.state if asked is not None and asked.rep == rep and asked.state == "asked" else ""


def _unanswered(every: tuple[Line, ...]) -> int:
    turns = [line for line in every if line.kind == "turn"]
    return turns[-1].position if turns and turns[-1].role in {"customer", "machine"} else 0


def _summed(stream: Stream, told: list[Told], every: tuple[Line, ...]) -> Summed:
    made = [entry for entry, caused in told if any(isinstance(event, Summary) for event in caused)]
    if not made:
        return Summed()
    read = sum(line.kind == "turn" and line.position <= made[-1].position for line in every)
    return Summed(points(stream, every), made[-1].happened_at_ms, read)


def _suggestions(app: App, stream: Stream) -> tuple[Suggestion, ...]:
    made = []
    for each in app.suggest(stream):
        plain = msgspec.to_builtins(each)
        named_ = [(_called(cite), cite) for cite in plain["cites"]]
        made.append(Suggestion(plain["text"], tuple(named_)))
    return tuple(made)


def _called(cite: str) -> str:
    article, _, section = cite.partition("#")
    number = article.removeprefix("art-")
    return f"article {number}, section {section}" if section else f"article {number}"
