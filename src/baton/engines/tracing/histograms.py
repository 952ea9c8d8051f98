"""Histograms written: what a meter collected, as a request of OTLP over HTTP (`/v1/metrics`) and as lines of JSON."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from opentelemetry.sdk.metrics.export import AggregationTemporality, Histogram, HistogramDataPoint, Metric, MetricsData

from baton.engines.tracing.written import SCHEMA, SCOPE, Request, of_resource, pairs

CUMULATIVE: Final = 2


def metrics_as_otlp(data: MetricsData, resource: Mapping[str, str]) -> Request:
    """An `ExportMetricsServiceRequest`."""
    scoped = {"scope": {"name": SCOPE}, "metrics": [_otlp(each) for each in _all(data)], "schemaUrl": SCHEMA}
    return {"resourceMetrics": [{"resource": of_resource(resource), "scopeMetrics": [scoped]}]}


def metrics_as_jsonl(data: MetricsData) -> bytes:
    """A line a series, with its counts so far."""
    lines = [{"metric": each.name, "unit": each.unit, **_line(point)} for each in _all(data) for point in _points(each)]
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def counts(data: MetricsData) -> int:
    """How much was counted so far, in all series."""
    return sum(point.count for metric in _all(data) for point in _points(metric))


def _all(data: MetricsData) -> Iterator[Metric]:
    for resource in data.resource_metrics:
        for scope in resource.scope_metrics:
            yield from scope.metrics


def _points(metric: Metric) -> list[HistogramDataPoint]:
    if not isinstance(metric.data, Histogram) or metric.data.aggregation_temporality != AggregationTemporality.CUMULATIVE:  # fmt: skip
        raise TypeError(f"{metric.name!r} is no cumulative histogram")
    return list(metric.data.data_points)


def _otlp(metric: Metric) -> dict[str, object]:
    points = [_point(each) for each in _points(metric)]
    return {
        "name": metric.name, "description": metric.description or "", "unit": metric.unit or "",
        "histogram": {"aggregationTemporality": CUMULATIVE, "dataPoints": points},
    }  # fmt: skip


def _point(point: HistogramDataPoint) -> dict[str, object]:
    return {
        "attributes": pairs(_attributes(point)), "startTimeUnixNano": str(point.start_time_unix_nano or 0), "timeUnixNano": str(point.time_unix_nano),
        "count": str(point.count), "sum": float(point.sum), "min": float(point.min), "max": float(point.max),
        "bucketCounts": [str(count) for count in point.bucket_counts], "explicitBounds": [float(bound) for bound in point.explicit_bounds],
    }  # fmt: skip


def _line(point: HistogramDataPoint) -> dict[str, object]:
    return {
        "attributes": _attributes(point), "time_unix_nano": point.time_unix_nano, "count": point.count, "sum": point.sum, "min": point.min, "max": point.max,
        "explicit_bounds": list(point.explicit_bounds), "bucket_counts": list(point.bucket_counts),
    }  # fmt: skip


def _attributes(point: HistogramDataPoint) -> dict[str, str]:
    return {name: str(value) for name, value in (point.attributes or {}).items()}
