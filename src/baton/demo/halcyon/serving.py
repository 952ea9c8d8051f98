"""A contact without its words: how it came, who served it, how it ended and what follows."""

import hashlib

import msgspec

from baton.demo.halcyon.fate import AiEnd, RepEnd
from baton.demo.halcyon.needs import Need
from baton.demo.halcyon.story import Channel, Complexity, Next, Path, Suggestion

__all__ = ["AiEnd", "Coming", "Contact", "RepEnd", "Served", "story_id"]


class Coming(msgspec.Struct, frozen=True):
    """A contact that is about to happen. `why` is how it follows from the one before."""

    at_ms: int
    need: Need
    contact: int
    channel: Channel
    complexity: Complexity
    person_first: bool
    why: Next
    last_ms: int


class Served(msgspec.Struct, frozen=True):
    """What a rep did in a contact. Times in seconds."""

    rep: str
    end: RepEnd
    wait_s: int
    talk_s: int
    hold_s: int
    wrap_s: int
    suggestions: tuple[Suggestion, ...]
    abandoned: bool


class Contact(msgspec.Struct, frozen=True):
    """One contact without its words.

    `made`: the change or answer was given; `settled`: the need is truly met by it (or rightly refused), now or by a kept promise;
    `seemed`: it looks so to who only reads the words.
    """

    id: str
    coming: Coming
    path: Path
    agent: str
    ai_s: int
    ai: AiEnd | None
    served: Served | None
    closed: bool
    callback_ms: int
    made: bool
    settled: bool
    seemed: bool
    next: Next
    next_id: str
    next_channel: Channel | None
    next_after_h: float | None


def story_id(seed: int, need_id: str, contact: int) -> str:
    """The id of a contact's story, known before it happens."""
    return "s" + hashlib.sha256(f"{seed}/{need_id}/{contact}".encode()).hexdigest()[:12]
