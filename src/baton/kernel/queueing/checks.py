"""What a world and a policy must be: refused in words before anything runs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import inf, isfinite

from baton.kernel.errors import BatonError
from baton.kernel.queueing.laws import checked_law
from baton.kernel.queueing.policy import Policy
from baton.kernel.queueing.world import ContactClass, Rep, World, able

MOST_CONTACTS = 20_000_000


def check(world: World, policy: Policy) -> None:
    """Raise BatonError (422) on the first thing that is wrong with a world, or with a policy for it."""
    _unique("class", [kind.name for kind in world.classes])
    _unique("group", [group.name for group in world.groups])
    _unique("rep", [rep.name for rep in world.reps])
    if not 0 < world.interval_s < inf:
        raise _wrong("not_positive", f"An interval has more than 0 seconds, not {world.interval_s!r}.")
    for rep in world.reps:
        _check_duty(rep, world)
    for kind in world.classes:
        _check_class(kind)
        _check_served(kind, world)
    _check_agent(world)
    _check_size(world)
    _check_policy(world, policy)


def _check_duty(rep: Rep, world: World) -> None:
    if rep.group not in {group.name for group in world.groups}:
        raise _wrong("unknown_group", f"{rep.name!r} is of the group {rep.group!r}, which is not there.")
    for begin_s, end_s in rep.duty_s:
        if not (isfinite(begin_s) and isfinite(end_s) and 0 <= begin_s < end_s):
            raise _wrong(
                "no_duty",
                f"{rep.name!r} is on duty from {begin_s!r} to {end_s!r} s. Give a begin of 0 or more and a later end.",
            )
    for (_, end_s), (begin_s, _) in pairwise(sorted(rep.duty_s)):
        if begin_s < end_s:
            raise _wrong(
                "signed_in_twice",
                f"{rep.name!r} is signed in again at {begin_s!r} s and signed out at {end_s!r} s only. Merge the two.",
            )


def _check_class(kind: ContactClass) -> None:
    checked_law(kind.service, f"Handle time of {kind.name!r}")
    if kind.patience is not None:
        checked_law(kind.patience, f"Patience of {kind.name!r}")
    if any(not isfinite(rate) or rate < 0 for rate in kind.expected):
        raise _wrong("negative_rate", f"{kind.name!r} expects less than 0 contacts in an interval, or no number.")
    if kind.load < 1 or not 0 <= kind.interval_cv < inf or not 0 < kind.target_s < inf:
        raise _wrong("bad_class", f"{kind.name!r} needs a load from 1, a target above 0 s and an interval_cv from 0.")
    _shares(kind.name, {"balk": kind.balk_permille, "callback": kind.callback_permille})
    if kind.slowdown_permille < 0:
        raise _wrong("bad_class", f"{kind.name!r} cannot become faster by {kind.slowdown_permille!r} per mille.")
    if kind.arrivals_s is None:
        if sum(kind.expected) <= 0:
            raise _wrong("no_arrivals", f"Nobody comes for {kind.name!r}. Leave the class out, or expect somebody.")
    elif any(b < a for a, b in pairwise((0.0, *kind.arrivals_s))) or not all(map(isfinite, kind.arrivals_s)):
        raise _wrong("not_in_order", f"Arrivals of {kind.name!r} must be from 0 s on and in order.")


def _check_served(kind: ContactClass, world: World) -> None:
    groups = {group.name for group in world.groups if able(group, kind)}
    if not groups:
        raise _wrong(
            "skill_nobody_has",
            f"No group has {kind.skill!r} at level {kind.level!r} and room for {kind.load!r}, which {kind.name!r} needs.",
        )
    if not any(rep.duty_s for rep in world.reps if rep.group in groups):
        raise _wrong("no_open_hours", f"Nobody who may serve {kind.name!r} is ever on duty. Give them hours.")


def _check_agent(world: World) -> None:
    if world.agent is None:
        return
    checked_law(world.agent.service, f"Handle time of {world.agent.name!r}")
    _known("class", world.agent.resolves_permille, world)
    _shares(world.agent.name, world.agent.resolves_permille)
    if world.agent.capacity < 1:
        raise _wrong("no_capacity", f"{world.agent.name!r} needs a capacity of 1 or more.")


def _check_size(world: World) -> None:
    count = sum(sum(kind.expected) if kind.arrivals_s is None else len(kind.arrivals_s) for kind in world.classes)
    if count > MOST_CONTACTS:
        raise _wrong("too_many", f"About {count:.0f} contacts would come; at most {MOST_CONTACTS} fit. Run fewer days.")


def _check_policy(world: World, policy: Policy) -> None:
    _known(
        "class", (*policy.delay_cost, *policy.ai_share_permille, *(kind for kind, _ in policy.match_permille)), world
    )
    _known("group", (*policy.reserved, *(group for _, group in policy.match_permille)), world)
    _shares("The policy", policy.ai_share_permille)
    if policy.ai_share_permille and world.agent is None:
        raise _wrong("no_agent", "The policy gives contacts to an AI agent and the world has none.")
    if not 1 <= policy.power <= 3:
        raise _wrong("bad_policy", f"A power lies from 1 to 3, not at {policy.power!r}.")
    amounts = (*policy.delay_cost.values(), *policy.reserved.values(), policy.fairness_permille)
    if any(not 0 <= amount < inf for amount in amounts) or policy.starving_after_s <= 0 or policy.callback_over_s < 0:
        raise _wrong("bad_policy", "Costs, reservations, fairness and bounds of a policy are 0 or more.")
    rest = policy.breathers
    if rest and not all(0 < value < inf for value in (rest.after, rest.rest_s, rest.half_life_s)):
        raise _wrong("bad_policy", f"A breather needs positive figures, not {rest!r}.")


def _unique(what: str, names: list[str]) -> None:
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice or not names:
        raise _wrong(
            "not_unique", f"Each {what} has a name of its own; {twice!r} stand twice." if twice else f"No {what}."
        )


def _known(what: str, names: Iterable[str], world: World) -> None:
    there = {part.name for part in (world.classes if what == "class" else world.groups)}
    unknown = sorted(set(names) - there)
    if unknown:
        raise _wrong("unknown_name", f"No {what} is called {unknown[0]!r}. There are: {', '.join(sorted(there))}.")


def _shares(of: str, shares: Mapping[str, int]) -> None:
    for name, share in shares.items():
        if not 0 <= share <= 1000:
            raise _wrong("bad_share", f"{of}: {name!r} lies from 0 to 1000 per mille, not at {share!r}.")


def _wrong(code: str, message: str) -> BatonError:
    return BatonError(code, 422, message)
