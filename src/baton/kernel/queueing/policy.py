"""A policy of assignment: who is served next, by whom, when the rep gets a breather, what an AI agent may take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Literal

Order = Literal["fifo", "priority", "index"]


@dataclass(frozen=True)
class Breathers:
    """After a load of `after` a rep gets a breather of `rest_s`: a pause, or easy contacts only until one is done.

    Load is minutes of handle time, counted once for medium and twice for high complexity and not for low, halving every
    `half_life_s`. It falls to 0 when a breather begins, so that breathers do not follow one another.
    """

    kind: Literal["pause", "easy"]
    after: float
    rest_s: float
    half_life_s: float = 3600.0


@dataclass(frozen=True)
class Policy:
    """How conversations are given to reps. Breathers, callbacks and the AI's share hold in any order, what is weighed in `index` alone.

    `fifo`: by skill, longest waiting first, longest idle rep first. `priority`: the same within a priority, smaller first.
    `index`: the highest of `urgency` + match - fairness first.

    urgency of a class after waiting w is c'(w) mu with c(w) = a (w / target)^p: `delay_cost` is a by class (1 where none is
    given), `power` p from 1 to 3; times are minutes, mu contacts a minute of the class in the mean, and it counts in permille
    (generalised c-mu, Mandelbaum and Stolyar 2004).
    `match_permille` is the value of a pair by (class, group).
    `reserved`: a class whose match with a group is below 0 may take its reps only while more than so many are free there.
    `starving_after_s`: who waits longer goes first, in order of arrival, and past every reservation.
    `fairness_permille` times (a rep's share of hard contacts over the mean share, less 1) is taken off a hard contact.
    `callback_over_s`: a callback is offered where the first in line waits longer; it keeps its place and does not run out of
    patience. `ai_share_permille`: what share of a class is given to the AI agent first.
    """

    order: Order = "fifo"
    delay_cost: Mapping[str, float] = field(default_factory=dict)
    power: float = 2.0
    match_permille: Mapping[tuple[str, str], int] = field(default_factory=dict)
    reserved: Mapping[str, int] = field(default_factory=dict)
    starving_after_s: float = inf
    fairness_permille: int = 0
    breathers: Breathers | None = None
    callback_over_s: float = inf
    ai_share_permille: Mapping[str, int] = field(default_factory=dict)


FIFO = Policy()
