"""Tracing: OpenTelemetry spans of what AI agents did, made from the log, in the words of the GenAI conventions (semantic conventions 1.41.1),
with what was judged of it and, where somebody collects them, metrics.
"""

from baton.engines.tracing.evaluating import Evaluation, Need, evaluations_of, of_need, of_scenario
from baton.engines.tracing.making import spans_of
from baton.engines.tracing.spans import Node, Span, tree
from baton.engines.tracing.written import as_jsonl, as_otlp

__all__ = [
    "Evaluation", "Need", "Node", "Span", "as_jsonl", "as_otlp", "evaluations_of", "of_need", "of_scenario", "spans_of", "tree",
]  # fmt: skip
