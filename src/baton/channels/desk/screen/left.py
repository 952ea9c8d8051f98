"""Left pane: what a rep holds, what they are offered and why, and their own day."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from baton.capabilities.agents.events import ApprovalAsked
from baton.capabilities.complexity.events import Complexity
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.events import Place, Post
from baton.capabilities.routing.tables import CONVERSATIONS
from baton.capabilities.sentiment.events import Mood
from baton.channels.desk import shown
from baton.channels.desk.screen import words
from baton.channels.desk.screen.backlog import Waits, backlog
from baton.channels.desk.screen.day import DAY_MS, Day, day_of
from baton.channels.desk.screen.naming import customer_of, queues
from baton.channels.desk.screen.room import Room, room_of
from baton.channels.desk.screen.why import why_you
from baton.kernel.conversation import Holder
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.board import named
from baton.web.staff import Staff

MOST = 20
CHANNELS = {"callback": "callback asked for", "approval": "the AI asks", "consult": "a colleague asks"}
FELL = 200
"""Points by which a mood is lower than at first to be called falling."""


@dataclass(frozen=True)
class Mine:
    """A conversation or an approval this rep holds. `topic` is what tells of news of it."""

    key: str
    approval: str
    name: str
    need: str
    channel: str
    since_ms: int
    level: str = ""
    falling: bool = False
    unread: int = 0
    topic: str = ""
    due_ms: int = 0

    @property
    def ref(self) -> str:
        """What opens it."""
        return self.key + (f"~{self.approval}" if self.approval else "")


@dataclass(frozen=True)
class Asked:
    """What an agent wants a rep's approval for."""

    action: str
    why: str
    note: str


@dataclass(frozen=True)
class Offered:
    """An offer. It says nothing of how hard it is."""

    key: str
    approval: str
    name: str
    need: str
    channel: str
    why: tuple[str, ...]
    since_ms: int
    until_ms: int
    asked: Asked | None = None

    @property
    def id(self) -> str:
        """The element's id: another offer of the same conversation is another one."""
        return f"offer-{self.key}-{self.until_ms}"


@dataclass(frozen=True)
class Left:
    """The left pane. `reading` is the topic of a conversation that is open and not held; `serves` whether who looks may serve at all."""

    presence: str
    reason: str
    since_ms: int
    room: Room
    mine: tuple[Mine, ...]
    offered: tuple[Offered, ...]
    waiting: int
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    day: Day
    backlog: tuple[Waits, ...] = ()
    reading: str = ""
    serves: bool = True

    @property
    def topics(self) -> str:
        """What the pane listens to."""
        heard = dict.fromkeys(("assignment", *(m.topic for m in self.mine), self.reading))
        return ", ".join(f"baton:{topic} from:body" for topic in heard if topic)

    @property
    def says(self) -> str:
        """What is read aloud when it changes: the newest offer."""
        return " ".join(f"Offered to you: {o.need}, {o.channel}." for o in self.offered)


async def left(app: App, staff: Staff, seen: Mapping[str, int]) -> Left:
    """The pane as it is now; `seen` is up to where this tab showed each conversation."""
    post = app.board.posts.get(staff.id)
    places = sorted((p for p in app.board.places.values() if p.rep == staff.id), key=_age)
    all_held = [await _mine(app, p, seen) for p in places if p.state == "held"]
    held = [m for m in all_held if m is not None]
    held += await _taken_over(app, staff, {m.key for m in held}, seen)
    offers = [await _offer(app, staff, post, p) for p in places if p.state == "offered"]
    titles, skills = {q.id: q.title for q in queues(app)}, post.skills if post else staff.skills
    return Left(
        presence=post.presence if post else "offline", reason=post.reason if post else "", since_ms=post.since_ms if post else 0,
        room=room_of(post, places, post.capacity if post else staff.capacity), mine=tuple(held),
        offered=tuple(offers), waiting=sum(p.state == "waiting" for p in app.board.places.values()),
        skills=tuple(titles.get(s, words.sentence(s)) for s in skills),
        languages=tuple(words.language_of(code) for code in staff.languages), day=await day_of(app, staff),
        backlog=backlog(app.board.places.values(), skills, app.clock.now_ms()), serves=app.may(staff, "serve", "desk"),
    )  # fmt: skip


def _age(place: Place) -> tuple[int, str]:
    return place.answered_ms or place.until_ms, place.conversation


async def _mine(app: App, place: Place, seen: Mapping[str, int]) -> Mine | None:
    """What a place holds; None where hands changed already and the board is about to hear of it."""
    key, approval = shown.key_of(place.conversation), place.conversation.partition(shown.APPROVAL)[2]
    stream = await app.reader.stream(named(key))
    since_ms = place.answered_ms or place.since_ms
    if stream is None:
        return Mine(key, approval, "Conversation", "", place.channel, since_ms)
    if approval:
        asked = await asked_in(app, key, approval)
        about = words.sentence(asked.action) if asked else "Approval"
        if place.channel == "consult":
            return Mine(key, approval, customer_of(stream), "Consult", CHANNELS["consult"], since_ms, topic=stream.id)
        return Mine(key, approval, customer_of(stream), f"Approval: {about}", "the AI asks", since_ms)
    holder = stream.facts.get(Holder)
    if holder is not None and holder.epoch > place.epoch + 1:
        return None
    return _held(stream, place.channel, since_ms, seen, place.due_ms)


def _held(stream: Stream, channel: str, since_ms: int, seen: Mapping[str, int], due_ms: int = 0) -> Mine:
    intent, level = stream.facts.get(Intent), stream.facts.get(Complexity)
    return Mine(
        stream.key, "", customer_of(stream), words.need_of(intent.label if intent else ""), channel, since_ms,
        level.level if level else "", is_falling(stream), _unread(stream, since_ms, seen), stream.id, due_ms,
    )  # fmt: skip


def _unread(stream: Stream, since_ms: int, seen: Mapping[str, int]) -> int:
    """The customer's turns past what this tab showed; where it showed nothing yet, those since the rep took it or spoke."""
    said, known = stream.said("customer", "machine"), seen.get(stream.key)
    if known is not None:
        return sum(t.position > known for t in said)
    answered = stream.said("rep")
    since = answered[-1].position if answered else 0
    return sum(t.position > since and t.at_ms >= since_ms for t in said)


async def _taken_over(app: App, staff: Staff, known: set[str], seen: Mapping[str, int]) -> list[Mine]:
    """What a supervisor took at once: they hold it, and it has no place on the board."""
    rows = CONVERSATIONS.c
    fresh = rows.since_ms >= app.clock.now_ms() - DAY_MS
    query = (
        select(rows.conversation, rows.since_ms).where(rows.holder == "rep", rows.who == staff.id, fresh).limit(MOST)
    )
    found = []
    for row in await app.store.rows(query):
        stream = await app.reader.stream(named(str(row["conversation"]))) if row["conversation"] not in known else None
        if stream is not None and stream.live:
            channel = stream.started.channel if stream.started else "chat"
            found.append(_held(stream, channel, int(str(row["since_ms"])), seen))
    return found


def is_falling(stream: Stream) -> bool:
    """Whether the customer's mood is clearly lower than at first."""
    mood = stream.facts.get(Mood)
    return mood is not None and mood.score <= mood.first - FELL


async def _offer(app: App, staff: Staff, post: Post | None, place: Place) -> Offered:
    key, approval = shown.key_of(place.conversation), place.conversation.partition(shown.APPROVAL)[2]
    title = next((q.title for q in queues(app) if q.id == place.queue), words.sentence(place.queue))
    asked = await asked_in(app, key, approval) if approval else None
    stream = await app.reader.stream(named(key))
    return Offered(
        key, approval, customer_of(stream) if stream else "Customer", f"{_kind(place)}, {title}" if approval else title,
        CHANNELS.get(place.channel, place.channel), why_you(staff, post, place, title, app.board.posts.values(), app.clock.now_ms()),
        place.since_ms, place.until_ms, asked,
    )  # fmt: skip


def _kind(place: Place) -> str:
    return "Consult" if place.channel == "consult" else "Approval"


async def asked_in(app: App, key: str, approval: str) -> Asked | None:
    """What an agent asked in a conversation, by the approval's id."""
    for entry, caused in reversed(await app.reader.told(named(key))):
        for event in (entry.event, *caused):
            if isinstance(event, ApprovalAsked) and event.approval == approval:
                return Asked(words.plain(event.action), words.reason_of(event.why), event.note)
    return None
