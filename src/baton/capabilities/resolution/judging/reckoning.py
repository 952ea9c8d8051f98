"""Reckoning: what contacts about one issue make of needs, returns and promises, as far as they are known; only what changed is said."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.resolution.events import (
    Contact,
    Known,
    NeedState,
    Probe,
    Probing,
    Promise,
    Promising,
    Returned,
)
from baton.capabilities.resolution.judging.needs import WINDOW_MS, changed, needs, returns
from baton.capabilities.resolution.promising.course import course, with_promises
from baton.kernel.conversation import Due, To
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

Said = Known | NeedState | Returned | Promise | Contact | Probe | To
WINDOW = "window"


def known_ms(facts: Facts) -> int:
    """How far this customer's contacts are known, in milliseconds since the epoch."""
    known = facts.get(Known)
    return known.until_ms if known else 0


def reckoned(contacts: list[Contact], until_ms: int, stream: Stream, facts: Facts) -> Iterator[Said]:
    """The needs among contacts about one issue (by time), who came back, and promises, where they differ from what holds."""
    of = {c.conversation for c in contacts}
    yield from of_promises(contacts, [p for p in facts.all(Promise) if p.conversation in of], until_ms, stream)
    found = needs(contacts, until_ms, stream.key)
    current = {need.need for need in found}
    for need in found:
        told = changed(need, facts.slot(NeedState, need.need))
        if told is not None:
            yield told
        yield from _drawn(need, contacts, stream, facts)
        for part in need.conversations:
            gone = facts.slot(NeedState, part)
            if gone is not None and part not in current:
                yield replace(gone, was=gone.state, merged_into=need.need)
    current_returns = {back.conversation: back for back in returns(contacts)}
    for contact in contacts:
        back, was = current_returns.get(contact.conversation), facts.slot(Returned, contact.conversation)
        if back != was:
            yield back or Returned(contact.conversation, "", 0)


def of_promises(
    contacts: list[Contact], pending: list[Promise], until_ms: int, stream: Stream
) -> Iterator[Promise | Contact | To]:
    """Promises as later contacts and time leave them, and what that makes of the contacts they were made in."""
    now = [course(p, contacts, until_ms, stream.policy(Promising)) for p in pending]
    yield from (new for new, old in zip(now, pending, strict=True) if new != old)
    for contact in contacts:
        kept = with_promises(contact, [p for p in now if p.conversation == contact.conversation])
        if kept != contact:
            yield kept
            if kept.verdict == "met" and kept.origin != "imported":
                yield To(
                    stream.id, Due(WINDOW, kept.conversation), at_ms=max(kept.ended_ms, kept.settled_ms) + WINDOW_MS
                )


def _drawn(need: NeedState, contacts: list[Contact], stream: Stream, facts: Facts) -> Iterator[Probe]:
    """Whether a need that is new belongs to the random part that is asked about. Simulated customers cannot be asked."""
    probing = stream.policy(Probing)
    simulated = any(c.simulated for c in contacts if c.conversation == need.need)
    if not simulated and facts.slot(Probe, need.need) is None and probing.draws(need.need):
        yield Probe(need.need, probing.permille, stream.now_ms)
