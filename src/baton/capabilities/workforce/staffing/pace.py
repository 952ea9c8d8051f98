"""Pace: how long contacts take and how long customers wait before they leave, fitted from what happened."""

from collections.abc import Iterable
from dataclasses import dataclass

from baton.capabilities.workforce.reading.workload import LEVELS, Offered

USUAL_HANDLE_S = 360.0
USUAL_PATIENCE_S = 600.0
"""Until anything was measured: an assumption, and shown as one."""
FEWEST = 20
"""Contacts (or customers who left) below which a fit says nothing."""


@dataclass(frozen=True)
class Pace:
    """Mean handle time and mean patience in seconds, each with the number it was fitted on; 0 where it is the assumption."""

    handle_s: float
    patience_s: float
    handled: int
    left: int


def pace(found: Iterable[Offered]) -> Pace:
    """Of contacts offered to people.

    Patience by maximum likelihood for an exponential patience of which answered customers showed only a part: all time spent waiting
    over the number who left (Mandelbaum and Zeltyn 2007).
    """
    rows = [row for row in found if not row.kept]
    handled, left = sum(row.answered for row in rows), sum(row.abandoned for row in rows)
    handle_s = sum(row.handle_ms for row in rows) / 1000 / handled if handled >= FEWEST else USUAL_HANDLE_S
    waited_s = sum(row.waited_ms + row.gave_up_ms for row in rows) / 1000
    patience_s = waited_s / left if left >= FEWEST and waited_s > 0 else USUAL_PATIENCE_S
    return Pace(
        handle_s, patience_s, handled if handled >= FEWEST else 0, left if left >= FEWEST and waited_s > 0 else 0
    )


def by_level(found: Iterable[Offered]) -> dict[str, Pace]:
    """The pace of each level of complexity; one without enough contacts is left out."""
    rows = list(found)
    told = {level: pace(row for row in rows if row.level == level) for level in LEVELS}
    return {level: at for level, at in told.items() if at.handled}
