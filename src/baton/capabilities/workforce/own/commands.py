"""Commands: a rep asks for days off or a swap, colleagues answer, a planner or supervisor decides. Rules are checked at each step."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, Literal

import msgspec
from sqlalchemy import select

from baton.capabilities.workforce.events import (
    LeaveAnswered,
    LeaveAsked,
    ShiftPlanned,
    Swap,
    SwapAnswered,
    SwapAsked,
    schedule_stream,
    week_of,
)
from baton.capabilities.workforce.scheduling.clocks import shift_of
from baton.capabilities.workforce.scheduling.cover import missing
from baton.capabilities.workforce.scheduling.rules import CHOSEN, WHY, Around, against_leave, against_swap, changed
from baton.capabilities.workforce.scheduling.swapping import exchanged
from baton.capabilities.workforce.tables import LEAVES, SWAPS
from baton.capabilities.workforce.weeks.standing import shifts_between, week
from baton.capabilities.workforce.weeks.who import people_of, serves_of, today
from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App
from baton.web.refusals import not_found

Row = Mapping[str, object]
LONGEST_DAYS: Final = 60


async def ask_leave(app: App, rep: str, first: str, last: str) -> str:
    """Ask for days off; the question's id. Raises where the days are no days to come."""
    days = _day(first), _day(last or first)
    if (days[1] - days[0]).days >= LONGEST_DAYS:
        raise BatonError("long_leave", 422, f"{first!r} to {last!r} is longer than {LONGEST_DAYS} days. Ask in parts.")
    _refuse(against_leave(days[0].isoformat(), days[1].isoformat(), today(app)))
    key = app.chance.token(9)
    await app.committer.append(
        f"rep/{rep}", LeaveAsked(key, rep, days[0].isoformat(), days[1].isoformat()), by=f"rep/{rep}"
    )
    return key


async def answer_leave(
    app: App, leave: str, answer: Literal["approved", "refused", "withdrawn"], by: str, why: str
) -> None:
    """Approve, refuse or take back. Raises where it was answered already."""
    row = await one_leave(app, leave)
    if row["state"] != "asked":
        raise Conflict("answered_already", "Somebody answered this already. Load the page to see how.")
    told = LeaveAnswered(leave, answer, by, why)
    await app.committer.append(f"rep/{row['rep']}", told, by=f"staff/{by}", once=f"leave:{leave}")


async def ask_swap(app: App, rep: str, day: str, other: str, other_day: str) -> str:
    """Ask a colleague to take a shift; the swap's id. Raises where a rule stands against it, and says which."""
    key = app.chance.token(9)
    swap = Swap(key, rep, _day(day).isoformat(), other, _day(other_day).isoformat() if other_day else "")
    _refuse(against_swap(swap, await around(app, date.fromisoformat(swap.day))))
    told = SwapAsked(key, rep, swap.day, other, swap.other_day)
    await app.committer.append(schedule_stream(swap.day), told, by=f"rep/{rep}")
    return key


async def answer_swap(
    app: App, swap: Swap, answer: Literal["accepted", "declined", "withdrawn", "approved", "refused"], by: str, why: str
) -> None:  # fmt: skip
    """Answer a swap. Accepting and approving check the rules anew; raises where it does not fit how the swap stands."""
    if answer in {"accepted", "approved"}:
        _refuse(against_swap(swap, await around(app, date.fromisoformat(swap.day))))
    fits = {"asked": {"accepted", "declined", "withdrawn"}, "accepted": {"approved", "refused", "withdrawn"}}
    if answer not in fits.get(swap.state, set()):
        raise Conflict("answered_already", "This swap stands differently by now. Load the page to see how.")
    told = SwapAnswered(swap.swap, answer, by, why)
    once = f"swap:{swap.swap}:{swap.state}"
    await app.committer.append(schedule_stream(swap.day), told, by=f"staff/{by}", once=once)


async def around(app: App, day: date) -> Around:
    """What rules look at: the week of a day and a day on either side."""
    monday = date.fromisoformat(week_of(day.isoformat()))
    first, last = monday - timedelta(days=1), monday + timedelta(days=7)
    shifts = await shifts_between(app.store, first.isoformat(), last.isoformat())
    people = {person.rep: person for person in await people_of(app, monday)}
    return Around(shifts, people, app.organisation.zone, app.clock.now_ms())


async def cost_of_leave(app: App, leave: Row) -> int | None:
    """Rep half hours that would be missing beyond those that are, over the weeks it touches; None where none of its days is planned."""
    first, last = _day(str(leave["first"])), _day(str(leave["last"]))
    own = await shifts_between(app.store, first.isoformat(), last.isoformat(), str(leave["rep"]))
    mondays = dict.fromkeys(week_of(shift.day) for shift in own)
    gone = [ShiftPlanned(shift.rep, shift.day) for shift in own]
    return (
        sum([await _cost(app, monday, [g for g in gone if week_of(g.day) == monday]) for monday in mondays])
        if own
        else None
    )


async def cost_of_swap(app: App, swap: Swap) -> int | None:
    """The same of a swap; None where a shift is not there any more."""
    monday = week_of(swap.day)
    kept = (await week(app.store, date.fromisoformat(monday), app.organisation.zone, {})).kept
    after = exchanged(swap, kept)
    return None if after is None else await _cost(app, monday, after)


async def one_leave(app: App, leave: str) -> Row:
    """A question for days off; raises 404."""
    found = await app.store.rows(select(*LEAVES.c).where(LEAVES.c.leave == leave))
    if not found:
        raise not_found()
    return found[0]


async def one_swap(app: App, swap: str) -> Swap:
    """A swap; raises 404."""
    found = await app.store.rows(select(*SWAPS.c).where(SWAPS.c.swap == swap))
    if not found:
        raise not_found()
    return swap_of(found[0])


def swap_of(row: Row) -> Swap:
    """A row as the fact it was folded from."""
    return msgspec.convert({name: row[name] or "" for name in Swap.__struct_fields__}, Swap)


def chosen(why: str) -> str:
    """A reason that a person may give."""
    if why not in CHOSEN:
        raise BatonError("no_reason", 422, f"{why!r} is no reason. Choose one of those shown.")
    return why


async def _cost(app: App, monday: str, change: list[ShiftPlanned] | tuple[ShiftPlanned, ...]) -> int:
    zone, serves = app.organisation.zone, await serves_of(app)
    found = await week(app.store, date.fromisoformat(monday), zone, serves)
    after = [shift_of(shift, zone) for shift in changed(found.kept, change)]
    return missing(after, serves, found.need) - found.missing


def _refuse(labels: list[str]) -> None:
    if labels:
        told = "; ".join(WHY[label] for label in labels)
        raise BatonError(f"refused_{labels[0]}", 422, f"This cannot be: {told}. Choose another day or colleague.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BatonError("no_day", 422, f"{text!r} is no day. Write it like 2026-11-30.") from None
