"""Records: every change of policy, access to personal data and erasure, searched by who, what, when and on what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, Table, func, select

from baton.capabilities.governance.privacy.certificate import GROUNDS
from baton.capabilities.governance.privacy.governance import WHYS
from baton.capabilities.governance.tables import ACCESS, CHANGES, ERASURES, TAKEN
from baton.web.app import App

KINDS: Final[Mapping[str, str]] = {
    "policy": "Changed a policy", "look": "Read a conversation", "out": "Took personal data out", "erased": "Forgot a person",
    "sign_in": "Signed in",
}  # fmt: skip
LOOKED: Final = {"look": "looked", "sign_in": "signed_in"}
TAKEN_OUT: Final[Mapping[str, str]] = {"vcon": "a vCon", "person": "everything of one person"}
PAGE: Final = 100
MOST: Final = 10_000
LONGEST: Final = 100


@dataclass(frozen=True)
class Record:
    """Somebody did something at a position of the log. `who` is a member of staff's id or what Baton calls itself."""

    position: int
    at_ms: int
    kind: str
    who: str
    on: str
    why: str = ""
    replay: str = ""
    emergency: bool = False


@dataclass(frozen=True)
class Search:
    """What was asked for; empty means any. `before` is the position the page begins below."""

    who: str = ""
    kind: str = ""
    on: str = ""
    since: str = ""
    until: str = ""
    before: int = 0
    ids: frozenset[str] = field(default_factory=frozenset)

    def query(self) -> dict[str, str]:
        """As the address keeps it."""
        told = {"who": self.who, "kind": self.kind, "on": self.on, "from": self.since, "until": self.until}
        return {name: value for name, value in told.items() if value}


def asked(app: App, query: Mapping[str, str]) -> Search:
    """What a request asks for; what makes no sense is passed over."""
    who, on = query.get("who", "")[:LONGEST].strip(), query.get("on", "")[:LONGEST].strip()
    kind, before = query.get("kind", ""), query.get("before", "")
    ids = {s.id for s in app.accounts.everyone() if who and who.lower() in f"{s.name} {s.email}".lower()}
    return Search(
        who, kind if kind in KINDS else "", on, _day(query.get("from", "")), _day(query.get("until", "")),
        int(before) if before.isdecimal() and len(before) < 17 else 0, frozenset(ids),
    )  # fmt: skip


async def found(app: App, search: Search, limit: int = PAGE) -> list[Record]:
    """Records that fit, the newest first."""
    made: list[Record] = []
    for kind in [search.kind] if search.kind else KINDS:
        made += await _of(app, kind, search, limit)
    return sorted(made, key=lambda record: -record.position)[:limit]


async def _of(app: App, kind: str, search: Search, limit: int) -> list[Record]:
    table: Table = {"policy": CHANGES, "out": TAKEN, "erased": ERASURES}.get(kind, ACCESS)
    who = table.c.author if table is CHANGES else table.c.staff
    on = _on(table)
    query = select(table).where(*_when(app, table, search))
    if table is ACCESS:
        query = query.where(table.c.act == LOOKED[kind])
    if table is ERASURES:
        query = query.where(table.c.state == "erased")
    if search.who:
        query = query.where(who.in_(sorted(search.ids)) | _holds(who, search.who))
    if search.on:
        matches = _holds(on[0], search.on)
        for column in on[1:]:
            matches |= _holds(column, search.on)
        query = query.where(matches)
    rows = await app.store.survey(query.order_by(table.c.position.desc()).limit(limit))
    return [_record(kind, row) for row in rows]


def _when(app: App, table: Table, search: Search) -> Sequence[ColumnElement[bool]]:
    zone = ZoneInfo(app.organisation.zone)
    made = [table.c.position < search.before] if search.before else []
    at_ms = table.c.erased_ms if table is ERASURES else table.c.at_ms
    if search.since:
        made.append(at_ms >= _ms(search.since, zone))
    if search.until:
        made.append(at_ms < _ms(search.until, zone, 1))
    return made


def _on(table: Table) -> list[Column[str]]:
    """The columns that tell on what it was done."""
    if table is ERASURES:
        return [table.c.subject]
    return (
        [table.c.policy]
        if table is CHANGES
        else [table.c.conversation, *([table.c.customer] if table is TAKEN else [])]
    )


def _holds(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    return func.lower(column).contains(words.lower(), autoescape=True)


def _record(kind: str, row: Mapping[str, object]) -> Record:
    at, at_ms = int(str(row["position"])), int(str(row["erased_ms" if kind == "erased" else "at_ms"]))
    if kind == "erased":
        return Record(
            at,
            at_ms,
            kind,
            str(row["staff"] or ""),
            str(row["subject"]),
            next(GROUNDS[w] for w in WHYS if w == row["why"]),
        )
    if kind == "policy":
        why, replay = str(row["why"] or ""), str(row["replay"] or "")
        return Record(
            at, at_ms, kind, str(row["author"] or ""), str(row["policy"]), why, replay, bool(row["emergency"])
        )
    on = str(row["conversation"] or row.get("customer") or "").rpartition("/")[2]
    if kind == "sign_in":
        return Record(at, at_ms, kind, str(row["staff"] or ""), "", f"as {str(row['role']).replace('_', ' ')}")
    why = TAKEN_OUT.get(str(row.get("kind") or ""), str(row.get("kind") or ""))
    return Record(at, at_ms, kind, str(row["staff"] or ""), on, why)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _ms(day: str, zone: ZoneInfo, after: int = 0) -> int:
    began = datetime.combine(date.fromisoformat(day) + timedelta(days=after), time(), zone)
    return int(began.timestamp() * 1000)
