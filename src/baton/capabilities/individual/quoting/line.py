"""Line: what a customer finds on joining a queue, as numbers, and what simple rules would tell from each of them."""

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
LONGEST_MS: Final = 3_600_000
"""No rule is let say more than an hour before it is weighed."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """One customer's place: how many wait before them, how many others wait whom the same reps may serve, reps who may serve them, the queue's
    mean handle time and mean patience; how long the first in line has waited, how long the last who was served had, and how far apart those
    who were served of late came. Milliseconds.
    """

    ahead: int
    others: int
    servers: int
    handle_ms: int
    patience_ms: int
    head_ms: int = 0
    last_ms: int = 0
    gap_ms: int = 0


FIELDS: Final = Line.__struct_fields__
RULES: Final = (
    "one",
    "behind",
    "behind_all",
    "queue_length",
    "head_of_line",
    "last_waited",
    "pace",
    "ahead",
    "others",
    "servers",
)
"""What is weighed: QL_a behind one's own queue and behind all who compete, then what each simple rule says, then plain counts."""


def rows(lines: list[Line]) -> Whole:
    """Lines as a table, a column for each field."""
    return np.array([[getattr(line, name) for name in FIELDS] for line in lines], dtype=np.int64).reshape(
        -1, len(FIELDS)
    )


def behind_ms(ahead: Whole, servers: Whole, handle_ms: Whole, patience_ms: Whole) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the wait behind `ahead` others, who may give up as well.

    QL_a = sum over k = 0..q of 1 / (s / m + k / p) (Ibrahim and Whitt 2009); departures are independent, so variances add. Past 400 ahead
    each further one counts as the 400th.
    """
    k = np.arange(min(400, int(ahead.max(initial=0))) + 1)[:, None]
    gaps = 1.0 / (np.maximum(1, servers) / handle_ms + k / patience_ms)
    gaps = np.where(k <= ahead, gaps, 0.0)
    beyond = np.maximum(0, ahead - 400) * gaps[-1]
    return gaps.sum(axis=0) + beyond, np.sqrt((gaps**2).sum(axis=0))


def rules_ms(table: Whole) -> Floats:
    """What each of `RULES` says of each line; a row each."""
    ahead, others, servers, handle, patience, head, last, gap = table.T
    alone, _ = behind_ms(ahead, servers, handle, patience)
    among, _ = behind_ms(ahead + others, servers, handle, patience)
    length = np.minimum(LONGEST_MS, (ahead + 1) * handle / np.maximum(1, servers))
    pace = np.minimum(LONGEST_MS, (ahead + 1) * gap)
    one = np.ones(len(table))
    return np.column_stack([one, alone, among, length, np.minimum(LONGEST_MS, head), np.minimum(LONGEST_MS, last), pace, ahead, others, servers])  # fmt: skip
