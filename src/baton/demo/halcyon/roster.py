"""Who is on shift and free: five days a week, eight hours, so many conversations at once and only one call."""

import random
from datetime import datetime
from zoneinfo import ZoneInfo

from baton.demo.halcyon.company import company
from baton.demo.halcyon.story import Channel, Complexity
from baton.demo.people import Rep, able, reps

SHIFTS = ((6, 14), (9, 17), (14, 23))


class Roster:
    """The reps' time, walked through from the first contact to the last."""

    def __init__(self, seed: int) -> None:
        self.zone = ZoneInfo(company().time_zone)
        self.shift = {rep.id: SHIFTS[n % 3] for n, rep in enumerate(reps())}
        self.off = {rep.id: _days_off(random.Random(f"{seed}/off/{rep.id}"), n) for n, rep in enumerate(reps())}
        self.busy: dict[str, list[tuple[int, bool]]] = {rep.id: [] for rep in reps()}

    def take(
        self, chance: random.Random, queue: str, language: str, channel: Channel, complexity: Complexity, at_ms: int
    ) -> tuple[Rep, int]:
        """A rep for a contact, and when they are free for it (milliseconds)."""
        there = self._on_shift(able(queue, language), at_ms) or self._on_shift(able(queue, "any"), at_ms)
        candidates = there or able(queue, language)
        free = [rep for rep in candidates if self._free_at(rep, channel, at_ms) <= at_ms]
        if free:
            power = {"low": -1.0, "medium": 1.0, "high": 3.5}[complexity]
            weights = [rep.skills[queue] ** power for rep in free]
            return chance.choices(free, weights)[0], at_ms
        first = min(candidates, key=lambda rep: (self._free_at(rep, channel, at_ms), rep.id))
        return first, self._free_at(first, channel, at_ms)

    def occupy(self, rep: Rep, channel: Channel, until_ms: int) -> None:
        """Write down that a rep is held until then."""
        self.busy[rep.id].append((until_ms, channel == "voice"))

    def _free_at(self, rep: Rep, channel: Channel, at_ms: int) -> int:
        held = [entry for entry in self.busy[rep.id] if entry[0] > at_ms]
        self.busy[rep.id] = held
        calls = [until_ms for until_ms, call in held if call]
        if calls:
            return max(calls)
        ends = sorted(until_ms for until_ms, _ in held)
        if channel == "voice":
            return ends[-1] if ends else at_ms
        return at_ms if len(ends) < rep.places else ends[len(ends) - rep.places]

    def _on_shift(self, candidates: tuple[Rep, ...], at_ms: int) -> tuple[Rep, ...]:
        local = datetime.fromtimestamp(at_ms / 1000, self.zone)
        return tuple(rep for rep in candidates if self._works(rep.id, local))

    def _works(self, rep_id: str, local: datetime) -> bool:
        opens, closes = self.shift[rep_id]
        return opens <= local.hour < closes and local.weekday() not in self.off[rep_id]


def _days_off(chance: random.Random, n: int) -> frozenset[int]:
    if n % 3 == 0:
        return frozenset({5, 6})
    first = chance.randrange(7)
    return frozenset({first, (first + 1) % 7})
