"""Measures of individual: each quote that was told, what came of it, and from when on a customer is remembered."""

from baton.capabilities.individual.events import Choice, Forgotten, QuoteKept
from baton.capabilities.individual.tables import FORGOTTEN, QUOTES
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables, Value


def told(choice: Choice, stream: Stream, tables: Tables) -> None:
    """What the customer waits for, and the time they were told for it."""
    named = choice.chosen == "rep"
    wait_ms, within_ms = (choice.rep_wait_ms, choice.rep_within_ms) if named else (choice.wait_ms, choice.within_ms)
    if within_ms:
        tables.put(
            QUOTES, _key(stream, choice.epoch, choice.chosen), queue=choice.queue, rep=choice.rep if named else "", hour=choice.hour,
            at_ms=choice.at_ms, wait_ms=wait_ms, within_ms=within_ms, took_ms=None, answered=None, kept=None,
            found=",".join(map(str, choice.ways_ms if named else choice.line)),
        )  # fmt: skip


def kept(event: QuoteKept, stream: Stream, tables: Tables) -> None:
    """How long it took, and whether that was within what was told."""
    known = None if event.kept is None else int(event.kept)
    tables.put(
        QUOTES,
        _key(stream, event.epoch, event.whom),
        took_ms=event.took_ms,
        answered=int(event.answered),
        kept=known,
    )


def forgotten(event: Forgotten, stream: Stream, tables: Tables) -> None:
    """Nothing from before counts."""
    tables.put(FORGOTTEN, {"customer": stream.key}, until_ms=event.until_ms)


def _key(stream: Stream, epoch: int, whom: str) -> dict[str, Value]:
    return {"conversation": stream.key, "epoch": epoch, "whom": whom}
