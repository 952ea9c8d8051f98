"""Read models of privacy: who was forgotten, what is dark, held, agreed and taken out. `governance.measure` calls each for its event."""

from typing import Final

from baton.capabilities.governance.privacy.governance import (
    Consent,
    CustomerErased,
    ErasureAsked,
    HoldEnded,
    HoldPlaced,
    LooksForgotten,
    TakenOut,
    TextErased,
)
from baton.capabilities.governance.tables import ACCESS, CONSENTS, DARK, ERASURES, HOLDS, TAKEN
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables


def asked(event: ErasureAsked, stream: Stream, tables: Tables) -> None:
    """Somebody is to be forgotten."""
    row = {"state": "asked", "staff": event.staff, "why": event.why}
    tables.put(ERASURES, {"subject": stream.id}, **row, asked_ms=stream.now_ms)


def erased(event: CustomerErased, stream: Stream, tables: Tables) -> None:
    """They are."""
    tables.put(
        ERASURES, {"subject": stream.id}, state="erased", staff=event.staff, why=event.why, asked_ms=event.asked_ms, erased_ms=stream.now_ms,
        conversations=event.conversations, open_after=event.open_after, position=stream.entry.position,
    )  # fmt: skip


def dark(event: TextErased, stream: Stream, tables: Tables) -> None:
    """A conversation's text is gone."""
    tables.put(DARK, {"conversation": stream.key}, why=event.why, fingerprint=event.key, at_ms=stream.now_ms)


def placed(event: HoldPlaced, stream: Stream, tables: Tables) -> None:
    """Records are held."""
    tables.put(
        HOLDS, {"hold": stream.key}, scope=event.scope, ref=event.ref, records=",".join(event.records), staff=event.staff,
        placed_ms=stream.now_ms, until_ms=event.until_ms,
    )  # fmt: skip


def ended(event: HoldEnded, stream: Stream, tables: Tables) -> None:
    """They no longer are; where somebody ended it early, its own end later changes nothing."""
    if stream.ordinal == 2:
        tables.put(HOLDS, {"hold": stream.key}, ended_ms=stream.now_ms, ended_by=event.staff)


def agreed(event: Consent, stream: Stream, tables: Tables) -> None:
    """What somebody's data may be used for."""
    key = {"customer": stream.key, "purpose": event.purpose, "channel": event.channel}
    tables.put(
        CONSENTS, key, given=int(event.given), basis=event.basis, version=event.version, source=event.source, captured_ms=event.captured_ms,
        expires_ms=event.expires_ms, revoked_ms=event.revoked_ms, position=stream.entry.position,
    )  # fmt: skip


def taken(event: TakenOut, stream: Stream, tables: Tables) -> None:
    """Somebody took personal data out."""
    row = {"kind": event.kind, "staff": event.staff, "customer": event.customer, "conversation": event.conversation}
    tables.put(TAKEN, {"position": stream.entry.position}, **row, plain=int(event.plain), at_ms=stream.now_ms)


FORGOTTEN: Final = "forgotten"
"""What is left of an entry of the access log whose time is over: that there was one, and when."""


def unseen(event: LooksForgotten, tables: Tables) -> None:
    """Entries of the access log are over: who, whose and as what are gone from the read model."""
    for position in event.positions:
        tables.put(ACCESS, {"position": position}, staff="", act=FORGOTTEN, conversation="", role="")
