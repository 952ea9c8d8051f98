"""Altering: the policies as they would be with a change, version by version, so that each conversation keeps the one it began with."""

from collections.abc import Callable
from typing import Final

import msgspec
from msgspec.structs import replace

from baton.capabilities.empathy.events import Triggers
from baton.capabilities.orchestration.replaying.change import (
    DAYS,
    Change,
    Fields,
    Hours,
    converted,
    known_fields,
    no_such_queue,
)
from baton.capabilities.routing.events import Queue, Routing, Zone
from baton.kernel.stream import Policies, policy_name

ROUTING: Final = policy_name(Routing)
TRIGGERS: Final = policy_name(Triggers)
AT_FIRST: Final = 1
"""The position of a policy that nobody ever set, where a change sets it."""
Checked = Callable[[Routing], Routing]


def altered_routing(change: Change, now: Routing, checked: Checked) -> Routing:
    """The routing policy with the change; refused where a field or queue is unknown, or `checked` refuses what comes of it."""
    known_fields(change.routing, Routing, "[routing]", but=("queues", "zones"))
    known = [queue.id for queue in now.queues]
    for named in (*change.queues, *change.hours, *(each.queue for each in change.staffing), *_named(change)):
        if named not in known:
            raise no_such_queue(named, known)
    for queue, fields in change.queues.items():
        known_fields(fields, Queue, f"[queues.{queue}]", but=("id",))
    return checked(_routing(change, now)) if change.routing or change.queues or change.hours else now


def altered_triggers(change: Change, now: Triggers) -> Triggers:
    """From where on a person is needed, with the change."""
    known_fields(change.thresholds, Triggers, "[thresholds]")
    return converted({**msgspec.to_builtins(now), **change.thresholds}, Triggers)


def altered_policies(change: Change, versions: Policies, zones: tuple[Zone, ...]) -> Policies:
    """Every version of every policy with the change, at its own position; a queue that a version lacks stays lacking there.

    `zones` are the clocks of the newest routing policy with the change.
    """
    told = Policies()
    for name, position, body in versions:
        if name == ROUTING and (change.routing or change.queues or change.hours):
            altered = replace(_routing(change, versions.body(Routing, position)), zones=zones)
            told.add(name, position, msgspec.json.encode(altered))
        elif name == TRIGGERS and change.thresholds:
            altered_at = altered_triggers(change, versions.body(Triggers, position))
            told.add(name, position, msgspec.json.encode(altered_at))
        else:
            told.add(name, position, body)
    if change.thresholds and told.newest_body(TRIGGERS) is None:
        told.add(TRIGGERS, AT_FIRST, msgspec.json.encode(altered_triggers(change, Triggers())))
    return told


def _named(change: Change) -> list[str]:
    return [each.queue for each in change.ai_share if each.queue]


def _routing(change: Change, now: Routing) -> Routing:
    plain: Fields = msgspec.to_builtins(now)
    queues = [{**queue, **_of_queue(change, str(queue["id"]))} for queue in plain["queues"]]
    return converted({**plain, **change.routing, "queues": queues}, Routing)


def _of_queue(change: Change, id: str) -> Fields:
    hours = change.hours.get(id)
    return {**change.queues.get(id, {}), **(_hours(hours) if hours else {})}


def _hours(hours: Hours) -> Fields:
    return {
        "opens_minute": minute_of(hours.opens), "closes_minute": minute_of(hours.closes),
        "closed_days": [DAYS.index(day) for day in hours.closed_days],
    }  # fmt: skip


def minute_of(clock: str) -> int:
    """The minute of the day of `08:30`."""
    hour, _, minute = clock.partition(":")
    return 60 * int(hour) + int(minute)
