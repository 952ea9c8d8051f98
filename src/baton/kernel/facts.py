"""Facts: the latest of each type (and slot) that holds on a stream."""

from collections.abc import Iterator
from typing import TypeVar

from baton.kernel.events import Event, Fact, Unknown

F = TypeVar("F", bound=Fact)


class Facts:
    """What is true of one stream now. Deciding reads it; only the loop changes it."""

    __slots__ = ("_keyed", "_single", "absent", "changed")

    def __init__(self) -> None:
        self._single: dict[type[Fact], Fact] = {}
        self._keyed: dict[type[Fact], dict[str, Fact]] = {}
        self.changed: dict[str, Fact | None] = {}
        self.absent: list[Unknown] = []

    def get(self, kind: type[F]) -> F | None:
        """The latest fact of `kind`, where a stream holds one of it."""
        return self._single.get(kind)  # type: ignore[return-value]

    def slot(self, kind: type[F], slot: str) -> F | None:
        """The latest fact of `kind` in `slot`."""
        return self._keyed.get(kind, {}).get(slot)  # type: ignore[return-value]

    def all(self, kind: type[F]) -> list[F]:
        """Every slot's latest fact of `kind`, in the order of their slots: the same live, after a restart, and replayed."""
        slots = self._keyed.get(kind, {})
        return [slots[slot] for slot in sorted(slots)]  # type: ignore[misc]

    def count(self, kind: type[Fact]) -> int:
        """How many slots hold a fact of `kind`."""
        return len(self._keyed.get(kind, ()))

    def put(self, fact: Fact) -> None:
        """Let `fact` hold from now on; one that is `over` takes its slot away."""
        slot = fact.slot
        if not slot:
            self.changed[""] = fact
            self._single[type(fact)] = fact
            return
        self.changed[f"{fact.event_name}:{slot}"] = None if fact.over else fact
        slots = self._keyed.setdefault(type(fact), {})
        slots.pop(slot, None) if fact.over else slots.__setitem__(slot, fact)

    def copy(self) -> "Facts":
        """The same facts, which later changes here do not reach."""
        twin = Facts()
        twin._single = dict(self._single)
        twin._keyed = {kind: dict(slots) for kind, slots in self._keyed.items()}
        return twin

    def single(self) -> list[Event]:
        """All facts without a slot, those of absent capabilities too: they are stored together, as one row."""
        return [*self._single.values(), *self.absent]

    def __iter__(self) -> Iterator[Fact]:
        yield from self._single.values()
        for slots in self._keyed.values():
            yield from slots.values()
