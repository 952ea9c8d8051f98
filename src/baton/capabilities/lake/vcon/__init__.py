"""vCon export: a conversation of the log as a strict vCon.

One text dialog per turn; a change of hands is a transfer dialog; what Baton understood and measured is analysis of vendor
`baton`. A lawful basis is written where the customer said something of it: Baton does not invent one.
"""

import asyncio
import socket
from datetime import UTC, datetime
from hashlib import sha1
from uuid import UUID

import msgspec
from sqlalchemy import select

from baton.capabilities.complexity.events import Complexity
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.lake.vcon.basis import lawful_bases
from baton.capabilities.lake.vcon.model import Analysis, Dialog, Party, Redacted, Vcon
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.resolution.tables import CONTACTS, NEEDS
from baton.capabilities.routing.events import Assigned, HandedOver, TakenOver
from baton.capabilities.sentiment.events import Mood
from baton.kernel.committer import Committer
from baton.kernel.conversation import Entry, Started, TurnSaid
from baton.kernel.cover import Hides
from baton.kernel.errors import BatonError
from baton.kernel.events import Event
from baton.kernel.log import STEP, Store

SCHEMA = "urn:baton:vcon:{product}:1"
REDACTED = "personal values in texts"
_REDACTED = 0x80000000
"""The bit of a uuid in which a redacted vCon differs: time has it only after the year 6400."""
_CUSTOMER = 0
_PARTIES: dict[str, tuple[str, str]] = {
    "customer": ("person", "customer"), "machine": ("bot", "customer"), "rep": ("person", "agent"), "agent": ("bot", "agent"),
    "system": ("bot", "thirdparty"),
}  # fmt: skip


class Told(msgspec.Struct, frozen=True, gc=False):
    """Something that was said or done, and when."""

    at_ms: int
    position: int
    event: Event


class Resolved(msgspec.Struct, frozen=True):
    """What the ledger says of the conversation's need."""

    state: str = ""
    evidence: str = ""


async def export_vcon(committer: Committer, stream: str, hide: Hides | None = None) -> dict[str, object]:
    """The conversation of stream `conversation/<id>` (or `<id>`) as a strict vCon; a redacted one where `hide` is given.

    Raises:
        BatonError: 404 where there is none, or nothing was said in it.
    """
    named = stream if "/" in stream else f"conversation/{stream}"
    told = await _told(committer, named)
    if not any(isinstance(t.event, TurnSaid) for t in told):
        raise BatonError("not_found", 404, f"There is no conversation {stream!r} with turns in it.")
    key = named.partition("/")[2]
    begun = next((t.event for t in told if isinstance(t.event, Started)), Started())
    asked = begun.customer if "governance" in committer.crafts.names else ""
    bases = await lawful_bases(committer.store, asked, committer.clock.now_ms())
    made = vcon_of(key, told, await _resolved(committer.store, key)).model_copy(update={"attachments": bases})
    return (made if hide is None else await asyncio.to_thread(_redacted, made, hide)).plain()


def _redacted(made: Vcon, hide: Hides) -> Vcon:
    """The vCon with personal values of its texts hidden, under a uuid of its own; it names the one it was made of."""
    shown = hide([dialog.body or "" for dialog in made.dialog])
    dialogs = [d.model_copy(update={"body": t} if d.body else {}) for d, t in zip(made.dialog, shown, strict=True)]
    head = f"{int(made.uuid[:8], 16) ^ _REDACTED:08x}"
    redacted = Redacted(uuid=made.uuid, type=REDACTED)
    return made.model_copy(update={"uuid": head + made.uuid[8:], "redacted": redacted, "dialog": dialogs})


async def exported(committer: Committer, since_ms: int = 0) -> list[str]:
    """The keys of the conversations that can be exported: those with turns that began since then, oldest first."""
    columns = CONVERSATIONS.c
    query = select(columns.conversation).where(columns.started_ms >= since_ms).order_by(columns.started_ms)
    spoken = columns.turns_customer + columns.turns_machine + columns.turns_agent + columns.turns_rep
    return [str(row["conversation"]) for row in await committer.store.rows(query.where(spoken > 0))]


def vcon_of(key: str, told: list[Told], resolved: Resolved) -> Vcon:
    """The vCon of what was told in one conversation, in order."""
    began = next((t for t in told if isinstance(t.event, Started)), told[0])
    begun = began.event if isinstance(began.event, Started) else Started()
    people = _People(begun)
    dialogs = _dialogs(key, begun, told, people)
    spoken = [n for n, d in enumerate(dialogs) if d.type == "text"]
    return Vcon(
        uuid=uuid8(began.at_ms, began.position), created_at=_time(began.at_ms), updated_at=_time(max(t.at_ms for t in told)),
        extensions=["CC", "baton"], parties=people.parties, dialog=dialogs, analysis=_analyses(told, resolved, spoken),
    )  # fmt: skip


def uuid8(at_ms: int, position: int, host: str = "") -> str:
    """A version 8 UUID as the vCon core wants it: time as in version 7, then the high 62 bits of SHA-1 of the host name.

    The 12 bits between are of the position in the log, so that conversations of one millisecond differ and an export repeats.
    """
    name = (host or socket.gethostname()).encode()
    node = int.from_bytes(sha1(name, usedforsecurity=False).digest()[:8], "big") >> 2
    value = (at_ms & (1 << 48) - 1) << 80 | 8 << 76 | (position // STEP & 0xFFF) << 64 | 2 << 62 | node
    return str(UUID(int=value))


class _People:
    """The parties, numbered as they appear; the customer is the first."""

    def __init__(self, begun: Started) -> None:
        self._verified = begun.verified
        self._known: dict[tuple[str, str], int] = {}
        self.parties: list[Party] = []
        self._customer = begun.customer

    def index(self, role: str, who: str) -> int:
        """The index of who speaks in this role."""
        key = ("customer" if role == "machine" else role, who if role in {"rep", "agent"} else "")
        if key not in self._known:
            self._known[key] = len(self.parties)
            self.parties.append(self._party(role, who))
        return self._known[key]

    def _party(self, role: str, who: str) -> Party:
        kind, cc_role = _PARTIES[role]
        if cc_role == "customer":
            checked = "none" if self._verified == "anonymous" else self._verified
            return Party.model_validate(
                {
                    "name": "anonymous",
                    "uuid": self._customer or None,
                    "validation": checked,
                    "type": kind,
                    "role": cc_role,
                }
            )
        name = {"rep": None, "agent": "AI agent", "system": "system"}[role]
        return Party.model_validate({"name": name, "uuid": who or None, "type": kind, "role": cc_role})


def _dialogs(key: str, begun: Started, told: list[Told], people: _People) -> list[Dialog]:
    machine = any(isinstance(t.event, TurnSaid) and t.event.role == "machine" for t in told)
    customer = people.index("machine" if machine else "customer", "")
    found: list[Dialog] = []
    skill = [begun.queue] if begun.queue else None
    server = _first_server(told)
    for each in told:
        event = each.event
        if isinstance(event, TurnSaid):
            speaker = people.index(event.role, event.who)
            server = (event.role, event.who) if event.role in {"agent", "rep"} else server
            others = [customer] if speaker != customer else [people.index(*server)] if server[0] else []
            found.append(
                Dialog(type="text", start=_time(each.at_ms), parties=[speaker, *others], mediatype="text/plain", encoding="none",
                       body=event.text, interaction_type=begun.channel, interaction_id=key, skill=skill)
            )  # fmt: skip
        elif isinstance(event, Assigned | TakenOver) and found:
            before = people.index(*(server if server[0] else ("agent", "")))
            server = ("rep", event.rep)
            found.append(
                Dialog(type="transfer", start=_time(each.at_ms), transferee=customer, transferor=before,
                       transfer_target=people.index(*server), original=_text(found))
            )  # fmt: skip
    if any(isinstance(t.event, HandedOver) for t in told) and not any(d.type == "transfer" for d in found):
        last = next(t for t in reversed(told) if isinstance(t.event, HandedOver))
        found.append(
            Dialog(
                type="transfer",
                start=_time(last.at_ms),
                transferee=customer,
                transferor=people.index(*server),
                original=_text(found),
            )
        )
    return found


def _first_server(told: list[Told]) -> tuple[str, str]:
    said = (t.event for t in told if isinstance(t.event, TurnSaid) and t.event.role in {"agent", "rep"})
    return next(((e.role, e.who) for e in said), ("", ""))


def _text(found: list[Dialog]) -> list[int]:
    return [n for n, dialog in enumerate(found) if dialog.type == "text"]


def _analyses(told: list[Told], resolved: Resolved, spoken: list[int]) -> list[Analysis]:
    intent, complexity, mood = (_last(told, kind) for kind in (Intent, Complexity, Mood))
    handed = _last(told, HandedOver)
    found: list[tuple[str, str, dict[str, str | int | bool | list[str]]]] = []
    if isinstance(intent, Intent) and intent.label:
        found.append(("report", "understanding", {"intent": intent.label, "confidence_permille": intent.confidence}))
    if isinstance(complexity, Complexity):
        found.append(("report", "complexity", {"level": complexity.level, "reasons": list(complexity.reasons)}))
    if isinstance(mood, Mood):
        found.append(("sentiment", "mood", {"first_permille": mood.first, "last_permille": mood.score}))
    if isinstance(handed, HandedOver):
        found.append(("report", "handover", {"reason": handed.reason, "queue": handed.queue}))
    if resolved.state:
        found.append(("report", "resolution", {"state": resolved.state, "evidence": resolved.evidence.split(",")}))
    return [
        Analysis(type=kind, dialog=spoken, product=product, schema=SCHEMA.format(product=product), body=body)  # type: ignore[arg-type]
        for kind, product, body in found
    ]


def _last(told: list[Told], kind: type[Event]) -> Event | None:
    return next((t.event for t in reversed(told) if isinstance(t.event, kind)), None)


def _time(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


async def _told(committer: Committer, stream: str) -> list[Told]:
    found: list[Told] = []
    for each in await committer.store.history(stream):
        entry: Entry = committer.memory.entry(each.entry)
        caused = committer.codec.decode_all(stream, each.caused or b"[]")
        events = [entry.event, *(c.event for c in caused)]
        found += [Told(entry.happened_at_ms, entry.position + n, event) for n, event in enumerate(events)]
    return found


async def _resolved(store: Store, key: str) -> Resolved:
    rows = await store.rows(select(CONTACTS.c.need).where(CONTACTS.c.conversation == key))
    if not rows:
        return Resolved()
    needs = await store.rows(select(NEEDS.c.state, NEEDS.c.evidence).where(NEEDS.c.need == rows[0]["need"]))
    return Resolved(str(needs[0]["state"]), str(needs[0]["evidence"] or "")) if needs else Resolved()
