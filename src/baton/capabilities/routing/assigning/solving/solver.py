"""Solver: the pairings of most value. Small boards in plain Python, large ones by OR-Tools (extra `plan`), both exact.

Which of the two is used depends on the board alone, so the same log always gives the same pairings on one installation;
where OR-Tools is not installed, plain Python solves large boards too, slower.
"""

from baton.capabilities.routing.assigning.solving import plain
from baton.capabilities.routing.assigning.solving.flows import pairings
from baton.capabilities.routing.assigning.solving.network import Network, built
from baton.capabilities.routing.assigning.solving.problem import Pairing, Problem

SMALL = 20_000
"""Arcs times free places up to which plain Python takes about ten milliseconds or less."""


def best_pairings(problem: Problem) -> list[Pairing]:
    """The pairings whose values sum to the most, most urgent conversations first in each class. Exact."""
    net = built(problem)
    if not net.supply:
        return []
    small = len(net.arcs) * net.supply <= SMALL
    flow = plain.solved(net) if small else _by_or_tools(net)
    return sorted(pairings(problem, net, flow))


def _by_or_tools(net: Network) -> list[int]:
    try:
        from ortools.graph.python import min_cost_flow
    except ModuleNotFoundError:
        return plain.solved(net)
    import numpy as np

    arcs = np.array(net.arcs, dtype=np.int64)
    graph = min_cost_flow.SimpleMinCostFlow()
    graph.add_arcs_with_capacity_and_unit_cost(arcs[:, 0], arcs[:, 1], arcs[:, 2], arcs[:, 3])
    graph.set_node_supply(0, net.supply)
    graph.set_node_supply(net.nodes - 1, -net.supply)
    if graph.solve() != graph.OPTIMAL:
        return plain.solved(net)
    return [int(sent) for sent in graph.flows(np.arange(len(net.arcs), dtype=np.int32))]
