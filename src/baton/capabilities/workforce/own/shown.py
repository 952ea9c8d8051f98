"""Shown: what a rep's own page is given, and the page of what was asked for."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import or_, select

from baton.capabilities.workforce.adherence.reading import adherence
from baton.capabilities.workforce.events import ShiftPlanned, Swap, week_of
from baton.capabilities.workforce.own.commands import Row, around, cost_of_leave, cost_of_swap, swap_of
from baton.capabilities.workforce.scheduling.rules import CHOSEN, WHY, Around, against_swap
from baton.capabilities.workforce.screen.shown import day_words
from baton.capabilities.workforce.screen.tabs import tabs
from baton.capabilities.workforce.tables import FEEDS, LEAVES, SWAPS
from baton.capabilities.workforce.weeks.shown import Cell, cell_of, paid_h
from baton.capabilities.workforce.weeks.standing import days_of, shifts_between
from baton.capabilities.workforce.weeks.who import today
from baton.web.app import App
from baton.web.staff import Staff

WEEKS: Final = 5
ADHERENCE_DAYS: Final = 28
STATES: Final[Mapping[str, str]] = {
    "asked": "waits for an answer", "accepted": "accepted, waits for approval", "declined": "declined", "withdrawn": "taken back",
    "approved": "approved", "refused": "refused", "moved": "not possible any more: a shift had changed",
}  # fmt: skip


class Day(msgspec.Struct, frozen=True):
    """A day of a rep's: the shift, or None; and whom they could ask to take it."""

    day: date
    cell: Cell | None
    takers: tuple[tuple[str, str], ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """A question that waits: what it is, how many half hours it would leave missing (None: not known), and what stands against it."""

    key: str
    name: str
    words: str
    cost: int | None
    against: tuple[str, ...] = ()


async def mine(app: App, staff: Staff) -> dict[str, Any]:
    """A rep's own page."""
    now, zone = today(app), app.organisation.zone
    monday = date.fromisoformat(week_of(now.isoformat()))
    kept = await shifts_between(app.store, monday.isoformat(), (monday + timedelta(weeks=WEEKS)).isoformat(), staff.id)
    names = {each.id: each.name for each in app.accounts.everyone()}
    swaps = [swap_of(row) for row in await _swaps(app, staff.id)]
    own = (await adherence(app, now - timedelta(days=ADHERENCE_DAYS), now, staff.id)).get(staff.id)
    feed = await app.store.rows(select(FEEDS.c.fingerprint).where(FEEDS.c.rep == staff.id))
    return {
        "weeks": [await _week(app, staff, monday + timedelta(weeks=n), kept, names) for n in range(WEEKS)], "today": now, "zone": zone,
        "leaves": await _leaves(app, staff.id), "states": STATES, "why": WHY, "swaps": [(s, _swap_words(s, names)) for s in swaps],
        "day_words": day_words, "own": own, "adherence_days": ADHERENCE_DAYS, "has_feed": bool(feed and feed[0]["fingerprint"]),
    }  # fmt: skip


async def asked(app: App) -> dict[str, Any]:
    """What waits for whoever may approve, and what was answered lately."""
    names = {each.id: each.name for each in app.accounts.everyone()}
    leaves = await app.store.rows(
        select(*LEAVES.c).where(LEAVES.c.state == "asked").order_by(LEAVES.c.asked_ms).limit(100)
    )
    rows = await app.store.rows(
        select(*SWAPS.c).where(SWAPS.c.state == "accepted").order_by(SWAPS.c.changed_ms).limit(100)
    )
    swaps = [swap_of(row) for row in rows]
    return {
        "tabs": tabs("/planning/asked"), "reasons": [(label, WHY[label]) for label in CHOSEN], "why": WHY,
        "leaves": [await _leave_asked(app, row, names) for row in leaves], "swaps": [await _swap_asked(app, swap, names) for swap in swaps],
    }  # fmt: skip


async def _leave_asked(app: App, row: Row, names: Mapping[str, str]) -> Asked:
    rep = str(row["rep"])
    return Asked(str(row["leave"]), names.get(rep, rep), leave_words(row), await cost_of_leave(app, row))


async def _swap_asked(app: App, swap: Swap, names: Mapping[str, str]) -> Asked:
    against = against_swap(swap, await around(app, date.fromisoformat(swap.day)))
    return Asked(
        swap.swap,
        names.get(swap.rep, swap.rep),
        _swap_words(swap, names),
        await cost_of_swap(app, swap),
        tuple(WHY[label] for label in against),
    )


async def _week(
    app: App, staff: Staff, monday: date, kept: list[ShiftPlanned], names: Mapping[str, str]
) -> tuple[date, list[Day], float]:  # fmt: skip
    own = {shift.day: shift for shift in kept if shift.day in days_of(monday)}
    looked = await around(app, monday) if own else None
    days = [_day(app, staff, monday + timedelta(days=n), own, looked, names) for n in range(7)]
    return monday, days, paid_h(list(own.values()))


def _day(
    app: App, staff: Staff, day: date, own: Mapping[str, ShiftPlanned], looked: Around | None, names: Mapping[str, str]
) -> Day:  # fmt: skip
    shift = own.get(day.isoformat())
    if shift is None or looked is None or shift.start_ms <= app.clock.now_ms():
        return Day(day, cell_of(shift, app.organisation.zone) if shift else None)
    return Day(day, cell_of(shift, app.organisation.zone), tuple(_takers(staff.id, shift, looked, names)))


def _takers(rep: str, shift: ShiftPlanned, looked: Around, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Colleagues who could take a shift: for one of theirs in the week, or for none."""
    found = []
    for other in sorted(looked.people, key=lambda other: names.get(other, other)):
        for back in (
            "",
            *(
                s.day
                for s in looked.shifts
                if s.rep == other and s.day in days_of(date.fromisoformat(week_of(shift.day)))
            ),
        ):
            if other != rep and not against_swap(Swap("", rep, shift.day, other, back), looked):
                back_words = f" for theirs of {day_words(date.fromisoformat(back))}" if back else ", for none of theirs"
                found.append((f"{other}|{back}", names.get(other, other) + back_words))
    return found


async def _swaps(app: App, rep: str) -> list[Row]:
    of_mine = or_(SWAPS.c.rep == rep, SWAPS.c.other == rep)
    return list(await app.store.rows(select(*SWAPS.c).where(of_mine).order_by(SWAPS.c.changed_ms.desc()).limit(20)))


async def _leaves(app: App, rep: str) -> list[tuple[Row, str]]:
    rows = await app.store.rows(select(*LEAVES.c).where(LEAVES.c.rep == rep).order_by(LEAVES.c.first.desc()).limit(20))
    return [(row, leave_words(row)) for row in rows]


def leave_words(row: Row) -> str:
    """Mon 30 Nov to Fri 4 Dec."""
    first, last = (date.fromisoformat(str(row[end])) for end in ("first", "last"))
    return day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}"


def _swap_words(swap: Swap, names: Mapping[str, str]) -> str:
    given, other = day_words(date.fromisoformat(swap.day)), names.get(swap.other, swap.other)
    back = f" for {day_words(date.fromisoformat(swap.other_day))}" if swap.other_day else ", for no shift of theirs"
    return f"{names.get(swap.rep, swap.rep)} gives {given} to {other}{back}"
