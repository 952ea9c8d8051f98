"""examples/: a fortnight of invented contact records and transcripts, as an ACD and a chat tool would export them.

Calls are in contacts.csv only (no text), written conversations in transcripts.csv; customers who come back are in both.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from baton.demo.halcyon.story import Story
from baton.demo.stories import history
from baton.demo.world import END_MS
from scripts.tree import ROOT

FOLDER = ROOT / "examples"
DAYS, PER_DAY, SEED = 14, 14.0, 7
CONTACTS = (
    "contact", "customer", "channel", "queue", "offered_at", "answered_at", "ended_at", "hold_s", "wrap_s", "rep", "need", "brand",
    "abandoned",
)  # fmt: skip
TRANSCRIPTS = ("conversation", "at", "role", "text", "rep", "customer", "channel", "intent", "queue")


def _at(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def contacts(stories: list[Story]) -> Iterator[tuple[str, ...]]:
    """One row a call."""
    for s in stories:
        if s.channel != "voice" or s.handled_by == "ai_only":
            continue
        answered = "" if s.abandoned else _at(s.started_ms + s.wait_s * 1000)
        yield (s.id, s.customer, "voice", s.queue, _at(s.started_ms), answered, _at(s.ended_ms), str(s.hold_s), str(s.wrap_s),
               "" if s.abandoned else s.rep, s.intent, "Halcyon Air", "yes" if s.abandoned else "no")  # fmt: skip


def transcripts(stories: list[Story]) -> Iterator[tuple[str, ...]]:
    """One row a turn of what was written."""
    for s in stories:
        for t in s.turns if s.channel in ("chat", "messaging") else ():
            rep = t.who if t.role == "rep" else ""
            yield (
                s.id,
                _at(s.started_ms + t.offset_s * 1000),
                t.role,
                t.text,
                rep,
                s.customer,
                s.channel,
                s.intent,
                s.queue,
            )


def main() -> int:
    """Write both files."""
    FOLDER.mkdir(exist_ok=True)
    stories = sorted(history(SEED, DAYS, end_ms=END_MS, per_day=PER_DAY), key=lambda s: s.started_ms)
    for name, head, rows in (("contacts", CONTACTS, contacts), ("transcripts", TRANSCRIPTS, transcripts)):
        with (FOLDER / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(rows(stories))
    return 0


if __name__ == "__main__":
    sys.exit(main())
