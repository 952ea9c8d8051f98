"""Left pane: what a rep holds, what they are offered and why, and their own day."""

from collections.abc import Mapping
from dataclasses import dataclass

from baton.capabilities.agents.events import ApprovalAsked
from baton.capabilities.complexity.events import Complexity
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.events import Place, Post
from baton.capabilities.sentiment.events import Mood
from baton.channels.desk import shown
from baton.channels.desk.screen import words
from baton.channels.desk.screen.day import Day, day_of
from baton.channels.desk.screen.naming import customer_of, queues
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.board import named
from baton.web.staff import Staff

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
    newest: int = 0
    topic: str = ""

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
    """The left pane. `reading` is the topic of a conversation that is open and not held."""

    presence: str
    reason: str
    since_ms: int
    capacity: int
    load: int
    mine: tuple[Mine, ...]
    offered: tuple[Offered, ...]
    waiting: int
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    day: Day
    reading: str = ""

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
    held = [await _mine(app, p, seen) for p in places if p.state == "held"]
    offers = [await _offer(app, staff, post, p) for p in places if p.state == "offered"]
    titles = {q.id: q.title for q in queues(app)}
    return Left(
        presence=post.presence if post else "offline", reason=post.reason if post else "", since_ms=post.since_ms if post else 0,
        capacity=post.capacity if post else staff.capacity, load=post.held + post.offered if post else 0, mine=tuple(held),
        offered=tuple(offers), waiting=sum(p.state == "waiting" for p in app.board.places.values()),
        skills=tuple(titles.get(s, words.sentence(s)) for s in staff.skills),
        languages=tuple(words.language_of(code) for code in staff.languages), day=await day_of(app, staff),
    )  # fmt: skip


def _age(place: Place) -> tuple[int, str]:
    return place.answered_ms or place.until_ms, place.conversation


async def _mine(app: App, place: Place, seen: Mapping[str, int]) -> Mine:
    key, approval = shown.key_of(place.conversation), place.conversation.partition(shown.APPROVAL)[2]
    stream = await app.reader.stream(named(key))
    since_ms = place.answered_ms or place.since_ms
    if stream is None:
        return Mine(key, approval, "Conversation", "", place.channel, since_ms)
    if approval:
        asked = await asked_in(app, key, approval)
        about = words.sentence(asked.action) if asked else "Approval"
        return Mine(key, approval, customer_of(stream), f"Approval: {about}", place.channel, since_ms)
    intent, level = stream.facts.get(Intent), stream.facts.get(Complexity)
    unread, newest = _unread(stream, place, seen)
    return Mine(
        key, "", customer_of(stream), words.need_of(intent.label if intent else ""), place.channel, since_ms,
        level.level if level else "", is_falling(stream), unread, newest, stream.id,
    )  # fmt: skip


def _unread(stream: Stream, place: Place, seen: Mapping[str, int]) -> tuple[int, int]:
    said = stream.said("customer", "machine")
    known = seen.get(stream.key)
    if known is not None:
        return sum(t.position > known for t in said), said[-1].position if said else 0
    answered = stream.said("rep")
    since = answered[-1].position if answered else 0
    fresh = [t for t in said if t.position > since and t.at_ms >= place.answered_ms]
    return len(fresh), said[-1].position if said else 0


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
        key, approval, customer_of(stream) if stream else "Customer", f"Approval for {title}" if approval else title,
        "callback asked for" if place.channel == "callback" else place.channel, _why(staff, post, place, title),
        place.since_ms, place.until_ms, asked,
    )  # fmt: skip


def _why(staff: Staff, post: Post | None, place: Place, title: str) -> tuple[str, ...]:
    """The grounds the offer was matched on: skill, language, least in hand, longest free."""
    why = [f"{title} is one of your queues"] if place.skill and place.skill in staff.skills else []
    language = words.language_of(place.language)
    if language and place.language != "en":
        spoken = place.language in staff.languages
        why.append(f"they write {language}" + (", which you speak" if spoken else ", and nobody at work speaks it"))
    others = post.held + post.offered - 1 if post else 0
    why.append(
        "you have nothing else in hand" if others <= 0 else f"you have room beside {words.plural(others, 'other')}"
    )
    return tuple(why)


async def asked_in(app: App, key: str, approval: str) -> Asked | None:
    """What an agent asked in a conversation, by the approval's id."""
    for entry, caused in reversed(await app.reader.told(named(key))):
        for event in (entry.event, *caused):
            if isinstance(event, ApprovalAsked) and event.approval == approval:
                return Asked(words.plain(event.action), words.plain(event.why), event.note)
    return None
