"""Watching: one live conversation, read-only: what was said, who had it, and how it stands."""

from dataclasses import dataclass

from baton.capabilities.complexity.events import Complexity
from baton.capabilities.governance.events import Looked
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.screen.words import signed
from baton.capabilities.sentiment.events import Mood
from baton.channels.desk.screen.naming import customer_of, names_of
from baton.channels.desk.screen.timeline import Line, lines
from baton.kernel.conversation import Holder
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.asked import in_words
from baton.web.staff import Staff

LOOK_MS = 600_000
DAY_MS = 86_400_000
LOW = -300


@dataclass(frozen=True)
class Watched:
    """A conversation as its watcher sees it. `position` is up to where its lines were told."""

    key: str
    name: str
    need: str
    channel: str
    holder: str
    who: str
    rep: str
    mood: int | None
    complexity: str
    since_ms: int
    lines: list[Line]
    position: int

    @property
    def feels(self) -> str:
        """The customer's mood in words."""
        if self.mood is None:
            return "nothing said yet"
        return f"{'low' if self.mood <= LOW else 'good' if self.mood >= -LOW else 'even'}, {signed(self.mood)}"

    @property
    def topic(self) -> str:
        """What tells of news of it."""
        return f"conversation/{self.key}"


async def watched(app: App, staff: Staff, key: str, after: int = 0) -> Watched:
    """The conversation, with its lines past `after`; 404 for one that is missing or may not be seen."""
    stream = await app.conversation(staff, key)
    told = await app.reader.told(stream.id)
    names = names_of(app, staff, stream)
    holder, started = stream.facts.get(Holder) or Holder("nobody"), stream.started
    intent, mood, hard = stream.facts.get(Intent), stream.facts.get(Mood), stream.facts.get(Complexity)
    found = lines(told, names, after)
    return Watched(
        stream.key, names.customer, in_words(intent.label) if intent and intent.label else "Not yet clear what is wanted",
        started.channel if started else "", holder.kind, holder_name(app, holder, names.rep(holder.who)), holder.who if holder.kind == "rep" else "",
        mood.score if mood else None, hard.level if hard else "", told[0][0].happened_at_ms if told else 0, found,
        found[-1].position + found[-1].n if found else after,
    )  # fmt: skip


def holder_name(app: App, holder: Holder, rep: str) -> str:
    """Who has it, by name."""
    return {
        "rep": rep,
        "agent": holder.name or app.organisation.assistant,
        "queue": f"waits in {holder.name or holder.who}",
    }.get(holder.kind, "nobody: it is over")


async def name_of(app: App, key: str) -> str:
    """What the customer of a live conversation is called."""
    stream: Stream = await app.committer.memory.stream(f"conversation/{key}")
    return customer_of(stream)


async def looked(app: App, staff: Staff, key: str) -> None:
    """Keep that someone opened a conversation's text, once in ten minutes."""
    now = app.clock.now_ms()
    conversation = f"conversation/{key}"
    once = f"{staff.id}:{conversation}:{now // LOOK_MS}"
    await app.committer.append(
        f"access/{now // DAY_MS}", Looked(staff.id, conversation), by=f"rep/{staff.id}", once=once
    )
