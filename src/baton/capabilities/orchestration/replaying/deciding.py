"""Deciding again: what was logged of past conversations is run through the loop twice, as it was and with the change, up to the first difference.

Deciding is a pure function of the stream, so the first run shows how far the log is reproduced, and the second what the change alone does.
From the first difference on the customer would have met other words: what they would have answered is in no log.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from math import isfinite
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select

from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.orchestration.events import Differs, Figure, Redecided
from baton.kernel.capability import Crafts
from baton.kernel.codec import Codec
from baton.kernel.conversation import Decided, Entry
from baton.kernel.events import Event, Fact
from baton.kernel.log import Recorded, Store
from baton.kernel.loop import Rest, to_rest
from baton.kernel.ports import Models
from baton.kernel.stats import clustered_share
from baton.kernel.stream import Policies, Stream

EXAMPLES = 20
PERMILLE = 1000


class Loop(NamedTuple):
    """What deciding again needs: handlers, models, and where the log is."""

    store: Store
    codec: Codec
    crafts: Crafts
    models: Models


class Course(NamedTuple):
    """One conversation decided again: decisions looked at, how many came out as recorded, the first that differs, whether one did not come out."""

    decisions: int
    same: int
    differs: Differs | None = None
    astray: bool = False


async def decided_again(loop: Loop, since_ms: int, until_ms: int, now: Policies, to: Policies, most: int) -> Redecided:
    """At most `most` live conversations that began in the period, drawn by their random names."""
    c = CONVERSATIONS.c
    within = (c.started_ms >= since_ms) & (c.started_ms < until_ms) & (c.origin == "live")
    counting: Select[tuple[object, ...]] = select().add_columns(func.count().label("n")).where(within)
    there = await loop.store.survey(counting)
    courses, dark, changed = {}, 0, Counter[str]()
    drawn = await _drawn(loop.store, within, most)
    async for key, entries, recorded in _logged(loop, drawn):
        if not entries:
            dark += 1
            continue
        courses[key] = course = _course(loop, key, entries, recorded, now, to)
        if course.differs:
            changed[f"{course.differs.was} → {course.differs.would}"] += 1
    return _counted(courses, int(str(there[0]["n"])), len(drawn), dark, changed)


async def _drawn(store: Store, within: ColumnElement[bool], most: int) -> list[str]:
    """Conversations have random names, so the first by name are drawn by chance, and the same each time."""
    c = CONVERSATIONS.c
    rows = await store.survey(select(c.conversation).where(within).order_by(c.conversation).limit(most))
    return [str(row["conversation"]) for row in rows]


async def _logged(loop: Loop, keys: Sequence[str]) -> AsyncIterator[tuple[str, list[Entry], list[list[Event]]]]:
    """Inputs of each conversation and what they caused; none of one that cannot be read any more."""
    for key in keys:
        rows = await loop.store.history(f"conversation/{key}")
        yield (key, *_read(loop, rows))


def _read(loop: Loop, rows: Sequence[Recorded]) -> tuple[list[Entry], list[list[Event]]]:
    entries, recorded = [], []
    for row in rows:
        if row.caused is None:
            break
        at = row.entry
        if loop.codec.keys.of(at.stream) is None:
            return [], []
        event = loop.codec.decode(at.stream, at.body)
        entries.append(
            Entry(at.position, at.stream, event, at.by, at.at_ms, at.happened_at_ms, at.cause, at.once or "")
        )
        recorded.append([caused.event for caused in loop.codec.decode_all(at.stream, row.caused)])
    return entries, recorded


def _course(
    loop: Loop, key: str, entries: Sequence[Entry], recorded: Sequence[Sequence[Event]], now: Policies, to: Policies
) -> Course:
    as_it_was, changed = Stream(f"conversation/{key}", now), Stream(f"conversation/{key}", to)
    loop.models.ahead([text for entry in entries if (text := getattr(entry.event, "text", ""))])
    decisions = same = 0
    for entry, caused in zip(entries, recorded, strict=True):
        was = to_rest(entry, as_it_was, loop.crafts, loop.models)
        would = to_rest(entry, changed, loop.crafts, loop.models)
        decided = _decided(caused)
        decisions += decided is not None
        if _said(caused) != _said(_events(was)):
            return Course(decisions, same, astray=True)
        same += decided is not None
        if _said(_events(was)) != _said(_events(would)):
            return Course(decisions, same, Differs(key, entry.position, in_short(was), in_short(would)))
    return Course(decisions, same)


def _events(rest: Rest) -> list[Event]:
    return [caused.event for caused in rest.caused]


def _decided(caused: Sequence[Event]) -> Decided | None:
    return next((event for event in caused if isinstance(event, Decided)), None)


def _said(caused: Sequence[Event]) -> list[object]:
    """What was decided and done, without what it was worth and what it beat."""
    return [
        (event.action, event.args) if isinstance(event, Decided) else event
        for event in caused if not isinstance(event, Fact)
    ]  # fmt: skip


def in_short(rest: Rest) -> str:
    """A decision in a few labels, with the queue it leads to; `nothing` where none was made."""
    events = _events(rest)
    decided = _decided(events)
    if decided is None:
        return "nothing"
    queue = next((str(found) for event in events if (found := getattr(event, "queue", ""))), "")
    named = str(decided.args.get("reason") or decided.args.get("procedure") or decided.args.get("cite") or "")
    return " ".join(part for part in (decided.action, named, f"to {queue}" if queue else "") if part)


def _counted(courses: dict[str, Course], there: int, drawn: int, dark: int, changed: Counter[str]) -> Redecided:
    """The share of conversations that go another way, of those that were reproduced at least to there."""
    followed = {key: course for key, course in courses.items() if not course.astray}
    share = clustered_share({key: (int(course.differs is not None), 1) for key, course in followed.items()})
    low, high = (share.low, share.high) if isfinite(share.low) and isfinite(share.high) else (0.0, 1.0)
    told = Figure(round(PERMILLE * share.value), round(PERMILLE * low), round(PERMILLE * high), share.n)
    examples = [course.differs for course in courses.values() if course.differs is not None]
    return Redecided(
        there, drawn, dark, sum(c.decisions for c in courses.values()), sum(c.same for c in courses.values()), told,
        dict(changed.most_common()), tuple(examples[:EXAMPLES]), len(courses) - len(followed),
    )  # fmt: skip
