"""Flows: from how much flows between classes back to which conversation goes to which rep."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from baton.capabilities.routing.assigning.solving.network import Network
from baton.capabilities.routing.assigning.solving.problem import Pairing, Problem, Row

Routes = dict[int, list[tuple[int, int, int]]]


def pairings(problem: Problem, net: Network, flow: Sequence[int]) -> Iterator[Pairing]:
    """Who goes to whom: in each class the most urgent first, to the class of reps that fits best, the least loaded rep first."""
    yield from (Pairing(*pair) for pair, arc in net.alone.items() if flow[arc])
    free = {r: _free(problem, net, flow, r, count) for r, count in _received(net, flow).items()}
    going = _going(problem, net, flow)
    for c, routes in sorted(_routes(problem, net, flow).items()):
        reps = chain.from_iterable(islice(free[r], count) for _, r, count in routes)
        yield from map(Pairing, sorted(going[c]), reps)


def _routes(problem: Problem, net: Network, flow: Sequence[int]) -> Routes:
    routes: Routes = defaultdict(list)
    for (c, r), arc in net.through.items():
        if flow[arc]:
            routes[c].append((-problem.fits[c, r], r, flow[arc]))
    for way in routes.values():
        way.sort()
    return routes


def _received(net: Network, flow: Sequence[int]) -> dict[int, int]:
    received: dict[int, int] = defaultdict(int)
    for (_, r), arc in net.through.items():
        received[r] += flow[arc]
    return received


def _going(problem: Problem, net: Network, flow: Sequence[int]) -> dict[int, list[Row]]:
    going: dict[int, list[Row]] = defaultdict(list)
    for (c, k), arc in net.entry.items():
        if flow[arc]:
            going[c].append((c, k))
    for c, arcs in net.plain.items():
        sent = sum(flow[arc] for arc in arcs)
        rest = (k for k in range(len(problem.urgencies[c])) if (c, k) not in net.entry)
        going[c] += [(c, k) for k in islice(rest, sent)]
    return going


def _free(problem: Problem, net: Network, flow: Sequence[int], r: int, count: int) -> Iterator[Row]:
    """The places of class r that are filled through the class: those of reps with a bonus as they flow, then the least loaded."""
    alone = [(r, m) for m in range(len(problem.loads[r])) if (r, m) in net.exit for _ in range(flow[net.exit[r, m]])]
    others = sorted((load, m) for m, rep in enumerate(problem.loads[r]) if (r, m) not in net.exit for load in rep)
    return iter([*((r, m) for _, m in others[: count - len(alone)]), *alone])
