"""Subject: one person as Baton knows them: their identities, their streams, and what is held under their keys."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import or_, select

from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.resolution.tables import JOINED
from baton.kernel.codec import ERASED
from baton.kernel.committer import Committer
from baton.kernel.events import Event, Unknown
from baton.kernel.log import Store

CONVERSATION = "conversation/"


class Subject(msgspec.Struct, frozen=True):
    """A person. `customers` are their identities (empty: an anonymous conversation), `streams` every stream that is theirs."""

    customers: tuple[str, ...]
    streams: tuple[str, ...]

    @property
    def stream(self) -> str:
        """Where what happens to this person's data is said: the customer's stream, or the conversation's own."""
        return f"customer/{self.customers[0]}" if self.customers else self.streams[0]

    @property
    def conversations(self) -> list[str]:
        """The keys of their conversations."""
        return [s.removeprefix(CONVERSATION) for s in self.streams if s.startswith(CONVERSATION)]


class Holding(msgspec.Struct, frozen=True):
    """What is held of a person: sealed values that open, by event; and the positions of the first and last input."""

    kinds: dict[str, int]
    first: int = 0
    last: int = 0

    @property
    def values(self) -> int:
        """How many there are."""
        return sum(self.kinds.values())


async def subject_of(committer: Committer, customer: str) -> Subject | None:
    """The person with this identity, and their joined ones; None where nobody has it."""
    customers = await identities(committer.store, customer)
    rows = await committer.store.rows(
        select(CONVERSATIONS.c.conversation).where(CONVERSATIONS.c.customer.in_(customers))
    )
    streams = {f"{CONVERSATION}{row['conversation']}" for row in rows}
    streams |= {name for each in customers for name, _ in committer.keys.held(each) if "/" in name}
    own = {f"customer/{each}" for each in customers}
    known = streams or any([await committer.store.history(stream) for stream in own])
    return Subject(tuple(customers), tuple(sorted(streams | own))) if known else None


async def anonymous(committer: Committer, conversation: str) -> Subject | None:
    """Who wrote in this conversation: its customer, or nobody but the conversation itself."""
    stream = f"{CONVERSATION}{conversation.removeprefix(CONVERSATION)}"
    rows = await committer.store.rows(
        select(CONVERSATIONS.c.customer).where(CONVERSATIONS.c.conversation == stream.removeprefix(CONVERSATION))
    )
    if rows and rows[0]["customer"]:
        return await subject_of(committer, str(rows[0]["customer"]))
    return Subject((), (stream,)) if await committer.store.history(stream) else None


async def identities(store: Store, customer: str) -> list[str]:
    """Every identity of this person, the one that was asked for first."""
    known, seen = [customer], {customer}
    for each in known:
        joined = select(JOINED.c.customer, JOINED.c.into).where(
            or_(JOINED.c.customer == each, JOINED.c.into == each), JOINED.c.into != ""
        )
        for row in await store.rows(joined):
            found = {str(row["customer"]), str(row["into"])} - seen
            known += sorted(found)
            seen |= found
    return known


async def holding(committer: Committer, streams: Iterable[str]) -> Holding:
    """What can be read of these streams now, in the log and in their facts."""
    kinds: Counter[str] = Counter()
    positions: list[int] = []
    for stream in streams:
        for recorded in await committer.store.history(stream):
            positions.append(recorded.entry.position)
            caused = committer.codec.decode_all(stream, recorded.caused or b"[]")
            kinds.update(_open([committer.codec.decode(stream, recorded.entry.body), *(c.event for c in caused)]))
        for row in await committer.store.held(stream):
            kinds.update(_open([c.event for c in committer.codec.decode_all(stream, row.body or b"[]")]))
    return Holding(dict(sorted(kinds.items())), min(positions, default=0), max(positions, default=0))


def _open(events: Sequence[Event]) -> Iterable[str]:
    """The name of each event once for every sealed value in it that can be read."""
    for event in events:
        if isinstance(event, Unknown):
            continue
        for field in event.personal_fields:
            value = getattr(event, field)
            if value and value != ERASED:
                yield event.event_name
