"""Written: spans and results as lines of JSON, and as requests of OTLP over HTTP (opentelemetry-proto 1: `/v1/traces`, `/v1/logs`)."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from baton.engines.tracing.evaluating import EVENT, Evaluation
from baton.engines.tracing.spans import Attribute, Span

SCOPE: Final = "baton.engines.tracing"
SCHEMA: Final = "https://opentelemetry.io/schemas/1.41.0"
KINDS: Final = {"INTERNAL": 1, "CLIENT": 3}
UNSET, ERROR = 0, 2
INFO: Final = 9
Value = Attribute | float | bool
Request = dict[str, object]
"""A request in the names and shapes of OTLP's JSON: ids in hex, 64-bit integers as text."""


def as_jsonl(spans: Sequence[Span]) -> bytes:
    """A line a span: names as in OpenTelemetry's own JSON of the SDK, times in nanoseconds."""
    return b"".join(msgspec.json.encode(_line(span)) + b"\n" for span in spans)


def results_as_jsonl(found: Sequence[Evaluation]) -> bytes:
    """A line a result, with the ids of the span it judges."""
    return b"".join(msgspec.json.encode(_result_line(each)) + b"\n" for each in found)


def as_otlp(spans: Sequence[Span], resource: Mapping[str, str]) -> Request:
    """An `ExportTraceServiceRequest`."""
    scoped = {"scope": {"name": SCOPE}, "spans": [_otlp(span) for span in spans], "schemaUrl": SCHEMA}
    return {"resourceSpans": [{"resource": of_resource(resource), "scopeSpans": [scoped]}]}


def results_as_otlp(found: Sequence[Evaluation], resource: Mapping[str, str]) -> Request:
    """An `ExportLogsServiceRequest`: events are log records with a name."""
    scoped = {"scope": {"name": SCOPE}, "logRecords": [_record(each) for each in found], "schemaUrl": SCHEMA}
    return {"resourceLogs": [{"resource": of_resource(resource), "scopeLogs": [scoped]}]}


def of_resource(resource: Mapping[str, str]) -> dict[str, object]:
    """Who tells, as OTLP has it."""
    return {"attributes": pairs(resource)}


def pairs(attributes: Mapping[str, Value]) -> list[dict[str, object]]:
    """Attributes as OTLP has them."""
    return [{"key": name, "value": _value(value)} for name, value in attributes.items()]


def _line(span: Span) -> dict[str, object]:
    return {
        "trace_id": span.trace, "span_id": span.id, "parent_span_id": span.parent, "name": span.name, "kind": span.kind,
        "start_time_unix_nano": _nano(span.start_ms), "end_time_unix_nano": _nano(span.end_ms),
        "status": {"code": "ERROR" if span.error else "UNSET", **({"message": span.error} if span.error else {})}, "attributes": span.attributes,
    }  # fmt: skip


def _result_line(each: Evaluation) -> dict[str, object]:
    return {"event_name": EVENT, "trace_id": each.trace, "span_id": each.span, "time_unix_nano": _nano(each.at_ms), "attributes": each.attributes}  # fmt: skip


def _otlp(span: Span) -> dict[str, object]:
    return {
        "traceId": span.trace, "spanId": span.id, "parentSpanId": span.parent, "name": span.name, "kind": KINDS[span.kind],
        "startTimeUnixNano": str(_nano(span.start_ms)), "endTimeUnixNano": str(_nano(span.end_ms)),
        "status": {"code": ERROR, "message": span.error} if span.error else {"code": UNSET}, "attributes": pairs(span.attributes),
    }  # fmt: skip


def _record(each: Evaluation) -> dict[str, object]:
    at = str(_nano(each.at_ms))
    return {
        "timeUnixNano": at, "observedTimeUnixNano": at, "severityNumber": INFO, "severityText": "INFO", "eventName": EVENT,
        "traceId": each.trace, "spanId": each.span, "attributes": pairs(each.attributes),
    }  # fmt: skip


def _value(value: Value) -> dict[str, object]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    return {"stringValue": value} if isinstance(value, str) else {"arrayValue": {"values": [_value(v) for v in value]}}


def _nano(ms: int) -> int:
    return ms * 1_000_000
