"""Metrics: what Prometheus may scrape at /metrics. Hot paths count in plain integers; they are read when asked."""

from collections import Counter
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics(Collector):
    """Counts of this process. `gauges` and `counters` are read at scrape time: name to description and reader."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.turns = 0
        self.streams_open = 0
        self.gauges: dict[str, tuple[str, Callable[[], float]]] = {}
        self.counters: dict[str, tuple[str, Callable[[], float]]] = {}
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def count(self, method: str, route: str, status: int) -> None:
        """One request answered; `route` is the route's pattern, never a path with ids."""
        self.requests[method if method in METHODS else "other", route or "other", status] += 1

    def collect(self) -> Iterator[Metric]:
        """What is known now."""
        requests = CounterMetricFamily(
            "baton_http_requests", "Requests answered.", labels=["method", "route", "status"]
        )
        for (method, route, status), n in self.requests.items():
            requests.add_metric([method, route, str(status)], n)
        yield requests
        yield CounterMetricFamily("baton_turns", "Customer turns accepted over HTTP.", value=self.turns)
        yield GaugeMetricFamily(
            "baton_event_streams_open", "Event streams of customers open now.", value=self.streams_open
        )
        for name, (told, read) in self.counters.items():
            yield CounterMetricFamily(name, told, value=read())
        for name, (told, read) in self.gauges.items():
            yield GaugeMetricFamily(name, told, value=read())

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self._registry)
