"""A world, a policy and seeds become runs."""

from math import inf
from typing import TypeVar

import numpy as np

from baton.engines.twin.coming import Coming, coming, joining
from baton.engines.twin.core import simulate_events
from baton.engines.twin.state import (
    EASY,
    FIFO,
    INDEX,
    NO_BREATHER,
    NOBODY,
    PAUSE,
    PRIORITY,
    Change,
    Contacts,
    Event,
    Group,
    Kind,
    Pair,
    Rep,
    Rows,
    Rules,
    rows,
)
from baton.kernel.queueing.outcome import RESOLVED_BY_AI, Floats, Marks, Run, Whole
from baton.kernel.queueing.policy import Policy
from baton.kernel.queueing.world import World, able

Whatever = TypeVar("Whatever", Floats, Whole, Marks)
ORDERS = {"fifo": FIFO, "priority": PRIORITY, "index": INDEX}
LEVELS = {"low": 0, "medium": 1, "high": 2}


def run_once(world: World, policy: Policy, seed: int) -> Run:
    """One run of a checked world."""
    who = coming(world, policy, seed)
    join_s = joining(who, world)
    order = np.argsort(join_s, kind="stable") if world.agent else slice(None)
    contacts, reps = _contacts(who, join_s, order), _reps(world)
    kinds, changes = _kinds(world, policy), _changes(world)
    heap = rows(Event, (int(reps["capacity"].sum()) + len(reps) + len(kinds) + 2,))
    done_s = simulate_events(
        contacts, kinds, _groups(world, policy), _pairs(world, policy), reps, changes, heap, _rules(policy)[0]
    )
    return _run(world, who, order, contacts, reps, done_s)


def _contacts(who: Coming, join_s: Floats, order: Whole | slice) -> Contacts:
    """Those who need a person; who never does is last in the order."""
    joined = join_s[order]
    count = int(np.searchsorted(joined, np.inf))
    joined = joined[:count]
    return Contacts(
        joined, joined + who.patience_s[order][:count], who.work_s[order][:count], who.kind[order][:count],
        who.balks[order][:count], who.calls[order][:count], np.full(count, np.nan), np.full(count, np.nan), np.zeros(count),
        np.full(count, NOBODY), np.zeros(count, np.int8), np.full(count, NOBODY),
    )  # fmt: skip


def _kinds(world: World, policy: Policy) -> Rows:
    """`urgency` is 1000 a p / target * mu, in minutes: c'(w) mu at w = target, in permille."""
    target_s = np.array([kind.target_s for kind in world.classes])
    mean_s = np.array([kind.service.mean_s for kind in world.classes])
    cost = np.array([policy.delay_cost.get(kind.name, 1.0) for kind in world.classes])
    return rows(
        Kind, target_s.shape, target_s=target_s, urgency=1000 * cost * policy.power * (60 / target_s) * (60 / mean_s),
        priority=[kind.priority for kind in world.classes], load=[kind.load for kind in world.classes],
        level=[LEVELS[kind.complexity] for kind in world.classes],
        slowdown=[kind.slowdown_permille / 1000 for kind in world.classes], first=NOBODY, last=NOBODY,
    )  # fmt: skip


def _groups(world: World, policy: Policy) -> Rows:
    hard = [kind for kind in world.classes if kind.complexity == "high"]
    return rows(
        Group, (len(world.groups),), first=NOBODY, last=NOBODY,
        reserved=[policy.reserved.get(group.name, 0) for group in world.groups],
        serves_hard=[any(able(group, kind) for kind in hard) for group in world.groups],
    )  # fmt: skip


def _pairs(world: World, policy: Policy) -> Rows:
    """Match counts in the order `index` alone."""
    match = policy.match_permille if policy.order == "index" else {}
    return rows(
        Pair, (len(world.classes), len(world.groups)),
        able=[[able(group, kind) for group in world.groups] for kind in world.classes],
        pace=[[g.pace_permille.get(k.name, 1000) / 1000 for g in world.groups] for k in world.classes],
        match=[[match.get((k.name, g.name), 0) for g in world.groups] for k in world.classes],
    )  # fmt: skip


def _reps(world: World) -> Rows:
    number = {group.name: n for n, group in enumerate(world.groups)}
    group = [number[rep.group] for rep in world.reps]
    capacity = [world.groups[n].capacity for n in group]
    return rows(Rep, (len(group),), group=group, capacity=capacity, before=NOBODY, behind=NOBODY)


def _changes(world: World) -> Rows:
    """Who goes before who comes at one instant."""
    told = sorted(
        (at_s, on, n)
        for n, rep in enumerate(world.reps)
        for duty in rep.duty_s
        for at_s, on in zip(duty, (1, 0), strict=True)
    )
    at_s, on, rep = zip(*told, strict=True)
    return rows(Change, (len(told),), at_s=at_s, rep=rep, on=on)


def _rules(policy: Policy) -> Rows:
    rest, starving_s = policy.breathers, policy.starving_after_s
    kind = NO_BREATHER if rest is None else PAUSE if rest.kind == "pause" else EASY
    indexed = policy.order == "index"
    return rows(
        Rules, (1,), power=policy.power, starving_s=starving_s, fairness=policy.fairness_permille if indexed else 0,
        after=rest.after if rest else inf, rest_s=rest.rest_s if rest else inf, half_life_s=rest.half_life_s if rest else inf,
        callback_over_s=policy.callback_over_s, order=ORDERS[policy.order], breather=kind,
        timers=indexed and starving_s < inf and any(policy.reserved.values()),
    )  # fmt: skip


def _run(world: World, who: Coming, order: Whole | slice, contacts: Contacts, reps: Rows, until_s: float) -> Run:
    """Contacts in order of joining, those whom the AI resolved at the end."""
    arrived_s, needing = who.arrive_s[order], len(contacts.kind)
    at_s, resolved = arrived_s[needing:], len(arrived_s) - needing

    def both(people: Whatever, ai: Whatever) -> Whatever:
        return np.concatenate([people, ai]) if resolved else people

    return Run(
        kind=who.kind[order], arrived_s=arrived_s, joined_s=both(contacts.join_s, at_s),
        started_s=both(contacts.start_s, at_s), ended_s=both(contacts.end_s, at_s + who.ai_s[order][needing:]),
        wait_s=both(contacts.wait_s, np.zeros(resolved)), rep=both(contacts.rep, np.full(resolved, NOBODY)),
        state=both(contacts.state, np.full(resolved, RESOLVED_BY_AI, np.int8)), busy_s=reps["busy_s"],
        on_duty_s=np.array([sum(e - b for b, e in rep.duty_s) for rep in world.reps]), handled=reps["handled"],
        hard=reps["hard"], longest_run=reps["longest"], breathers=reps["breathers"], until_s=until_s,
    )  # fmt: skip
