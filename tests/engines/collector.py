"""A small real OpenTelemetry collector: OTLP over HTTP in protobuf or JSON, decoded by the fields of opentelemetry-proto 1 and by no others."""

import asyncio
from base64 import b64decode
from collections.abc import Callable
from functools import cache
from importlib import import_module
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
    sum: float = 0
    min: float = 0
    max: float = 0
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

    resource_spans: list[ResourceSpans] = []


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


PROTO = {
    "Traces": "resource_spans:1:ResourceSpans*",
    "Logs": "resource_logs:1:ResourceLogs*",
    "Metrics": "resource_metrics:1:ResourceMetrics*",
    "ResourceSpans": "resource:1:Resource scope_spans:2:ScopeSpans* schema_url:3:string",
    "ResourceLogs": "resource:1:Resource scope_logs:2:ScopeLogs* schema_url:3:string",
    "ResourceMetrics": "resource:1:Resource scope_metrics:2:ScopeMetrics* schema_url:3:string",
    "Resource": "attributes:1:KeyValue*",
    "ScopeSpans": "scope:1:Scope spans:2:Span* schema_url:3:string",
    "ScopeLogs": "scope:1:Scope log_records:2:LogRecord* schema_url:3:string",
    "ScopeMetrics": "scope:1:Scope metrics:2:Metric* schema_url:3:string",
    "Scope": "name:1:string version:2:string",
    "Span": "trace_id:1:bytes span_id:2:bytes parent_span_id:4:bytes name:5:string kind:6:int32 start_time_unix_nano:7:fixed64 "
    "end_time_unix_nano:8:fixed64 attributes:9:KeyValue* status:15:Status",
    "Status": "message:2:string code:3:int32",
    "LogRecord": "time_unix_nano:1:fixed64 severity_number:2:int32 severity_text:3:string attributes:6:KeyValue* trace_id:9:bytes span_id:10:bytes "
    "observed_time_unix_nano:11:fixed64 event_name:12:string",
    "Metric": "name:1:string description:2:string unit:3:string histogram:9:Histogram",
    "Histogram": "data_points:1:Point* aggregation_temporality:2:int32",
    "Point": "start_time_unix_nano:2:fixed64 time_unix_nano:3:fixed64 count:4:fixed64 sum:5:double bucket_counts:6:fixed64* explicit_bounds:7:double* "
    "attributes:9:KeyValue* min:11:double max:12:double",
    "KeyValue": "key:1:string value:2:AnyValue",
    "AnyValue": "string_value:1:string bool_value:2:bool int_value:3:int64 double_value:4:double array_value:5:ArrayValue",
    "ArrayValue": "values:1:AnyValue*",
}  # fmt: skip
"""Messages of opentelemetry-proto 1 as `name:number:type`, `*` for repeated: numbers are taken from its .proto files."""
TYPES = {"double": 1, "int64": 3, "fixed64": 6, "bool": 8, "string": 9, "bytes": 12, "int32": 5}


@cache
def messages() -> dict[str, Any]:
    """Classes of these messages, made by Google's own runtime."""
    pb2, pools, factory = (import_module(f"google.protobuf.{name}") for name in ("descriptor_pb2", "descriptor_pool", "message_factory"))  # fmt: skip
    file = pb2.FileDescriptorProto(name="otlp.proto", package="otlp", syntax="proto3")
    for name, fields in PROTO.items():
        made = file.message_type.add(name=name)
        for field, number, kind in (each.split(":") for each in fields.split()):
            plain = kind.rstrip("*")
            of = {"type": TYPES[plain]} if plain in TYPES else {"type": 11, "type_name": f".otlp.{plain}"}
            made.field.add(name=field, number=int(number), label=3 if kind.endswith("*") else 1, **of)
    pool = pools.DescriptorPool()
    pool.Add(file)
    return {name: factory.GetMessageClass(pool.FindMessageTypeByName(f"otlp.{name}")) for name in PROTO}


def as_json(kind: str, body: bytes) -> bytes:
    """A message in protobuf as its JSON has it; a field that is not known is an error."""
    formats, unknown = import_module("google.protobuf.json_format"), import_module("google.protobuf.unknown_fields")
    message = messages()[kind].FromString(body)
    assert not unknown.UnknownFieldSet(message)
    return msgspec.json.encode(_in_hex(formats.MessageToDict(message)))


def _in_hex(told: Any) -> Any:
    if isinstance(told, list):
        return [_in_hex(each) for each in told]
    if not isinstance(told, dict):
        return told
    ids = {"traceId", "spanId", "parentSpanId"}
    return {k: b64decode(v).hex() if k in ids else _in_hex(v) for k, v in told.items()}


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
        return b"\n".join(self.bodies).decode(errors="replace")

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
            if request.headers["content-type"] == "application/x-protobuf":
                take(as_json(request.url.path.removeprefix("/v1/").capitalize(), body))
                return Response(
                    bytes([10, 2, 8, self.rejects]) if self.rejects else b"", media_type="application/x-protobuf"
                )
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
