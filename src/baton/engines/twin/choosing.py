"""Who is served next and by whom: the policy, compiled. What it weighs is defined at `baton.kernel.queueing.policy.Policy`."""

from collections.abc import Sequence

import numpy as np

from baton.engines.twin.compiling import woven
from baton.engines.twin.lists import first_alive
from baton.engines.twin.state import FIFO, INDEX, NOBODY, PRIORITY, Contacts, Group, Kind, Pairs, Rep, Rules

STARVING = 1e12
"""More than any urgency, match and unfairness together."""
OF_A_PRIORITY = 1e9
PRIOR = 10.0
"""How many contacts of the mean's mix a rep is taken to have had before the first."""


@woven
def fits(kinds: Sequence[Kind], reps: Sequence[Rep], rep: int, kind: int) -> bool:
    """Whether a rep has room for one more of a class, and it is easy where only that is allowed."""
    return reps[rep].load + kinds[kind].load <= reps[rep].capacity and (not reps[rep].easy or kinds[kind].level == 0)


@woven
def kept_free(rules: Rules, groups: Sequence[Group], match: float, group: int, wait_s: float) -> bool:
    """Whether the group's free reps are reserved for those they match better."""
    if rules.order != INDEX or match >= 0 or wait_s >= rules.starving_s:
        return False
    return groups[group].free <= groups[group].reserved


@woven
def unfair(rules: Rules, kinds: Sequence[Kind], reps: Sequence[Rep], rep: int, kind: int) -> float:
    """What is taken off for a hard contact: by how much the rep's share of them is over the mean's."""
    if rules.fairness == 0 or kinds[kind].level < 2:
        return 0.0
    mean = (rules.hard + 1.0) / (rules.handled + 2.0)
    share = (reps[rep].hard + PRIOR * mean) / (reps[rep].handled + PRIOR)
    return rules.fairness * (share / mean - 1)


@woven
def worth(rules: Rules, kinds: Sequence[Kind], match: float, kind: int, wait_s: float) -> float:
    """How much a class that waits so long is worth to a group's rep, by the policy's order."""
    if rules.order == FIFO:
        return wait_s
    if rules.order == PRIORITY:
        return wait_s - OF_A_PRIORITY * kinds[kind].priority
    if wait_s >= rules.starving_s:
        return STARVING + wait_s
    return float(kinds[kind].urgency * (wait_s / kinds[kind].target_s) ** (rules.power - 1)) + match


@woven
def next_for(
    contacts: Contacts, kinds: Sequence[Kind], groups: Sequence[Group], pairs: Pairs, reps: Sequence[Rep],
    rules: Rules, rep: int, now_s: float,
) -> int:  # fmt: skip
    """The class whose first in line a free rep should take, or NOBODY."""
    group, best, found = reps[rep].group, -np.inf, NOBODY
    for kind in range(len(kinds)):
        if kinds[kind].first == NOBODY or not pairs[kind, group].able or not fits(kinds, reps, rep, kind):
            continue
        one = first_alive(contacts, kinds, kind, now_s)
        if one == NOBODY:
            continue
        wait_s, match = now_s - contacts.join_s[one], pairs[kind, group].match
        if kept_free(rules, groups, match, group, wait_s):
            continue
        value = worth(rules, kinds, match, kind, wait_s) - unfair(rules, kinds, reps, rep, kind)
        if value > best:
            best, found = value, kind
    return found


@woven
def rep_for(
    kinds: Sequence[Kind],
    groups: Sequence[Group],
    pairs: Pairs,
    reps: Sequence[Rep],
    rules: Rules,
    kind: int,
    wait_s: float,
) -> int:
    """The free rep who should take a contact of a class, or NOBODY: best match and fairest, then longest idle."""
    best, since_s, found = -np.inf, np.inf, NOBODY
    all_alike = rules.fairness == 0 or kinds[kind].level < 2
    for group in range(len(groups)):
        rep, match = groups[group].first, pairs[kind, group].match
        if rep == NOBODY or not pairs[kind, group].able or kept_free(rules, groups, match, group, wait_s):
            continue
        while rep != NOBODY:
            if fits(kinds, reps, rep, kind):
                value = match - unfair(rules, kinds, reps, rep, kind)
                if value > best or (value == best and reps[rep].since_s < since_s):
                    best, since_s, found = value, reps[rep].since_s, rep
                if all_alike:
                    break
            rep = reps[rep].behind
    return found
