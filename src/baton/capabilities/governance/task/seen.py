"""What reading gave: rows of short fields, and texts that anyone may have written, each with how the task leads to it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from baton.capabilities.governance.task.lexicon import listed, telling
from baton.capabilities.governance.task.spelling import addresses, words_of

LED = frozenset({"task", "handed", "named"})
LONG = 8
"""Words from which on a value is a text and no field."""


class Row(msgspec.Struct, frozen=True):
    """One record: its short fields by name, its numbers, and its texts."""

    fields: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, float], ...] = ()
    texts: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """What one call of a reading tool gave.

    `led` says how the task leads to it: `task` where every argument stands in the task, `handed` where some stand in what it
    hands its orders to, `named` where they come from a record or text that the task led to, `own` where it takes none, and
    empty where nothing leads to it. `outside`: it came from an address out there, which leads no further.
    """

    tool: str
    rows: tuple[Row, ...]
    led: str = ""
    outside: bool = False


def rows_of(result: object) -> tuple[Row, ...]:
    """The rows of a result: each record of a list or a mapping of records, or the one that it is."""
    if isinstance(result, Mapping) and result and all(isinstance(v, Mapping) for v in result.values()):
        return tuple(_row({"": key, **value}) for key, value in result.items())
    if isinstance(result, Mapping) and result and not any(map(_identifier, result)):
        return tuple(_row({"": key, "is": value}) for key, value in result.items())
    if isinstance(result, Sequence) and not isinstance(result, str):
        return tuple(_row(each if isinstance(each, Mapping) else {"": each}) for each in result)
    return (_row(result if isinstance(result, Mapping) else {"": result}),)


def _identifier(key: object) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9_]*", str(key)) is not None


def _row(record: Mapping[str, object]) -> Row:
    fields: list[tuple[str, str]] = []
    numbers: list[tuple[str, float]] = []
    texts: list[str] = []
    for name, value in _leaves("", record):
        if isinstance(value, int | float) and not isinstance(value, bool):
            numbers.append((name, float(value)))
        text = str(value)
        if "\n" in text.strip() or len(words_of(text)) >= LONG:
            texts.append(text)
        elif text:
            fields.append((name, text))
    return Row(tuple(fields), tuple(numbers), tuple(texts))


def _leaves(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key and not _identifier(key):
                yield name, key
            yield from _leaves(str(key) if _identifier(key) else name, inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _leaves(name, inner)
    elif value is not None and not isinstance(value, bool):
        yield name, value


def pointed(task: str, reading: Reading) -> tuple[Row, ...]:
    """The rows that the task points at: all that it led to, else those with a field whose words it says.

    What most rows have in common points at none of them.
    """
    if reading.led in LED or (reading.led == "own" and len(reading.rows) == 1):
        return reading.rows
    said = telling(task)
    common = _common(reading.rows)
    return tuple(row for row in reading.rows if any(_said(task, said, value) for _, value in row.fields if value not in common))  # fmt: skip


def _said(task: str, said: frozenset[str], value: str) -> bool:
    words = telling(value)
    return bool(words) and not value.isdigit() and (words <= said or bool(addresses(value) & addresses(task)))


def _common(rows: Sequence[Row]) -> frozenset[str]:
    if len(rows) < 3:
        return frozenset()
    often = Counter(value for row in rows for value in {value for _, value in row.fields})
    return frozenset(value for value, times in often.items() if 2 * times > len(rows))


def extreme(task: str, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Where the task wants the largest or smallest of what is listed: the rows that are it in some number; else all."""
    said = set(words_of(task))
    names = {name for row in rows for name, _ in row.numbers}
    if not names or not said & (listed("picks", "largest") | listed("picks", "smallest")):
        return tuple(rows)
    best = max if said & listed("picks", "largest") else min
    found = [row for name in names for row in rows if dict(row.numbers).get(name) == best(dict(r.numbers).get(name, 0.0) for r in rows)]  # fmt: skip
    return tuple(found)
