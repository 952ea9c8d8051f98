"""Invented organisations whose truth is known: a month of Halcyon Air each, of its own seed and size. What a company sees stands apart from what is true."""

from collections.abc import Sequence
from math import exp
from random import Random

import msgspec

from baton.demo.halcyon.company import queue_of, rep_truth
from baton.demo.halcyon.contacts import contacts
from baton.demo.halcyon.demand import demand
from baton.demo.halcyon.fate import MINUTES
from baton.demo.halcyon.serving import Contact
from baton.demo.people import rep as rep_of
from baton.demo.world import END_MS, World

DAY_MS = 86_400_000
PER_DAY = (25.0, 60.0)
NOISE = exp(0.33**2 / 2)
"""The mean of the log-normal share of a handle time that nobody can foresee."""


class Need(msgspec.Struct, frozen=True):
    """A need: whether it was truly met, and whether it looks so to who sees words, record and returns (`held`). `day` counts from the start."""

    id: str
    customer: str
    day: int
    met: bool
    held: bool


class Stretch(msgspec.Struct, frozen=True):
    """A rep's stretch: its handle time, and what a rep of mean pace would be expected to take (`base_s`), with this rep's true factor."""

    rep: str
    intent: str
    complexity: str
    handle_s: int
    base_s: float
    factor: float


class Organisation(msgspec.Struct, frozen=True):
    """A month of one organisation."""

    seed: int
    needs: tuple[Need, ...]
    stretches: tuple[Stretch, ...]


def organisation(seed: int, days: int) -> Organisation:
    """The organisation of a seed; a second or less."""
    told = contacts(World(seed), days, END_MS, Random(f"size/{seed}").uniform(*PER_DAY))
    of: dict[str, list[Contact]] = {}
    for contact in told:
        of.setdefault(contact.coming.need.id, []).append(contact)
    begins_ms = END_MS - days * DAY_MS
    needs = tuple(_need(each, begins_ms) for each in of.values())
    stretches = (_stretch(c, days) for c in told if c.served and not c.served.abandoned)
    return Organisation(seed, needs, tuple(s for s in stretches if s))


def _need(told: Sequence[Contact], begins_ms: int) -> Need:
    ordered = sorted(told, key=lambda c: c.coming.at_ms)
    first, last = ordered[0].coming, ordered[-1]
    day = max(0, (first.at_ms - begins_ms) // DAY_MS)
    return Need(first.need.id, first.need.customer.id, int(day), any(c.settled for c in ordered), last.seemed)


def _stretch(contact: Contact, days: int) -> Stretch | None:
    served, coming = contact.served, contact.coming
    if served is None:
        return None
    age = min(1.0, (END_MS - coming.at_ms) / (days * DAY_MS))
    pace = rep_truth(served.rep, (END_MS - coming.at_ms) / DAY_MS).pace / 1000
    skill = rep_of(served.rep).skills[queue_of(coming.need.intent).id]
    minutes = MINUTES[coming.complexity] * demand().intent[coming.need.intent].minutes / 100
    base_s = 60 * minutes * (0.96 + 0.08 * age) * NOISE
    return Stretch(
        served.rep, coming.need.intent, coming.complexity, served.talk_s + served.hold_s + served.wrap_s, base_s,
        pace * (1.12 - 0.04 * skill),
    )  # fmt: skip
