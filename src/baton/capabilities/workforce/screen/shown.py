"""Shown: what the templates of the planning page are given."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from baton.capabilities.routing.events import Queue, Routing
from baton.capabilities.workforce.reading.plan import Plan, plan
from baton.capabilities.workforce.reading.workload import LEVELS, Offered, queues_of, where, workload
from baton.capabilities.workforce.screen.asking import DAYS, HERE, MORE, Asking
from baton.capabilities.workforce.screen.tabs import tabs
from baton.capabilities.workforce.staffing.mixing import Work, levels_of, with_more_ai, work
from baton.capabilities.workforce.staffing.needed import Aim, needed
from baton.capabilities.workforce.staffing.pace import by_level, pace
from baton.web.app import App
from baton.web.asked import in_words
from baton.web.staff import Staff

Context = dict[str, Any]
DAY_MS = 86_400_000
HISTORY_DAYS = 400
MIX_DAYS = 28


class Mix(msgspec.Struct, frozen=True):
    """What people have to do as it was, and as it would be with AI keeping more; people for the busiest slot of the plan, both ways."""

    before: Work
    after: Work
    peak_before: int
    peak_after: int
    kept: int
    contacts: int


async def page(app: App, staff: Staff, asking: Asking) -> Context:
    """Everything the page shows."""
    zone, now_ms = app.organisation.zone, app.clock.now_ms()
    found = await workload(app.store, now_ms - HISTORY_DAYS * DAY_MS, now_ms)
    titles = {queue.id: queue.title or in_words(queue.id) for queue in app.policy(Routing).queues}
    told, mix = await asyncio.to_thread(_planned, app, asking, found, now_ms)
    return {
        "asking": asking, "here": HERE, "plan": told, "mix": mix, "zone": zone, "filters": _filters(asking, found, titles),
        "known": bool(found), "at": told.day(asking.day) if told and asking.day else 0, "mores": MORE, "in_words": in_words,
        "may_export": app.may(staff, "export", "planning"), "invented": app.organisation.invented, "clock": clock, "day_words": day_words,
        "mix_days": MIX_DAYS, "tabs": tabs("/planning"),
    }  # fmt: skip


async def planned(app: App, asking: Asking) -> Plan | None:
    """The plan alone."""
    now_ms = app.clock.now_ms()
    found = await workload(app.store, now_ms - HISTORY_DAYS * DAY_MS, now_ms)
    return (await asyncio.to_thread(_planned, app, asking, found, now_ms))[0]


def rows_of(told: Plan) -> tuple[list[dict[str, object]], list[str]]:
    """The plan as rows to keep: one a slot."""
    rows: list[dict[str, object]] = [
        {"day": day.isoformat(), "at": clock(minute), "expected": round(float(told.expected.middle[d, s]), 2),
         "low": round(float(told.expected.low[d, s]), 2), "high": round(float(told.expected.high[d, s]), 2),
         "reps": int(told.needed.reps[d, s]), "people": int(told.needed.people[d, s])}
        for d, day in enumerate(told.days) for s, minute in enumerate(told.minutes)
    ]  # fmt: skip
    return rows, ["day", "at", "expected", "low", "high", "reps", "people"]


def clock(minute: int) -> str:
    """A minute of the day as 09:30."""
    return f"{minute // 60:02}:{minute % 60:02}"


def day_words(day: date) -> str:
    """Mon 30 Nov."""
    return f"{day:%a} {day.day} {day:%b}"


def _planned(app: App, asking: Asking, found: Sequence[Offered], now_ms: int) -> tuple[Plan | None, Mix | None]:
    zone = app.organisation.zone
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(zone)).date()
    of = where(found, asking.queue, asking.channel, level=asking.level)
    told = plan(of, zone, today, asking.days, aim_of(app.policy(Routing).queues, asking.queue))
    recent = [row for row in of if row.at_ms >= now_ms - MIX_DAYS * DAY_MS]
    return told, _mixed(told, recent, asking.more) if told else None


def aim_of(queues: Sequence[Queue], queue: str) -> Aim:
    """What a queue promises; the strictest of all where none is asked for."""
    known = [q for q in queues if q.id == queue] or list(queues)
    if not known:
        return Aim()
    return Aim(max(q.target_permille for q in known) / 1000, min(q.target_s for q in known))


def _mixed(told: Plan, recent: Sequence[Offered], more: int) -> Mix:
    people = [row for row in recent if not row.kept]
    contacts, paces, usual = levels_of(people), by_level(people), pace(people)
    before, after = work(contacts, paces, usual), work(with_more_ai(contacts, more / 100), paces, usual)
    share = sum(after.contacts.values()) / max(1.0, sum(contacts.values()))
    harder = replace(told.pace, handle_s=told.pace.handle_s * after.handle_s / max(before.handle_s, 1e-9))
    fewer = needed(told.expected.middle * share, told.step_min, harder, told.aim)
    return Mix(
        before, after, int(told.needed.people.max(initial=0)), int(fewer.people.max(initial=0)),
        sum(row.contacts for row in recent if row.kept), sum(row.contacts for row in recent),
    )  # fmt: skip


def _filters(asking: Asking, found: Sequence[Offered], titles: Mapping[str, str]) -> list[dict[str, object]]:
    queues = [(queue, titles.get(queue, in_words(queue))) for queue in queues_of(found)]
    channels = [(channel, in_words(channel)) for channel in sorted({row.channel for row in found if row.channel})]
    return [
        {"name": "queue", "label": "Queue", "options": [("", "All queues"), *queues], "value": asking.queue},
        {"name": "channel", "label": "Channel", "options": [("", "All channels"), *channels], "value": asking.channel},
        {"name": "level", "label": "Complexity", "options": [("", "Any complexity"), *((level, f"{level.title()} complexity") for level in LEVELS)], "value": asking.level},
        {"name": "days", "label": "Ahead", "options": list(DAYS.items()), "value": str(asking.days)},
    ]  # fmt: skip
