"""vCons as they come: any draft's field names, signed or not, one to a file or one to a line.

Text dialogs are turns; so are transcripts that say who spoke. A recording without one has no turns and is left out, counted.
A signature is not verified here: the report says how many were signed.
"""

import base64
import binascii
import email
import email.policy
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from baton.capabilities.lake.events import Labelled
from baton.capabilities.lake.sources.files import Opened, lines, opened
from baton.capabilities.lake.sources.history import (
    Conversation,
    Moment,
    Names,
    Skipped,
    conversation,
    digest,
    label_of,
    where,
)
from baton.capabilities.lake.sources.lenient import Record, Times, listed, nested, text
from baton.capabilities.routing.events import Assigned, HandedOver
from baton.kernel.conversation import Ended, Role, Started, TurnSaid
from baton.kernel.events import Event

SOURCE = "vcon"
SUFFIXES = (".vcon", ".json", ".jsonl")
UNDERSTOOD = frozenset({"CC", "baton"})
_OLD_NAMES = {"mimetype": "mediatype", "appended": "amended", "must_support": "critical", "messageid": "message_id"}
_CUSTOMERS = {"customer", "contact", "caller", "client", "user", "thirdparty"}
_TIMES = Times(())


class Said(msgspec.Struct, frozen=True, gc=False):
    """A turn of a vCon: when, whose (an index of parties), what."""

    at_ms: int
    party: int
    text: str


def read(path: Path, names: Names) -> Iterator[Conversation | Skipped]:
    """The vCons of one file."""
    file = opened(path)
    for at, told in _documents(file):
        if told is None:
            yield Skipped("not whole JSON", at)
        elif isinstance(told, Mapping):
            yield from _conversation(told, names, at)
        else:
            yield Skipped("no vCon", at)
    if file.cut:
        yield Skipped("the file ends early", path.name)


def from_document(vcon: Record, names: Names) -> Conversation | Skipped:
    """One vCon that came by itself."""
    return list(_conversation(vcon, names, ""))[-1]


def _documents(file: Opened) -> Iterator[tuple[str, object]]:
    try:
        yield file.path.name, msgspec.json.decode(file.text)
    except msgspec.DecodeError:
        for row, line in lines(file):
            try:
                yield where(file.path, row), msgspec.json.decode(line)
            except msgspec.DecodeError:
                yield where(file.path, row), None
                if row == 1:
                    return


def _conversation(told: Record, names: Names, at: str) -> Iterator[Conversation | Skipped]:
    vcon = renamed(told)
    if "ciphertext" in vcon:
        yield Skipped("encrypted", at)
        return
    if "payload" in vcon and "signatures" in vcon:
        yield Skipped("imported, its signature was not checked", at)
        vcon = renamed(_payload(text(vcon, "payload")))
    strange = [c for c in _names(vcon.get("critical")) if c not in UNDERSTOOD]
    if strange:
        yield Skipped(f"needs the extension {strange[0]}", at)
    else:
        yield _built(vcon, names, at)


def _built(vcon: Record, names: Names, at: str) -> Conversation | Skipped:
    parties, said = listed(vcon, "parties"), sorted(_said(vcon), key=lambda s: s.at_ms)
    if not said:
        return Skipped(_why_silent(vcon), at)
    roles = _roles(parties, said)
    customer = next((_address(parties[n]) for n, role in roles.items() if role == "customer" and n < len(parties)), "")
    external = text(vcon, "uuid") or digest(*(s.text for s in said))
    channel = (
        "email" if "mailto" in text(vcon, "subject") or any(d.get("message_id") for d in listed(vcon, "dialog")) else ""
    )
    channel = channel or ("chat" if any(text(d, "type") == "text" for d in listed(vcon, "dialog")) else "voice")
    begun = Started(channel=channel, customer=names.customer(customer), origin="imported", source=SOURCE)
    moments = [Moment(said[0].at_ms, (begun,)), *_moments(vcon, said, roles, parties, names)]
    moments.append(Moment(max(m.at_ms for m in moments), (*_labels(vcon), Ended("imported"))))
    return conversation(SOURCE, names.stream(SOURCE, external), begun.customer, moments, len(said))


def _moments(
    vcon: Record, said: list[Said], roles: dict[int, Role], parties: list[Record], names: Names
) -> Iterator[Moment]:
    holder, agent_spoke, before_ms = "", False, said[0].at_ms
    for turn in said:
        role = roles.get(turn.party, "system")
        party = parties[turn.party] if turn.party < len(parties) else {}
        rep = names.rep(text(party, "uuid") or _address(party) or f"party-{turn.party}") if role == "rep" else ""
        events: tuple[Event, ...] = ()
        if rep and rep != holder:
            if agent_spoke and not holder:
                yield Moment(before_ms, (HandedOver("", "imported", from_kind="agent"),))
            events, holder = (Assigned(rep, "", max(0, turn.at_ms - before_ms) if agent_spoke else 0),), rep
        agent_spoke, before_ms = agent_spoke or role == "agent", turn.at_ms
        yield Moment(turn.at_ms, (*events, TurnSaid(role, turn.text, who=rep)))
    if "rep" not in roles.values() and any(text(d, "type") == "transfer" for d in listed(vcon, "dialog")):
        yield Moment(said[-1].at_ms, (HandedOver("", "imported", from_kind="agent"),))


def _said(vcon: Record) -> Iterator[Said]:
    began = _TIMES.ms(text(vcon, "created_at")) or 0
    for dialog in listed(vcon, "dialog"):
        body = _body(dialog)
        if text(dialog, "type") != "text" or not body:
            continue
        at_ms = _TIMES.ms(text(dialog, "start")) or began
        yield Said(at_ms, _speaker(dialog), body)
    for analysis in listed(vcon, "analysis"):
        spoken = list(_spoken(analysis, began)) if text(analysis, "type").startswith("transcript") else []
        if spoken:
            yield from spoken
            return


def _spoken(analysis: Record, began: int) -> Iterator[Said]:
    body = analysis.get("body")
    if isinstance(body, str):
        try:
            body = msgspec.json.decode(body)
        except msgspec.DecodeError:
            return
    for line in body if isinstance(body, list) else []:
        party = line.get("parties", line.get("party")) if isinstance(line, Mapping) else None
        if isinstance(party, int) and text(line, "text"):
            yield Said(_TIMES.ms(text(line, "start")) or began, party, text(line, "text"))


def renamed(told: Record) -> dict[str, object]:
    """A vCon with the names of today: earlier drafts' names, and hyphens, are replaced on every level."""
    return {_today(k): _renamed_value(v) for k, v in told.items()}


def _today(name: str) -> str:
    plain = name.replace("-", "_")
    return _OLD_NAMES.get(plain, plain)


def _renamed_value(value: object) -> object:
    if isinstance(value, Mapping):
        return {_today(str(k)): v if k == "body" else _renamed_value(v) for k, v in value.items()}
    return [_renamed_value(v) for v in value] if isinstance(value, list) else value


def _body(dialog: Record) -> str:
    body, encoding = dialog.get("body"), text(dialog, "encoding")
    if not isinstance(body, str):
        return ""
    if encoding == "base64url":
        body = _unbase64(body).decode("utf-8", errors="replace")
    media = text(dialog, "mediatype")
    return (
        _mail_text(media, body)
        if media.startswith("multipart/")
        else body.strip()
        if media[:5] in {"", "text/"}
        else ""
    )


def _mail_text(media: str, body: str) -> str:
    mail = email.message_from_string(f"Content-Type: {media}\n\n{body}", policy=email.policy.default)
    part = mail.get_body(preferencelist=("plain", "html"))
    return str(part.get_content()).strip() if part is not None else ""


def _unbase64(body: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        return b""


def _payload(payload: str) -> Record:
    try:
        told = msgspec.json.decode(_unbase64(payload))
    except msgspec.DecodeError:
        return {}
    return told if isinstance(told, Mapping) else {}


def _speaker(dialog: Record) -> int:
    originator, parties = dialog.get("originator"), dialog.get("parties")
    if isinstance(originator, int):
        return originator
    while isinstance(parties, list) and parties:
        parties = parties[0]
    return parties if isinstance(parties, int) else 0


def _roles(parties: list[Record], said: list[Said]) -> dict[int, Role]:
    told = {n: _role(party) for n, party in enumerate(parties)}
    if not any(told.values()):
        return {n: "customer" if n == said[0].party else "rep" for n in range(len(parties))}
    return {n: role or ("rep" if "customer" in told.values() else "customer") for n, role in told.items()}


def _role(party: Record) -> Role | None:
    role = (text(party, "role") or text(nested(party, "meta"), "role")).lower()
    bot = text(party, "type").lower() == "bot"
    if bot and role == "thirdparty":
        return "system"
    if role in _CUSTOMERS:
        return "machine" if bot else "customer"
    return "agent" if bot else "rep" if role else None


def _address(party: Record) -> str:
    return text(party, "mailto", "tel", "sip", "did", "uuid", "id").removeprefix("mailto:").removeprefix("tel:")


def _labels(vcon: Record) -> Iterator[Labelled]:
    for analysis in listed(vcon, "analysis"):
        body = analysis.get("body")
        if (
            text(analysis, "vendor") == "baton"
            and text(analysis, "product") == "understanding"
            and isinstance(body, Mapping)
        ):
            intent = label_of(text(body, "intent"))
            if intent:
                yield Labelled("intent", text_label=intent)


def _why_silent(vcon: Record) -> str:
    if any(text(a, "type").startswith("transcript") for a in listed(vcon, "analysis")):
        return "a transcript that does not say who spoke"
    if any(text(d, "type") == "recording" for d in listed(vcon, "dialog")):
        return "a recording without a transcript"
    return "nobody said anything"


def _names(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
