"""Joining: identities of one person, such as an email address and a phone number. Their contacts meet on the stream whose id sorts first.

What moves are labels, ids and times. Hashes of what was said stay under the key of the identity that said it, so that forgetting either one
forgets it; contacts from another identity are matched by issue, as records without words are.
"""

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from baton.capabilities.resolution.events import (
    Contact,
    Contacted,
    Joined,
    NeedState,
    Promise,
    PromiseEnded,
    PromiseMade,
    Returned,
)
from baton.kernel.conversation import To
from baton.kernel.facts import Facts

_OWN = {"marks", "words", "known_ms"}
_TOLD = tuple(name for name in Contacted.__struct_fields__ if name not in _OWN)
_MADE = PromiseMade.__struct_fields__


def joined_to(facts: Facts) -> str:
    """The customer on whose stream this one's contacts meet; empty for their own."""
    joined = facts.get(Joined)
    return joined.into if joined else ""


def passed_on(contact: Contacted | Contact, known_ms: int, into: str) -> To:
    """A contact for the stream where both identities meet."""
    told = {name: getattr(contact, name) for name in _TOLD}
    return To(f"customer/{into}", Contacted(**told, known_ms=known_ms))


def promise_passed_on(promise: Promise, into: str) -> Iterator[To]:
    """A promise for the stream where both identities meet, with what somebody says came of it."""
    yield To(f"customer/{into}", PromiseMade(**{name: getattr(promise, name) for name in _MADE}))
    if promise.told:
        ended = PromiseEnded(promise.promise, promise.told, promise.told_by, promise.told_ms)
        yield To(f"customer/{into}", ended)


def moved(facts: Facts, known_ms: int, into: str) -> Iterator[NeedState | Returned | To]:
    """Everything of this customer goes to `into`: needs and returns are taken back here, and told anew there."""
    yield from (replace(need, was=need.state, merged_into=into) for need in facts.all(NeedState))
    yield from (Returned(back.conversation, "", 0) for back in facts.all(Returned))
    yield from (passed_on(contact, known_ms, into) for contact in facts.all(Contact))
    for promise in facts.all(Promise):
        yield from promise_passed_on(promise, into)


def let_go(facts: Facts, away: Collection[str], home: str) -> Iterator[NeedState | Returned | Contact | Promise]:
    """These conversations are another person's: with their needs, returns and promises they leave this stream."""
    for need in facts.all(NeedState):
        if not set(away).isdisjoint(need.conversations):
            yield replace(need, was=need.state, merged_into=home)
    yield from (Returned(back.conversation, "", 0) for back in facts.all(Returned) if back.conversation in away)
    yield from (replace(c, verdict="gone") for c in facts.all(Contact) if c.conversation in away)
    yield from (replace(p, state="gone") for p in facts.all(Promise) if p.conversation in away)
