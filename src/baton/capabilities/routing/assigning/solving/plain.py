"""Plain: the minimum-cost flow by successive shortest paths with potentials, exact, without any library.

Ahuja, Magnanti and Orlin 1993, "Network Flows", section 9.7. Each path is found by Dijkstra over reduced costs, so that a
board of some dozens takes milliseconds; arcs run from lower to higher nodes, which gives the first potentials in one pass.
"""

from heapq import heappop, heappush

from baton.capabilities.routing.assigning.solving.network import SOURCE, Network

FAR = 1 << 60


def solved(net: Network) -> list[int]:
    """The flow on each arc of `net` at least cost."""
    flow = _Residual(net)
    left = net.supply
    while left:
        sent = flow.augmented(left)
        left -= sent
        if not sent:
            break
    return [capacity - flow.room[2 * n] for n, (_, _, capacity, _) in enumerate(net.arcs)]


class _Residual:
    """What may still flow: arc n of the network is edge 2n, its way back 2n + 1."""

    def __init__(self, net: Network) -> None:
        self.sink = net.nodes - 1
        self.heads: list[int] = []
        self.room: list[int] = []
        self.cost: list[int] = []
        self.edges: list[list[int]] = [[] for _ in range(net.nodes)]
        for tail, head, capacity, cost in net.arcs:
            self.edges[tail].append(len(self.heads))
            self.edges[head].append(len(self.heads) + 1)
            self.heads += [head, tail]
            self.room += [capacity, 0]
            self.cost += [cost, -cost]
        self.potential = self._first()

    def _first(self) -> list[int]:
        far = [FAR] * len(self.edges)
        far[SOURCE] = 0
        for node, edges in enumerate(self.edges):
            for edge in edges:
                if far[node] < FAR and self.room[edge]:
                    far[self.heads[edge]] = min(far[self.heads[edge]], far[node] + self.cost[edge])
        return far

    def augmented(self, most: int) -> int:
        """Send as much as one shortest path takes; how much that was."""
        far, came = self._shortest()
        if far[self.sink] >= FAR:
            return 0
        for node, distance in enumerate(far):
            self.potential[node] += min(distance, far[self.sink])
        path = []
        node = self.sink
        while node != SOURCE:
            path.append(came[node])
            node = self.heads[came[node] ^ 1]
        sent = min(most, *(self.room[edge] for edge in path))
        for edge in path:
            self.room[edge] -= sent
            self.room[edge ^ 1] += sent
        return sent

    def _shortest(self) -> tuple[list[int], list[int]]:
        far, came = [FAR] * len(self.edges), [-1] * len(self.edges)
        far[SOURCE] = 0
        heap = [(0, SOURCE)]
        while heap:
            distance, node = heappop(heap)
            if distance > far[node]:
                continue
            if node == self.sink:
                break
            base = distance + self.potential[node]
            for edge in self.edges[node]:
                head = self.heads[edge]
                to = base + self.cost[edge] - self.potential[head]
                if self.room[edge] and to < far[head]:
                    far[head], came[head] = to, edge
                    heappush(heap, (to, head))
        return far, came
