"""Confirmations: a yes is bound to a hash of (tool, arguments, customer, price), single use, and short-lived.

The hash is taken when the customer is asked and again when the act is about to run: other arguments, another customer or
another price give another hash, and the act is refused (DESIGN.md, section 9).
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from baton.capabilities.agents.events import Confirmation
from baton.kernel import binding

LIVES_MS: Final = 600_000
"""Ten minutes: as long as a code of the system of record holds."""


def bound(tool: str, args: Mapping[str, str], customer: str, price: str, salt: str = "") -> str:
    """The hash of an act (`kernel.binding`), the same that the gate works out; empty, and so never confirmed, where it can
    be read in two ways. `customer` is the pseudonym, or the conversation where the customer is anonymous.
    """
    try:
        return binding.bound(tool, args, customer, price, salt)
    except binding.Unreadable:
        return ""


def asked(tool: str, hash: str, now_ms: int) -> Confirmation:
    """The customer is asked now."""
    return Confirmation(bound=hash, tool=tool, until_ms=now_ms + LIVES_MS)


def given(asked: Confirmation, position: int, by: str, now_ms: int) -> Confirmation | None:
    """The customer said yes on the turn at `position`; None where it came too late, or not on the customer's own channel.

    `by` is who appended the turn: `customer` (by the conversation's own token) or `machine/…` (by its own key). A rep or
    an integration cannot say yes for a customer.
    """
    if now_ms > asked.until_ms or not (by == "customer" or by.startswith("machine/")):
        return None
    return msgspec.structs.replace(asked, given=True, position=position, channel=by)


def used(confirmation: Confirmation) -> Confirmation:
    """It was used once: it counts no more."""
    return msgspec.structs.replace(confirmation, used=True)
