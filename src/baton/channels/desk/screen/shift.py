"""Shift: the one a rep is in or has next, in words."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from baton.capabilities.workforce.tables import SHIFTS
from baton.web.app import App
from baton.web.staff import Staff

HALF_HOUR_MS: Final = 1_800_000


async def next_shift(app: App, staff: Staff) -> str:
    """`today 09:00 to 17:30, meal 13:00`, or `Mon 30 Nov 09:00 to 17:30`; empty where none is planned."""
    now, zone = app.clock.now_ms(), ZoneInfo(app.organisation.zone)
    query = select(SHIFTS.c.start_ms, SHIFTS.c.end_ms, SHIFTS.c.meal_ms).where(
        SHIFTS.c.rep == staff.id, SHIFTS.c.end_ms > now
    )
    found = await app.store.rows(query.order_by(SHIFTS.c.start_ms).limit(1))
    if not found:
        return ""
    times = [int(str(found[0][name] or 0)) for name in ("start_ms", "end_ms", "meal_ms")]
    start, end, meal = (datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone) for ms in times)
    is_today = start.date() == datetime.fromtimestamp(now / 1000, UTC).astimezone(zone).date()
    day = "today" if is_today else f"{start:%a} {start.day} {start:%b}"
    to_come = is_today and times[2] + HALF_HOUR_MS > now
    return f"{day} {start:%H:%M} to {end:%H:%M}" + (f", meal {meal:%H:%M}" if to_come else "")
