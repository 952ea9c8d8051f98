"""A queue's world: classes of contacts, groups of reps with skills, reps on duty, an AI agent in the same queue.

Time is seconds since the world began, so no clock is in it: `baton.kernel.queueing.hours` makes such times of local opening
hours, on days of 23 and 25 hours too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from baton.kernel.queueing.laws import Law

Complexity = Literal["low", "medium", "high"]


@dataclass(frozen=True)
class ContactClass:
    """Contacts that are alike: who may serve them, how many come, how long they take, how long they wait.

    `expected` are contacts expected in each interval of the world; or `arrivals_s` are the times themselves, in order.
    `interval_cv` makes the expectation itself gamma-distributed in each interval. `patience` None waits for ever.
    `load` is how much of a rep's capacity one takes; each further conversation of the rep makes it `slowdown_permille`
    longer. `balk_permille` leave at once where nobody is free; `callback_permille` take a callback where one is offered.
    """

    name: str
    skill: str
    service: Law
    patience: Law | None
    expected: tuple[float, ...] = ()
    arrivals_s: tuple[float, ...] | None = None
    level: int = 1
    complexity: Complexity = "low"
    priority: int = 0
    target_s: float = 20.0
    load: int = 1
    slowdown_permille: int = 0
    balk_permille: int = 0
    callback_permille: int = 0
    interval_cv: float = 0.0


@dataclass(frozen=True)
class RepGroup:
    """Reps who are alike: level by skill, `pace_permille` by class (1000 takes the class's own time, 1200 a fifth longer)."""

    name: str
    skills: Mapping[str, int]
    pace_permille: Mapping[str, int] = field(default_factory=dict)
    capacity: int = 1


@dataclass(frozen=True)
class Rep:
    """One rep: on duty from and to, in seconds; gaps are breaks. Who is busy at a break's start finishes first."""

    name: str
    group: str
    duty_s: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Agent:
    """An AI that serves the same queue: at once, `capacity` contacts together; it resolves a share of a class, else escalates."""

    name: str
    service: Law
    resolves_permille: Mapping[str, int]
    capacity: int = 1_000_000


@dataclass(frozen=True)
class World:
    """Everything about a queue but the policy. `day_cv` is a gamma factor on all arrivals of a run (1 in the mean)."""

    classes: tuple[ContactClass, ...]
    groups: tuple[RepGroup, ...]
    reps: tuple[Rep, ...]
    interval_s: float = 1800.0
    agent: Agent | None = None
    day_cv: float = 0.0


def able(group: RepGroup, kind: ContactClass) -> bool:
    """Whether reps of the group may serve the class: the skill, at its level, and room for one."""
    return group.skills.get(kind.skill, 0) >= kind.level and group.capacity >= kind.load


def staffed(group: str, count: int, from_s: float, to_s: float, prefix: str = "") -> tuple[Rep, ...]:
    """`count` reps of a group on duty together, without a break."""
    return tuple(Rep(f"{prefix or group}-{n}", group, ((from_s, to_s),)) for n in range(count))
