"""The ledger: which yes was given to which act, and what it was spent on. It is told by the log, never by a caller.

A yes counts once, for the act whose hash it was given to, in the conversation where it was given, on the customer's own
channel, for ten minutes at most. It is spent by the first call, under that call's key; the same call may be sent again
under the same key (the tool answers with its first result), and that ends ten minutes later.
"""

from typing import Final, TypeVar

import msgspec

from baton.capabilities.agents.events import ApprovalAsked, ApprovalGiven, Confirmation
from baton.kernel.conversation import Decided
from baton.kernel.events import Event

LIVES_MS: Final = 600_000
"""The longest a yes may count, whatever it says of itself."""
AGAIN_MS: Final = 600_000
"""How long after its end a call that spent a yes may be sent again under its key: after a crash."""
APPROVED_MS: Final = 3_600_000
KEPT: Final = 50_000
K = TypeVar("K")
V = TypeVar("V")


class Yes(msgspec.Struct):
    """A confirmation as the log told it. `key` is that of the act it was spent on; `used` that the outcome is known."""

    customer: str
    until_ms: int
    given: bool = False
    channel: str = ""
    key: str = ""
    used: bool = False


class Ledger:
    """Every yes and every approval that may still count."""

    def __init__(self) -> None:
        self._yes: dict[tuple[str, str], Yes] = {}
        self._asked: dict[str, tuple[str, str]] = {}
        self._approved: dict[tuple[str, str], int] = {}

    def heard(self, stream: str, customer: str, event: Event, now_ms: int) -> None:
        """Take in what happened in a conversation. `customer` is its customer's pseudonym, or the conversation's own id."""
        if isinstance(event, Confirmation):
            self._confirmation(stream, customer, event, now_ms)
        elif isinstance(event, Decided) and event.action == "run_tool":
            self._decided(stream, str(event.args.get("bound", "")), event.key)
        elif isinstance(event, ApprovalAsked) and event.bound:
            self._asked[event.approval] = (stream, event.bound)
        elif isinstance(event, ApprovalGiven) and event.ok and self._asked.get(event.approval, ("",))[0] == stream:
            self._approved[self._asked[event.approval]] = now_ms + APPROVED_MS

    def put(self, stream: str, bound: str, yes: Yes) -> None:
        """Know a yes that was read back after a restart."""
        self._yes.setdefault((stream, bound), yes)

    def approve(self, approval: str, stream: str, bound: str, until_ms: int) -> None:
        """Know an approval that was read back after a restart; one that nobody answered has `until_ms` 0."""
        self._asked[approval] = (stream, bound)
        if until_ms:
            self._approved[stream, bound] = until_ms

    def counts(self, stream: str, bound: str, key: str, customer: str, principal: str, now_ms: int) -> bool:
        """Whether there is a yes to this call. `principal` is its kind and id: `machine/m1`."""
        yes = self._yes.get((stream, bound))
        return yes is not None and bool(key) and bool(bound) and _counts(yes, key, customer, principal, now_ms)

    def spend(self, stream: str, bound: str, key: str) -> None:
        """From now on the yes is this call's alone."""
        self._decided(stream, bound, key)

    def approved(self, stream: str, bound: str, now_ms: int) -> bool:
        """Whether a person approved this very act, in this conversation, within the hour."""
        return bool(bound) and now_ms <= self._approved.get((stream, bound), -1)

    def _confirmation(self, stream: str, customer: str, told: Confirmation, now_ms: int) -> None:
        at, known = (stream, told.bound), self._yes.get((stream, told.bound))
        if told.used:
            if known is not None:
                known.used = True
            return
        if not told.given or known is None:
            self._keep(at, Yes(customer, min(told.until_ms, now_ms + LIVES_MS)))
        if told.given and not self._yes[at].used:
            self._yes[at].given, self._yes[at].channel = True, told.channel

    def _decided(self, stream: str, bound: str, key: str) -> None:
        yes = self._yes.get((stream, bound))
        if yes is not None and yes.given and not yes.key:
            yes.key = key

    def _keep(self, at: tuple[str, str], yes: Yes) -> None:
        self._yes.pop(at, None)
        self._yes[at] = yes
        _forget_oldest(self._yes)
        _forget_oldest(self._asked)
        _forget_oldest(self._approved)


def _forget_oldest(kept: dict[K, V]) -> None:
    while len(kept) > KEPT:
        kept.pop(next(iter(kept)))


def _counts(yes: Yes, key: str, customer: str, principal: str, now_ms: int) -> bool:
    if not yes.given or yes.used or yes.customer != customer or not _may_use(yes.channel, principal):
        return False
    if yes.key:
        return key == yes.key and now_ms <= yes.until_ms + AGAIN_MS
    return now_ms <= yes.until_ms


def _may_use(channel: str, principal: str) -> bool:
    """Whether a yes on this channel is one that `principal` may act on.

    Only customers say yes, on their own channel: people to an agent or a rep, a machine customer to an agent or for itself.
    No yes of anybody carries an integration, or another machine.
    """
    kind = principal.partition("/")[0]
    if channel == "customer":
        return kind in {"agent", "rep"}
    return channel.startswith("machine/") and (kind == "agent" or principal == channel)
