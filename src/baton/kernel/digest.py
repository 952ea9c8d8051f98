"""Digest: one name for all that a log came to, equal wherever and however often it was worked.

It covers every input and all it caused (decisions with their reasons), the latest facts, and the read models. Rows are
compared by (stream, ordinal of the causing input, n). Left out are ids that a store or a moment gives: positions, keys,
points in time, ciphertext. A position inside an event or a row is named by what stands there, so it may be compared.

A field holds positions where its name says so (`position`, `…_position`, or one of `POSITIONS`); an integer of a field
`…_ms` beyond `EPOCH_MS` is a point in time, a smaller one a duration.
"""

from collections.abc import AsyncIterator, Iterable
from hashlib import blake2b

import msgspec
from sqlalchemy import Table, select

from baton.kernel.codec import Codec
from baton.kernel.events import Event
from baton.kernel.log import Recorded, Store

POSITIONS = {"position", "positions", "asked_at", "points", "slots", "spans", "versions"}
LEFT_OUT = {"key", "nonce"}
EPOCH_MS = 100_000_000_000
BATCH = 500
Named = dict[int, str]


async def digest(store: Store, codec: Codec, tables: Iterable[Table]) -> str:
    """The digest of a log and of the read models in `tables`, as 32 hexadecimal digits."""
    named: Named = {}
    rows = [row async for row in worked(store)]
    for row in rows:
        named[row.entry.position] = f"{row.entry.stream}#{row.ordinal}"
    lines = [line for row in rows for line in _caused(row, codec, named)]
    for stream in {row.entry.stream for row in rows}:
        for held in await store.held(stream):
            facts = codec.decode_all(stream, held.body or b"[]")
            lines += [_line(["fact", stream, held.slot, *_plain(f.event, named)]) for f in facts]
    for table in tables:
        for cells in await store.rows(select(*table.c)):
            lines.append(_line(["row", str(table.name), _cleaned(dict(cells), "", named)]))
    return blake2b(b"\n".join(sorted(lines)), digest_size=16).hexdigest()


async def worked(store: Store, after: int = 0) -> AsyncIterator[Recorded]:
    """Every input of the log that was worked, in position order."""
    while batch := await store.recorded(after, BATCH):
        for row in batch:
            if row.caused is not None:
                yield row
        after = batch[-1].entry.position


def _caused(row: Recorded, codec: Codec, named: Named) -> Iterable[bytes]:
    stream = row.entry.stream
    events = [codec.decode(stream, row.entry.body), *(c.event for c in codec.decode_all(stream, row.caused or b"[]"))]
    for n, event in enumerate(events):
        yield _line(["caused", stream, row.ordinal, n, *_plain(event, named)])


def _plain(event: Event, named: Named) -> tuple[str, object]:
    return event.event_name, _cleaned(msgspec.json.decode(msgspec.json.encode(event)), "", named)


def _cleaned(value: object, field: str, named: Named) -> object:
    if isinstance(value, dict):
        inner = {str(k): (str(k) if field not in POSITIONS else field, v) for k, v in value.items()}
        return {k: _cleaned(v, name, named) for k, (name, v) in sorted(inner.items()) if k not in LEFT_OUT}
    if isinstance(value, list | tuple):
        return [_cleaned(v, field, named) for v in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return _number(value, field, named)
    return value


def _number(value: int, field: str, named: Named) -> object:
    if field in POSITIONS or field.endswith("_position"):
        input_at = value & ~0xFF
        return f"{named[input_at]}.{value - input_at}" if input_at in named else value
    return "time" if field.endswith("_ms") and value > EPOCH_MS else value


def _line(parts: list[object]) -> bytes:
    return msgspec.json.encode(parts)
