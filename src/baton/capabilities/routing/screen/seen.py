"""Seen: the floor as a filter asks for it, with queues by id and names by id. What every part of the screen is made from."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from baton.capabilities.agents.events import Agent
from baton.capabilities.floor.events import Budget, Outage
from baton.capabilities.routing.events import Place, Post, Queue, Zone
from baton.capabilities.routing.screen.asked import Asked
from baton.capabilities.routing.screen.floor import Floor, Need, Promise, Stretch, Talk, Waited
from baton.web.asked import in_words

LIVE_MS = 1_800_000
"""A conversation the AI holds counts as live while something was said in it in the last half hour."""
OTHER = "other"
NO_OUTAGE, USUAL_BUDGET = Outage(), Budget()


class Seen:
    """The floor, filtered. `stopped` are the agents the kill switch stops now."""

    def __init__(
        self, floor: Floor, asked: Asked, queues: tuple[Queue, ...], agents: tuple[Agent, ...] = (),
        stopped: tuple[str, ...] = (), zone: str = "UTC", names: Mapping[str, str] | None = None,
        zones: tuple[Zone, ...] = (), outage: Outage = NO_OUTAGE, budget: Budget = USUAL_BUDGET,
    ) -> None:  # fmt: skip
        self.floor, self.asked, self.agents, self.stopped, self.zone = floor, asked, agents, stopped, zone
        self.now_ms, self.zones, self.outage, self.budget = floor.now_ms, zones, outage, budget
        self.queues: dict[str, Queue] = {q.id: q for q in queues}
        self._names = {**(names or {}), **{p.rep: p.name for p in floor.posts if p.name}}
        self._by_intent = {intent: q.id for q in reversed(queues) for intent in q.intents}

    def name(self, rep: str) -> str:
        """A rep's name."""
        return self._names.get(rep) or in_words(rep.replace(".", " "))

    def knows(self, rep: str) -> bool:
        """Whether this is somebody of the staff."""
        return rep in self._names

    def title(self, queue: str) -> str:
        """A queue's title."""
        return self.queues[queue].title if queue in self.queues else in_words(queue) or "No queue"

    def agent(self, id: str) -> str:
        """An agent's name."""
        return next((a.name for a in self.agents if a.id == id), in_words(id)) or "AI"

    def queue_of(self, intent: str | None) -> str:
        """The queue that takes an intent; what is not understood goes where anything other goes."""
        return self._by_intent.get(intent or "", self._by_intent.get(OTHER, ""))

    def about(self, intent: str | None, channel: str | None) -> bool:
        """Whether a conversation of this intent and channel is asked for."""
        return self.asked.takes(self.queue_of(intent), channel or "")

    @property
    def shown_queues(self) -> list[Queue]:
        """The queues asked for."""
        return [q for q in self.queues.values() if self.asked.queue in ("", q.id)]

    @cached_property
    def places(self) -> list[Place]:
        """Places asked for; an approval is a place too."""
        return [p for p in self.floor.places if self.asked.takes(p.queue, p.channel)]

    @cached_property
    def waiting(self) -> list[Place]:
        """Who waits for a person, longest first."""
        waits = [p for p in self.places if p.state in ("waiting", "offered") and "#" not in p.conversation]
        return sorted(waits, key=lambda p: (p.since_ms, p.conversation))

    @cached_property
    def posts(self) -> list[Post]:
        """People who can serve the queue asked for, at work or with something still in hand."""
        return [p for p in self.floor.posts if not self.asked.queue or self.serves(p, self.asked.queue)]

    def serves(self, post: Post, queue: str) -> bool:
        """Whether a rep has the skill of a queue."""
        skill = self.queues[queue].skill if queue in self.queues else ""
        return not skill or skill in post.skills

    @cached_property
    def talks(self) -> list[Talk]:
        """Open conversations asked for."""
        return [t for t in self.floor.talks if self.asked.takes(self.queue_of_talk(t), t.channel or "")]

    def queue_of_talk(self, talk: Talk) -> str:
        """Where it waits or waited; else where its intent belongs."""
        return talk.waits_in or self.queue_of(talk.intent)

    @cached_property
    def with_ai(self) -> list[Talk]:
        """Conversations an agent holds now."""
        return [t for t in self.talks if t.holder == "agent" and self.now_ms - (t.last_ms or 0) <= LIVE_MS]

    @cached_property
    def waits(self) -> list[Waited]:
        """Waits that began in the last hour."""
        return [w for w in self.floor.waits if self.asked.takes(w.queue, w.channel or "")]

    @cached_property
    def stretches(self) -> list[Stretch]:
        """Stretches with people of the last hours."""
        return [s for s in self.floor.stretches if self.asked.takes(s.queue or "", s.channel or "")]

    @cached_property
    def promises(self) -> list[Promise]:
        """Promises due today, next first."""
        found = [p for p in self.floor.promises if self.asked.takes(p.queue or "", p.channel or "")]
        return sorted(found, key=lambda p: (p.due_ms, p.conversation))

    def needs_of(self, conversations: Iterable[str]) -> dict[str, Need]:
        """The latest need for a person of each conversation."""
        wanted, found = set(conversations), dict[str, Need]()
        for need in sorted(self.floor.needs, key=lambda n: n.epoch):
            if need.conversation in wanted:
                found[need.conversation] = need
        return found
