"""Tracing: OpenTelemetry spans of what AI agents did, made from the log, in the words of the GenAI conventions (semantic conventions 1.41.1)."""

from baton.engines.tracing.making import spans_of
from baton.engines.tracing.spans import Node, Span, tree
from baton.engines.tracing.written import as_jsonl, as_otlp

__all__ = ["Node", "Span", "as_jsonl", "as_otlp", "spans_of", "tree"]
