"""Checking: a routing policy is taken only if every conversation of every queue could be served at some hour by somebody."""

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from baton.capabilities.routing.events import Queue, Routing
from baton.capabilities.routing.rules.zones import zone
from baton.kernel.errors import BatonError

WEEK = frozenset(range(7))
POWERS = (1000, 1500, 2000, 2500, 3000)


def checked(rules: Routing, skills: Collection[str], now_ms: int) -> Routing:
    """The policy with the tables of its zones; raises 422 and names the queue where something cannot be.

    `skills` are those of all reps; where none are known, nothing is said of skills.
    """
    for problem in _problems(rules, frozenset(skill.partition(":")[0] for skill in skills)):
        raise BatonError("routing_rules", 422, f"{problem} Nothing was changed.")
    zones = []
    for name in sorted({queue.zone for queue in rules.queues} - {"UTC"}):
        found = zone(name, now_ms)
        if found is None:
            named = ", ".join(repr(queue.title) for queue in rules.queues if queue.zone == name)
            raise BatonError(
                "routing_rules", 422,
                f"Queue {named}: {name!r} is no time zone. Use a name such as Europe/Lisbon. Nothing was changed.",
            )  # fmt: skip
        zones.append(found)
    return replace(rules, zones=tuple(zones))


def _problems(rules: Routing, skills: frozenset[str]) -> Iterator[str]:
    ids = [queue.id for queue in rules.queues]
    if not ids:
        yield "There is no queue. Keep at least one."
    for twice in sorted({each for each in ids if ids.count(each) > 1}):
        yield f"Two queues are called {twice!r}. Give each its own id."
    for queue in rules.queues:
        for problem in (*_of_hours(queue), *_of_skills(queue, rules, skills)):
            yield f"Queue {queue.title or queue.id!r}: {problem}"


def _of_hours(queue: Queue) -> Iterator[str]:
    if set(queue.closed_days) >= WEEK:
        yield "it is closed on every day of the week, so nobody could ever be served. Open it on a day, or remove the queue."
    if queue.opens_minute == queue.closes_minute:
        yield "it opens and closes at the same minute. Use 0 and 1440 for around the clock."
    if queue.urgency.power_permille not in POWERS:
        yield f"the power {queue.urgency.power_permille!r} is not one of {', '.join(map(str, POWERS))}."


def _of_skills(queue: Queue, rules: Routing, skills: frozenset[str]) -> Iterator[str]:
    if queue.skill and skills and queue.skill not in skills:
        yield f"no rep has the skill {queue.skill!r}. Give it to somebody, or choose one of {', '.join(sorted(skills))}."
    known = {other.id for other in rules.queues}
    for to in queue.overflow_to:
        if to not in known or to == queue.id:
            yield f"it cannot overflow to {to!r}. Choose another queue: {', '.join(sorted(known - {queue.id})) or 'none'}."
