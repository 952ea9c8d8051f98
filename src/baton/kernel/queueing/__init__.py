"""Queues as values: who comes, who serves, by which policy, and what came of it; and the exact formulas of a single queue.

What simulates them is behind the port `Twin`, so that planning and replay use it without knowing the engine.
"""

from baton.kernel.queueing.checks import check
from baton.kernel.queueing.erlang import NEVER, Waiting, erlang_a, erlang_c, fewest_reps
from baton.kernel.queueing.hours import seconds_since
from baton.kernel.queueing.laws import Empirical, Exponential, Law, Lognormal
from baton.kernel.queueing.outcome import (
    ABANDONED,
    BALKED,
    CALLED_BACK,
    RESOLVED_BY_AI,
    SERVED,
    WAITING,
    Run,
    Twin,
)
from baton.kernel.queueing.policy import FIFO, Breathers, Policy
from baton.kernel.queueing.summary import Line, Summary, gini, summarise
from baton.kernel.queueing.world import Agent, ContactClass, Rep, RepGroup, World, able, staffed

__all__ = [
    "ABANDONED",
    "BALKED",
    "CALLED_BACK",
    "FIFO",
    "NEVER",
    "RESOLVED_BY_AI",
    "SERVED",
    "WAITING",
    "Agent",
    "Breathers",
    "ContactClass",
    "Empirical",
    "Exponential",
    "Law",
    "Line",
    "Lognormal",
    "Policy",
    "Rep",
    "RepGroup",
    "Run",
    "Summary",
    "Twin",
    "Waiting",
    "World",
    "able",
    "check",
    "erlang_a",
    "erlang_c",
    "fewest_reps",
    "gini",
    "seconds_since",
    "staffed",
    "summarise",
]
