"""What is said of AI use: help by other tools on `ai_use/…`, work and training on `rep/…`, pay bands only as counts on `team/…`."""

from hashlib import blake2b
from typing import Literal

from baton.kernel.events import Event, Fact, Personal

Action = Literal["asked", "shown", "inserted", "sent"]


def stream_of(source: str) -> str:
    """The stream of a tool's source (a URI): the ids it gives its events are unique within it."""
    return f"ai_use/{blake2b(source.encode(), digest_size=12).hexdigest()}"


class AiUsed(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep used AI in another tool: asked it something, was shown drafts, put one into a reply, or sent one.

    `changed_permille` of a sent draft is how much of it the rep changed before. `count` is how many at once; `conversation` the
    key of Baton's conversation it was for, empty where the tool does not know.
    """

    rep: str
    tool: str
    action: Action
    conversation: str = ""
    changed_permille: int = 0
    count: int = 1


class Employed(Fact, frozen=True, gc=False, omit_defaults=True):
    """What an HR system says of a rep: team, first and last day (milliseconds, UTC midnight; 0: still here) and pay band.

    The pay band is sealed under the rep's key, and no read model holds it beside a rep.
    """

    rep: str
    team: str
    hired_ms: int
    left_ms: int = 0
    pay_band: Personal[str] = ""
    source: str = ""


class Counted(Fact, frozen=True, gc=False, omit_defaults=True):
    """Under which team and pay band a rep is counted now, so that a change takes the old count away. Sealed like the band itself."""

    team: Personal[str] = ""
    pay_band: Personal[str] = ""


class BandCounted(Event, frozen=True, gc=False, omit_defaults=True):
    """On a team's stream: one person more (1) or less (-1) in a pay band. It does not say who."""

    team: str
    pay_band: str
    change: int


class Trained(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep completed a course, in minutes, on a day (milliseconds, UTC midnight)."""

    rep: str
    course: str
    minutes: int
    on_ms: int
    source: str = ""
