"""History: what changed in an entry, by whom and why, read from the versions of the policy; and the runs that judged it."""

import msgspec
from sqlalchemy import select

from baton.capabilities.governance.events import REGISTER, Register
from baton.capabilities.governance.register.fields import FIELDS
from baton.capabilities.governance.tables import SWITCHES
from baton.capabilities.orchestration.tables import REPLAYS
from baton.kernel.conversation import PolicyRevised
from baton.web.app import App

SHOWN = 20


class Change(msgspec.Struct, frozen=True):
    """One version of the register that touched an entry."""

    position: int
    at_ms: int
    who: str
    why: str
    fields: tuple[str, ...]


class Run(msgspec.Struct, frozen=True):
    """A replay: what a change would have done to past traffic, shown before it went live."""

    replay: str
    title: str
    state: str
    over_ms: int
    contacts: int


async def versions(app: App) -> list[tuple[int, int, PolicyRevised, Register]]:
    """Every version of the register, oldest first: position, time, event, body."""
    found = []
    for entry, _ in await app.reader.told(f"policy/{REGISTER}"):
        if isinstance(entry.event, PolicyRevised):
            found.append(
                (
                    entry.position,
                    entry.happened_at_ms,
                    entry.event,
                    msgspec.json.decode(entry.event.body, type=Register),
                )
            )
    return found


async def changes_of(app: App, id: str) -> list[Change]:
    """What changed in one entry, the latest first."""
    told, before = [], Register()
    for position, at_ms, event, now in await versions(app):
        fields = _differs(id, before, now)
        if fields:
            told.append(Change(position, at_ms, event.author, event.why.removeprefix(f"{id}: "), fields))
        before = now
    return told[::-1]


class Stopped(msgspec.Struct, frozen=True):
    """A turn of the kill switch after which the agent was stopped."""

    at_ms: int
    who: str
    why: str


async def stops(app: App, id: str) -> list[Stopped]:
    """When the kill switch stopped an agent, the latest first."""
    told, was = [], False
    for row in await app.store.rows(select(SWITCHES).order_by(SWITCHES.c.position)):
        now = bool({id, "*"} & set(str(row["agents"] or "").split(",")))
        if now and not was:
            told.append(Stopped(int(str(row["at_ms"])), str(row["staff"]), str(row["why"] or "")))
        was = now
    return told[::-1][:SHOWN]


async def runs(app: App) -> list[Run]:
    """The replays that were done, the latest first."""
    query = select(REPLAYS).where(REPLAYS.c.state == "done").order_by(REPLAYS.c.asked_ms.desc()).limit(SHOWN)
    return [
        Run(
            str(r["replay"]),
            str(r["title"]),
            str(r["state"]),
            int(str(r["over_ms"] or 0)),
            int(str(r["contacts"] or 0)),
        )
        for r in await app.store.rows(query)
    ]


def _differs(id: str, before: Register, now: Register) -> tuple[str, ...]:
    was, entry = before.of(id), now.of(id)
    told = ["first version"] if was is None and entry is not None else []
    if was is not None and entry is not None:
        told = [f.label for f in FIELDS.values() if getattr(was, f.id) != getattr(entry, f.id)]
        told += ["Disclosure"] if was.disclosures != entry.disclosures else []
    mine, theirs = ([a for a in r.approvals if a.system == id] for r in (now, before))
    if mine != theirs:
        told.append("approval" if len(mine) >= len(theirs) else "approval withdrawn")
    return tuple(told)
