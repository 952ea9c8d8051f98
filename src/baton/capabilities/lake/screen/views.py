"""What is shown of one conversation: its row, how it went, its need with the history of it, and the same customer's others."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from baton.capabilities.agents.events import Agents
from baton.capabilities.lake.asking import conversation, labels, segments
from baton.capabilities.lake.screen import words
from baton.capabilities.lake.screen.selection import others
from baton.capabilities.lake.screen.timeline import decisions, items, moods
from baton.capabilities.resolution.tables import CHANGES, NEEDS
from baton.capabilities.routing.events import Routing, Wait
from baton.kernel.conversation import Holder
from baton.kernel.stream import Stream
from baton.web import formats
from baton.web.app import App
from baton.web.asked import in_words
from baton.web.reader import Told
from baton.web.refusals import not_found
from baton.web.staff import Staff

Context = dict[str, Any]


def names(app: App) -> words.Names:
    """Who and what the ids stand for."""
    agents = {a.id: a.name for a in app.policy(Agents).agents}
    queues = {q.id: q.title for q in app.policy(Routing).queues if q.title}
    return words.Names({s.id: s.name for s in app.accounts.everyone()}, agents, queues)


async def told_of(app: App, staff: Staff, stream: Stream) -> Context:
    """Everything the page of a conversation shows; raises 404 where nothing was measured of it."""
    row = await conversation(app.store, stream.key)
    if row is None:
        raise not_found()
    told = await app.hiding.told(staff, await app.reader.told(stream.id))
    need, waits = str(row["need"] or ""), stream.facts.get(Wait)
    own = staff.id if staff.role == "rep" else ""
    return {
        "row": row, "stream": stream, "hidden": not app.hiding.plain(staff), "items": items(told, names(app)), "moods": moods(told), "last": last_of(told), "decided": len(decisions(told)),
        "need": await _need(app, need), "changes": await _changes(app, need), "labels": await labels(app.store, stream.key),
        "now": words.has_it(stream.facts.get(Holder), waits.queue if waits else str(row["queue"] or ""), names(app)),
        "stated": [words.stated(label) for label in await labels(app.store, stream.key)], "about": _about(app, row),
        "segments": await segments(app.store, stream.key), "others": await others(app.store, str(row["customer"] or ""), stream.key, own),
    }  # fmt: skip


def _about(app: App, row: Mapping[str, object]) -> list[tuple[str, str]]:
    zone, began, ended = app.organisation.zone, whole(row["started_ms"]), whole(row["ended_ms"])
    told = {
        "Began": formats.day_time(began, zone) if began else "", "Lasted": formats.duration_words(ended - began) if ended else "under way",
        "Channel": row["channel"], "Language": row["language"], "Queue": names(app).queue(str(row["queue"])) if row["queue"] else "",
        "Agent": names(app).agent(str(row["agent"])) if row["agent"] else "", "Source": row["source"], "Handed over": in_words(str(row["reason"] or "")),
        "Ended": in_words(str(row["why"] or "")), "Customer": str(row["customer"] or "anonymous")[:6] if row["customer"] else "anonymous",
        "Brand": row["brand"], "Site": row["site"],
    }  # fmt: skip
    return [(term, str(value)) for term, value in told.items() if value]


async def _need(app: App, need: str) -> Mapping[str, object] | None:
    rows = await app.store.rows(select(NEEDS).where(NEEDS.c.need == need)) if need else []
    return rows[0] if rows else None


async def _changes(app: App, need: str) -> list[Mapping[str, object]]:
    query = select(CHANGES).where(CHANGES.c.need == need).order_by(CHANGES.c.at_ms.desc(), CHANGES.c.position.desc())
    return list(await app.store.rows(query)) if need else []


def last_of(told: Sequence[Told]) -> int:
    """The last position that is told, of an input or of what it caused."""
    return told[-1][0].position + len(told[-1][1]) if told else 0


def whole(value: object) -> int:
    """An integer cell; 0 where it is empty."""
    return value if isinstance(value, int) else 0
