"""Tuning an index policy: hill climbing on some days with the same customers for every candidate, so that a small gain is seen as one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp
from random import Random

from baton.engines.twin import simulate
from baton.kernel.queueing import Policy, Run, Summary, World, summarise

Say = Callable[[str], None]
WAIT_MARGIN, LEVEL_MARGIN = 0.05, 0.003
"""By how much every limit must be kept on the days it is tuned on, so as to be kept on others."""
START = Policy(
    "index",
    delay_cost={"balance": 0.382, "card": 0.575, "loan": 0.673, "dispute": 1.691, "fraud": 0.73},
    power=1.53,
    match_permille={
        ("balance", "counter"): -9, ("balance", "lending"): -708, ("balance", "senior"): -88,
        ("card", "counter"): -60, ("card", "cards"): -60, ("card", "trust"): -120, ("card", "senior"): -169,
        ("loan", "lending"): 43, ("loan", "senior"): -240,
        ("dispute", "cards"): -149, ("dispute", "trust"): -455, ("dispute", "senior"): -240,
        ("fraud", "trust"): -120, ("fraud", "senior"): -212,
    },
    starving_after_s=559.0,
)  # fmt: skip
"""Where tuning begins on the floor of `floor.py`: what a thousand tries found on every other one of its first hundred days."""


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
    """What a policy has to keep to: the baseline's service level, and each class's wait."""

    baseline: Summary

    def loss(self, told: Summary) -> float:
        """Wait over the baseline's, and a price for every limit passed."""
        bound = self.baseline
        loss = told.everybody.mean_wait_s / bound.everybody.mean_wait_s
        loss += 20 * max(0.0, bound.everybody.service_level + LEVEL_MARGIN - told.everybody.service_level)
        for line, limit in zip(told.by_class, bound.by_class, strict=True):
            loss += 5 * max(0.0, line.mean_wait_s / limit.mean_wait_s - 1 + WAIT_MARGIN)
        return loss

    def worst(self, told: Summary) -> str:
        """The class whose wait is longest beside the baseline's."""
        pairs = zip(told.by_class, self.baseline.by_class, strict=True)
        return max(pairs, key=lambda pair: pair[0].mean_wait_s / pair[1].mean_wait_s)[0].name


def tuned(days: Days, aim: Aim, begin: Policy, tries: int, seed: int, say: Say) -> Policy:
    """The index policy that does best on these days, of `tries`, each a neighbour of the best before.

    Half of the time the class that fares worst beside the baseline becomes dearer first.
    """
    chance, best, told = Random(f"tuning/{seed}"), begin, days.told(begin)
    for n in range(tries):
        tried = _dearer(best, aim.worst(told), chance) if chance.random() < 0.5 else best
        for _ in range(chance.choice((1, 1, 2, 4))):
            tried = _changed(tried, days.worlds[0], chance)
        seen = days.told(tried)
        if aim.loss(seen) < aim.loss(told):
            best, told = tried, seen
        if n % 50 == 49:
            say(f"{n + 1} of {tries} policies: {aim.loss(told):.3f}")
    return best


def _dearer(policy: Policy, name: str, chance: Random) -> Policy:
    cost = policy.delay_cost[name] * exp(abs(chance.gauss(0, 0.5)))
    return replace(policy, delay_cost={**policy.delay_cost, name: cost})


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
    if what == 6:
        return replace(policy, reserved={**policy.reserved, chance.choice(world.groups).name: chance.randrange(4)})
    power, bound_s = policy.power + chance.gauss(0, 0.3), policy.starving_after_s * exp(chance.gauss(0, 0.4))
    return replace(policy, power=min(3.0, max(1.0, power)), starving_after_s=max(60.0, bound_s))
