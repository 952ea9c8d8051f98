"""A small real OpenTelemetry collector: OTLP over HTTP in JSON, decoded by the fields of opentelemetry-proto 1 and by no others."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route


class Strict(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A message: a field that the protocol does not have is an error."""


class Value(Strict, frozen=True):
    """AnyValue."""

    string_value: str | None = None
    bool_value: bool | None = None
    int_value: str | None = None
    double_value: float | None = None
    array_value: "Values | None" = None

    @property
    def plain(self) -> Any:
        """What it is."""
        if self.array_value is not None:
            return [each.plain for each in self.array_value.values]
        if self.int_value is not None:
            return int(self.int_value)
        return next((v for v in (self.string_value, self.bool_value, self.double_value) if v is not None), None)


class Values(Strict, frozen=True):
    """ArrayValue."""

    values: list[Value] = []


class Pair(Strict, frozen=True):
    """KeyValue."""

    key: str
    value: Value


class Told(Strict, frozen=True):
    """Anything with attributes."""

    attributes: list[Pair] = []

    @property
    def plain(self) -> dict[str, Any]:
        """Attributes by name."""
        return {pair.key: pair.value.plain for pair in self.attributes}


class Resource(Told, frozen=True):
    """Who tells."""


class Scope(Strict, frozen=True):
    """InstrumentationScope."""

    name: str
    version: str = ""


class Status(Strict, frozen=True):
    """Status of a span."""

    code: int = 0
    message: str = ""


class OtlpSpan(Told, frozen=True, kw_only=True):
    """Span."""

    trace_id: str
    span_id: str
    parent_span_id: str = ""
    name: str
    kind: int
    start_time_unix_nano: str
    end_time_unix_nano: str
    status: Status = Status()


class LogRecord(Told, frozen=True, kw_only=True):
    """LogRecord; an event where it has a name."""

    time_unix_nano: str
    observed_time_unix_nano: str
    severity_number: int = 0
    severity_text: str = ""
    event_name: str = ""
    trace_id: str
    span_id: str


class Point(Told, frozen=True, kw_only=True):
    """HistogramDataPoint."""

    start_time_unix_nano: str
    time_unix_nano: str
    count: str
    sum: float
    min: float
    max: float
    bucket_counts: list[str]
    explicit_bounds: list[float]


class Histogram(Strict, frozen=True):
    """Histogram."""

    aggregation_temporality: int
    data_points: list[Point]


class Metric(Strict, frozen=True):
    """Metric."""

    name: str
    description: str
    unit: str
    histogram: Histogram


class ScopeSpans(Strict, frozen=True):
    """ScopeSpans."""

    scope: Scope
    spans: list[OtlpSpan]
    schema_url: str = ""


class ResourceSpans(Strict, frozen=True):
    """ResourceSpans."""

    resource: Resource
    scope_spans: list[ScopeSpans]


class Traces(Strict, frozen=True):
    """ExportTraceServiceRequest."""

    resource_spans: list[ResourceSpans]


class ScopeLogs(Strict, frozen=True):
    """ScopeLogs."""

    scope: Scope
    log_records: list[LogRecord]
    schema_url: str = ""


class ResourceLogs(Strict, frozen=True):
    """ResourceLogs."""

    resource: Resource
    scope_logs: list[ScopeLogs]


class Logs(Strict, frozen=True):
    """ExportLogsServiceRequest."""

    resource_logs: list[ResourceLogs]


class ScopeMetrics(Strict, frozen=True):
    """ScopeMetrics."""

    scope: Scope
    metrics: list[Metric]
    schema_url: str = ""


class ResourceMetrics(Strict, frozen=True):
    """ResourceMetrics."""

    resource: Resource
    scope_metrics: list[ScopeMetrics]


class Metrics(Strict, frozen=True):
    """ExportMetricsServiceRequest."""

    resource_metrics: list[ResourceMetrics]


class Collector:
    """Keeps what arrives. `answers` are statuses given first instead of taking it; `moved` sends elsewhere, `rejects` takes none of it."""

    def __init__(self, *answers: int, moved: str = "", rejects: int = 0, no_path: str = "") -> None:
        self.answers, self.moved, self.rejects, self.no_path = list(answers), moved, rejects, no_path
        self.spans: list[OtlpSpan] = []
        self.records: list[LogRecord] = []
        self.metrics: dict[str, Metric] = {}
        self.resources: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.asked = 0

    def app(self) -> Starlette:
        """The application."""
        paths = {"/v1/traces": self._traces, "/v1/logs": self._logs, "/v1/metrics": self._metrics}
        return Starlette(routes=[Route(path, self._taking(take), methods=["POST"]) for path, take in paths.items()])

    def sent(self) -> str:
        """Everything that ever arrived, as text."""
        return b"\n".join(self.bodies).decode()

    def _taking(self, take: Callable[[bytes], None]) -> Callable[[Request], Any]:
        async def taken(request: Request) -> Response:
            self.asked += 1
            if self.moved:
                return RedirectResponse(self.moved, 307)
            if request.url.path == self.no_path:
                return Response(status_code=404)
            if self.answers:
                return Response(status_code=self.answers.pop(0), headers={"retry-after": "0"})
            body = await request.body()
            self.bodies.append(body)
            self.headers.append(dict(request.headers))
            take(body)
            return JSONResponse({"partialSuccess": {"rejectedSpans": str(self.rejects)}} if self.rejects else {})

        return taken

    def _traces(self, body: bytes) -> None:
        for resource in msgspec.json.decode(body, type=Traces).resource_spans:
            self.resources.append(resource.resource.plain)
            self.spans += [span for scope in resource.scope_spans for span in scope.spans]

    def _logs(self, body: bytes) -> None:
        for resource in msgspec.json.decode(body, type=Logs).resource_logs:
            self.resources.append(resource.resource.plain)
            self.records += [record for scope in resource.scope_logs for record in scope.log_records]

    def _metrics(self, body: bytes) -> None:
        for resource in msgspec.json.decode(body, type=Metrics).resource_metrics:
            self.resources.append(resource.resource.plain)
            self.metrics |= {metric.name: metric for scope in resource.scope_metrics for metric in scope.metrics}


async def until(there: Callable[[], object]) -> None:
    """Wait until something is there, twenty seconds at most."""
    for _ in range(2000):
        if there():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")
