"""Asking: what the AI use page was asked to show, and who may see what of it."""

from collections.abc import Sequence

import msgspec
from fastapi import Request
from sqlalchemy import Select, func, select

from baton.capabilities.ai_use.reading.uses import DAY_MS, Use, whole
from baton.capabilities.ai_use.tables import DRAFTS
from baton.capabilities.governance.events import Agreement, Level
from baton.web.app import App
from baton.web.asked import Asked, address, asked_of
from baton.web.staff import Staff

HERE = "/ai-use"
MEASURE = "ai_use"
"""Rows of single reps exist as far as the agreement with the works council has this measure; a rep sees their own, everybody else teams."""


class Asking(msgspec.Struct, frozen=True):
    """Which uses, of which tool, rep or team, and which step of the funnel."""

    asked: Asked
    tool: str = ""
    rep: str = ""
    team: str = ""
    step: str = ""

    def href(self, path: str = HERE, **changes: str) -> str:
        """An address that asks the same, with changes; an empty change takes something away."""
        told = {**self.asked.query(took=""), "tool": self.tool, "rep": self.rep, "team": self.team, "step": self.step}
        return address(path, {**told, **changes})


def level_of(app: App, staff: Staff) -> Level:
    """Whether rows of single reps exist for someone, and how far back."""
    return app.policy(Agreement).level(MEASURE, staff.role, app.clock.now_ms())


async def asking_of(app: App, request: Request) -> Asking:
    """What a request asks; where it names no time and the last 28 days are empty, all of the log."""
    query, now_ms, zone = request.query_params, app.clock.now_ms(), app.organisation.zone
    asked = asked_of(query, now_ms, zone)
    last: Select[tuple[object, ...]] = select(func.max(DRAFTS.c.day).label("last"))
    newest_ms = whole((await app.store.rows(last))[0]["last"]) * DAY_MS
    if newest_ms and newest_ms < asked.from_ms - DAY_MS and not any(query.get(n) for n in ("range", "from", "until")):
        asked = asked_of({**query, "range": "all"}, now_ms, zone)
    return Asking(asked, *(query.get(name, "")[:80] for name in ("tool", "rep", "team", "step")))


def allowed(staff: Staff, uses: Sequence[Use]) -> list[Use]:
    """What someone may see row by row: a rep their own, everybody else all (without names, where they may not see them)."""
    return [u for u in uses if u.rep == staff.id] if staff.role == "rep" else list(uses)
