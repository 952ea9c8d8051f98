"""Solving: the pairings are worth the most, whoever solves them, and are who they ought to be."""

import random

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from baton.capabilities.routing.assigning.solving import plain, solver
from baton.capabilities.routing.assigning.solving.network import built
from baton.capabilities.routing.assigning.solving.problem import Pairing, Problem, Row, places, worth
from baton.capabilities.routing.assigning.solving.solver import best_pairings

pytestmark = pytest.mark.unit


def drawn(seed: int, classes: int = 4, of_one: int = 5, bonuses: int = 6) -> Problem:
    """A small board by chance: classes, abilities, urgencies, places with loads, and a few bonuses."""
    source = random.Random(seed)
    urgencies = [
        sorted((source.choice((5, 40, 200, 900)) for _ in range(source.randrange(of_one + 1))), reverse=True)
        for _ in range(source.randrange(1, classes + 1))
    ]
    loads = [
        [
            sorted(source.randrange(0, 300, 50) for _ in range(source.randrange(3)))
            for _ in range(source.randrange(1, 4))
        ]
        for _ in range(source.randrange(1, classes + 1))
    ]
    fits = {
        (c, r): source.randrange(-100, 500)
        for c in range(len(urgencies)) for r in range(len(loads)) if source.random() < 0.6
    }  # fmt: skip
    rows = [(c, k) for c, of in enumerate(urgencies) for k in range(len(of))]
    reps = [(r, m) for r, of in enumerate(loads) for m in range(len(of))]
    joined = {(source.choice(rows), source.choice(reps)): source.choice((150, 400)) for _ in range(bonuses) if rows}
    return Problem(urgencies, loads, fits, joined)


def dense(problem: Problem) -> int:
    """The most that pairings can be worth: every conversation beside every place, solved as a dense assignment."""
    rows = [(c, k) for c, of in enumerate(problem.urgencies) for k in range(len(of))]
    seats = [((r, m), p) for r, of in enumerate(problem.loads) for m, rep in enumerate(of) for p in range(len(rep))]
    if not rows or not seats:
        return 0
    table = np.array([[max(0, problem.value(row, rep, p) or 0) for rep, p in seats] for row in rows])
    return int(table[linear_sum_assignment(table, maximize=True)].sum())


def is_allowed(problem: Problem, found: list[Pairing]) -> bool:
    """Nobody is served twice, no rep takes more than they have places, and each is able."""
    taken: dict[Row, int] = {}
    for each in found:
        taken[each.rep] = taken.get(each.rep, 0) + 1
    return (
        len({each.conversation for each in found}) == len(found)
        and all(count <= len(problem.loads[r][m]) for (r, m), count in taken.items())
        and all((each.conversation[0], each.rep[0]) in problem.fits for each in found)
    )


@pytest.mark.parametrize("seed", range(400))
def test_pairings_are_worth_what_a_dense_assignment_gives(seed: int) -> None:
    problem = drawn(seed)
    found = best_pairings(problem)
    assert is_allowed(problem, found)
    assert worth(problem, found) == dense(problem)


@pytest.mark.parametrize("seed", range(60))
def test_or_tools_and_plain_python_reach_the_same_value(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = drawn(seed, classes=8, of_one=12, bonuses=20)
    monkeypatch.setattr(solver, "SMALL", 0)
    found = best_pairings(problem)
    assert is_allowed(problem, found)
    net = built(problem)
    cost = sum(sent * arc[3] for sent, arc in zip(plain.solved(net), net.arcs, strict=True))
    assert worth(problem, found) == -cost == dense(problem)


def test_without_or_tools_a_large_board_is_solved_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = drawn(3, classes=8, of_one=12)
    monkeypatch.setattr(solver, "SMALL", 0)
    monkeypatch.setitem(__import__("sys").modules, "ortools.graph.python", None)
    assert worth(problem, best_pairings(problem)) == dense(problem)


def test_by_hand() -> None:
    """Two wait (900 and 40), one place each at kim and lee; only lee may serve the second: 900 + 10 + 40 + 300."""
    problem = Problem([[900], [40]], [[[0]], [[0]]], {(0, 0): 10, (0, 1): 250, (1, 1): 300})
    found = best_pairings(problem)
    assert found == [Pairing((0, 0), (0, 0)), Pairing((1, 0), (1, 0))]
    assert worth(problem, found) == 1250


def test_the_rep_of_last_time_is_asked_again() -> None:
    problem = Problem([[100, 100]], [[[0], [0]]], {(0, 0): 10}, {((0, 1), (0, 0)): 50})
    assert best_pairings(problem) == [Pairing((0, 0), (0, 1)), Pairing((0, 1), (0, 0))]


def test_who_would_gain_nothing_stays_in_line() -> None:
    assert best_pairings(Problem([[5]], [[[50]]], {(0, 0): 10})) == []


def test_an_empty_board_gives_nothing() -> None:
    assert best_pairings(Problem([], [], {})) == []
    assert best_pairings(Problem([[1, 1]], [], {})) == []
    assert places(Problem([[1]], [[[], [0, 10]]], {})) == 2
