"""What if: the service level of slots to come with more or fewer contacts, longer or shorter ones, people away, and help that costs.

Help is priced like a breather: what it costs beside the customers it lets be answered in time, so that a planner sees both before
choosing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from baton.capabilities.workforce.events import Planning
from baton.capabilities.workforce.staffing.needed import Aim, kept_share
from baton.capabilities.workforce.staffing.pace import Pace

WINDOW_SLOTS: Final = 4
"""Help is given for two hours at a time."""


@dataclass(frozen=True)
class Slot:
    """A half hour to come: contacts expected, and people at work."""

    minute: int
    contacts: float
    people: int


@dataclass(frozen=True)
class If:
    """What is supposed: contacts and handle time in percent of what is expected, and people away."""

    contacts: int = 100
    handle: int = 100
    away: int = 0


@dataclass(frozen=True)
class Help:
    """An offer: what, from which minute on for two hours, what it costs in cents (less than 0: it saves), and how many more are answered in time."""

    what: str
    minute: int
    cents: int
    in_time: float
    level: float


@dataclass(frozen=True)
class Floor:
    """The slots to come, how long contacts take, what is promised and what time costs."""

    slots: Sequence[Slot]
    step_min: int
    pace: Pace
    aim: Aim
    rules: Planning

    def supposing(self, that: If) -> "Floor":
        """The floor as it would be."""
        slots = [
            replace(slot, contacts=slot.contacts * that.contacts / 100, people=max(0, slot.people - that.away))
            for slot in self.slots
        ]
        return replace(self, slots=slots, pace=replace(self.pace, handle_s=self.pace.handle_s * that.handle / 100))

    def share(self, slot: Slot) -> float:
        """The service level of a slot; of the people there, some are away from the queue."""
        reps = int(slot.people * (1 - self.aim.away) + 1e-9)
        return kept_share(round(slot.contacts, 1), self.step_min, self.pace, self.aim, reps)

    def in_time(self) -> float:
        """Contacts answered in time over all slots."""
        return sum(slot.contacts * self.share(slot) for slot in self.slots)

    @property
    def contacts(self) -> float:
        """Contacts over all slots."""
        return sum(slot.contacts for slot in self.slots)

    def level(self) -> float:
        """Their service level, weighted by contacts; 1 where nobody comes."""
        return self.in_time() / self.contacts if self.contacts else 1.0


def helps(floor: Floor) -> list[Help]:
    """What would help, or could be saved: two hours of overtime, a fifth of contacts to a partner, and two hours off, each where it is worth most."""
    if len(floor.slots) < WINDOW_SLOTS:
        return []
    now, hours = floor.in_time(), WINDOW_SLOTS * floor.step_min / 60
    overtime = round(hours * floor.rules.hour_cents * floor.rules.overtime_permille / 1000)
    best, least, partner = (_window(floor, change, now) for change in (_more, _fewer, _fifth))
    sent = sum(slot.contacts for slot in _slots(floor, partner[0])) / 5
    return [
        _help(floor, "Two hours of overtime for one", best, overtime, now),
        _help(floor, "A fifth of contacts to a partner for two hours", partner, round(sent * floor.rules.partner_cents), now),
        _help(floor, "Two hours off for one, unpaid", least, -round(hours * floor.rules.hour_cents), now),
    ]  # fmt: skip


def _help(floor: Floor, what: str, window: tuple[int, float], cents: int, now: float) -> Help:
    at, gained = window
    level = (now + gained) / floor.contacts if floor.contacts else 1.0
    return Help(what, floor.slots[at].minute, cents, gained, level)


def _window(floor: Floor, change: Callable[[Slot], Slot], now: float) -> tuple[int, float]:
    """The two hours in which a change is worth most: where they begin, and contacts gained."""
    told = []
    for at in range(len(floor.slots) - WINDOW_SLOTS + 1):
        slots = [change(s) if at <= n < at + WINDOW_SLOTS else s for n, s in enumerate(floor.slots)]
        told.append((_in_time(floor, slots) - now, at))
    gained, at = max(told, key=lambda each: (each[0], -each[1]))
    return at, gained


def _in_time(floor: Floor, slots: Sequence[Slot]) -> float:
    """In time, those a partner takes included: the partner keeps its own promise."""
    with_help = replace(floor, slots=slots)
    given = sum(before.contacts - after.contacts for before, after in zip(floor.slots, slots, strict=True))
    return with_help.in_time() + given * floor.aim.share


def _slots(floor: Floor, at: int) -> Sequence[Slot]:
    return floor.slots[at : at + WINDOW_SLOTS]


def _more(slot: Slot) -> Slot:
    return replace(slot, people=slot.people + 1)


def _fewer(slot: Slot) -> Slot:
    return replace(slot, people=max(0, slot.people - 1))


def _fifth(slot: Slot) -> Slot:
    return replace(slot, contacts=slot.contacts * 0.8)
