"""Wake: hints that there is news, and signals that are never logged. Losing one costs time, never data."""

from baton.engines.wake.local import LocalWake
from baton.engines.wake.nats import NatsWake

__all__ = ["LocalWake", "NatsWake"]
