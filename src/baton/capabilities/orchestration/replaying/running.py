"""Running: one replay from its question to its answer. It reads the log and writes nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from baton.capabilities.empathy.events import Triggers
from baton.capabilities.orchestration.events import Line, Redecided, ReplayDone, Weighed
from baton.capabilities.orchestration.replaying.altering import (
    ROUTING,
    TRIGGERS,
    Checked,
    altered_policies,
    altered_routing,
    altered_triggers,
)
from baton.capabilities.orchestration.replaying.change import Change
from baton.capabilities.orchestration.replaying.comparing import compared, seeds_for
from baton.capabilities.orchestration.replaying.deciding import Loop, decided_again
from baton.capabilities.orchestration.replaying.rules import not_simulated
from baton.capabilities.orchestration.replaying.traffic import Traffic, traffic_of
from baton.capabilities.orchestration.replaying.weighing import weighed
from baton.capabilities.orchestration.replaying.worlds import IsOpen, paired
from baton.capabilities.routing.events import Routing
from baton.kernel.errors import BatonError
from baton.kernel.queueing import Twin
from baton.kernel.stream import Policies

LONGEST_MS = 62 * 86_400_000
DECISIONS = 2000
"""Conversations decided again, at most: a sample by name, so that a day of any size takes as long."""


class Asked(NamedTuple):
    """A question: a change, a period in milliseconds since the epoch, a seed, and how many conversations are decided again."""

    change: Change
    since_ms: int
    until_ms: int
    seed: int = 1
    decisions: int = DECISIONS


class Rules(NamedTuple):
    """What replaying must know of routing and of people: when a queue is open, what policy may be, and skills by rep."""

    is_open: IsOpen
    checked: Checked
    skills: Mapping[str, Iterable[str]]


class Simulated(NamedTuple):
    """A simulation to run, whole, so that it may run in another process."""

    traffic: Traffic
    change: Change
    now: Routing
    to: Routing
    seed: int
    is_open: IsOpen
    twin: Twin


class Told(NamedTuple):
    """What a simulation tells."""

    lines: tuple[Line, ...]
    unserved: dict[str, int]
    seeds: int


def simulated(asked: Simulated) -> Told:
    """Both worlds of a period, compared."""
    pair = paired(asked.traffic, asked.change, asked.now, asked.to, asked.is_open)
    seeds = seeds_for(len(asked.traffic.contacts), asked.seed)
    return Told(compared(pair, asked.traffic, asked.now, asked.twin, seeds), dict(pair.unserved), len(seeds))


class Prepared(NamedTuple):
    """Everything that was read for a replay, with the policies it compares."""

    asked: Asked
    rules: Rules
    versions: Policies
    now: Routing
    to: Routing
    traffic: Traffic

    def simulation(self, twin: Twin) -> Simulated:
        """What is to be simulated."""
        return Simulated(self.traffic, self.asked.change, self.now, self.to, self.asked.seed, self.rules.is_open, twin)


async def prepared(loop: Loop, asked: Asked, versions: Policies, rules: Rules) -> Prepared:
    """Check the change against the policies in force and read the period. Raises BatonError 422 where it cannot be replayed."""
    if not 0 < asked.until_ms - asked.since_ms <= LONGEST_MS:
        raise BatonError("no_period", 422, "The period must end after it begins, within 62 days. Change from and to.")
    now = versions.newest_of(Routing)
    to = altered_routing(asked.change, now, rules.checked)
    altered_triggers(asked.change, versions.newest_of(Triggers))
    traffic = await traffic_of(loop.store, asked.since_ms, asked.until_ms, now, rules.skills)
    return Prepared(asked, rules, versions, now, to, traffic)


async def of_decisions(loop: Loop, ready: Prepared) -> tuple[Redecided, Weighed, tuple[Line, ...]]:
    """What recorded decisions tell: nothing where no policy that decisions read is changed."""
    asked = ready.asked
    if not asked.change.revises:
        return Redecided(), Weighed(why_not="no policy that offers are made by is changed"), ()
    to = altered_policies(asked.change, ready.versions, ready.to.zones)
    again = await decided_again(loop, asked.since_ms, asked.until_ms, ready.versions, to, asked.decisions)
    weights, lines = await weighed(loop, asked.since_ms, asked.until_ms, to)
    return again, weights, lines


def answered(
    ready: Prepared, told: Told, decisions: tuple[Redecided, Weighed, tuple[Line, ...]], seconds: float
) -> ReplayDone:
    """The answer, with the policies as they would be."""
    again, weights, lines = decisions
    change, traffic = ready.asked.change, ready.traffic
    bodies: dict[str, msgspec.Raw] = {}
    if ready.to != ready.now:
        bodies[ROUTING] = msgspec.Raw(msgspec.json.encode(ready.to))
    if change.thresholds:
        triggers = altered_triggers(change, ready.versions.newest_of(Triggers))
        bodies[TRIGGERS] = msgspec.Raw(msgspec.json.encode(triggers))
    in_force = ready.versions.as_of(1 << 62)
    reps = {duty.rep for duty in traffic.duties}
    return ReplayDone(
        (*told.lines, *lines), again, weights, len(traffic.contacts), len(reps), len({d.rep for d in traffic.duties if d.logged}),
        len(traffic.kept), told.seeds, told.unserved, not_simulated(change), bodies,
        {name: in_force.get(name, 0) for name in bodies}, round(seconds),
    )  # fmt: skip


def period(since: str, until: str, zone: str) -> tuple[int, int]:
    """A period of two ISO dates or times; a date as its end means the end of that day. Raises BatonError 422."""
    return _moment(since, zone, 0), _moment(until, zone, 1)


def _moment(told: str, zone: str, days: int) -> int:
    try:
        found = datetime.fromisoformat(told)
        if len(told) == len("2026-11-01"):
            found += timedelta(days=days)
        local = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
        return round(local.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise BatonError(
            "bad_date", 422, f"{told!r} is no ISO date or time. Write it like 2026-11-01 or 2026-11-01T08:00."
        ) from None
