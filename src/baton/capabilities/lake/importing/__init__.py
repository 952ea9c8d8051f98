"""Importing: history from a file into the log, whole conversations at a time, the same file twice without effect."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import msgspec
from sqlalchemy import select

from baton.capabilities.lake.sources import contacts, csv, star, tau, vcon
from baton.capabilities.lake.sources.files import files
from baton.capabilities.lake.sources.history import Conversation, Item, Names, Skipped
from baton.capabilities.lake.sources.lenient import FIRST_MS
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.resolution.events import Observed
from baton.capabilities.resolution.tables import NEEDS
from baton.kernel.committer import Committer
from baton.kernel.errors import BatonError, Conflict
from baton.kernel.ports import Keys

AT_ONCE = 400
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
    known = await _known(read, committer)
    now_ms = committer.clock.now_ms()
    _own(read, known, keys)
    appends = [_one(committer, each, now_ms) for each in read]
    results = asyncio.gather(*appends)
    await asyncio.sleep(0)
    while not results.done():
        await committer.settle()
        await asyncio.sleep(0)
    for each, ok in zip(read, await results, strict=True):
        if not ok:
            report.skip(Skipped("differs from what was imported under the same id before"))
        elif each.stream.partition("/")[2] in known:
            report.already += 1
        else:
            report.conversations += 1
            report.turns += each.turns


async def append_one(committer: Committer, keys: Keys, read: Conversation) -> bool:
    """Append one conversation through a committer that runs; returns whether it is as it was before, if it was."""
    _own([read], set(), keys)
    return await _one(committer, read, committer.clock.now_ms())


async def _one(committer: Committer, read: Conversation, now_ms: int) -> bool:
    """Append a conversation in order; the batching is the committer's."""
    base = 0 if read.items[0].happened_at_ms >= FIRST_MS else now_ms - read.last_ms
    asked = [_ask(committer, item, base) for item in read.items]
    told = await asyncio.gather(*asked, return_exceptions=True)
    wrong = [each for each in told if isinstance(each, BaseException)]
    for each in wrong:
        if not isinstance(each, Conflict):
            raise each
    return not wrong


async def _ask(committer: Committer, item: Item, base_ms: int) -> int:
    at_ms = item.happened_at_ms + base_ms
    return await committer.append(item.stream, *item.events, by=item.by, once=item.once, happened_at_ms=at_ms)


def _own(read: list[Conversation], known: set[str], keys: Keys) -> None:
    """Wrap each conversation's key under its customer's, so that forgetting the customer forgets it."""
    fresh = [each for each in read if each.customer and each.stream.partition("/")[2] not in known]
    owned = {each.stream: each.customer for each in fresh}
    keys.identify_all(owned | {f"customer/{each.customer}": each.customer for each in fresh})


async def _known(read: list[Conversation], committer: Committer) -> set[str]:
    ids = [each.stream.partition("/")[2] for each in read]
    query = select(CONVERSATIONS.c.conversation).where(CONVERSATIONS.c.conversation.in_(ids))
    return {str(row["conversation"]) for row in await committer.store.rows(query)}


async def _observed(source: str, until_ms: int, committer: Committer) -> None:
    """Tell the customers whose needs wait for their window that history is known until then."""
    query = (
        select(NEEDS.c.customer)
        .where(NEEDS.c.state.in_(("provisional", "reversed")), NEEDS.c.source == source)
        .distinct()
    )
    customers = [str(row["customer"]) for row in await committer.store.rows(query)]
    event = Observed(source, until_ms)
    told = asyncio.gather(
        *(committer.append(f"customer/{c}", event, by=f"import/{source}", once=f"observed:{source}:{until_ms}", happened_at_ms=until_ms)
          for c in customers)
    )  # fmt: skip
    await asyncio.sleep(0)
    while not told.done():
        await committer.settle()
        await asyncio.sleep(0)
    await told
