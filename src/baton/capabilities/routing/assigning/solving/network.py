"""Network: a problem as a flow from a source, by classes of conversations and classes of reps, to a sink.

    source -> class of conversations -> class of reps -> sink
    source -> one conversation with a bonus -> the rep of the bonus -> sink

A conversation with a bonus has a node before its class, a rep with a bonus one behind theirs, so both may still be matched
as any other of their class. Arcs run from lower to higher node numbers. Only what can be in an optimum is built: of one
class the most urgent, as many as there are free places; of the conversations of one class that ask for the same rep with
the same bonus and for nobody else, as many as the rep has places (any other can be exchanged for one of these at no loss).
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from baton.capabilities.routing.assigning.solving.problem import Problem, Row, places

Arc = tuple[int, int, int, int]
"""From, to, capacity, cost."""


class Network(msgspec.Struct, gc=False):
    """Arcs, and which of them mean what: `plain[c]`, `through[c, r]`, `alone[(c, k), (r, m)]`, `entry[(c, k)]`, `exit[(r, m)]`.

    The values are positions in `arcs`. `supply` is how much the source may send; arc 0 carries what stays waiting.
    """

    nodes: int
    supply: int
    arcs: list[Arc] = []
    plain: dict[int, list[int]] = {}
    through: dict[Row, int] = {}
    alone: dict[tuple[Row, Row], int] = {}
    entry: dict[Row, int] = {}
    exit: dict[Row, int] = {}


SOURCE = 0


def built(problem: Problem) -> Network:
    """The network of a problem."""
    pairs = _kept(problem)
    singles = sorted({conversation for conversation, _ in pairs})
    reps = sorted({rep for _, rep in pairs})
    first_class = 1 + len(singles)
    first_reps = first_class + len(problem.urgencies)
    first_rep = first_reps + len(problem.loads)
    sink = first_rep + len(reps)
    waiting = sum(len(urgencies) for urgencies in problem.urgencies)
    net = Network(sink + 1, min(places(problem), waiting))
    net.arcs.append((SOURCE, sink, net.supply, 0))
    single_node = {row: 1 + n for n, row in enumerate(singles)}
    rep_node = {row: first_rep + n for n, row in enumerate(reps)}
    _sources(net, problem, single_node, first_class)
    for (c, r), fit in sorted(problem.fits.items()):
        net.through[c, r] = _add(net, first_class + c, first_reps + r, net.supply, -fit)
    for (conversation, rep), bonus in sorted(pairs.items()):
        cost = -problem.fits[conversation[0], rep[0]] - bonus
        net.alone[conversation, rep] = _add(net, single_node[conversation], rep_node[rep], 1, cost)
    _sinks(net, problem, rep_node, first_reps, sink)
    return net


def _sources(net: Network, problem: Problem, single_node: dict[Row, int], first_class: int) -> None:
    for c, urgencies in enumerate(problem.urgencies):
        plain = (
            [k for k in range(len(urgencies)) if (c, k) not in single_node] if single_node else range(len(urgencies))
        )
        net.plain[c] = [
            _add(net, SOURCE, first_class + c, count, -urgency)
            for urgency, count in _runs(urgencies[k] for k in plain[: net.supply])
        ]
    for (c, k), node in single_node.items():
        _add(net, SOURCE, node, 1, -problem.urgencies[c][k])
        net.entry[c, k] = _add(net, node, first_class + c, 1, 0)


def _sinks(net: Network, problem: Problem, rep_node: dict[Row, int], first_reps: int, sink: int) -> None:
    for r, reps in enumerate(problem.loads):
        loads = sorted(load for m, rep in enumerate(reps) if (r, m) not in rep_node for load in rep)
        for load, count in _runs(loads):
            _add(net, first_reps + r, sink, count, load)
    for (r, m), node in rep_node.items():
        net.exit[r, m] = _add(net, first_reps + r, node, len(problem.loads[r][m]), 0)
        for load, count in _runs(problem.loads[r][m]):
            _add(net, node, sink, count, load)


def _kept(problem: Problem) -> dict[tuple[Row, Row], int]:
    asked: dict[Row, int] = {}
    for conversation, _ in problem.bonuses:
        asked[conversation] = asked.get(conversation, 0) + 1
    seen: dict[tuple[int, Row, int], int] = {}
    kept = {}
    for (conversation, rep), bonus in sorted(problem.bonuses.items()):
        if (conversation[0], rep[0]) not in problem.fits:
            continue
        kind = (conversation[0], rep, bonus)
        seen[kind] = seen.get(kind, 0) + (asked[conversation] == 1)
        if asked[conversation] > 1 or seen[kind] <= len(problem.loads[rep[0]][rep[1]]):
            kept[conversation, rep] = bonus
    return kept


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    return ((number, sum(1 for _ in same)) for number, same in groupby(numbers))


def _add(net: Network, tail: int, head: int, capacity: int, cost: int) -> int:
    net.arcs.append((tail, head, capacity, cost))
    return len(net.arcs) - 1
