"""Written: spans as lines of JSON, and as OTLP over HTTP in JSON (opentelemetry-proto 1, `/v1/traces`)."""

from collections.abc import Sequence
from typing import Final

import msgspec

from baton.engines.tracing.spans import Attribute, Span

SCOPE: Final = "baton.engines.tracing"
SCHEMA: Final = "https://opentelemetry.io/schemas/1.41.0"
KINDS: Final = {"INTERNAL": 1, "CLIENT": 3}
OK, ERROR = 0, 2


def as_jsonl(spans: Sequence[Span]) -> bytes:
    """A line a span: names as in OpenTelemetry's own JSON of the SDK, times in nanoseconds."""
    return b"".join(msgspec.json.encode(_line(span)) + b"\n" for span in spans)


def as_otlp(spans: Sequence[Span], service: str = "baton", version: str = "") -> bytes:
    """An `ExportTraceServiceRequest` as JSON."""
    resource = {"service.name": service, **({"service.version": version} if version else {})}
    return msgspec.json.encode(
        {"resourceSpans": [{
            "resource": {"attributes": [_pair(name, value) for name, value in resource.items()]},
            "scopeSpans": [{"scope": {"name": SCOPE}, "spans": [_otlp(span) for span in spans], "schemaUrl": SCHEMA}],
        }]}
    )  # fmt: skip


def _line(span: Span) -> dict[str, object]:
    return {
        "trace_id": span.trace, "span_id": span.id, "parent_span_id": span.parent, "name": span.name, "kind": span.kind,
        "start_time_unix_nano": _nano(span.start_ms), "end_time_unix_nano": _nano(span.end_ms),
        "status": {"code": "ERROR" if span.error else "UNSET", **({"message": span.error} if span.error else {})}, "attributes": span.attributes,
    }  # fmt: skip


def _otlp(span: Span) -> dict[str, object]:
    return {
        "traceId": span.trace, "spanId": span.id, "parentSpanId": span.parent, "name": span.name, "kind": KINDS[span.kind],
        "startTimeUnixNano": str(_nano(span.start_ms)), "endTimeUnixNano": str(_nano(span.end_ms)),
        "status": {"code": ERROR, "message": span.error} if span.error else {"code": OK},
        "attributes": [_pair(name, value) for name, value in span.attributes.items()],
    }  # fmt: skip


def _pair(name: str, value: Attribute) -> dict[str, object]:
    return {"key": name, "value": _value(value)}


def _value(value: Attribute) -> dict[str, object]:
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"arrayValue": {"values": [{"stringValue": each} for each in value]}}


def _nano(ms: int) -> int:
    return ms * 1_000_000
