"""The page of waits: what was promised, what was kept, by queue and by hour, with the rows behind it."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import Request

from baton.capabilities.individual.events import Individual, Learned
from baton.capabilities.individual.waiting.kept import Kept, Row, by, hour_in, of, quotes
from baton.capabilities.routing.events import Routing
from baton.web.app import App
from baton.web.asked import RANGES, USUAL, WORDS, Asked, asked_of
from baton.web.staff import Staff

HERE: Final = "/waits"
COLUMNS: Final = (
    "conversation",
    "whom",
    "queue",
    "rep",
    "at_ms",
    "wait_ms",
    "within_ms",
    "took_ms",
    "answered",
    "kept",
)
WHOM: Final = {"anyone": "Whoever is free first", "rep": "One rep by name"}


def asking(app: App, request: Request) -> Asked:
    """What the address asks."""
    return asked_of(request.query_params, app.clock.now_ms(), app.organisation.zone)


async def rows_of(app: App, asked: Asked) -> list[Row]:
    """The quotes asked for."""
    return await quotes(app.store, asked.from_ms, asked.until_ms, asked.queue)


async def page(app: App, staff: Staff, asked: Asked) -> dict[str, Any]:
    """What the page shows."""
    every, titles = await rows_of(app, asked), {queue.id: queue.title for queue in app.policy(Routing).queues}
    rows = [row for row in every if row["found"]]
    return {
        "asked": asked, "here": HERE, "whom": [of(WHOM[w], chosen) for w in WHOM if (chosen := _for(rows, w))], "learned": app.policy(Learned),
        "queues": by(rows, lambda row: titles.get(str(row["queue"]), str(row["queue"]))), "hours": by(rows, hour_in(app.organisation.zone)),
        "nominal": app.policy(Individual).nominal_permille, "filters": _filters(asked, titles), "may_export": app.may(staff, "export", "live"),
        "told": len(every), "free": of("Somebody was free", free) if (free := [row for row in every if not row["found"]]) else None,
    }  # fmt: skip


def figures(rows: Sequence[Row], zone: str) -> list[tuple[str, Kept]]:
    """Every group of the page: what it is cut by, and what was kept."""
    cuts = [("whom", by(rows, lambda row: str(row["whom"]))), ("queue", by(rows, lambda row: str(row["queue"])))]
    return [(name, kept) for name, of_cut in [*cuts, ("hour", by(rows, hour_in(zone)))] for kept in of_cut]


def _for(rows: Sequence[Row], whom: str) -> list[Row]:
    return [row for row in rows if row["whom"] == whom]


def _filters(asked: Asked, titles: dict[str, str]) -> list[dict[str, object]]:
    ranges = [(name, WORDS[name]) for name in (USUAL, *(r for r in RANGES if r != USUAL), "all")]
    return [
        {"name": "range", "label": "Time range", "options": ranges, "value": asked.range},
        {"name": "queue", "label": "Queue", "options": [("", "All queues"), *titles.items()], "value": asked.queue},
    ]
