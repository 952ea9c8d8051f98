"""`baton eval recontact`: are contacts about the same need matched? Precision and recall, beside "same customer, whatever the issue".

A return is a pair: a contact, and the next one of the same need. The product matches by what it understands of the issue; where a source names the
need, that name is the truth and is kept from it.
"""

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
from sqlalchemy import select

from baton.assembly.parts import Parts, opened
from baton.capabilities.lake.importing import import_file
from baton.capabilities.resolution.events import Contact, Returned
from baton.capabilities.resolution.judging.matching import DAY_MS, issues
from baton.capabilities.resolution.judging.needs import WINDOW_DAYS, returns
from baton.capabilities.resolution.tables import CONTACTS
from baton.demo.filling import Filling
from baton.demo.retelling import stream_of
from baton.demo.stories import history
from baton.demo.world import END_MS, World
from baton.kernel.errors import BatonError
from baton.kernel.stats import Estimate, clustered_share
from baton.settings import Settings

Say = Callable[[str], None]
Figures = dict[str, object]
Pair = tuple[str, str]
Row = Mapping[str, object]


class Seen(msgspec.Struct, frozen=True):
    """A contact as the product keeps it, with what is known of its need; `next` is the return it sees, `gap_ms` how long after."""

    id: str
    customer: str
    need: str
    started_ms: int
    ended_ms: int
    next: str
    gap_ms: int


async def halcyon(seed: int, days: int, per_day: float, say: Say) -> Figures:
    """Halcyon Air's month, understood by the product from its words alone, against the needs that its contacts were told about."""
    world = World(seed, END_MS)
    with tempfile.TemporaryDirectory(prefix="baton-recontact-") as home:
        async with opened(Settings(home=Path(home), log="sqlite")) as parts:
            truth = await _told(parts, world, days, per_day, say)
            rows = await parts.store.rows(select(CONTACTS))
    return scored([_one(row, truth[str(row["conversation"])]) for row in rows])


async def imported(path: Path, say: Say) -> Figures:
    """Imported contact records: the `need` column is the truth, and matching does not see it."""
    with tempfile.TemporaryDirectory(prefix="baton-recontact-") as home:
        async with opened(Settings(home=Path(home), log="sqlite")) as parts:
            await import_file("contacts", path, parts.committer, parts.keys, lambda n, _: say(f"{n} contacts"))
            rows = await parts.store.rows(select(CONTACTS).where(CONTACTS.c.stated_need != ""))
    if not rows:
        raise BatonError("no_needs", 422, f"No row of {str(path)!r} names a need. Give the contacts a column `need`.")
    return scored(rematched(rows))


def rematched(rows: Sequence[Row]) -> list[Seen]:
    """Contacts matched anew as if their source had not named the need."""
    kept = [_contact(row) for row in rows]
    after: dict[str, Returned] = {}
    of: dict[str, list[Contact]] = {}
    for row, contact in zip(rows, kept, strict=True):
        of.setdefault(str(row["customer"]), []).append(contact)
    for contacts in of.values():
        for group in issues(contacts):
            after |= {back.conversation: back for back in returns(group)}
    nothing = Returned("", "", 0)
    return [_again(row, after.get(str(row["conversation"]), nothing)) for row in rows]


def scored(seen: Sequence[Seen], days: int = WINDOW_DAYS) -> Figures:
    """Precision and recall of returns within `days`, the product's and the baseline's, with 95 % intervals over customers."""
    truth = _consecutive(seen, lambda s: f"{s.customer}/{s.need}", days)
    anyone = _consecutive(seen, lambda s: s.customer, days)
    found = {(s.id, s.next) for s in seen if s.next and s.gap_ms <= days * DAY_MS}
    owner = {s.id: s.customer for s in seen}
    figures: Figures = {"contacts": len(seen), "returns": len(truth), "window_days": days}
    for prefix, pairs in (("", found), ("baseline_", anyone)):
        figures |= _rates(prefix, pairs, truth, owner)
    return figures


def _rates(prefix: str, found: set[Pair], truth: set[Pair], owner: Mapping[str, str]) -> Figures:
    precision, recall = _share(found, truth, owner), _share(truth, found, owner)
    both = precision.value + recall.value
    return {
        f"{prefix}precision": round(precision.value, 4), f"{prefix}precision_interval": _interval(precision),
        f"{prefix}recall": round(recall.value, 4), f"{prefix}recall_interval": _interval(recall),
        f"{prefix}f1": round(2 * precision.value * recall.value / both, 4) if both else 0.0,
    }  # fmt: skip


def _share(of: set[Pair], among: set[Pair], owner: Mapping[str, str]) -> Estimate:
    groups: dict[str, tuple[int, int]] = {}
    for pair in of:
        y, n = groups.get(owner[pair[0]], (0, 0))
        groups[owner[pair[0]]] = (y + (pair in among), n + 1)
    return clustered_share(groups)


def _interval(e: Estimate) -> list[float]:
    return [round(e.low, 4), round(e.high, 4)]


def _consecutive(seen: Sequence[Seen], by: Callable[[Seen], str], days: int) -> set[Pair]:
    groups: dict[str, list[Seen]] = {}
    for each in sorted(seen, key=lambda s: (s.started_ms, s.id)):
        groups.setdefault(by(each), []).append(each)
    return {
        (a.id, b.id) for group in groups.values() for a, b in pairwise(group) if b.started_ms - a.ended_ms <= days * DAY_MS
    }  # fmt: skip


async def _told(parts: Parts, world: World, days: int, per_day: float, say: Say) -> dict[str, str]:
    """Fill the month in; the need of each conversation, which stays outside of the log."""
    filling = Filling(parts.committer, parts.keys, world, days, per_day)
    committing = asyncio.create_task(parts.committer.run())
    telling = asyncio.create_task(filling.run())
    while not telling.done():
        await asyncio.wait([telling], timeout=5)
        say(f"{filling.progress.told} of about {filling.progress.expected} conversations")
    await telling
    committing.cancel()
    await parts.committer.settle()
    stories = history(world.seed, days, end_ms=world.now_ms, per_day=per_day, world=world)
    return {stream_of(story, parts.keys).partition("/")[2]: story.need_id for story in stories}


def _one(row: Row, need: str) -> Seen:
    return Seen(
        str(row["conversation"]), str(row["customer"]), need, _whole(row, "started_ms"), _whole(row, "ended_ms"),
        str(row["next"] or ""), _whole(row, "gap_ms"),
    )  # fmt: skip


def _again(row: Row, back: Returned) -> Seen:
    seen = _one(row, str(row["stated_need"]))
    return msgspec.structs.replace(seen, next=back.next, gap_ms=back.gap_ms)


def _contact(row: Row) -> Contact:
    """The contact as it would have been kept without a stated need: an ACD's own records say the queue and no more."""
    stated = row["intent"] == row["stated_need"]
    return Contact(
        str(row["conversation"]), "" if stated else str(row["intent"]), str(row["channel"]), _whole(row, "started_ms"),
        _whole(row, "ended_ms"), str(row["path"]), str(row["verdict"]), queue=str(row["queue"] or ""),
    )  # fmt: skip


def _whole(row: Row, column: str) -> int:
    return int(str(row[column] or 0))
