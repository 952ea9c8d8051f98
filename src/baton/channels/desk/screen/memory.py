"""Memory: what a customer's earlier contacts show of how they like it, each with why it is shown; nothing from before they were forgotten.

It is counted from the contacts when it is shown and kept nowhere. Nothing is said of health, belief or mood.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from sqlalchemy import Select, select

from baton.capabilities.individual.events import Individual
from baton.capabilities.individual.tables import FORGOTTEN
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.channels.desk.screen import words
from baton.kernel.stream import Stream
from baton.web.app import App

DAY_MS: Final = 86_400_000
MOST: Final = 50
"""Contacts looked at: the latest ones."""
LEAST: Final = 2
"""Fewer contacts than these show no habit, and a habit is what at least half of them show."""
SLOW_S: Final = 60
Row = Mapping[str, object]
Say = Callable[[str], str]


@dataclass(frozen=True)
class Habit:
    """Something remembered: what of, what, and why it is shown."""

    of: str
    value: str
    why: str


async def remembered(app: App, stream: Stream) -> tuple[Habit, ...]:
    """The habits of this conversation's customer, from their contacts before it."""
    customer = stream.started.customer if stream.started else ""
    if not customer:
        return ()
    rows = await _contacts(app, customer, stream.key)
    return habits(rows, {post.rep: post.name for post in app.board.posts.values()}) if rows else ()


def habits(rows: Sequence[Row], names: Mapping[str, str]) -> tuple[Habit, ...]:
    """What so many contacts show, the latest first."""
    found = [
        _most("Channel", rows, "channel", str), _most("Language", rows, "language", words.language_of), _tempo(rows),
        _most("Usually about", rows, "intent", words.need_of), _last(rows, names),
    ]  # fmt: skip
    return tuple(habit for habit in found if habit is not None)


async def _contacts(app: App, customer: str, key: str) -> list[Row]:
    since: Select[tuple[object, ...]] = select(FORGOTTEN.c.until_ms).where(FORGOTTEN.c.customer == customer)
    gone = await app.store.rows(since)
    from_ms = app.clock.now_ms() - app.policy(Individual).keep_days * DAY_MS
    if gone:
        from_ms = max(from_ms, int(str(gone[0]["until_ms"] or 0)))
    query: Select[tuple[object, ...]] = (
        select(CONVERSATIONS)
        .where(
            CONVERSATIONS.c.customer == customer,
            CONVERSATIONS.c.started_ms > from_ms,
            CONVERSATIONS.c.conversation != key,
        )
        .order_by(CONVERSATIONS.c.started_ms.desc())
        .limit(MOST)
    )
    return list(await app.store.rows(query))


def _most(of: str, rows: Sequence[Row], column: str, say: Say) -> Habit | None:
    """The value that at least half of the contacts that have one show."""
    values = [str(row[column]) for row in rows if row[column] and row[column] not in {"other", "none"}]
    if len(values) < LEAST:
        return None
    value, count = Counter(values).most_common(1)[0]
    return Habit(of, say(value), f"in {count} of {len(values)} contacts") if 2 * count >= len(values) else None


def _tempo(rows: Sequence[Row]) -> Habit | None:
    """How much time passes from one message of theirs to the next, answers included."""
    paces = [_pace_s(row) for row in rows]
    known = [pace for pace in paces if pace is not None]
    if len(known) < LEAST:
        return None
    middle = round(median(known))
    value = "takes their time" if middle >= SLOW_S else "quick"
    return Habit("Tempo", value, f"{middle} s from message to message, median of {len(known)} contacts")


def _pace_s(row: Row) -> float | None:
    turns, began, last = (int(str(row[name] or 0)) for name in ("turns_customer", "started_ms", "last_ms"))
    return (last - began) / 1000 / (turns - 1) if turns >= LEAST and last > began else None


def _last(rows: Sequence[Row], names: Mapping[str, str]) -> Habit | None:
    rep = next((str(row["rep"]) for row in rows if row["rep"]), "")
    times = sum(row["rep"] == rep for row in rows)
    return (
        Habit("Served last by", names.get(rep) or words.plain(rep), f"{words.plural(times, 'contact')} with them")
        if rep
        else None
    )
