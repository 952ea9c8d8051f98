"""Metering: tokens and times of calls to models and tools as histograms, by the OpenTelemetry SDK, in the conventions' names and boundaries."""

from collections.abc import Mapping
from typing import Final

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricsData
from opentelemetry.sdk.resources import Resource

from baton.engines.tracing.spans import Attribute

SCOPE: Final = "baton.engines.tracing"
TOKENS: Final = "gen_ai.client.token.usage"
DURATION: Final = "gen_ai.client.operation.duration"
TOKEN_BOUNDARIES: Final = tuple(float(4**n) for n in range(14))
"""1 to 67,108,864 tokens, as the conventions advise."""
DURATION_BOUNDARIES: Final = tuple(0.01 * 2**n for n in range(14))
"""0.01 to 81.92 seconds, as the conventions advise."""
BY: Final = (
    "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.response.model", "gen_ai.tool.name", "error.type",
)  # fmt: skip
"""What is told apart. No conversation, customer or call: each series would have one value."""
COUNTED: Final = {"gen_ai.usage.input_tokens": "input", "gen_ai.usage.output_tokens": "output"}


class Meter:
    """The histograms of one process, from its start on; each collection has all of it (cumulative)."""

    def __init__(self) -> None:
        self._reader = InMemoryMetricReader()
        self._provider = MeterProvider([self._reader], Resource({}), shutdown_on_exit=False)
        meter = self._provider.get_meter(SCOPE)
        self._tokens = meter.create_histogram(
            TOKENS, "{token}", "Number of input and output tokens used.", explicit_bucket_boundaries_advisory=TOKEN_BOUNDARIES
        )  # fmt: skip
        self._duration = meter.create_histogram(
            DURATION, "s", "GenAI operation duration.", explicit_bucket_boundaries_advisory=DURATION_BOUNDARIES
        )  # fmt: skip

    def take(self, told: Mapping[str, Attribute], ms: int) -> None:
        """Count one call: what it was, as attributes of its span, and how long it took in milliseconds."""
        by = {name: str(told[name]) for name in BY if name in told}
        self._duration.record(ms / 1000, by)
        apart = {name: value for name, value in by.items() if name != "error.type"}
        for name, kind in COUNTED.items():
            tokens = told.get(name)
            if isinstance(tokens, int) and tokens > 0:
                self._tokens.record(tokens, {**apart, "gen_ai.token.type": kind})

    def collected(self) -> MetricsData | None:
        """Everything counted so far; None where there is nothing."""
        return self._reader.get_metrics_data()

    def close(self) -> None:
        """Count no more."""
        self._provider.shutdown()
