"""People: reps of a period in groups that serve the same queues, and who is added or taken away."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from baton.capabilities.orchestration.replaying.altering import minute_of
from baton.capabilities.orchestration.replaying.change import DAYS, Staffing
from baton.capabilities.orchestration.replaying.traffic import Traffic, queue_of
from baton.capabilities.routing.events import Routing
from baton.kernel.errors import BatonError
from baton.kernel.queueing import Rep, RepGroup

CAPACITY = 3
"""Conversations at once; a call takes all of them."""
Stretch = tuple[float, float]


class Grouped(NamedTuple):
    """Groups and reps on duty. `skilled` holds (group, queue) where the skill is known, and not only that they served it."""

    groups: tuple[RepGroup, ...]
    reps: tuple[Rep, ...]
    skilled: frozenset[tuple[str, str]]
    capacity: int = CAPACITY

    def serves(self, queue: str) -> bool:
        """Whether anybody at work serves a queue."""
        on = {rep.group for rep in self.reps}
        return any(queue in group.skills for group in self.groups if group.name in on)


def grouped(traffic: Traffic, routing: Routing) -> Grouped:
    """Who serves the same queues is one group: by skill where it is known, and by what they answered."""
    answered: defaultdict[str, set[str]] = defaultdict(set)
    for contact in traffic.contacts:
        if contact.rep and contact.answered_ms:
            answered[contact.rep].add(contact.queue)
    duty_s: defaultdict[str, list[Stretch]] = defaultdict(list)
    for duty in traffic.duties:
        duty_s[duty.rep].append(
            ((duty.begin_ms - traffic.since_ms) / 1000, (duty.end_ms - traffic.since_ms) / 1000)
        )  # fmt: skip
    members: defaultdict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = defaultdict(list)
    for rep in sorted(duty_s):
        skilled = _skilled(traffic.skills.get(rep, frozenset()), routing)
        members[tuple(sorted(skilled | answered[rep])), tuple(sorted(skilled))].append(rep)
    members.pop(((), ()), None)
    named = {f"group-{n}": told for n, told in enumerate(sorted(members))}
    return Grouped(
        tuple(RepGroup(name, dict.fromkeys(queues, 1), capacity=CAPACITY) for name, (queues, _) in named.items()),
        tuple(Rep(rep, name, tuple(duty_s[rep])) for name, told in named.items() for rep in members[told]),
        frozenset((name, queue) for name, (_, skilled) in named.items() for queue in skilled),
    )


def with_staffing(people: Grouped, staffing: Sequence[Staffing], routing: Routing, traffic: Traffic) -> Grouped:
    """With reps added, or taken away from those who serve a queue: the ones with the fewest other queues first.

    Raises BatonError 422 where fewer are there to be taken away.
    """
    for n, each in enumerate(staffing):
        windows = tuple(_windows(each, queue_of(routing, each.queue).zone, traffic))
        if not windows:
            raise _refused(each, "has no such day in this period")
        people = _added(people, each, n, windows) if each.reps > 0 else _taken(people, each, windows)
    return people


def _added(people: Grouped, each: Staffing, n: int, windows: tuple[Stretch, ...]) -> Grouped:
    group = RepGroup(f"added-{n}", {each.queue: 1}, capacity=people.capacity)
    reps = tuple(Rep(f"added-{n}-{nth}", group.name, windows) for nth in range(each.reps))
    return people._replace(
        groups=(*people.groups, group), reps=(*people.reps, *reps), skilled=people.skilled | {(group.name, each.queue)}
    )


def _taken(people: Grouped, each: Staffing, windows: tuple[Stretch, ...]) -> Grouped:
    breadth = {group.name: len(group.skills) for group in people.groups if each.queue in group.skills}
    cut = {rep.name: _cut(rep.duty_s, windows) for rep in people.reps if rep.group in breadth}
    there = [rep for rep in people.reps if rep.group in breadth and cut[rep.name] != rep.duty_s]
    if len(there) < -each.reps:
        raise _refused(each, f"takes {-each.reps} away and {len(there)} are there")
    gone = {rep.name for rep in sorted(there, key=lambda rep: (breadth[rep.group], rep.name))[: -each.reps]}
    left = (Rep(rep.name, rep.group, cut[rep.name]) if rep.name in gone else rep for rep in people.reps)
    return people._replace(reps=tuple(rep for rep in left if rep.duty_s))


def _cut(duty_s: tuple[Stretch, ...], windows: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    for begin, end in windows:
        duty_s = tuple(
            part for a, b in duty_s for part in ((a, min(b, begin)), (max(a, end), b)) if part[0] < part[1]
        )  # fmt: skip
    return duty_s


def _windows(each: Staffing, zone: str, traffic: Traffic) -> Iterator[Stretch]:
    """The stretch on every day of the period it is meant for, by the clock of the queue, in seconds since the period began."""
    local = ZoneInfo(zone)
    day = datetime.fromtimestamp(traffic.since_ms / 1000, UTC).astimezone(local).replace(tzinfo=None)
    day = day.replace(hour=0, minute=0, second=0, microsecond=0)
    while _ms(day, local) < traffic.until_ms:
        if not each.days or DAYS[day.weekday()] in each.days:
            ends = (_ms(day + timedelta(minutes=minute_of(clock)), local) for clock in (each.begins, each.ends))
            begin_ms, end_ms = (min(max(at_ms, traffic.since_ms), traffic.until_ms) for at_ms in ends)
            if begin_ms < end_ms:
                yield ((begin_ms - traffic.since_ms) / 1000, (end_ms - traffic.since_ms) / 1000)
        day += timedelta(days=1)


def _ms(local: datetime, zone: ZoneInfo) -> int:
    return round(local.replace(tzinfo=zone).timestamp() * 1000)


def _skilled(skills: frozenset[str], routing: Routing) -> frozenset[str]:
    return frozenset(queue.id for queue in routing.queues if queue.skill and queue.skill in skills)


def _refused(each: Staffing, what: str) -> BatonError:
    return BatonError(
        "change_refused", 422, f"Staffing of {each.queue!r}, {each.begins} to {each.ends}, {what}. Nothing was run."
    )
