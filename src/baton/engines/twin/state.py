"""What the compiled event loop reads and writes: rows by contact, class, group, pair, rep, change and event.

Each class here says the columns of one numpy record array: `int` is int64, `float` is float64, and a mark is an int of 0 or 1. Rows are
passed as arrays of records and not as an array per column: few arguments, and what belongs together lies together in memory.
"""

from typing import Any, Final, Protocol, get_type_hints

import numpy as np

FIFO: Final = 0
PRIORITY: Final = 1
INDEX: Final = 2
NO_BREATHER: Final = 0
PAUSE: Final = 1
EASY: Final = 2
NOBODY: Final = -1
Rows = Any
"""A record array: its columns are had by name here, its rows as one of the classes below by the compiled loop."""


class Contact:
    """A contact, in order of joining; `work_s` is the handle time at pace 1, `until_s` when patience ends, `behind` who is next."""

    join_s: float
    until_s: float
    work_s: float
    start_s: float
    end_s: float
    kind: int
    rep: int
    state: int
    balks: int
    calls: int
    behind: int


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
