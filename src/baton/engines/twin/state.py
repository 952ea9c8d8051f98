"""What the compiled event loop reads and writes: contacts by column; rows by class, group, pair, rep, change and event.

Each plain class here says the columns of one numpy record array: `int` is int64, `float` is float64, and a mark is an int of 0 or 1. What
belongs together then lies together in memory.
"""

from typing import Any, Final, NamedTuple, Protocol, get_type_hints

import numpy as np

from baton.kernel.queueing.outcome import Floats, Marks, Whole

FIFO: Final = 0
PRIORITY: Final = 1
INDEX: Final = 2
NO_BREATHER: Final = 0
PAUSE: Final = 1
EASY: Final = 2
NOBODY: Final = -1
Rows = Any
"""A record array: its columns are had by name here, its rows as one of the classes below by the compiled loop."""


class Contacts(NamedTuple):
    """Contacts by column, in order of joining: what they bring, then what becomes of them.

    `until_s` is when patience ends, `work_s` the handle time at pace 1, `behind` who is next in the class's line.
    """

    join_s: Floats
    until_s: Floats
    work_s: Floats
    kind: Whole
    balks: Marks
    calls: Marks
    start_s: Floats
    end_s: Floats
    wait_s: Floats
    rep: Whole
    state: Marks
    behind: Whole


class Kind:
    """A class. `urgency` multiplies (wait / target) ** (power - 1); `first` and `last` in line; `timer` whether one runs."""

    target_s: float
    urgency: float
    priority: float
    slowdown: float
    load: int
    level: int
    first: int
    last: int
    timer: int


class Group:
    """A group of reps: the longest idle, the last, how many are free; `serves_hard` whether they may serve high complexity."""

    first: int
    last: int
    free: int
    reserved: int
    serves_hard: int


class Pair:
    """A class and a group: whether it may serve it, its pace, its match."""

    pace: float
    match: float
    able: int


class Rep:
    """A rep: neighbours among the idle of the group, what they hold, whether they have a breather, and what they did."""

    since_s: float
    strain: float
    strained_s: float
    busy_s: float
    group: int
    capacity: int
    before: int
    behind: int
    listed: int
    on: int
    paused: int
    easy: int
    resting: int
    load: int
    having: int
    handled: int
    hard: int
    run: int
    longest: int
    breathers: int


class Change:
    """A rep comes on duty or goes."""

    at_s: float
    rep: int
    on: int


class Event:
    """An event of the heap. `what`: a contact that ends; past all contacts a rep who rested; past those a class's timer."""

    at_s: float
    what: int


class Rules:
    """The policy's single figures, and what is counted over all: events in the heap, contacts of reps who may serve hard ones."""

    power: float
    starving_s: float
    fairness: float
    after: float
    rest_s: float
    half_life_s: float
    callback_over_s: float
    order: int
    timers: int
    breather: int
    events: int
    handled: int
    hard: int


class Pairs(Protocol):
    """Pairs by (class, group)."""

    def __getitem__(self, at: tuple[int, int]) -> Pair:
        """One pair."""
        ...


def rows(of: type, shape: tuple[int, ...], **columns: object) -> Rows:
    """Rows of zeros, with these columns filled in."""
    table = np.zeros(shape, list(get_type_hints(of).items()))
    for name, values in columns.items():
        table[name] = values
    return table
