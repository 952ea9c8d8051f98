"""Wire: OTLP messages in protobuf's encoding, from the same values that its JSON is written from.

Of opentelemetry-proto 1 only what is sent is known here; the encoding is that of https://protobuf.dev/programming-guides/encoding. Ids are hex, 64-bit
integers decimal texts, as in the JSON.
"""

import struct
from collections.abc import Iterator, Mapping
from typing import Any, Final

VARINT, FIXED64, LENGTH = 0, 1, 2
Field = tuple[int, str]
MESSAGES: Final[Mapping[str, Mapping[str, Field]]] = {
    "Request": {"resourceSpans": (1, "ResourceSpans"), "resourceLogs": (1, "ResourceLogs"), "resourceMetrics": (1, "ResourceMetrics")},
    "ResourceSpans": {"resource": (1, "Resource"), "scopeSpans": (2, "ScopeSpans")},
    "ResourceLogs": {"resource": (1, "Resource"), "scopeLogs": (2, "ScopeLogs")},
    "ResourceMetrics": {"resource": (1, "Resource"), "scopeMetrics": (2, "ScopeMetrics")},
    "Resource": {"attributes": (1, "KeyValue")},
    "ScopeSpans": {"scope": (1, "Scope"), "spans": (2, "Span"), "schemaUrl": (3, "string")},
    "ScopeLogs": {"scope": (1, "Scope"), "logRecords": (2, "LogRecord"), "schemaUrl": (3, "string")},
    "ScopeMetrics": {"scope": (1, "Scope"), "metrics": (2, "Metric"), "schemaUrl": (3, "string")},
    "Scope": {"name": (1, "string")},
    "Span": {
        "traceId": (1, "id"), "spanId": (2, "id"), "parentSpanId": (4, "id"), "name": (5, "string"), "kind": (6, "int"),
        "startTimeUnixNano": (7, "fixed64"), "endTimeUnixNano": (8, "fixed64"), "attributes": (9, "KeyValue"), "status": (15, "Status"),
    },
    "Status": {"message": (2, "string"), "code": (3, "int")},
    "LogRecord": {
        "timeUnixNano": (1, "fixed64"), "severityNumber": (2, "int"), "severityText": (3, "string"), "attributes": (6, "KeyValue"),
        "traceId": (9, "id"), "spanId": (10, "id"), "observedTimeUnixNano": (11, "fixed64"), "eventName": (12, "string"),
    },
    "Metric": {"name": (1, "string"), "description": (2, "string"), "unit": (3, "string"), "histogram": (9, "Histogram")},
    "Histogram": {"dataPoints": (1, "Point"), "aggregationTemporality": (2, "int")},
    "Point": {
        "startTimeUnixNano": (2, "fixed64"), "timeUnixNano": (3, "fixed64"), "count": (4, "fixed64"), "sum": (5, "double"), "bucketCounts": (6, "fixed64s"),
        "explicitBounds": (7, "doubles"), "attributes": (9, "KeyValue"), "min": (11, "double"), "max": (12, "double"),
    },
    "KeyValue": {"key": (1, "string"), "value": (2, "AnyValue")},
    "AnyValue": {
        "stringValue": (1, "string"), "boolValue": (2, "int"), "intValue": (3, "int"), "doubleValue": (4, "double"), "arrayValue": (5, "ArrayValue"),
    },
    "ArrayValue": {"values": (1, "AnyValue")},
}  # fmt: skip


def as_protobuf(request: Mapping[str, Any]) -> bytes:
    """An export request, as its JSON would have it, encoded."""
    return _message("Request", request)


def rejected_in(answer: bytes) -> int:
    """How much an export response says was left out; 0 where it says nothing, or nothing that can be read."""
    try:
        return int.from_bytes(_find(_find(answer, 1), 1), "little")
    except (IndexError, ValueError):
        return 0


def _message(kind: str, told: Mapping[str, Any]) -> bytes:
    fields = MESSAGES[kind]
    return b"".join(part for name, value in told.items() for part in _field(*fields[name], value))


def _field(number: int, kind: str, value: Any) -> Iterator[bytes]:
    if kind in MESSAGES:
        for each in value if isinstance(value, list) else [value]:
            yield _sized(number, _message(kind, each))
    elif kind == "string":
        yield _sized(number, value.encode())
    elif kind == "id":
        yield _sized(number, bytes.fromhex(value))
    elif kind == "int":
        yield _varint(number << 3 | VARINT) + _varint(int(value) & 0xFFFF_FFFF_FFFF_FFFF)
    elif kind in {"fixed64s", "doubles"}:
        yield _sized(number, b"".join(_eight(kind[:-1], each) for each in value))
    else:
        yield _varint(number << 3 | FIXED64) + _eight(kind, value)


def _sized(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | LENGTH) + _varint(len(body)) + body


def _eight(kind: str, value: Any) -> bytes:
    return struct.pack("<d", value) if kind == "double" else struct.pack("<Q", int(value))


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def _find(body: bytes, number: int) -> bytes:
    """A field of a message, a varint as little-endian bytes; empty where it is not there. Raises where the body is none."""
    at = 0
    while at < len(body):
        key, at = _read(body, at)
        value, at = _read(body, at)
        if key & 7 == LENGTH:
            if key >> 3 == number:
                return body[at : at + value]
            at += value
        elif key & 7 != VARINT:
            raise ValueError(key)
        elif key >> 3 == number:
            return value.to_bytes(10, "little")
    return b""


def _read(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (body[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if body[at - 1] < 0x80:
            return value, at
