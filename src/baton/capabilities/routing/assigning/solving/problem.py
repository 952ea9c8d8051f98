"""Problem: waiting conversations and free places at reps, like grouped with like.

The value of giving conversation i to rep j is urgency(i) + fit(class of i, class of j) + bonus(i, j) - load(place of j).
Urgency belongs to the conversation, load to the place, fit to the two classes; a bonus joins one conversation with one
rep (who served the customer last). All are whole numbers, so the optimum is the same on every machine.
"""

from collections.abc import Mapping, Sequence

import msgspec

Row = tuple[int, int]
"""A conversation as (class, nth in it) or a rep as (class, nth in it)."""


class Problem(msgspec.Struct, frozen=True, gc=False):
    """`urgencies[c]` of class c's conversations, highest first; `loads[r][m]` of the free places of rep m of class r,
    lowest first; `fits[c, r]` where class r is able to serve class c; `bonuses[(c, k), (r, m)]`, at most a few for each.
    """

    urgencies: Sequence[Sequence[int]]
    loads: Sequence[Sequence[Sequence[int]]]
    fits: Mapping[Row, int]
    bonuses: Mapping[tuple[Row, Row], int] = {}

    def value(self, conversation: Row, rep: Row, place: int) -> int | None:
        """What giving `conversation` to the place of `rep` is worth; None where the rep is not able."""
        fit = self.fits.get((conversation[0], rep[0]))
        if fit is None:
            return None
        urgency, load = self.urgencies[conversation[0]][conversation[1]], self.loads[rep[0]][rep[1]][place]
        return urgency + fit + self.bonuses.get((conversation, rep), 0) - load


class Pairing(msgspec.Struct, frozen=True, gc=False, order=True):
    """One conversation given to one rep."""

    conversation: Row
    rep: Row


def places(problem: Problem) -> int:
    """Free places of all reps."""
    return sum(len(rep) for reps in problem.loads for rep in reps)


def worth(problem: Problem, pairings: Sequence[Pairing]) -> int:
    """The value of all pairings together; each rep's places are filled lowest load first."""
    taken: dict[Row, int] = {}
    total = 0
    for each in pairings:
        place = taken.get(each.rep, 0)
        taken[each.rep] = place + 1
        value = problem.value(each.conversation, each.rep, place)
        if value is None:
            raise ValueError(f"Rep {each.rep!r} is not able to serve {each.conversation!r}.")
        total += value
    return total
