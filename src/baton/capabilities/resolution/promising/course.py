"""The course of a promise: open, due, then kept, broken or withdrawn, each with what shows it. Pure, and independent of arrival order.

What somebody has to do (call, write, see to it) counts as broken when nobody says for three days that it was done, or when the customer comes
back about it once it is due. What comes by a process (money, a bag) cannot be ticked off: it is kept where nobody came back about it.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from baton.capabilities.resolution.events import Contact, Promise, PromiseChased, PromiseState, Promising
from baton.kernel.conversation import To

HOUR_MS = 3_600_000
PENDING = frozenset({"open", "due"})
OWNED = frozenset({"call_back", "write", "do"})
"""What somebody has to do. Money and deliveries come by a process: nobody can tick them off on the day."""


def course(promise: Promise, contacts: Sequence[Contact], known_ms: int, policy: Promising) -> Promise:
    """The promise as it stands, from later contacts about its issue (by time) and as far as time is known to have passed."""
    if promise.told:
        return _as(promise, promise.told, "somebody_says_so", promise.told_ms)
    later = [c for c in contacts if c.conversation != promise.conversation and c.started_ms > promise.said_ms]
    for contact in later:
        if contact.started_ms >= _lost_ms(promise, policy):
            break
        if contact.started_ms >= promise.due_ms:
            return _as(promise, "broken", "came_back_after_it_was_due", contact.started_ms)
        if promise.deed == "call_back" and contact.channel == "voice" and contact.path in {"rep", "agent_rep"}:
            return _as(promise, "kept", "spoken_to_before_it_was_due", contact.started_ms)
        if contact.verdict == "met":
            return _as(promise, "withdrawn", "met_before_it_was_due", contact.started_ms)
    return _by_time(promise, known_ms, policy)


def chases(promise: Promise, policy: Promising) -> list[int]:
    """When the owner is to be told, and when it is over, in milliseconds since the epoch."""
    end = _lost_ms(promise, policy)
    if promise.deed not in OWNED:
        return [promise.due_ms, end]
    step = max(1, policy.chase_h) * HOUR_MS
    return [*range(promise.due_ms, end, step), end]


def chase(promise: Promise) -> To:
    """What tells the owner, on the conversation where it was made: the rep who promised, else the queue."""
    owner = promise.who if promise.by == "rep" and promise.who else promise.queue
    told = PromiseChased(promise.deed, owner, promise.due_ms, promise.chased)
    return To(f"conversation/{promise.conversation}", told)


def with_promises(contact: Contact, promises: Sequence[Promise]) -> Contact:
    """What a contact shows of the need, given what became of the promises made in it. A stated outcome stands."""
    if not promises or any(label.startswith("stated_by_") for label in contact.evidence):
        return contact
    verdict, why, at_ms = _shown(contact, promises)
    return replace(contact, verdict=verdict, evidence=why, settled_ms=at_ms)


def _shown(contact: Contact, promises: Sequence[Promise]) -> tuple[str, tuple[str, ...], int]:
    if any(p.state in PENDING for p in promises):
        return "open", ("promise_open",), 0
    at_ms = max(p.since_ms for p in promises)
    if any(p.state == "broken" for p in promises):
        return "failed", ("promise_broken",), at_ms
    apart = contact.apart or "silent"
    if any(p.state == "kept" and p.told for p in promises):
        shown = contact.apart_why if apart in {"met", "refused"} else ()
        return ("refused" if apart == "refused" else "met"), (*shown, "promise_kept"), at_ms
    return apart, contact.apart_why, 0


def _by_time(promise: Promise, known_ms: int, policy: Promising) -> Promise:
    lost_ms = _lost_ms(promise, policy)
    if known_ms < promise.due_ms:
        return _as(promise, "open", "", promise.said_ms)
    if known_ms < lost_ms:
        return _as(promise, "due", "nothing_shows_it_was_kept", promise.due_ms)
    if promise.deed in OWNED:
        return _as(promise, "broken", "nobody_says_it_was_kept", lost_ms)
    return _as(promise, "kept", "nobody_came_back_about_it", lost_ms)


def _lost_ms(promise: Promise, policy: Promising) -> int:
    return promise.due_ms + (policy.broken_h if promise.deed in OWNED else policy.quiet_h) * HOUR_MS


def _as(promise: Promise, state: PromiseState, evidence: str, since_ms: int) -> Promise:
    return replace(promise, state=state, evidence=evidence, since_ms=since_ms)
