"""What complexity says: how hard a conversation is, and why; a rep may overrule it."""

from typing import Literal

from baton.kernel.events import Event, Fact

Level = Literal["low", "medium", "high"]


class Complexity(Fact, frozen=True, gc=False, omit_defaults=True):
    """How hard this conversation is: a level, a score in permille and the reasons as labels."""

    level: Level
    score: int
    reasons: tuple[str, ...] = ()
    overridden: bool = False


class ComplexityOverridden(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep says how hard it really was. It stays what the rep said."""

    level: Level
    rep: str
