"""Tuning an index policy: hill climbing on some days with the same customers for every candidate, so that a small gain is seen as one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp
from random import Random

from baton.engines.twin import simulate
from baton.kernel.queueing import Policy, Run, Summary, World, able, summarise

Say = Callable[[str], None]
WAIT_MARGIN, LEVEL_MARGIN, GINI_MARGIN = 0.05, 0.003, 0.01
"""By how much every limit must be kept on the days it is tuned on, so as to be kept on others."""
FLEXIBLE = 60
"""What a further skill of a group costs in match at the start: who can do more is kept free for it."""


@dataclass(frozen=True)
class Days:
    """Days of one floor, each with its seed."""

    worlds: tuple[World, ...]
    seeds: tuple[int, ...]

    def under(self, policy: Policy) -> list[Run]:
        """A run of each day."""
        return [
            run for world, seed in zip(self.worlds, self.seeds, strict=True) for run in simulate(world, policy, [seed])
        ]

    def told(self, policy: Policy) -> Summary:
        """All days together."""
        return summarise(self.worlds[0], self.under(policy))


@dataclass(frozen=True)
class Aim:
    """What a policy has to keep to: the baseline's service level, each class's wait, and a Gini coefficient of the hard share."""

    baseline: Summary
    gini: float = 1.0

    def loss(self, told: Summary) -> float:
        """Wait over the baseline's, and a price for every limit passed."""
        bound = self.baseline
        loss = told.everybody.mean_wait_s / bound.everybody.mean_wait_s
        loss += 20 * max(0.0, bound.everybody.service_level + LEVEL_MARGIN - told.everybody.service_level)
        loss += 10 * max(0.0, told.hard_gini - self.gini + GINI_MARGIN)
        for line, limit in zip(told.by_class, bound.by_class, strict=True):
            loss += 5 * max(0.0, line.mean_wait_s / limit.mean_wait_s - 1 + WAIT_MARGIN)
        return loss


def tuned(days: Days, aim: Aim, begin: Policy, tries: int, seed: int, say: Say) -> Policy:
    """The index policy that does best on these days, of `tries`, each a neighbour of the best before."""
    chance, best, least = Random(f"tuning/{seed}"), begin, aim.loss(days.told(begin))
    for n in range(tries):
        tried = best
        for _ in range(chance.choice((1, 1, 2, 4))):
            tried = _changed(tried, days.worlds[0], chance)
        loss = aim.loss(days.told(tried))
        if loss < least:
            best, least = tried, loss
        if n % 50 == 49:
            say(f"{n + 1} of {tries} policies: {least:.3f}")
    return best


def started(world: World) -> Policy:
    """Where tuning starts: costs that are alike when measured in targets and handle times, and the less flexible first."""
    mean = {kind.name: kind.target_s * kind.service.mean_s for kind in world.classes}
    middle = sum(mean.values()) / len(mean)
    return Policy(
        "index", delay_cost={name: value / middle for name, value in mean.items()}, power=1.5,
        match_permille={
            (kind.name, group.name): -FLEXIBLE * (len(group.skills) - 1)
            for kind in world.classes for group in world.groups if able(group, kind)
        },
        starving_after_s=300.0,
    )  # fmt: skip


def _changed(policy: Policy, world: World, chance: Random) -> Policy:
    """One neighbour: a cost, a match, a reservation, the power or the starvation bound is another."""
    what = chance.randrange(8)
    if what < 3:
        name = chance.choice(world.classes).name
        cost = policy.delay_cost[name] * exp(chance.gauss(0, 0.6))
        return replace(policy, delay_cost={**policy.delay_cost, name: cost})
    if what < 6:
        pair = chance.choice(sorted(policy.match_permille))
        match = round(policy.match_permille[pair] + chance.gauss(0, 200))
        return replace(policy, match_permille={**policy.match_permille, pair: match})
    if what == 6 and policy.fairness_permille:
        return replace(policy, fairness_permille=round(policy.fairness_permille * exp(chance.gauss(0, 0.5))) + 1)
    if what == 6:
        return replace(policy, reserved={**policy.reserved, chance.choice(world.groups).name: chance.randrange(4)})
    power, bound_s = policy.power + chance.gauss(0, 0.3), policy.starving_after_s * exp(chance.gauss(0, 0.4))
    return replace(policy, power=min(3.0, max(1.0, power)), starving_after_s=max(60.0, bound_s))
