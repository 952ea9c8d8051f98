"""A floor with wellbeing: the small world of routing, reps with a team, conversations that are hard or hostile as told."""

import msgspec

from baton.capabilities.ai_use.events import Employed
from baton.capabilities.complexity.events import ComplexityOverridden, Level
from baton.capabilities.routing.events import MAIN, OfferTaken, WrappedUp
from baton.capabilities.sentiment.events import Mood
from baton.capabilities.wellbeing.events import Breather, BreatherPriced, Load, Spent, Wellbeing, team_stream
from tests.capabilities.routing.world import World
from tests.scenes.recorded import crafts_of

CRAFTS = crafts_of("routing", "empathy", "sentiment", "orchestration", "complexity", "wellbeing")
TEAM = "Lisbon"
MINUTE = 60


class Floor(World):
    """The world, and what happens to its reps."""

    def __init__(self, rules: Wellbeing | None = None) -> None:
        super().__init__(crafts=CRAFTS)
        self.policies.add("wellbeing.Wellbeing", 3, msgspec.json.encode(rules or Wellbeing()))
        self.made = 0

    def arrives(self, rep: str, team: str = TEAM, capacity: int = 1) -> None:
        """A rep of a team sits down."""
        self.happens(f"rep/{rep}", Employed(rep, team, 0))
        self.ready(rep, capacity=capacity)
        self.settle()

    def waits(self, level: Level = "low") -> str:
        """A customer who waits for a person."""
        self.made += 1
        conversation = self.begins(f"c{self.made}")
        self.happens(conversation, ComplexityOverridden(level, "lead"))
        self.customer(conversation)
        self.settle()
        return conversation

    def serves(self, rep: str, level: Level, minutes: int, mood: int = 0) -> str:
        """A rep serves one customer from offer to wrap-up."""
        conversation = self.waits(level)
        assert self.offer_of(conversation) == rep
        self.happens(MAIN, OfferTaken(rep, conversation))
        self.settle()
        if mood:
            self.happens(conversation, Mood(mood))
        self.forward(minutes * MINUTE)
        self.happens(conversation, WrappedUp(rep, "solved"), f"rep/{rep}")
        self.settle()
        return conversation

    def priced(self, ref: str, late_permille: int, team: str = TEAM) -> None:
        """What the breather costs is worked out."""
        self.happens(team_stream(team), BreatherPriced(ref, late_permille))
        self.settle()

    def load(self, rep: str) -> Load:
        """A rep's load."""
        found = self.streams[f"rep/{rep}"].facts.get(Load)
        assert found is not None
        return found

    def breather(self, rep: str) -> Breather:
        """A rep's breather."""
        found = self.streams[f"rep/{rep}"].facts.get(Breather)
        assert found is not None
        return found

    def spent_s(self, team: str = TEAM) -> int:
        """What is granted of a team's budget."""
        found = self.streams[team_stream(team)].facts.get(Spent)
        return found.granted_s if found is not None else 0
