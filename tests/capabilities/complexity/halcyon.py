"""A few days of Halcyon Air worked by the product without a store: what it graded, beside the difficulty that is true."""

import heapq
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count

import msgspec

from baton.capabilities.complexity.events import Foresight, Hindsight
from baton.capabilities.orchestration.events import Intent
from baton.demo.retelling import moments
from baton.demo.stories import Story, history
from baton.demo.world import END_MS, World
from baton.engines.models.fast import FastTier
from baton.engines.understanding import Understanding
from baton.kernel.conversation import Entry, To
from baton.kernel.events import Event
from baton.kernel.log import STEP
from baton.kernel.loop import to_rest
from baton.kernel.stream import Policies, Stream
from tests.scenes.recorded import crafts_of

TRUE = {"low": 0, "medium": 1, "high": 2}
CRAFTS = ("complexity", "empathy", "lake", "orchestration", "resolution", "routing", "sentiment")


class Graded(msgspec.Struct, frozen=True):
    """One conversation that a rep served: what is true of it (0 low to 2 high), and what was graded."""

    story: Story
    true: int
    intent: str
    foreseen: Foresight
    after: Hindsight


@cache
def worked(seed: int, days: int, per_day: float, learned: bytes = b"") -> tuple[Graded, ...]:
    """The last `days` days of the world of this seed, oldest first, under the policies in `learned` (a JSON object by name)."""
    stories = sorted(
        history(seed, days, end_ms=END_MS, per_day=per_day, world=World(seed)), key=lambda story: story.started_ms
    )
    walk = _Walk(msgspec.json.decode(learned, type=dict[str, msgspec.Raw]) if learned else {})
    for story in stories:
        for moment in moments(story, story.customer):
            walk.expect(moment.at_ms, f"conversation/{story.id}", *moment.events)
    walk.through()
    return tuple(walk.graded(stories))


class _Walk:
    def __init__(self, learned: Mapping[str, msgspec.Raw]) -> None:
        self.policies, self.streams = Policies(), dict[str, Stream]()
        for name, body in learned.items():
            self.policies.add(name, 1, bytes(body))
        self.crafts, self.models = crafts_of(*CRAFTS), Understanding(FastTier())
        self._heap: list[tuple[int, int, str, Event]] = []
        self._order = count()
        self._position = STEP

    def expect(self, at_ms: int, stream: str, *events: Event) -> None:
        for event in events:
            heapq.heappush(self._heap, (at_ms, next(self._order), stream, event))

    def through(self) -> None:
        while self._heap:
            at_ms, _, name, event = heapq.heappop(self._heap)
            stream = self.streams.setdefault(name, Stream(name, self.policies))
            self._position += STEP
            entry = Entry(self._position, name, event, "import/halcyon", at_ms, at_ms)
            for sent in to_rest(entry, stream, self.crafts, self.models).sends:
                self._sent(sent, at_ms)

    def _sent(self, sent: To, at_ms: int) -> None:
        if sent.stream.partition("/")[0] in {"conversation", "customer"}:
            self.expect(max(sent.at_ms, at_ms), sent.stream, sent.event)

    def graded(self, stories: list[Story]) -> Iterator[Graded]:
        for story in stories:
            facts = self.streams[f"conversation/{story.id}"].facts
            foreseen, after = facts.get(Foresight), facts.get(Hindsight)
            if story.rep and not story.abandoned and foreseen is not None and after is not None:
                intent = facts.get(Intent)
                yield Graded(story, TRUE[story.truth.complexity], intent.label if intent else "", foreseen, after)
