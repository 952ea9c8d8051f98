"""A span, its ids and its tree. Ids are hashes of where in the log it comes from, so the same log gives the same trace, however often it is exported."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, Literal

import msgspec
from msgspec import structs

Kind = Literal["INTERNAL", "CLIENT"]
Attribute = str | int | tuple[str, ...]
COST: Final = "baton.cost_micros"
"""What a call to a model cost, in micro-units of the organisation's currency."""


class Span(msgspec.Struct, frozen=True):
    """One span. `error` is what went wrong; empty: nothing did. Times in milliseconds since the epoch; `position` is where in the log it comes from."""

    trace: str
    id: str
    parent: str
    name: str
    kind: Kind
    start_ms: int
    end_ms: int
    attributes: dict[str, Attribute]
    error: str = ""
    position: int = 0

    @property
    def ms(self) -> int:
        """How long it took."""
        return self.end_ms - self.start_ms

    @property
    def cost_micros(self) -> int:
        """What it cost, without what stands below it."""
        cost = self.attributes.get(COST, 0)
        return cost if isinstance(cost, int) else 0


class Node(msgspec.Struct, frozen=True):
    """A span in its tree: how deep it stands, and what it and all below it cost."""

    span: Span
    depth: int
    cost_micros: int


def trace_id(conversation: str) -> str:
    """16 bytes as hex, of the conversation's key."""
    return blake2b(f"trace/{conversation}".encode(), digest_size=16).hexdigest()


def span_id(conversation: str, position: int, what: str, n: int = 0) -> str:
    """8 bytes as hex, of what stands at a position."""
    return blake2b(f"span/{conversation}/{position}/{what}/{n}".encode(), digest_size=8).hexdigest()


def moved(spans: Sequence[Span], until_ms: int) -> list[Span]:
    """The same spans at another time: the last ends at `until_ms`. A talk on a stage has a clock of its own."""
    by = until_ms - max((span.end_ms for span in spans), default=until_ms)
    return [structs.replace(span, start_ms=span.start_ms + by, end_ms=span.end_ms + by) for span in spans]


def tree(spans: Sequence[Span]) -> list[Node]:
    """The spans from the root down, each before what stands below it."""
    below: dict[str, list[Span]] = {}
    for span in spans:
        below.setdefault(span.parent, []).append(span)
    return [node for root in below.get("", []) for node in _walk(root, below, 0)]


def _walk(span: Span, below: dict[str, list[Span]], depth: int) -> list[Node]:
    inner = [node for child in below.get(span.id, []) for node in _walk(child, below, depth + 1)]
    cost = span.cost_micros + sum(node.cost_micros for node in inner if node.depth == depth + 1)
    return [Node(span, depth, cost), *inner]
