"""The graph of a procedure: what may follow what, what is never reached, and circles that never ask anyone anything."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from baton.capabilities.agents.events import Procedure, Step
from baton.capabilities.agents.procedures.engine import ASK_APPROVAL, END, GIVE_UP, after

ENDINGS: Final = frozenset({"", END, GIVE_UP, ASK_APPROVAL})
ASKS: Final = frozenset({"ask", "confirm"})
STOPPED: Final = "stopped"
Edges = Mapping[str, tuple[str, ...]]


def edges(procedure: Procedure) -> dict[str, tuple[str, ...]]:
    """Where each step and each what-if may lead: ids of steps and what-ifs; endings are left out."""
    said = tuple(what.id for what in procedure.what_ifs if what.says)
    found: dict[str, Iterable[str]] = {
        step.id: (*_next(procedure, step), *(said if step.kind in ASKS else ())) for step in procedure.steps
    }
    found |= {what.id: (what.go,) for what in procedure.what_ifs}
    return {here: tuple(dict.fromkeys(each for each in to if each not in ENDINGS)) for here, to in found.items()}


def reached(leads: Edges, first: str, without: frozenset[str] = frozenset()) -> frozenset[str]:
    """Everything that can be reached from `first`, passing through none of `without`."""
    seen: set[str] = set()
    waiting = [first]
    while waiting:
        here = waiting.pop()
        if here not in seen and here not in without:
            seen.add(here)
            waiting += leads.get(here, ())
    return frozenset(seen)


def never_reached(procedure: Procedure) -> list[str]:
    """Steps and what-ifs that nothing leads to."""
    seen = reached(edges(procedure), procedure.steps[0].id)
    asked = any(step.kind in ASKS and step.id in seen for step in procedure.steps)
    every = [*(step.id for step in procedure.steps), *(what.id for what in procedure.what_ifs)]
    return [each for each in every if each not in seen and not (asked and each == STOPPED)]


def circle(procedure: Procedure) -> tuple[str, ...]:
    """The first circle that asks nobody anything new, as the ids on it; empty where there is none.

    A confirmation breaks a circle, since it asks each time. A what-if does, since it comes up only so often and what was given is
    asked for again. A question does not: what was given once is not asked for again.
    """
    quiet = {step.id for step in procedure.steps if step.kind != "confirm"}
    leads = {
        here: tuple(each for each in to if each in quiet) for here, to in edges(procedure).items() if here in quiet
    }
    for step in procedure.steps:
        if step.id in quiet and (found := _back_to(step.id, leads)):
            return found
    return ()


def unconfirmed(procedure: Procedure, acts: Iterable[Step]) -> Iterator[Step]:
    """Acts that can be reached without passing a confirmation."""
    confirms = frozenset(step.id for step in procedure.steps if step.kind == "confirm")
    open_ = reached(edges(procedure), procedure.steps[0].id, confirms)
    return (act for act in acts if act.id in open_)


def _next(procedure: Procedure, step: Step) -> tuple[str, ...]:
    if step.kind == "tell" and step.ends:
        return ()
    if step.kind == "confirm":
        return after(procedure, step), step.otherwise or END
    return after(procedure, step), step.missing, step.refused, step.failed, *(case.go for case in step.cases)


def _back_to(start: str, leads: Edges) -> tuple[str, ...]:
    """The shortest way from `start` back to it."""
    came: dict[str, str] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop(0)
        for to in leads.get(here, ()):
            if to == start:
                return _way(here, start, came)
            if to not in came:
                came[to] = here
                waiting.append(to)
    return ()


def _way(here: str, start: str, came: Mapping[str, str]) -> tuple[str, ...]:
    way = [here]
    while way[-1] != start:
        way.append(came[way[-1]])
    return (*reversed(way), start)
