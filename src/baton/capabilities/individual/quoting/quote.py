"""Quote: what a customer is told, in whole seconds."""

from math import ceil
from typing import Final

import msgspec

ANSWER_MS: Final = 10_000
"""Until a rep who is free takes an offer: nothing shorter is told."""


class Quote(msgspec.Struct, frozen=True, gc=False):
    """The likely wait, and the one that is to be kept as often as the policy promises; milliseconds."""

    wait_ms: int
    within_ms: int


def quote_of(wait_ms: float, within_ms: float) -> Quote:
    """Both in whole seconds, the promise rounded up and no shorter than the likely wait."""
    within = max(ANSWER_MS, 1000 * ceil(within_ms / 1000))
    return Quote(min(within, max(ANSWER_MS, 1000 * round(wait_ms / 1000))), within)
