"""What the craft of the conformance tests says."""

from baton.kernel.events import Event, Fact, Personal, upcast


class Asked(Event, frozen=True, gc=False, omit_defaults=True):
    """The customer asked for `what`: echo, elsewhere, main, later, outside, person, raise, huge (more than a row can hold)."""

    what: str
    nonce: str = ""
    text: Personal[str] = ""


class Heard(Fact, frozen=True, gc=False, omit_defaults=True):
    """How many inputs the stream has had, and where the last stands."""

    count: int
    position: int = 0


class Topic(Fact, frozen=True, gc=False, omit_defaults=True):
    """One thing spoken of; it is over once settled."""

    name: str
    times: int
    settled: bool = False

    @property
    def slot(self) -> str:
        """Its name."""
        return self.name

    @property
    def over(self) -> bool:
        """Whether it was settled."""
        return self.settled


class Told(Event, frozen=True, gc=False, omit_defaults=True):
    """Said to another stream."""

    nonce: str


class Noted(Event, frozen=True, gc=False, omit_defaults=True):
    """What an act left, with a private part of each kind."""

    label: str
    nonce: str = ""
    private: Personal[str] = ""
    parts: Personal[tuple[str, ...]] = ()
    amounts: Personal[dict[str, int]] = {}


class Renamed(Event, frozen=True, gc=False, omit_defaults=True):
    """In its second version the field `old` is called `new`."""

    new: str


Renamed.event_version = 2


@upcast("craft.Renamed", 1)
def renamed(body: dict[str, object]) -> dict[str, object]:
    """From version 1."""
    return {"new": body["old"]}
