"""Stream: all that understanding, deciding and measuring may see of the log."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from baton.kernel.conversation import Entry, Pinned, Started, Turn
from baton.kernel.facts import Facts

P = TypeVar("P", bound=msgspec.Struct)
PolicyAt = Callable[[str, int], tuple[int, bytes | None]]


def policy_name(kind: type[msgspec.Struct]) -> str:
    """The name of a policy type: `routing.Routing` for `baton.capabilities.routing.events.Routing`."""
    parts = kind.__module__.split(".")
    return f"{parts[-2] if parts[-1] == 'events' else parts[-1]}.{kind.__name__}"


class Policies:
    """Every version of every policy this process has read; a version is the position of its `PolicyRevised`.

    `learned` is called with the name of a policy of which a version became known.
    """

    def __init__(self) -> None:
        self._versions: dict[str, list[tuple[int, bytes]]] = {}
        self._decoded: dict[tuple[str, int], msgspec.Struct] = {}
        self.newest = 0
        self.learned: Callable[[str], None] = lambda name: None

    def add(self, name: str, position: int, body: bytes) -> None:
        """Learn a version."""
        self.newest = max(self.newest, position)
        known = self._versions.setdefault(name, [])
        if all(position != at for at, _ in known):
            known.append((position, body))
            known.sort()
            self.learned(name)

    def forget(self) -> None:
        """Know nothing: what was learned may never have been committed."""
        self._versions.clear()
        self._decoded.clear()
        self.newest = 0

    def __iter__(self) -> Iterator[tuple[str, int, bytes]]:
        """Every version: name, position and body as JSON."""
        for name, known in self._versions.items():
            for position, body in known:
                yield name, position, body

    def as_of(self, position: int) -> dict[str, int]:
        """The version of each policy in force just before `position`."""
        latest = {n: max((at for at, _ in known if at < position), default=0) for n, known in self._versions.items()}
        return {n: at for n, at in latest.items() if at}

    def newest_of(self, kind: type[P]) -> P:
        """The policy of type `kind` as last revised."""
        known = self._versions.get(policy_name(kind), ())
        return self.body(kind, max((at for at, _ in known), default=0))

    def newest_body(self, name: str) -> bytes | None:
        """The policy `name` as last revised, as JSON; None where none is in force."""
        return max(self._versions.get(name, ()), default=(0, None))[1]

    def body(self, kind: type[P], version: int) -> P:
        """The policy of type `kind` at `version`; its defaults where no version is in force."""
        name = policy_name(kind)
        found = self._decoded.get((name, version))
        if found is None:
            raw = next((body for at, body in self._versions.get(name, ()) if at == version), None)
            found = kind() if raw is None else msgspec.json.decode(raw, type=kind)
            self._decoded[name, version] = found
        return found  # type: ignore[return-value]


class Stream:
    """One stream as of the input being worked: its id, the entry's time, the turns so far, its facts and policies."""

    __slots__ = ("_mark", "_read", "entry", "facts", "id", "live", "ordinal", "policies", "started", "turns")

    def __init__(self, id: str, policies: Policies) -> None:
        self.id = id
        self.policies = policies
        self.facts = Facts()
        self.turns: list[Turn] = []
        self.ordinal = 0
        self.live = True
        self.started: Started | None = None
        self.entry: Entry = NOTHING
        self._mark: Pinned | int = 0
        self._read: dict[type[msgspec.Struct], msgspec.Struct] = {}

    @property
    def now_ms(self) -> int:
        """When the input being worked happened, in milliseconds since the epoch."""
        return self.entry.happened_at_ms

    @property
    def key(self) -> str:
        """The id without its kind: `4kx…` of `conversation/4kx…`."""
        return self.id.partition("/")[2]

    def policy(self, kind: type[P]) -> P:
        """The policy of this type in force here: pinned when a conversation began, else as of this input."""
        pinned = self.facts.get(Pinned)
        mark = self.entry.position if pinned is None else pinned
        if mark != self._mark:
            self._mark, self._read = mark, {}
        found = self._read.get(kind)
        if found is None:
            versions = self.policies.as_of(self.entry.position) if pinned is None else pinned.versions
            found = self._read[kind] = self.policies.body(kind, versions.get(policy_name(kind), 0))
        return found  # type: ignore[return-value]

    def version(self, name: str) -> int:
        """The version of the policy `name` in force here; 0 where none is."""
        pinned = self.facts.get(Pinned)
        return (self.policies.as_of(self.entry.position) if pinned is None else pinned.versions).get(name, 0)

    def snapshot(self) -> "Stream":
        """The stream as it is now, for an outside act that runs while the stream goes on."""
        copy = Stream(self.id, self.policies)
        copy.facts, copy.turns = self.facts.copy(), list(self.turns)
        copy.ordinal, copy.live, copy.started, copy.entry = self.ordinal, self.live, self.started, self.entry
        return copy

    def said(self, *roles: str) -> list[Turn]:
        """The turns of these roles, oldest first."""
        return [t for t in self.turns if t.role in roles]

    def asking(self) -> list[Turn]:
        """The turns that an agent answers and may act on, oldest first: the customer's; a machine's only where no customer speaks."""
        return self.said("customer") or self.said("machine")


NOTHING = Entry(position=0, stream="", event=Started(), by="", at_ms=0, happened_at_ms=0)
