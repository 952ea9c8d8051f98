"""What the pages of Understanding show."""

from typing import Any

import msgspec

from baton.capabilities.agents.events import Procedures
from baton.capabilities.knowledge.events import Articles
from baton.capabilities.orchestration.events import ConfusedPair, Intents
from baton.capabilities.orchestration.teaching.corrections import kept as corrections
from baton.capabilities.orchestration.teaching.given import Wish, sealed
from baton.capabilities.orchestration.teaching.standing import SHIPPED, Kept, every, one, switches, unqueued
from baton.capabilities.routing.events import Routing
from baton.engines.models.own.lessons import Lesson
from baton.engines.models.own.rows import Row
from baton.web.app import App
from baton.web.asked import in_words
from baton.web.staff import Staff

Context = dict[str, Any]
FEWEST = 100
"""Rows below which a calibration error says nothing."""
FAULTS = {
    "empty": ("without text or label", "nothing is to be learned there"),
    "duplicate": ("repeating an earlier row", "the first one counts"),
    "conflict": ("with one text under two labels", "nobody knows which is right"),
    "leak": ("also among the test rows", "a head that has seen the answer is not measured"),
}
"""What rows of a fault are, and what becomes of them where somebody goes on."""


class Mistaken(msgspec.Struct, frozen=True):
    """A confused pair with its rows; the words only for those who may teach."""

    pair: ConfusedPair
    rows: list[Row]


async def page(app: App, staff: Staff, wish: Wish, refused: str) -> Context:
    """The heads, the form with what was filled in, and why it was refused."""
    live, made = app.policy(Intents), await switches(app)
    known = await every(app)
    return {
        **_common(app, staff), "heads": known, "switches": made, "live": live, "since": made[0] if made else None,
        "kept": next((k for k in known if k.head == live.head), None), "before": _before(made), "corrections": (told := await corrections(app)).may, "not_agreed": told.left_out,
        "wish": wish, "refused": refused, "unqueued": unqueued(app, live.labels),
    }  # fmt: skip


async def head_page(app: App, staff: Staff, key: str) -> Context:
    """One head: how far it is, its figures, what it confuses, and what goes with switching to it."""
    kept, made, live = await one(app, key), await switches(app), app.policy(Intents)
    sides = {side.name: side for side in kept.figures.sides} if kept.figures else {}
    return {
        **_common(app, staff), "kept": kept, "sides": sides, "fewest": FEWEST, "is_live": live.head == kept.head, "seen": made[0].position if made else 0,
        "against": await _title(app, kept.figures.against) if kept.figures else "", "unqueued": unqueued(app, kept.labels),
        "mistaken": await _mistaken(app, staff, kept), "lost": _lost(app, kept), "live_title": live.title if live.head else SHIPPED,
    }  # fmt: skip


def _common(app: App, staff: Staff) -> Context:
    return {
        "zone": app.organisation.zone, "in_words": in_words, "names": {s.id: s.name for s in app.accounts.everyone()},
        "may_teach": app.may(staff, "change", "performance"), "may_switch": app.may(staff, "approve", "performance"),
        "queues": [(q.id, q.title or in_words(q.id)) for q in app.policy(Routing).queues], "faults": FAULTS, "shipped": SHIPPED,
        "may_open": app.may(staff, "open", "conversations"),
    }  # fmt: skip


def _before(made: list[Any]) -> str:
    """What undoing would go back to; nothing where nobody switched."""
    if not made:
        return ""
    return str(made[1].title) if len(made) > 1 else SHIPPED


async def _title(app: App, head: str) -> str:
    if not head:
        return SHIPPED
    return next((k.title for k in await every(app) if k.head == head), head)


async def _mistaken(app: App, staff: Staff, kept: Kept) -> list[Mistaken]:
    if kept.figures is None:
        return []
    raw = await sealed(app).get(kept.head, f"{kept.head}/examples") if app.may(staff, "change", "performance") else None
    held = msgspec.msgpack.decode(raw, type=Lesson).held if raw else []
    return [Mistaken(pair, [held[n] for n in pair.rows if n < len(held)]) for pair in kept.figures.confused]


def _lost(app: App, kept: Kept) -> list[str]:
    """Labels that procedures and articles are filed under and this head cannot name: they would not be found by intent."""
    filed = [each.intents for each in app.policy(Procedures).procedures]
    filed += [each.intents for each in app.policy(Articles).articles]
    return sorted({label for intents in filed for label in intents} - set(kept.labels))
