"""Counting: how time and conversations change a load.

A rep's minute counts once, however many conversations share it: each of n in hand has an n-th of it (the "virtual time" of
generalised processor sharing, Parekh and Gallager 1993). A conversation's share counts when it leaves their hands, weighted by how
hard it was and whether the customer was hostile.
"""

from msgspec.structs import replace

from baton.capabilities.wellbeing.events import Duty, InHand, Left, Load, Wellbeing
from baton.capabilities.wellbeing.load.leaking import leaked

MINUTE_MS = 60_000
AT_WORK = frozenset({"available", "wrap_up"})


def at(load: Load, now_ms: int, duty: Duty | None, rules: Wellbeing) -> Load:
    """The same load at a later time."""
    passed_ms = max(0, now_ms - load.at_ms)
    works = load.in_hand > 0 or (duty is not None and duty.presence in AT_WORK)
    return replace(
        load, at_ms=load.at_ms + passed_ms, milli_min=leaked(load.milli_min, passed_ms, rules.half_life_s),
        shared_ms=load.shared_ms + (passed_ms // load.in_hand if load.in_hand else 0),
        busy_ms=load.busy_ms + (passed_ms if load.in_hand else 0), duty_ms=load.duty_ms + (passed_ms if works else 0),
    )  # fmt: skip


def with_one_less(load: Load, left: Left, held: InHand, rules: Wellbeing) -> Load:
    """A conversation left their hands: its share of their time counts, and the run goes on or ends."""
    share_ms = max(0, load.shared_ms - held.shared_ms)
    hostile = left.hostility >= rules.hostile_at
    tough = left.level == "high" or hostile
    return replace(
        load, milli_min=load.milli_min + share_ms * weight(left, rules) // MINUTE_MS, in_hand=max(0, load.in_hand - 1),
        run=load.run + 1 if tough else 0, served=load.served + 1, hard=load.hard + (left.level == "high"), hostile=load.hostile + hostile,
    )  # fmt: skip


def weight(left: Left, rules: Wellbeing) -> int:
    """What a minute of it counts, in permille."""
    by_level = {"low": 0, "medium": rules.medium_permille, "high": rules.high_permille}
    return by_level[left.level] + (rules.hostile_permille if left.hostility >= rules.hostile_at else 0)


def rested(load: Load, now_ms: int) -> Load:
    """After a break: what is counted since the last one begins anew. What is in hand and the load itself stay."""
    return replace(load, run=0, served=0, hard=0, hostile=0, busy_ms=0, duty_ms=0, rested_ms=now_ms)


def is_heavy(load: Load, rules: Wellbeing) -> bool:
    """Whether a breather is due."""
    return load.milli_min >= 1000 * rules.after_min or load.run >= rules.run
