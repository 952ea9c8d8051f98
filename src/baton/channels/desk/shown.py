"""What the desk shows: whose conversations, what was offered, and, once taken, what is known of it."""

from pydantic import BaseModel

from baton.capabilities.agents.events import ApprovalAsked, ApprovalGiven
from baton.capabilities.complexity.events import Complexity
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.events import Place, Post, Summary, Wait
from baton.capabilities.sentiment.events import Mood
from baton.channels.chat.events import Preferences
from baton.channels.desk.events import Noted
from baton.kernel.conversation import Ended, Holder
from baton.kernel.stream import Stream
from baton.web.reader import Told

APPROVAL = "#"


class Me(BaseModel):
    """The rep at this desk. `load` is what they hold and are offered."""

    rep: str
    name: str
    presence: str
    since_ms: int
    capacity: int
    load: int


class Offer(BaseModel):
    """What a rep is offered. How hard it is, and the customer's mood, are not said before it is taken."""

    conversation: str
    kind: str
    queue: str
    channel: str
    language: str
    since_ms: int
    until_ms: int
    approval: str = ""


class Held(BaseModel):
    """A conversation (or an approval) a rep holds."""

    conversation: str
    kind: str
    queue: str
    channel: str
    since_ms: int
    approval: str = ""
    epoch: int = 0
    intent: str = ""
    mood: int | None = None
    frustration: int | None = None
    complexity: str = ""
    last_role: str = ""
    last_text: str = ""
    last_at_ms: int = 0


class Seat(BaseModel):
    """A rep at work, as the floor sees it."""

    rep: str
    name: str
    presence: str
    since_ms: int
    held: int
    offered: int
    capacity: int


class State(BaseModel):
    """The desk of one rep. `posts` is for those who lead the floor; reps see their own seat only."""

    me: Me
    mine: list[Held]
    offered: list[Offer]
    waiting: int
    posts: list[Seat]
    position: int


class Point(BaseModel):
    """A point of the summary, with the turn it came from."""

    label: str
    position: int


class Turn(BaseModel):
    """A turn of the timeline."""

    position: int
    role: str
    who: str
    text: str
    at_ms: int


class Note(BaseModel):
    """A rep's note."""

    position: int
    rep: str
    text: str
    at_ms: int


class Approval(BaseModel):
    """An approval the agent asked for. `given` is null while it waits."""

    approval: str
    action: str
    why: str
    note: str
    position: int
    given: bool | None


class Detail(BaseModel):
    """One conversation, to someone who may see it. `holder_epoch` goes along with what is sent in it."""

    conversation: str
    holder: str
    holder_who: str
    holder_name: str
    holder_epoch: int
    is_mine: bool
    ended: bool
    channel: str
    language: str
    customer: str
    verified: str
    intent: str
    intent_confidence: int
    mood: int | None
    frustration: int | None
    complexity: str
    complexity_reasons: list[str]
    wait_reason: str
    prefers_plain: bool
    prefers_one_at_a_time: bool
    prefers_language: str
    summary: list[Point]
    turns: list[Turn]
    notes: list[Note]
    approvals: list[Approval]
    position: int


def key_of(conversation: str) -> str:
    """The key of a conversation's stream, without the approval that may follow it."""
    return conversation.partition("/")[2].partition(APPROVAL)[0]


def offer(place: Place) -> Offer:
    """An offer card: nothing in it tells easy from hard."""
    return Offer(
        conversation=key_of(place.conversation), kind=_kind(place), queue=place.queue, channel=place.channel,
        language=place.language, since_ms=place.since_ms, until_ms=place.until_ms,
        approval=place.conversation.partition(APPROVAL)[2],
    )  # fmt: skip


def held(place: Place, stream: Stream | None) -> Held:
    """A card of the list of what a rep holds; `stream` None where the conversation cannot be read."""
    made = Held(
        conversation=key_of(place.conversation), kind=_kind(place), queue=place.queue, channel=place.channel,
        since_ms=place.answered_ms or place.since_ms, approval=place.conversation.partition(APPROVAL)[2],
    )  # fmt: skip
    if stream is None:
        return made
    intent, mood, complexity = stream.facts.get(Intent), stream.facts.get(Mood), stream.facts.get(Complexity)
    last, holder = (stream.turns[-1] if stream.turns else None), stream.facts.get(Holder)
    return made.model_copy(
        update={
            "intent": intent.label if intent else "", "mood": mood.score if mood else None,
            "frustration": mood.frustration if mood else None, "complexity": complexity.level if complexity else "",
            "last_role": last.role if last else "", "last_text": last.text[:200] if last else "", "last_at_ms": last.at_ms if last else 0,
            "epoch": holder.epoch if holder else 0,
        }
    )  # fmt: skip


def seat(post: Post) -> Seat:
    """A rep at work."""
    return Seat(
        rep=post.rep, name=post.name, presence=post.presence, since_ms=post.since_ms, held=post.held, offered=post.offered,
        capacity=post.capacity,
    )  # fmt: skip


def detail(stream: Stream, told: list[Told], rep: str) -> Detail:
    """Everything known of a conversation that was taken, or that a supervisor opens."""
    holder, started = stream.facts.get(Holder) or Holder("nobody"), stream.started
    intent, mood, complexity = stream.facts.get(Intent), stream.facts.get(Mood), stream.facts.get(Complexity)
    prefers = stream.facts.get(Preferences) or Preferences()
    wait, summary = stream.facts.get(Wait), stream.facts.get(Summary)
    return Detail(
        conversation=stream.key, holder=holder.kind, holder_who=holder.who, holder_name=holder.name, holder_epoch=holder.epoch,
        is_mine=holder.kind == "rep" and holder.who == rep, ended=bool(told) and isinstance(told[-1][0].event, Ended),
        channel=started.channel if started else "", language=started.language if started else "",
        customer=started.customer if started else "", verified=started.verified if started else "anonymous",
        intent=intent.label if intent else "", intent_confidence=intent.confidence if intent else 0,
        mood=mood.score if mood else None, frustration=mood.frustration if mood else None,
        complexity=complexity.level if complexity else "", complexity_reasons=list(complexity.reasons) if complexity else [],
        wait_reason=wait.reason if wait else "", prefers_plain=prefers.plain, prefers_one_at_a_time=prefers.one_at_a_time,
        prefers_language=prefers.language,
        summary=[Point(label=label, position=at) for label, at in summary.points] if summary else [],
        turns=[Turn(position=t.position + t.n, role=t.role, who=t.who, text=t.text, at_ms=t.at_ms) for t in stream.turns],
        notes=[Note(position=e.position, rep=e.event.rep, text=e.event.text, at_ms=e.at_ms) for e, _ in told if isinstance(e.event, Noted)],
        approvals=approvals(told), position=stream.entry.position,
    )  # fmt: skip


def before_taking(full: Detail) -> Detail:
    """What a rep sees of an offer they have not taken: nothing tells how hard it is."""
    hidden: dict[str, object] = {
        "mood": None,
        "frustration": None,
        "complexity": "",
        "complexity_reasons": [],
        "wait_reason": "",
        "summary": [],
    }
    return full.model_copy(update=hidden)


def approvals(told: list[Told]) -> list[Approval]:
    """The approvals asked in a conversation, each with its answer."""
    found: dict[str, Approval] = {}
    for entry, caused in told:
        for event in (entry.event, *caused):
            if isinstance(event, ApprovalAsked):
                found[event.approval] = Approval(
                    approval=event.approval, action=event.action, why=event.why, note=event.note, position=entry.position, given=None
                )  # fmt: skip
            elif isinstance(event, ApprovalGiven) and event.approval in found:
                found[event.approval].given = event.ok
    return list(found.values())


def _kind(place: Place) -> str:
    if APPROVAL in place.conversation:
        return "consult" if place.channel == "consult" else "approval"
    return "callback" if place.channel == "callback" else "conversation"
