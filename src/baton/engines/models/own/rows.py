"""Labelled rows as people bring them: what cannot be learned from is refused, with the rows named."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from baton.engines.models.words import folded
from baton.kernel.errors import BatonError

NAMED: Final = 5
"""Rows that a message names; the others are counted."""
MOST_CONFLICTING: Final = 0.02
MOST_LEAKED: Final = 0.05
"""Shares of rows above which a file is refused: below, they are a public corpus's few slips, and are left out by name."""

Fault = Literal["empty", "duplicate", "conflict", "leak"]


class Row(NamedTuple):
    """One labelled text; `line` is its line in the file, the header being line 1. A correction has a conversation instead."""

    line: int
    text: str
    label: str
    conversation: str = ""

    @property
    def place(self) -> str:
        """Where it stands, by line or conversation and label, never by its text."""
        return f"{f'conversation {self.conversation}' if self.conversation else f'line {self.line}'} ({self.label})"


class Notice(NamedTuple):
    """What was left out of the training rows, and the lines it was on (0 for a correction)."""

    fault: Fault
    lines: tuple[int, ...]
    said: str
    places: tuple[str, ...] = ()


class Examined(NamedTuple):
    """Rows fit to learn from, and what was left out."""

    rows: list[Row]
    notices: list[Notice]


def numbered(texts: Sequence[str], labels: Sequence[str], first: int = 2) -> list[Row]:
    """Rows with their line numbers, in a file with one header line and one line a row."""
    return [Row(n, text, label) for n, (text, label) in enumerate(zip(texts, labels, strict=True), first)]


def examine(rows: Sequence[Row], held: Sequence[Row] = ()) -> Examined:
    """The rows to learn from. Raises `labels_refused` where they cannot be trusted, naming lines.

    A row without text or label is left out. Same text, same label, twice: the first is kept. Same text under two labels: nobody knows which is right, so all of
    them are left out. A text that is also among `held`: left out, since a head that has seen the answer is not measured.
    Left out rows are named; where conflicts or leaks are more than a small share, the whole file is refused.
    """
    said = [row for row in rows if row.text.strip() and row.label.strip()]
    empty = [row for row in rows if not (row.text.strip() and row.label.strip())]
    once, again = _once(said)
    clear, torn = _agreed(once)
    fresh, leaked = _apart(clear, held)
    _refuse_beyond(torn, len(once), MOST_CONFLICTING, "the same text under two labels", "Decide on one label for each.")
    _refuse_beyond(
        leaked, len(clear), MOST_LEAKED, "texts that are also in the test rows", "Take them out of one side."
    )
    labels = sorted({row.label for row in fresh})
    if len(labels) < 2:
        raise _refused(f"{len(fresh)} usable rows hold {len(labels)} label(s) {labels!r}. Give two labels or more.")
    faulty: dict[Fault, list[Row]] = {"empty": empty, "duplicate": again, "conflict": torn, "leak": leaked}
    return Examined(fresh, [notice for fault, found in faulty.items() if (notice := _told(fault, found))])


def same(text: str) -> str:
    """What makes two texts the same: letters and figures, whatever the case, spaces, accents and marks."""
    return " ".join(folded(text).split()).rstrip(" ?!.")


def _once(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    seen: set[tuple[str, str]] = set()
    kept: list[Row] = []
    again: list[Row] = []
    for row in rows:
        key = (same(row.text), row.label)
        (again if key in seen else kept).append(row)
        seen.add(key)
    return kept, again


def _agreed(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    labels: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        labels[same(row.text)].add(row.label)
    torn = [row for row in rows if len(labels[same(row.text)]) > 1]
    return [row for row in rows if len(labels[same(row.text)]) == 1], torn


def _apart(rows: Sequence[Row], held: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    asked = {same(row.text) for row in held}
    return [row for row in rows if same(row.text) not in asked], [row for row in rows if same(row.text) in asked]


def _refuse_beyond(faulty: Sequence[Row], of: int, most: float, what: str, next_step: str) -> None:
    if len(faulty) > max(3, most * of) or (faulty and len(faulty) == of):
        raise _refused(f"{len(faulty)} of {of} rows are {what}: {_lines(faulty)}. {next_step}")


def _refused(message: str) -> BatonError:
    return BatonError("labels_refused", 422, message)


def _told(fault: Fault, rows: Sequence[Row]) -> Notice | None:
    what = {
        "empty": "have no text or no label; left out",
        "duplicate": "repeat an earlier row; counted once",
        "conflict": "have the same text under two labels; left out",
        "leak": "are also among the test rows; left out of training",
    }[fault]
    if not rows:
        return None
    said = f"{len(rows)} rows {what}: {_lines(rows)}."
    return Notice(fault, tuple(row.line for row in rows), said, tuple(row.place for row in rows))


def _lines(rows: Sequence[Row]) -> str:
    """The first few rows by line and label, never by text: what customers wrote stays in the file."""
    named = ", ".join(row.place for row in rows[:NAMED])
    return named + (f" and {len(rows) - NAMED} more" if len(rows) > NAMED else "")


def smallest(rows: Iterable[Row]) -> list[tuple[str, int]]:
    """Labels by how many rows they have, fewest first."""
    return sorted(Counter(row.label for row in rows).items(), key=lambda each: (each[1], each[0]))
