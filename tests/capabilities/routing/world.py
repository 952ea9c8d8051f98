"""A small world: conversations and one assignment stream, worked without a store, messages delivered in any order."""

import heapq
from collections.abc import Callable

import msgspec

from baton.capabilities.agents.events import Agent, Agents
from baton.capabilities.routing.events import MAIN, Place, Post, Queue, RepReady, Routing
from baton.kernel.capability import Crafts
from baton.kernel.conversation import Entry, Holder, Started, To, TurnSaid
from baton.kernel.events import Event
from baton.kernel.log import STEP
from baton.kernel.loop import Caused, Rest, to_rest
from baton.kernel.ports import Judgement
from baton.kernel.stream import Policies, Stream
from tests.scenes.recorded import START_MS, Recorded, crafts_of

CRAFTS = crafts_of("routing", "empathy", "sentiment", "orchestration", "complexity")
ROUTING = Routing(
    (Queue("general", "General"), Queue("refunds", "Refunds", skill="refunds", intents=("refund_status",)))
)
AGENTS = Agents((Agent("a1", "Assistant", approved=True),))
A_PERSON, GRIEF = "A person, please", "My mother died"


class World:
    """Every stream of one organisation, its outbox, and its clock."""

    def __init__(self, routing: Routing = ROUTING, agents: Agents = AGENTS, crafts: Crafts = CRAFTS) -> None:
        self.crafts = crafts
        self.policies = Policies()
        self.policies.add("routing.Routing", 1, msgspec.json.encode(routing))
        self.policies.add("agents.Agents", 2, msgspec.json.encode(agents))
        self.models = Recorded({A_PERSON: Judgement(asks_person=950), GRIEF: Judgement(distress=950)})
        self.streams: dict[str, Stream] = {}
        self.position, self.now_ms = STEP, START_MS
        self.outbox: list[To] = []
        self.timers: list[tuple[int, int, int, To]] = []
        self.log: list[tuple[str, Event, list[Caused]]] = []
        self.always: Callable[[], None] = lambda: None

    def happens(self, stream: str, event: Event, by: str = "system") -> Rest:
        """Work one input; what it sends waits in the outbox."""
        self.position += STEP
        known = self.streams.setdefault(stream, Stream(stream, self.policies))
        rest = to_rest(
            Entry(self.position, stream, event, by, self.now_ms, self.now_ms), known, self.crafts, self.models
        )
        self.log.append((stream, event, rest.caused))
        for n, to in enumerate(rest.sends):
            if to.at_ms > self.now_ms:
                heapq.heappush(self.timers, (to.at_ms, self.position, n, to))
            else:
                self.outbox.append(to)
        self.always()
        return rest

    def deliver(self, which: int = 0) -> None:
        """Deliver one waiting message: any of them, for nothing orders two streams."""
        to = self.outbox.pop(which % len(self.outbox))
        self.happens(to.stream, to.event)

    def settle(self) -> None:
        """Deliver all that waits, in order."""
        while self.outbox:
            self.deliver()

    def forward(self, seconds: int) -> None:
        """Let time pass; timers fire when they are due."""
        until = self.now_ms + seconds * 1000
        while self.timers and self.timers[0][0] <= until:
            at_ms, _, _, to = heapq.heappop(self.timers)
            self.now_ms = max(self.now_ms, at_ms)
            self.happens(to.stream, to.event)
            self.settle()
        self.now_ms = until

    def begins(self, name: str, started: Started | None = None) -> str:
        """A conversation starts; its id."""
        self.happens(f"conversation/{name}", started or Started())
        return f"conversation/{name}"

    def customer(self, conversation: str, text: str = A_PERSON) -> Rest:
        """The customer says something."""
        return self.happens(conversation, TurnSaid("customer", text), "customer")

    def ready(self, rep: str, *skills: str, capacity: int = 3, languages: tuple[str, ...] = ()) -> None:
        """A rep sits down."""
        ready = RepReady(rep, "available", rep.title(), skills, languages, capacity)
        self.happens(MAIN, ready, f"rep/{rep}")

    def holder(self, conversation: str) -> Holder:
        """Who has the conversation."""
        return self.streams[conversation].facts.get(Holder) or Holder("nobody")

    def place(self, conversation: str) -> Place | None:
        """Its place on the board."""
        return self.board.facts.slot(Place, conversation)

    def post(self, rep: str) -> Post:
        """A rep's post."""
        found = self.board.facts.slot(Post, rep)
        assert found is not None
        return found

    @property
    def board(self) -> Stream:
        """The assignment stream."""
        return self.streams.setdefault(MAIN, Stream(MAIN, self.policies))

    def offer_of(self, conversation: str) -> str:
        """To whom it is offered, or nobody."""
        place = self.place(conversation)
        return place.rep if place is not None and place.state == "offered" else ""
