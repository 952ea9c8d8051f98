"""Needed: people for each slot, so that the service level is kept, by Erlang-A and with room for whoever is away."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from baton.capabilities.workforce.forecasting.series import Numbers
from baton.capabilities.workforce.staffing.pace import Pace
from baton.kernel.queueing.erlang import erlang_a, fewest_reps


@dataclass(frozen=True)
class Aim:
    """What a queue promises: a share answered within seconds, how many contacts a rep serves at once, and who is away.

    `away` is the share of paid time away from the queue (shrinkage) that is not exceeded on most days; `slower` is how much longer a
    contact takes where a rep serves several at once, a share of its handle time for each beside it.
    """

    share: float = 0.8
    within_s: int = 20
    at_once: float = 1.0
    slower: float = 0.0
    away: float = 0.3


@dataclass(frozen=True)
class Needed:
    """Reps on the queue, and people to schedule for that, per slot: [day, slot]."""

    reps: Numbers
    people: Numbers


def needed(contacts: Numbers, step_min: int, pace: Pace, aim: Aim) -> Needed:
    """Reps for `contacts` per slot. A slot nobody is expected in needs nobody."""
    handle_s = _effective_s(pace, aim)
    told = [_reps(round(float(c), 1), step_min * 60, handle_s, pace.patience_s, aim) for c in contacts.ravel()]
    reps = np.array(told, dtype=np.float64).reshape(contacts.shape)
    return Needed(reps, np.ceil(np.maximum(reps / (1.0 - aim.away) - 1e-9, 0.0)))


def kept_share(contacts: float, step_min: int, pace: Pace, aim: Aim, reps: int) -> float:
    """The service level that `reps` on the queue would keep in a slot; 1 where nobody comes."""
    if contacts <= 0:
        return 1.0
    if reps < 1:
        return 0.0
    return erlang_a(
        contacts / (step_min * 60), _effective_s(pace, aim), pace.patience_s, reps, aim.within_s
    ).service_level


def _effective_s(pace: Pace, aim: Aim) -> float:
    """Rep seconds a contact takes: where a rep serves several at once, each is slower and the rep's time is shared."""
    return pace.handle_s * (1.0 + aim.slower * (aim.at_once - 1.0)) / aim.at_once


@lru_cache(maxsize=65_536)
def _reps(contacts: float, slot_s: int, handle_s: float, patience_s: float, aim: Aim) -> int:
    if contacts < 0.05:
        return 0
    return fewest_reps(contacts / slot_s, handle_s, patience_s, aim.within_s, aim.share)
