"""Importing: history from a file into the log, whole conversations at a time, the same file twice without effect."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec
from sqlalchemy import select

from baton.capabilities.lake.sources import contacts, csv, star, tau, vcon
from baton.capabilities.lake.sources.files import files
from baton.capabilities.lake.sources.history import Conversation, Item, Names, Skipped
from baton.capabilities.lake.sources.lenient import FIRST_MS
from baton.capabilities.resolution.events import Observed
from baton.capabilities.resolution.tables import NEEDS
from baton.kernel.committer import Committer
from baton.kernel.errors import BatonError
from baton.kernel.events import Event
from baton.kernel.ports import Keys

AT_ONCE = 400
BATCH = 1024
"""Appends a commit takes while history is imported: nobody waits for one of them, and each commit costs a sync."""
EXAMPLES = 5


class Source(msgspec.Struct, frozen=True):
    """A reader of one kind of export: its name, the files it looks for in a folder, and how it reads one."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, Names], Iterator[Conversation | Skipped]]


SOURCES: dict[str, Source] = {
    module.SOURCE: Source(module.SOURCE, module.SUFFIXES, module.read) for module in (star, tau, vcon, csv, contacts)
}
Progress = Callable[[int, int], None]


class Report(msgspec.Struct):
    """What came of an import. `already` conversations were there before; `examples` names the first places of each reason."""

    conversations: int = 0
    turns: int = 0
    already: int = 0
    skipped: int = 0
    reasons: dict[str, int] = {}
    examples: dict[str, list[str]] = {}

    def skip(self, told: Skipped) -> None:
        """Count something that was left out."""
        self.skipped += not told.reason.startswith("imported,")
        self.reasons[told.reason] = self.reasons.get(told.reason, 0) + 1
        places = self.examples.setdefault(told.reason, [])
        if told.at and len(places) < EXAMPLES:
            places.append(told.at)


async def import_file(
    kind: str, path: Path, committer: Committer, keys: Keys, progress: Progress = lambda conversations, turns: None
) -> Report:
    """Load the history of `path` (a file or a folder) into the log.

    The committer must not be running by itself: this drives it, so that each commit holds as much as it may.

    Raises:
        BatonError: the kind is unknown, the path is missing, or nothing in it could be read.
    """
    source = SOURCES.get(kind)
    if source is None:
        raise BatonError("unknown_kind", 422, f"Baton cannot import {kind!r}. Kinds: {', '.join(SOURCES)}.")
    report, names, until = Report(), Names(keys), 0
    for file in files(path, source.suffixes):
        told = source.read(file, names)
        while group := list(islice(told, AT_ONCE)):
            read = [each for each in group if isinstance(each, Conversation)]
            for each in group:
                if isinstance(each, Skipped):
                    report.skip(each)
            until = max([until, *(c.last_ms for c in read)])
            await _append(read, committer, keys, report)
            progress(report.conversations, report.turns)
    if until >= FIRST_MS:
        await _observed(source.name, until, committer)
    if not report.conversations and not report.already:
        why = "; ".join(f"{reason} ({n})" for reason, n in report.reasons.items()) or "it is empty"
        raise BatonError("nothing_imported", 422, f"{str(path)!r} holds nothing to import as {kind}: {why}.")
    return report


async def _append(read: list[Conversation], committer: Committer, keys: Keys, report: Report) -> None:
    fresh: dict[str, Conversation] = {}
    for each in read:
        stored = [e for item in fresh[each.stream].items for e in item.events] if each.stream in fresh else None
        stored = stored if stored is not None else await _stored(each, committer)
        events = [e for item in each.items for e in item.events]
        if stored == events:
            report.already += 1
        elif stored == events[: len(stored)] and each.stream not in fresh:
            fresh[each.stream] = each
        else:
            report.skip(Skipped("differs from what was imported under the same id before"))
    now_ms = committer.clock.now_ms()
    _own(list(fresh.values()), keys)
    await driven(committer, [_one(committer, each, now_ms) for each in fresh.values()])
    report.conversations += len(fresh)
    report.turns += sum(each.turns for each in fresh.values())


async def _stored(read: Conversation, committer: Committer) -> list[Event]:
    """What is in the log of this conversation: nothing, all of it, or the part that an import cut off had appended."""
    rows = await committer.store.history(read.stream)
    return [committer.memory.entry(row.entry).event for row in rows if row.entry.by == read.items[0].by]


async def driven(committer: Committer, appends: Iterable[Coroutine[object, object, object]]) -> None:
    """Let appends happen through a committer that does not run by itself: it is cycled until all are on disk."""
    told, usual = asyncio.gather(*appends), committer.batch
    committer.batch = BATCH
    try:
        await asyncio.sleep(0)
        while not told.done():
            await committer.settle()
            await asyncio.sleep(0)
        await told
    finally:
        committer.batch = usual


async def append_one(committer: Committer, keys: Keys, read: Conversation) -> None:
    """Append one conversation that is not in the log yet, through a committer that runs."""
    _own([read], keys)
    await _one(committer, read, committer.clock.now_ms())


async def _one(committer: Committer, read: Conversation, now_ms: int) -> None:
    """Append a conversation in order; the batching is the committer's. One without times ends now."""
    base = 0 if read.items[0].happened_at_ms >= FIRST_MS else now_ms - read.last_ms
    await asyncio.gather(*(_ask(committer, item, base) for item in read.items))


async def _ask(committer: Committer, item: Item, base_ms: int) -> int:
    at_ms = item.happened_at_ms + base_ms
    return await committer.append(item.stream, *item.events, by=item.by, once=item.once, happened_at_ms=at_ms)


def _own(read: list[Conversation], keys: Keys) -> None:
    """Wrap each conversation's key under its customer's, so that forgetting the customer forgets it."""
    owned = {each.stream: each.customer for each in read if each.customer}
    keys.identify_all(owned | {f"customer/{each.customer}": each.customer for each in read if each.customer})


async def _observed(source: str, until_ms: int, committer: Committer) -> None:
    """Tell the customers whose needs wait for their window that history is known until then."""
    query = (
        select(NEEDS.c.customer)
        .where(NEEDS.c.state.in_(("provisional", "reversed")), NEEDS.c.source == source)
        .distinct()
    )
    customers = [str(row["customer"]) for row in await committer.store.rows(query)]
    event = Observed(source, until_ms)
    appends = (
        committer.append(f"customer/{c}", event, by=f"import/{source}", once=f"observed:{source}:{until_ms}", happened_at_ms=until_ms)
        for c in customers
    )  # fmt: skip
    await driven(committer, appends)
