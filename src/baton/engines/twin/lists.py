"""The lists of the event loop: what will happen, as a binary heap; who is idle by group, longest first; who is in line by class."""

from collections.abc import Sequence

import numpy as np

from baton.engines.twin.compiling import woven
from baton.engines.twin.state import NOBODY, Contacts, Event, Group, Kind, Rep, Rules
from baton.kernel.queueing.outcome import ABANDONED


@woven
def push(heap: Sequence[Event], rules: Rules, at_s: float, what: int) -> None:
    """Add an event."""
    n = rules.events
    rules.events = n + 1
    while n > 0:
        above = (n - 1) >> 1
        if heap[above].at_s <= at_s:
            break
        heap[n].at_s = heap[above].at_s
        heap[n].what = heap[above].what
        n = above
    heap[n].at_s = at_s
    heap[n].what = what


@woven
def pop(heap: Sequence[Event], rules: Rules) -> int:
    """Take the soonest event away; its `what`."""
    what, size = heap[0].what, rules.events - 1
    rules.events = size
    at_s, last = heap[size].at_s, heap[size].what
    heap[size].at_s = np.inf
    n, below = 0, 1
    while below < size:
        below += heap[below + 1].at_s < heap[below].at_s  # a sum, since which of the two it is cannot be foreseen
        if heap[below].at_s >= at_s:
            break
        heap[n].at_s = heap[below].at_s
        heap[n].what = heap[below].what
        n, below = below, 2 * below + 1
    if size:
        heap[n].at_s = at_s
        heap[n].what = last
    return what


@woven
def list_rep(reps: Sequence[Rep], groups: Sequence[Group], rep: int, now_s: float) -> None:
    """Put a rep at the end of the group's idle ones."""
    group = reps[rep].group
    last = groups[group].last
    reps[rep].before = last
    reps[rep].behind = NOBODY
    if last == NOBODY:
        groups[group].first = rep
    else:
        reps[last].behind = rep
    groups[group].last = rep
    groups[group].free += 1
    reps[rep].since_s = now_s
    reps[rep].listed = 1


@woven
def unlist_rep(reps: Sequence[Rep], groups: Sequence[Group], rep: int) -> None:
    """Take a rep out of the group's idle ones, if there."""
    if not reps[rep].listed:
        return
    group, before, behind = reps[rep].group, reps[rep].before, reps[rep].behind
    if before == NOBODY:
        groups[group].first = behind
    else:
        reps[before].behind = behind
    if behind == NOBODY:
        groups[group].last = before
    else:
        reps[behind].before = before
    groups[group].free -= 1
    reps[rep].listed = 0


@woven
def enqueue(contacts: Contacts, kinds: Sequence[Kind], one: int) -> None:
    """Put a contact last in its class's line."""
    kind = contacts.kind[one]
    if kinds[kind].first == NOBODY:
        kinds[kind].first = one
    else:
        contacts.behind[kinds[kind].last] = one
    kinds[kind].last = one


@woven
def leave(contacts: Contacts, one: int, at_s: float) -> None:
    """A contact runs out of patience."""
    contacts.state[one] = ABANDONED
    contacts.end_s[one] = at_s
    contacts.wait_s[one] = at_s - contacts.join_s[one]


@woven
def first_alive(contacts: Contacts, kinds: Sequence[Kind], kind: int, now_s: float) -> int:
    """The first in a class's line who still waits; those before ran out of patience and are struck off."""
    one = kinds[kind].first
    while one != NOBODY and contacts.until_s[one] < now_s:
        leave(contacts, one, contacts.until_s[one])
        one = contacts.behind[one]
    kinds[kind].first = one
    return one
