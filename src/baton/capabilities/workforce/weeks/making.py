"""Making: a week that was asked for is worked out in the pool, step by step, and told to its stream.

What is asked for stands in the log: after a restart it begins again, and gives the same shifts.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeVar

from sqlalchemy import select

from baton.capabilities.workforce.events import (
    QueueNeed,
    ShiftPlanned,
    WeekAsked,
    WeekFailed,
    WeekPlanned,
    WeekStep,
    schedule_stream,
)
from baton.capabilities.workforce.reading.workload import workload
from baton.capabilities.workforce.scheduling.clocks import planned
from baton.capabilities.workforce.scheduling.counting import Counted, Need, counted
from baton.capabilities.workforce.scheduling.people import Alike, Person, alike
from baton.capabilities.workforce.scheduling.schedule import Schedule, named
from baton.capabilities.workforce.staffing.needed import Aim
from baton.capabilities.workforce.tables import SHIFTS, WEEKS
from baton.capabilities.workforce.weeks.aims import aim_now
from baton.capabilities.workforce.weeks.needs import Asked, Counts, needs
from baton.capabilities.workforce.weeks.standing import days_of, unpopular_before
from baton.capabilities.workforce.weeks.who import people_of, today
from baton.kernel.errors import BatonError
from baton.web.app import App

A = TypeVar("A")
R = TypeVar("R")
LOOK_S: Final = 10.0
DAY_MS: Final = 86_400_000
HISTORY_DAYS: Final = 400
SOLVER_S: Final = 45.0
BATCH: Final = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Counting:
    """The first half of the work: counts of starts."""

    classes: Alike
    need: Need


@dataclass(frozen=True)
class Naming:
    """The second half: counts get names."""

    people: Sequence[Person]
    counting: Counting
    counts: Counted
    unpopular: dict[str, int]


def count(work: Counting) -> Counted:
    """Runs in the pool."""
    return counted(work.classes, work.need, SOLVER_S)


def name(work: Naming) -> Schedule:
    """Runs in the pool."""
    return named(work.people, work.counting.classes, work.counts, work.counting.need, work.unpopular)


class Making:
    """Makes the weeks that were asked for, one after another."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.news = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.news.clear()
            try:
                for monday in await self._waiting():
                    await self.make(monday)
            except Exception:
                log.exception("no week could be made; it is tried again")
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self.news.wait()

    async def make(self, monday: date) -> None:
        """One week; whatever goes wrong is said on its stream."""
        try:
            await self._made(monday)
        except BatonError as refused:
            await self._say(monday, WeekFailed(monday.isoformat(), refused.code, refused.message))
        except Exception:
            log.exception("a week could not be made", extra={"week": monday.isoformat()})
            told = "Something failed that nobody expected; it is in the server's log. Try again."
            await self._say(monday, WeekFailed(monday.isoformat(), "failed", told))

    async def _waiting(self) -> list[date]:
        rows = await self._app.store.rows(
            select(WEEKS.c.week).where(WEEKS.c.state == "asked").order_by(WEEKS.c.asked_ms)
        )
        return [date.fromisoformat(str(row["week"])) for row in rows]

    async def _made(self, monday: date) -> None:
        app, zone = self._app, self._app.organisation.zone
        await self._step(monday, "expecting")
        people = await people_of(app, monday)
        aim = await aim_now(app)
        need = await self._run(needs, await self._asked(monday, people, aim))
        if not people or not need:
            raise BatonError("nothing_to_plan", 422, _nothing(bool(people)))
        await self._step(monday, "counting")
        counting = Counting(alike(people), need)
        counts = await self._run(count, counting)
        await self._step(monday, "naming")
        unpopular = await unpopular_before(app.store, monday, zone)
        made = await self._run(name, Naming(people, counting, counts, unpopular))
        await self._tell(monday, [planned(shift, monday, zone) for shift in made.shifts])
        told = WeekPlanned(
            monday.isoformat(), len(people), _needs_of(monday, need), made.missing_half_hours, round(1000 * made.gap),
            len(made.short_rests), round(1000 * aim.away),
        )  # fmt: skip
        await self._say(monday, told)

    async def _asked(self, monday: date, people: Sequence[Person], aim: Aim) -> Asked:
        app, now_ms = self._app, self._app.clock.now_ms()
        found = await workload(app.store, now_ms - HISTORY_DAYS * DAY_MS, now_ms)
        served = frozenset[str]().union(*(person.queues for person in people))
        return Asked(found, served, app.organisation.zone, today(app), monday, aim)

    async def _tell(self, monday: date, shifts: Sequence[ShiftPlanned]) -> None:
        """The new shifts, and the end of those that are no part of the week any more; what has begun stays as it was."""
        now_ms = self._app.clock.now_ms()
        kept = {shift.slot for shift in shifts}
        rows = await self._app.store.rows(
            select(*SHIFTS.c).where(SHIFTS.c.day.in_(days_of(monday)), SHIFTS.c.start_ms > now_ms)
        )
        gone = [ShiftPlanned(str(row["rep"]), str(row["day"])) for row in rows]
        told = [*(shift for shift in gone if shift.slot not in kept), *(s for s in shifts if s.start_ms > now_ms)]
        for start in range(0, len(told), BATCH):
            await self._say(monday, *told[start : start + BATCH])

    async def _step(self, monday: date, step: Literal["expecting", "counting", "naming"]) -> None:
        await self._say(monday, WeekStep(monday.isoformat(), step))

    async def _say(self, monday: date, *events: ShiftPlanned | WeekStep | WeekFailed | WeekPlanned) -> None:
        await self._app.committer.append(schedule_stream(monday.isoformat()), *events, by="system")

    async def _run(self, work: Callable[[A], R], item: A) -> R:
        """In the pool, or in a thread where this process has none."""
        pool = self._app.pool
        return (await asyncio.to_thread(pool.map, work, [item]))[0] if pool else await asyncio.to_thread(work, item)


async def ask(app: App, monday: date, by: str, making: Making) -> None:
    """Ask for a week. Raises where it is over or under way."""
    found = await app.store.rows(select(WEEKS.c.state).where(WEEKS.c.week == monday.isoformat()))
    if monday + timedelta(days=6) < today(app) or monday.weekday():
        raise BatonError(
            "past_week", 422, f"{monday.isoformat()!r} begins no week to come. Choose a Monday from today on."
        )
    if found and found[0]["state"] == "asked":
        raise BatonError("made_already", 409, "This week is being made. Load the page to see how far it is.")
    await app.committer.append(schedule_stream(monday.isoformat()), WeekAsked(monday.isoformat(), by), by=f"staff/{by}")
    making.news.set()


def _nothing(people: bool) -> str:
    if people:
        return "Nothing is expected in this week: a queue that people serve needs two weeks of contacts. Import contact records or wait."
    return "No rep may work in this week. Give reps skills, or look at leave and contracts."


def _needs_of(monday: date, need: dict[str, Counts]) -> tuple[QueueNeed, ...]:
    return tuple(
        QueueNeed(queue, day, tuple(int(reps) for reps in slots[n]))
        for queue, slots in need.items()
        for n, day in enumerate(days_of(monday))
    )
