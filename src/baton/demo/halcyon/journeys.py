"""The fixed journeys of `truth.toml`: customers who came again and again, so that it can be shown what happened to them."""

from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from baton.demo.halcyon import fate
from baton.demo.halcyon.company import Journey, JourneyStep, truths
from baton.demo.halcyon.demand import HOUR_MS
from baton.demo.halcyon.needs import Need, Pools
from baton.demo.halcyon.serving import AiEnd, Coming, Contact, RepEnd, Served, story_id

if TYPE_CHECKING:
    from baton.demo.world import World

AI_S, WAIT_S, TALK_S, HOLD_S, WRAP_S = 170, 95, 640, 120, 80
RETURNS_LIVE_H = 1.0


def journeys(world: "World", days: int, end_ms: int) -> Iterator[Contact]:
    """Every contact of every fixed journey that lies in the last `days` days."""
    pools = Pools(world)
    for journey in truths().journey:
        need = need_of(pools, journey, end_ms)
        for n, (step, later) in enumerate(pairwise((*journey.steps, None)), start=1):
            if step is not None and step.hours < days * 24:
                yield _contact(world.seed, need, n, step, later, end_ms)


def returning(world: "World", end_ms: int) -> tuple[Need, ...]:
    """The needs of the fixed journeys, whose customers come back just after the end: the first live visitors."""
    pools = Pools(world)
    return tuple(need_of(pools, journey, end_ms) for journey in truths().journey)


def need_of(pools: Pools, journey: Journey, end_ms: int) -> Need:
    """The one need a journey is about."""
    return pools.fixed(journey, end_ms - journey.steps[0].hours * HOUR_MS)


def _contact(seed: int, need: Need, n: int, step: JourneyStep, later: JourneyStep | None, end_ms: int) -> Contact:
    at_ms = end_ms - step.hours * HOUR_MS
    by_rep = step.by in truths().rep
    length_s = WAIT_S + TALK_S + HOLD_S if by_rep else AI_S
    next_h = step.hours - later.hours if later else step.hours + RETURNS_LIVE_H
    return Contact(
        id=story_id(seed, need.id, n),
        coming=Coming(
            at_ms, need, n, step.channel, "high", by_rep, "comes_back" if n > 1 else "", need.at_ms if n > 1 else 0
        ),
        path="rep_only" if by_rep else "ai_only",
        agent="" if by_rep else step.by,
        ai_s=0 if by_rep else AI_S,
        ai=None if by_rep else AiEnd(step.ended, None, settled=False),
        served=_served(seed, need, step) if by_rep else None,
        closed=False,
        callback_ms=0,
        made=False,
        settled=False,
        seemed=step.ended == "left_in_silence" and not by_rep,
        next="comes_back",
        next_id=story_id(seed, need.id, n + 1) if later else "",
        next_channel=later.channel if later else "chat",
        next_after_h=round(next_h - length_s / 3600, 2),
    )


def _served(seed: int, need: Need, step: JourneyStep) -> Served:
    suggested = fate.suggestions(Random(f"{seed}/{need.id}/{step.hours}"), truths().rep[step.by], 5, gap=False)
    end = RepEnd(step.ended, met=False, promise="call_back" if need.intent == "bag_delayed" else "write", keeps=False)
    return Served(step.by, end, WAIT_S, TALK_S, HOLD_S, WRAP_S, suggested, abandoned=False)
