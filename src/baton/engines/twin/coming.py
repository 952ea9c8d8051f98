"""Who comes in a run, and what they bring: times by a Poisson process of varying rate, handle times, patience, and the AI's part."""

import heapq
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from baton.engines.twin.draws import (
    AI,
    AI_SERVICE,
    BALK,
    CALLBACK,
    DAY,
    GAP,
    INTERVAL,
    PATIENCE,
    RESOLVES,
    SERVICE,
    duration_s,
    gamma_factor,
    uniform,
)
from baton.kernel.queueing.laws import Law
from baton.kernel.queueing.outcome import Chosen, Floats, Marks, Whole
from baton.kernel.queueing.policy import Policy
from baton.kernel.queueing.world import ContactClass, World

Column = Any
"""A column of a `Coming`."""


@dataclass(frozen=True)
class Coming:
    """By contact, in order of arrival. `ai_s` is how long the AI agent holds it (0 where it is not asked), `resolves` whether that is all."""

    arrive_s: Floats
    kind: Whole
    patience_s: Floats
    work_s: Floats
    balks: Marks
    calls: Marks
    ai_s: Floats
    resolves: Marks


def coming(world: World, policy: Policy, seed: int) -> Coming:
    """All contacts of one run of a checked world."""
    day = float(gamma_factor(world.day_cv, uniform(seed, -1, DAY, 1))[0])
    parts = [_of_class(world, policy, seed, n, day) for n in range(len(world.classes))]
    order = np.argsort(np.concatenate([part.arrive_s for part in parts]), kind="stable")

    def column(name: str) -> Column:
        of_class: list[Column] = [getattr(part, name) for part in parts]
        if any(each.any() for each in of_class):
            return np.concatenate(of_class)[order]
        return np.zeros(len(order), of_class[0].dtype)

    return Coming(*(column(each.name) for each in fields(Coming)))


def joining(who: Coming, world: World) -> Floats:
    """When each contact needs a person: at once, after the AI escalates, or never (infinite) where it resolves.

    Where the agent has no capacity left a contact goes to the people at once.
    """
    if world.agent is None:
        return who.arrive_s
    asked = who.ai_s > 0
    if world.agent.capacity < asked.sum():
        asked &= _has_room(who, world.agent.capacity)
    return np.where(asked & (who.resolves > 0), np.inf, who.arrive_s + np.where(asked, who.ai_s, 0.0))


def _has_room(who: Coming, capacity: int) -> Chosen:
    taken = np.zeros(len(who.arrive_s), np.bool_)
    ends: list[float] = []
    for one in np.flatnonzero(who.ai_s):
        at_s = float(who.arrive_s[one])
        while ends and ends[0] <= at_s:
            heapq.heappop(ends)
        if len(ends) < capacity:
            heapq.heappush(ends, at_s + float(who.ai_s[one]))
            taken[one] = True
    return taken


def _of_class(world: World, policy: Policy, seed: int, n: int, day: float) -> Coming:
    kind = world.classes[n]
    arrive_s = _arrivals(kind, world.interval_s, seed, n, day)
    count = len(arrive_s)

    def marked(permille: int, purpose: int) -> Marks:
        if permille == 0:
            return np.zeros(count, np.int8)
        return (uniform(seed, n, purpose, count) * 1000 < permille).astype(np.int8)

    def lasting(law: Law | None, purpose: int) -> Floats:
        return duration_s(law, uniform(seed, n, purpose, count)) if law else np.full(count, np.inf)

    asked, agent = marked(policy.ai_share_permille.get(kind.name, 0), AI), world.agent
    ai_s = lasting(agent.service, AI_SERVICE) * asked if agent and asked.any() else np.zeros(count)
    resolves = marked(agent.resolves_permille.get(kind.name, 0), RESOLVES) if agent else np.zeros(count, np.int8)
    return Coming(
        arrive_s, np.full(count, n), lasting(kind.patience, PATIENCE), lasting(kind.service, SERVICE),
        marked(kind.balk_permille, BALK), marked(kind.callback_permille, CALLBACK), ai_s, resolves,
    )  # fmt: skip


def _arrivals(kind: ContactClass, interval_s: float, seed: int, n: int, day: float) -> Floats:
    """A unit-rate Poisson process, in the time of the expected count: more contacts expected are the same ones sooner."""
    if kind.arrivals_s is not None:
        return np.asarray(kind.arrivals_s, dtype=np.float64)
    expected = np.asarray(kind.expected) * day
    expected *= gamma_factor(kind.interval_cv, uniform(seed, n, INTERVAL, len(expected)))
    passed = np.concatenate([[0.0], np.cumsum(expected)])
    enough = int(passed[-1] + 10 * np.sqrt(passed[-1]) + 30)
    unit = np.cumsum(-np.log(uniform(seed, n, GAP, enough)))
    unit = unit[: np.searchsorted(unit, passed[-1])]
    return np.asarray(np.interp(unit, passed, np.arange(len(passed)) * interval_s))
