"""Shown: today so far, the rest of it as it looks by now, and what would change it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from baton.capabilities.workforce.events import Planning
from baton.capabilities.workforce.forecasting.series import Numbers
from baton.capabilities.workforce.reading.plan import Plan, plan
from baton.capabilities.workforce.reading.workload import Offered, local, workload
from baton.capabilities.workforce.scheduling.clocks import minute_of, shift_of
from baton.capabilities.workforce.screen.shown import DAY_MS, HISTORY_DAYS, clock
from baton.capabilities.workforce.screen.tabs import tabs
from baton.capabilities.workforce.today.updating import Level, level, passed, variance_of
from baton.capabilities.workforce.today.what_if import Floor, If, Slot, helps
from baton.capabilities.workforce.weeks.aims import aim_now
from baton.capabilities.workforce.weeks.standing import shifts_between
from baton.capabilities.workforce.weeks.who import today
from baton.web.app import App

HERE: Final = "/planning/today"
CHOICES: Final[Mapping[str, tuple[int, ...]]] = {
    "contacts": (80, 90, 100, 110, 120, 150), "handle": (80, 90, 100, 110, 120), "away": (0, 1, 2, 3, 5)
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A half hour: expected the evening before, came, expected by now with its 80 % interval, people at work, service level expected."""

    at: str
    before: float
    came: float | None
    told: tuple[float, float, float]
    people: int
    share: float | None


async def page(app: App, that: If) -> dict[str, Any]:
    """Everything the page shows; `plan` is None where the history is too short or today is a closed day."""
    now_ms, day, zone = app.clock.now_ms(), today(app), app.organisation.zone
    found = await workload(app.store, now_ms - HISTORY_DAYS * DAY_MS, now_ms)
    told = await asyncio.to_thread(plan, found, zone, day, 1, await aim_now(app))
    common = {"tabs": tabs(HERE), "that": that, "choices": CHOICES, "invented": app.organisation.invented, "here": HERE}
    if told is None or not told.days or told.days[0] != day:
        return common | {"plan": None}
    minute = minute_of(now_ms, day, zone)
    at_work = await _at_work(app, day, told.minutes)
    return common | await asyncio.to_thread(
        _seen, told, _came(found, told, day, zone), at_work, minute, that, app.policy(Planning)
    )


def _seen(
    told: Plan, came: Numbers, at_work: Sequence[int], minute: int, that: If, rules: Planning
) -> dict[str, Any]:  # fmt: skip
    before = told.expected.middle[0]
    over = passed(np.array(told.minutes), told.step_min, minute)
    by_now = level(float(came.sum()), float((before * over).sum()), _variance(told))
    left = before * (1 - over)
    slots = [Slot(m, left[n] * by_now.mean, at_work[n]) for n, m in enumerate(told.minutes) if over[n] < 1]
    floor = Floor(slots, told.step_min, told.pace, told.aim, rules)
    supposed = floor.supposing(that)
    rows = [_row(told, n, before, over, came, by_now, at_work, supposed) for n in range(len(told.minutes))]
    return {
        "plan": told, "level": by_now, "rest": by_now.of(float(left.sum())), "rows": [r for r in rows if r.before >= 0.05 or r.came], "now": clock(minute),
        "planned": any(at_work), "floor": floor, "supposed": supposed, "helps": helps(supposed) if any(at_work) else [], "clock": clock,
        "moved": that != If(), "rules": rules,
    }  # fmt: skip


def _row(
    told: Plan, n: int, before: Numbers, over: Numbers, came: Numbers, by_now: Level, at_work: Sequence[int], floor: Floor
) -> Row:  # fmt: skip
    slot = next((s for s in floor.slots if s.minute == told.minutes[n]), None)
    share = floor.share(slot) if slot is not None and slot.people else None
    return Row(
        clock(told.minutes[n]), float(before[n]), float(came[n]) if over[n] > 0 else None,
        by_now.of(float(before[n])) if over[n] < 1 else (0.0, 0.0, 0.0), at_work[n], share,
    )  # fmt: skip


def _variance(told: Plan) -> float:
    e = told.expected
    if e.day_low is None or e.day_high is None:
        return 0.01
    return variance_of(float(e.middle[0].sum()), float(e.day_low[0]), float(e.day_high[0]))


def _came(found: Sequence[Offered], told: Plan, day: date, zone: str) -> Numbers:
    counts = np.zeros(len(told.minutes))
    for row in found:
        wall = local(row.at_ms, zone)
        at = (wall.hour * 60 + wall.minute - told.minutes[0]) // told.step_min
        if not row.kept and wall.date() == day and 0 <= at < len(counts):
            counts[at] += row.contacts
    return counts


async def _at_work(app: App, day: date, minutes: Sequence[int]) -> list[int]:
    kept = await shifts_between(app.store, day.isoformat(), day.isoformat())
    shifts = [shift_of(shift, app.organisation.zone) for shift in kept]
    return [sum(shift.works_at(minute) for shift in shifts) for minute in minutes]
