"""Importing people: rows of HR and training files into the log, each on its rep's stream, again without effect."""

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from hashlib import blake2b
from pathlib import Path

import msgspec

from baton.capabilities.ai_use.events import Employed, Trained
from baton.capabilities.ai_use.people.files import NEEDED, Refused, Told, read
from baton.kernel.committer import Committer
from baton.kernel.errors import BatonError, Conflict
from baton.web.reader import Reader

KINDS = tuple(NEEDED)
EXAMPLES = 20
Together = Callable[[Iterable[Coroutine[object, object, object]]], Awaitable[None]]
"""Runs appends until all are on disk: an import drives its own committer, a running Baton does not."""


class Report(msgspec.Struct):
    """What came of it: rows kept, rows that were known already, and rows that were refused, each named with why."""

    rows: int = 0
    already: int = 0
    skipped: int = 0
    reasons: dict[str, int] = {}
    refused: list[str] = []


async def import_people(
    kind: str, path: Path, committer: Committer, known: Mapping[str, str], together: Together
) -> Report:
    """Load an `hr` or `training` file. `known` gives ids of staff by address.

    Raises:
        BatonError: the file cannot be read, or not one of its rows.
    """
    report, reader = Report(), Reader(committer)
    for told in read(kind, path, known):
        if isinstance(told, Refused):
            _refuse(report, told)
        elif isinstance(told.event, Employed):
            await _employed(told.event, committer, reader, together, report)
        else:
            await _trained(told, told.event, committer, together, report)
    if not report.rows and not report.already:
        why = "; ".join(report.refused[:5]) or "it has no rows"
        raise BatonError("nothing_imported", 422, f"{str(path)!r} holds nothing to import as {kind}: {why}.")
    return report


async def _employed(event: Employed, committer: Committer, reader: Reader, together: Together, report: Report) -> None:
    held = await reader.stream(f"rep/{event.rep}")
    if held is not None and held.facts.get(Employed) == event:
        report.already += 1
        return
    await together([committer.append(f"rep/{event.rep}", event, by="import/hr")])
    report.rows += 1


async def _trained(told: Told, event: Trained, committer: Committer, together: Together, report: Report) -> None:
    stream = f"rep/{event.rep}"
    once = f"training:{blake2b(f'{event.course}|{event.on_ms}'.encode(), digest_size=12).hexdigest()}"
    before = await committer.store.history(stream)
    if any(row.entry.once == once for row in before):
        same = any(committer.memory.entry(row.entry).event == event for row in before if row.entry.once == once)
        if same:
            report.already += 1
        else:
            _refuse(report, Refused(told.row, "other hours were imported for this course and day before"))
        return
    try:
        await together([committer.append(stream, event, by="import/training", once=once, happened_at_ms=event.on_ms)])
    except Conflict:
        _refuse(report, Refused(told.row, "other hours were imported for this course and day before"))
        return
    report.rows += 1


def _refuse(report: Report, refused: Refused) -> None:
    report.skipped += 1
    report.reasons[refused.why] = report.reasons.get(refused.why, 0) + 1
    if len(report.refused) < EXAMPLES:
        report.refused.append(f"row {refused.row}: {refused.why}")
