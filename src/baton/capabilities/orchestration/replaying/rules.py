"""Rules: a routing policy as a policy of the twin, and which of its fields the twin does not know."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from baton.capabilities.orchestration.replaying.change import Breathing, Change
from baton.capabilities.orchestration.replaying.people import Grouped
from baton.capabilities.orchestration.replaying.traffic import queue_of
from baton.capabilities.routing.events import Routing
from baton.kernel.queueing import Breathers, Policy, World, able

LENT_PERMILLE: Final = 700
"""What a match counts where somebody serves a queue without its skill being known of them."""
OTHERS: Final = -1
"""A match just below 0: what is reserved for others is taken only while more than the reserve are free."""
SIMULATED: Final = frozenset({"match_permille", "fairness_permille", "starving_after_s", "deferrable"})
SIMULATED_OF_QUEUES: Final = frozenset({
    "target_s", "opens_minute", "closes_minute", "closed_days", "closed_dates", "zone", "urgency", "reserved", "deferred_target_s",
})  # fmt: skip


def policy_of(
    routing: Routing, world: World, queue_by_class: Mapping[str, str], people: Grouped, ai_share: Mapping[str, int],
    breathers: Breathing | None,
) -> Policy:  # fmt: skip
    """Urgency by queue, match by skill, reserves, fairness and the bound of starving. The power is that of most contacts: the twin has one."""
    urgency = {name: queue_of(routing, queue).urgency for name, queue in queue_by_class.items()}
    powers = Counter[int]()
    for kind in world.classes:
        powers[urgency[kind.name].power_permille] += len(kind.arrivals_s or ())
    reserved = _reserved(routing, people)
    return Policy(
        "index", {name: told.weight_permille / 1000 for name, told in urgency.items()}, powers.most_common(1)[0][0] / 1000,
        _matches(routing, world, queue_by_class, people, reserved), {group: free for group, (_, free) in reserved.items()},
        starving_after_s=routing.starving_after_s, fairness_permille=routing.fairness_permille,
        breathers=Breathers(breathers.kind, breathers.after, breathers.rest_s, breathers.half_life_s) if breathers else None,
        ai_share_permille=ai_share,
    )  # fmt: skip


def not_simulated(change: Change) -> tuple[str, ...]:
    """Fields of the change that the simulation does not know: what they do to waits is left out, and said."""
    unknown = [name for name in change.routing if name not in SIMULATED]
    unknown += [
        f"{queue}.{name}"
        for queue, fields in change.queues.items()
        for name in fields
        if name not in SIMULATED_OF_QUEUES
    ]
    return tuple(unknown)


def _matches(
    routing: Routing,
    world: World,
    queue_by_class: Mapping[str, str],
    people: Grouped,
    reserved: Mapping[str, tuple[str, int]],
) -> dict[tuple[str, str], int]:
    told = {}
    for kind in world.classes:
        for group in world.groups:
            if able(group, kind):
                queue = queue_by_class[kind.name]
                home = (group.name, queue) in people.skilled
                match = routing.match_permille * (1000 if home else LENT_PERMILLE) // 1000
                told[kind.name, group.name] = match if reserved.get(group.name, (queue, 0))[0] == queue else OTHERS
    return told


def _reserved(routing: Routing, people: Grouped) -> dict[str, tuple[str, int]]:
    """How many reps of which group are kept free for which queue: the reserve of a queue goes to its groups with fewest other queues."""
    told: dict[str, tuple[str, int]] = {}
    size = Counter(rep.group for rep in people.reps)
    for queue in routing.queues:
        left = queue.reserved
        for group in sorted(people.groups, key=lambda group: (len(group.skills), group.name)):
            if left and queue.id in group.skills and group.name not in told:
                told[group.name] = (queue.id, min(left, size[group.name]))
                left -= told[group.name][1]
    return told
