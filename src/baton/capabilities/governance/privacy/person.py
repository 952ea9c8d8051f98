"""Person: everything Baton keeps of one person, in words they understand: as JSON and as a page, in one file for them."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import select

from baton.capabilities.governance.privacy import consent, looks
from baton.capabilities.governance.privacy.subject import CONVERSATION, Subject
from baton.capabilities.resolution.tables import PROMISES
from baton.kernel.conversation import Decided, Entry, Pinned, Started, TurnSaid
from baton.kernel.events import Event
from baton.web import formats
from baton.web.app import App
from baton.web.asked import in_words

Told = dict[str, Any]
READ_ME: Final = "person.html is to be read, person.json to be taken elsewhere. Both say the same.\n"


async def everything(app: App, subject: Subject) -> Told:
    """What is kept of this person. Names of staff are given; those of other customers never are."""
    names = {staff.id: staff.name for staff in app.accounts.everyone()}
    return {
        "made_at": app.clock.now_ms(),
        "organisation": app.organisation.name,
        "identities": list(subject.customers),
        "conversations": [await _conversation(app, s, names) for s in subject.streams if s.startswith(CONVERSATION)],
        "remembered": [told for s in subject.streams if not s.startswith(CONVERSATION) for told in await _facts(app, s)],
        "agreed": [_plain(each) for each in await consent.of(app.store, subject.customers)],
        "promised": await _promises(app, subject),
        "looked_at_by": [
            {"at_ms": s.at_ms, "who": names.get(s.staff, s.staff) or "you", "what": s.what, "conversation": s.conversation}
            for s in await looks.seen(app, customers=subject.customers, conversation="" if subject.customers else subject.conversations[0])
        ],
    }  # fmt: skip


async def archive(app: App, subject: Subject) -> bytes:
    """The same as a zip of JSON and a page."""
    told = await everything(app, subject)
    page = app.templates.get_template("capabilities/governance/privacy/pages/person.html").render(
        told=told, zone=app.organisation.zone, in_words=in_words, formats=formats
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("read-me.txt", READ_ME)
        files.writestr("person.json", json.dumps(told, ensure_ascii=False, indent=1))
        files.writestr("person.html", page)
    return made.getvalue()


async def _conversation(app: App, stream: str, names: dict[str, str]) -> Told:
    told = await app.reader.told(stream)
    begun = next((e.event for e, _ in told if isinstance(e.event, Started)), Started())
    flat = [(entry, event) for entry, caused in told for event in (entry.event, *caused)]
    return {
        "conversation": stream.removeprefix(CONVERSATION), "channel": begun.channel, "language": begun.language,
        "began_ms": told[0][0].happened_at_ms if told else 0, "last_ms": told[-1][0].happened_at_ms if told else 0,
        "said": [_turn(e, event, names) for e, event in flat if isinstance(event, TurnSaid)],
        "decided": [_decision(e, event) for e, event in flat if isinstance(event, Decided)],
        "also_kept": list(_others(flat)),
        "understood": await _facts(app, stream),
    }  # fmt: skip


def _turn(entry: Entry, said: TurnSaid, names: dict[str, str]) -> Told:
    who = "you" if said.role == "customer" else names.get(said.who, said.who) or said.role
    return {"at_ms": entry.happened_at_ms, "role": said.role, "who": who, "text": said.text}


def _decision(entry: Entry, decided: Decided) -> Told:
    return {
        "at_ms": entry.happened_at_ms, "what": in_words(decided.action), "why": decided.why,
        "instead_of": [in_words(each.action) for each in decided.over], "refused": [f"{in_words(v.action)}: {v.why}" for v in decided.vetoed],
    }  # fmt: skip


def _others(flat: Sequence[tuple[Entry, Event]]) -> Iterator[Told]:
    """Notes, callbacks, tool answers: whatever else holds words of or about the person."""
    for entry, event in flat:
        if isinstance(event, TurnSaid):
            continue
        found = {
            in_words(name): _plain(value) for name in event.personal_fields if (value := getattr(event, name, None))
        }
        if found:
            yield {"at_ms": entry.happened_at_ms, "what": _named(event), **found}


async def _facts(app: App, stream: str) -> list[Told]:
    """What holds of a stream now, by name, with its values."""
    found = await app.reader.stream(stream)
    facts = [] if found is None else [fact for fact in found.facts if not isinstance(fact, Pinned)]
    return [{"what": _named(fact), **_values(fact)} for fact in facts]


def _values(event: Event) -> Told:
    return {in_words(name): value for name, value in _plain(event).items() if value not in ("", 0, [], {}, None)}


def _named(event: Event) -> str:
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in type(event).__name__)
    return words.strip().capitalize()


async def _promises(app: App, subject: Subject) -> list[Told]:
    query = select(PROMISES).where(PROMISES.c.conversation.in_(subject.conversations)).order_by(PROMISES.c.said_ms)
    return [
        {"what": in_words(str(r["deed"])), "said_ms": r["said_ms"], "due_ms": r["due_ms"], "stands": r["state"]}
        for r in await app.store.rows(query)
    ]  # fmt: skip


def _plain(value: object) -> Any:
    return msgspec.to_builtins(value, builtin_types=(bytes,))
