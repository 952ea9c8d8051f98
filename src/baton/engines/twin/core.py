"""The event loop of the twin, compiled: arrivals, handle times that end, reps who come and go, breathers that end.

Only what must stand in a heap does: ends of handle times and timers, at most one per unit of capacity, rep and class. Who runs out of
patience is struck off when they would be first in line; that changes nothing anyone sees and needs no event. Lines are linked lists
over contacts, idle reps over reps, so memory is what the contacts take, whatever the load.
"""

from collections.abc import Sequence

import numpy as np

from baton.engines.twin.choosing import next_for, rep_for
from baton.engines.twin.compiling import compiled, lent, woven
from baton.engines.twin.lists import enqueue, first_alive, leave, list_rep, pop, push, unlist_rep
from baton.engines.twin.state import (
    EASY,
    NO_BREATHER,
    NOBODY,
    PAUSE,
    Change,
    Contacts,
    Event,
    Group,
    Kind,
    Pairs,
    Rep,
    Rules,
)
from baton.kernel.queueing.outcome import BALKED, CALLED_BACK, SERVED, WAITING


@woven
def begin(
    contacts: Contacts, kinds: Sequence[Kind], groups: Sequence[Group], pairs: Pairs, reps: Sequence[Rep],
    heap: Sequence[Event], rules: Rules, one: int, rep: int, now_s: float,
) -> None:  # fmt: skip
    """A rep takes a contact."""
    kind, group = contacts.kind[one], reps[rep].group
    takes_s = contacts.work_s[one] * pairs[kind, group].pace * (1 + kinds[kind].slowdown * reps[rep].having)
    contacts.start_s[one] = now_s
    contacts.wait_s[one] = now_s - contacts.join_s[one]
    contacts.end_s[one] = now_s + takes_s
    contacts.rep[one] = rep
    if contacts.state[one] != CALLED_BACK:
        contacts.state[one] = SERVED
    reps[rep].busy_s += takes_s * kinds[kind].load / reps[rep].capacity
    reps[rep].load += kinds[kind].load
    reps[rep].having += 1
    count_hard(kinds, groups, reps, rules, rep, kind)
    unlist_rep(reps, groups, rep)
    if reps[rep].load < reps[rep].capacity:
        list_rep(reps, groups, rep, now_s)
    push(heap, rules, now_s + takes_s, one)


@woven
def count_hard(
    kinds: Sequence[Kind], groups: Sequence[Group], reps: Sequence[Rep], rules: Rules, rep: int, kind: int
) -> None:
    """What a rep handled, how much of it was hard, and how many hard ones in a row; an easy one ends an easy breather."""
    reps[rep].handled += 1
    rules.handled += groups[reps[rep].group].serves_hard
    if kinds[kind].level == 2:
        rules.hard += 1
        reps[rep].hard += 1
        reps[rep].run += 1
        reps[rep].longest = max(reps[rep].longest, reps[rep].run)
    else:
        reps[rep].run = 0
    if kinds[kind].level == 0:
        reps[rep].easy = 0


@woven
def finish(
    contacts: Contacts, kinds: Sequence[Kind], groups: Sequence[Group], reps: Sequence[Rep], heap: Sequence[Event],
    rules: Rules, one: int, now_s: float,
) -> int:  # fmt: skip
    """A handle time ends; the rep, who may have a breather before the next."""
    rep, kind = contacts.rep[one], contacts.kind[one]
    reps[rep].load -= kinds[kind].load
    reps[rep].having -= 1
    unlist_rep(reps, groups, rep)
    if rules.breather != NO_BREATHER:
        faded = reps[rep].strain * 2 ** ((reps[rep].strained_s - now_s) / rules.half_life_s)
        reps[rep].strain = faded + kinds[kind].level * (now_s - contacts.start_s[one]) / 60
        reps[rep].strained_s = now_s
        if reps[rep].strain >= rules.after and reps[rep].on and not reps[rep].resting:
            reps[rep].strain = 0.0
            reps[rep].breathers += 1
            reps[rep].resting = 1
            reps[rep].paused = rules.breather == PAUSE
            reps[rep].easy = rules.breather == EASY
            push(heap, rules, now_s + rules.rest_s, len(contacts.kind) + rep)
    return int(rep)


@woven
def line_up(
    contacts: Contacts, kinds: Sequence[Kind], reps: Sequence[Rep], heap: Sequence[Event], rules: Rules, one: int,
    now_s: float,
) -> None:  # fmt: skip
    """A contact that nobody takes leaves at once, or stands in line; it takes a callback where one is offered and liked."""
    kind = contacts.kind[one]
    ahead = kinds[kind].first
    if contacts.balks[one]:
        contacts.state[one] = BALKED
        contacts.end_s[one] = now_s
        return
    if contacts.calls[one] and ahead != NOBODY and now_s - contacts.join_s[ahead] > rules.callback_over_s:
        contacts.state[one] = CALLED_BACK
        contacts.until_s[one] = np.inf
    enqueue(contacts, kinds, one)
    if rules.timers and not kinds[kind].timer:
        kinds[kind].timer = 1
        push(heap, rules, now_s + rules.starving_s, len(contacts.kind) + len(reps) + kind)


@woven
def arrive(
    contacts: Contacts, kinds: Sequence[Kind], groups: Sequence[Group], pairs: Pairs, reps: Sequence[Rep],
    heap: Sequence[Event], rules: Rules, one: int, now_s: float,
) -> None:  # fmt: skip
    """A contact goes to a free rep, or behind those of its class who wait."""
    kind, rep = contacts.kind[one], NOBODY
    if kinds[kind].first == NOBODY or first_alive(contacts, kinds, kind, now_s) == NOBODY:
        rep = rep_for(kinds, groups, pairs, reps, rules, kind, 0.0)
    if rep == NOBODY:
        line_up(contacts, kinds, reps, heap, rules, one, now_s)
    else:
        begin(contacts, kinds, groups, pairs, reps, heap, rules, one, rep, now_s)


@woven
def wake(
    contacts: Contacts, kinds: Sequence[Kind], groups: Sequence[Group], pairs: Pairs, reps: Sequence[Rep],
    heap: Sequence[Event], rules: Rules, kind: int, now_s: float, more: bool,
) -> None:  # fmt: skip
    """A class's timer: who starves takes a reserved rep. It runs on while somebody is in line and anything can still happen."""
    kinds[kind].timer = 0
    again_s = np.inf
    while again_s == np.inf:
        one = first_alive(contacts, kinds, kind, now_s)
        if one == NOBODY:
            return
        starves_s, rep = contacts.join_s[one] + rules.starving_s, NOBODY
        if starves_s <= now_s:
            rep = rep_for(kinds, groups, pairs, reps, rules, kind, np.inf)
        if rep == NOBODY:
            again_s = max(starves_s, now_s + 1)
        else:
            kinds[kind].first = contacts.behind[one]
            begin(contacts, kinds, groups, pairs, reps, heap, rules, one, rep, now_s)
    if more:
        kinds[kind].timer = 1
        push(heap, rules, again_s, len(contacts.kind) + len(reps) + kind)


@woven
def serve(
    contacts: Contacts, kinds: Sequence[Kind], groups: Sequence[Group], pairs: Pairs, reps: Sequence[Rep],
    heap: Sequence[Event], rules: Rules, rep: int, now_s: float,
) -> None:  # fmt: skip
    """A rep who is there takes from the lines until full or nobody is left for them."""
    if not reps[rep].on or reps[rep].paused:
        return
    if not reps[rep].listed and reps[rep].load < reps[rep].capacity:
        list_rep(reps, groups, rep, now_s)
    while reps[rep].listed:
        kind = next_for(contacts, kinds, groups, pairs, reps, rules, rep, now_s)
        if kind == NOBODY:
            return
        one = kinds[kind].first
        kinds[kind].first = contacts.behind[one]
        begin(contacts, kinds, groups, pairs, reps, heap, rules, one, rep, now_s)


@woven
def close(contacts: Contacts, kinds: Sequence[Kind], done_s: float) -> None:
    """Who is left in a line when nothing happens any more: they run out of patience, or wait on."""
    for kind in range(len(kinds)):
        one = kinds[kind].first
        while one != NOBODY:
            if contacts.until_s[one] < np.inf:
                leave(contacts, one, contacts.until_s[one])
            else:
                contacts.state[one] = WAITING
                contacts.wait_s[one] = max(0.0, done_s - contacts.join_s[one])
            one = contacts.behind[one]


@woven
def run(
    contacts: Contacts, kinds: Sequence[Kind], groups: Sequence[Group], pairs: Pairs, reps: Sequence[Rep],
    changes: Sequence[Change], heap: Sequence[Event], rules: Rules,
) -> float:  # fmt: skip
    """The loop itself, over what was lent."""
    count, arrived, changed, done_s = len(contacts.kind), 0, 0, 0.0
    while True:
        change_s = changes[changed].at_s if changed < len(changes) else np.inf
        event_s = heap[0].at_s if rules.events else np.inf
        join_s = contacts.join_s[arrived] if arrived < count else np.inf
        now_s = min(change_s, event_s, join_s)
        if now_s == np.inf:
            break
        rep = NOBODY
        if change_s == now_s:
            rep = changes[changed].rep
            reps[rep].on = changes[changed].on
            unlist_rep(reps, groups, rep)
            changed += 1
            done_s = now_s
        elif event_s == now_s:
            what = pop(heap, rules)
            if what < count:
                rep = finish(contacts, kinds, groups, reps, heap, rules, what, now_s)
                done_s = now_s
            elif what < count + len(reps):
                rep = what - count
                reps[rep].resting = reps[rep].paused = reps[rep].easy = 0
            else:
                more = arrived < count or changed < len(changes) or rules.events > 0
                wake(contacts, kinds, groups, pairs, reps, heap, rules, what - count - len(reps), now_s, more)
        else:
            arrive(contacts, kinds, groups, pairs, reps, heap, rules, arrived, now_s)
            arrived += 1
        if rep != NOBODY:
            serve(contacts, kinds, groups, pairs, reps, heap, rules, rep, now_s)
    close(contacts, kinds, done_s)
    return done_s


@compiled
def simulate_events(
    contacts: Contacts, kinds: Sequence[Kind], groups: Sequence[Group], pairs: Pairs, reps: Sequence[Rep],
    changes: Sequence[Change], heap: Sequence[Event], rules: Rules,
) -> float:  # fmt: skip
    """Run until nothing happens any more. Returns when the last handle time ended or the last rep left.

    At one instant reps come and go first, then handle times end, then contacts arrive.
    """
    given = Contacts(
        lent(contacts.join_s), lent(contacts.until_s), lent(contacts.work_s), lent(contacts.kind), lent(contacts.balks),
        lent(contacts.calls), lent(contacts.start_s), lent(contacts.end_s), lent(contacts.wait_s), lent(contacts.rep),
        lent(contacts.state), lent(contacts.behind),
    )  # fmt: skip
    return run(given, lent(kinds), lent(groups), lent(pairs), lent(reps), lent(changes), lent(heap), rules)
