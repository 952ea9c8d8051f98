"""History: what a reader makes of a file, before anything is appended."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from baton.kernel.conversation import Ended
from baton.kernel.events import Event
from baton.kernel.ports import Keys


class Item(msgspec.Struct, frozen=True, gc=False):
    """What happened at one moment of a conversation: appended together, once per `once`."""

    stream: str
    events: tuple[Event, ...]
    by: str
    happened_at_ms: int
    once: str


class Conversation(msgspec.Struct, frozen=True, gc=False):
    """One conversation as read: whole, in order. `customer` is a pseudonym, or empty; `turns` counts what was said."""

    stream: str
    customer: str
    items: tuple[Item, ...]
    turns: int

    @property
    def last_ms(self) -> int:
        """When the last of it happened."""
        return self.items[-1].happened_at_ms


class Skipped(msgspec.Struct, frozen=True, gc=False):
    """Something that was left out: why, and where (`file:row`)."""

    reason: str
    at: str = ""


class Names:
    """Ids that say nothing of a person: the same external id gives the same id here, and nowhere else."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def stream(self, source: str, external: str) -> str:
        """The stream of a source's conversation."""
        return f"conversation/{self._keys.pseudonym('conversation', f'{source}:{external}')}"

    def customer(self, external: str) -> str:
        """The pseudonym of a customer, the same for every source that gives the same id."""
        return self._keys.pseudonym("customer", external) if external.strip() else ""

    def rep(self, external: str) -> str:
        """The id of a rep: as given where it is a bare id, a pseudonym where it is a name, an address or a UUID."""
        told = external.strip()
        bare = len(told) <= 32 and told.replace("-", "").replace("_", "").isalnum() and told.count("-") < 4
        return told if bare else f"rep-{self._keys.pseudonym('rep', told)[:10]}" if told else ""


class Moment(msgspec.Struct, frozen=True, gc=False):
    """Events of one moment, before the conversation's stream is known."""

    at_ms: int
    events: tuple[Event, ...]


def conversation(source: str, stream: str, customer: str, moments: Sequence[Moment], turns: int) -> Conversation:
    """Moments as items: numbered, so that the same file twice appends nothing twice; times never run backwards."""
    items: list[Item] = []
    at_ms = 0
    for n, moment in enumerate(moments):
        at_ms = max(at_ms, moment.at_ms)
        items.append(Item(stream, moment.events, f"import/{source}", at_ms, f"import:{n}"))
    if not moments or not any(isinstance(e, Ended) for e in moments[-1].events):
        raise ValueError("An imported conversation ends with Ended.")
    return Conversation(stream, customer, tuple(items), turns)


def digest(*parts: str) -> str:
    """A short name for what has none of its own, from its content."""
    return blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


@lru_cache(4096)
def label_of(text: str) -> str:
    """A label: lower case, words joined by underscores, at most 60 characters. `Refund status` becomes `refund_status`."""
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    return "_".join(words)[:60].strip("_")


def where(path: Path, row: int) -> str:
    """`file:row`, as reports name a place."""
    return f"{path.name}:{row}"
