"""Wire: OTLP requests and answers in protobuf, by the messages of opentelemetry-proto 1, from the same values that the JSON is written from."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf.json_format import ParseDict
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

REQUESTS: Final[Mapping[str, Callable[[], Any]]] = {
    "resourceSpans": ExportTraceServiceRequest,
    "resourceLogs": ExportLogsServiceRequest,
    "resourceMetrics": ExportMetricsServiceRequest,
}
IDS: Final = frozenset({"traceId", "spanId", "parentSpanId"})
"""Hex in OTLP's JSON, and base64 in that of protobuf."""


def as_protobuf(request: Mapping[str, Any]) -> bytes:
    """An export request, as its JSON would have it, encoded."""
    (kind,) = request
    return bytes(ParseDict(_based(request), REQUESTS[kind]()).SerializeToString())


def rejected_in(answer: bytes) -> int:
    """How much an export response says was left out, of spans, records or points (all stand in the same place); 0 where it says nothing,
    or nothing that can be read.
    """
    try:
        return int(ExportTraceServiceResponse.FromString(answer).partial_success.rejected_spans)
    except DecodeError:
        return 0


def _based(told: Any, name: str = "") -> Any:
    if isinstance(told, Mapping):
        return {key: _based(value, key) for key, value in told.items()}
    if isinstance(told, list):
        return [_based(each) for each in told]
    return b64encode(bytes.fromhex(told)).decode() if name in IDS else told
