"""Measures of planning: contracts, weeks, shifts, leave, swaps and presence as they stand."""

from baton.capabilities.routing.events import Post
from baton.capabilities.workforce.events import (
    Contract,
    FeedMade,
    Leave,
    ShiftPlanned,
    Swap,
    WeekAsked,
    WeekFailed,
    WeekPlanned,
    WeekStep,
)
from baton.capabilities.workforce.tables import CONTRACTS, FEEDS, LEAVES, NEEDS, PRESENCE, SHIFTS, SWAPS, WEEKS
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables


def contracts(told: Contract, stream: Stream, tables: Tables) -> None:
    """What a rep works."""
    tables.put(
        CONTRACTS, {"rep": told.rep}, week_min=told.week_min, days_on=told.days_on, off=",".join(map(str, told.off)),
        earliest_min=told.earliest_min, latest_min=told.latest_min, source=told.source,
    )  # fmt: skip


def asked(event: WeekAsked, stream: Stream, tables: Tables) -> None:
    """A week is to be made."""
    tables.put(
        WEEKS, {"week": event.week}, state="asked", step="", asked_by=event.by, asked_ms=stream.now_ms, why="", over_ms=0
    )  # fmt: skip


def steps(event: WeekStep, stream: Stream, tables: Tables) -> None:
    """How far it is."""
    tables.put(WEEKS, {"week": event.week}, step=event.step)


def failed(event: WeekFailed, stream: Stream, tables: Tables) -> None:
    """Why it could not be made."""
    tables.put(WEEKS, {"week": event.week}, state="failed", why=event.why, over_ms=stream.now_ms)


def planned(event: WeekPlanned, stream: Stream, tables: Tables) -> None:
    """A week as it was made, and what it rests on."""
    tables.put(
        WEEKS, {"week": event.week}, state="made", step="", over_ms=stream.now_ms, people=event.people, missing=event.missing,
        gap_permille=event.gap_permille, short_rests=event.short_rests, away_permille=event.away_permille, why="",
    )  # fmt: skip
    for need in event.needs:
        tables.put(NEEDS, {"day": need.day, "queue": need.queue}, reps=",".join(map(str, need.reps)))


def shifts(shift: ShiftPlanned, stream: Stream, tables: Tables) -> None:
    """A shift, or that there is none any longer."""
    tables.put(
        SHIFTS, {"day": shift.day, "rep": shift.rep}, start_ms=shift.start_ms, end_ms=shift.end_ms, meal_ms=shift.meal_ms,
        changed_ms=stream.now_ms,
    )  # fmt: skip


def leaves(leave: Leave, stream: Stream, tables: Tables) -> None:
    """Days off and how they stand."""
    told = {"asked_ms": stream.now_ms} if leave.state == "asked" else {}
    tables.put(
        LEAVES, {"leave": leave.leave}, rep=leave.rep, first=leave.first, last=leave.last, state=leave.state, by=leave.by,
        why=leave.why, **told,
    )  # fmt: skip


def swaps(swap: Swap, stream: Stream, tables: Tables) -> None:
    """A swap and how it stands."""
    tables.put(
        SWAPS, {"swap": swap.swap}, rep=swap.rep, day=swap.day, other=swap.other, other_day=swap.other_day, state=swap.state,
        by=swap.by, why=swap.why, changed_ms=stream.now_ms,
    )  # fmt: skip


def presence(post: Post, stream: Stream, tables: Tables) -> None:
    """Since when a rep is there or away."""
    tables.put(PRESENCE, {"rep": post.rep, "since_ms": post.since_ms}, presence=post.presence, reason=post.reason)


def feeds(event: FeedMade, stream: Stream, tables: Tables) -> None:
    """By which fingerprint a rep's calendar is found."""
    tables.put(FEEDS, {"rep": event.rep}, fingerprint=event.fingerprint)
