"""What Halcyon Air's HR and training systems, and two tools of its reps, would tell. Invented, and labelled so by their source."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b

from baton.capabilities.ai_use.events import AiUsed, Employed, Trained
from baton.demo.halcyon.story import Story
from baton.demo.people import Rep, reps

SOURCE = "halcyon"
COURSES = ("Refund rules", "Calm words", "Bags and partners", "Reading AI drafts", "Accessibility")
LEFT = (
    ("nuno.prado", "Lisbon", date(2024, 2, 5), date(2026, 6, 30), "P1"),
    ("lea.kunz", "Leipzig", date(2022, 9, 12), date(2026, 9, 15), "P2"),
)
"""Two who left in the last year."""
TRANSLATOR, WRITER = "translator", "grammar-helper"
TOOLS = {TRANSLATOR: "https://translator.halcyon.example", WRITER: "https://grammar.halcyon.example"}


def employed() -> Iterator[Employed]:
    """Every rep's row of the HR file."""
    for rep in reps():
        yield Employed(rep.id, rep.site, _ms(rep.hired), 0, rep.pay_band, SOURCE)
    for rep_id, team, hired, left, band in LEFT:
        yield Employed(rep_id, team, _ms(hired), _ms(left), band, SOURCE)


def trained(end_ms: int) -> Iterator[Trained]:
    """Every rep's courses of the last year: their training hours in three to five parts."""
    for rep in reps():
        parts = 3 + _drawn(rep.id, "parts") % 3
        for n in range(parts):
            minutes = rep.training_h * 60 // parts
            yield Trained(
                rep.id, COURSES[n % len(COURSES)], minutes, _day_ms(end_ms, _drawn(rep.id, f"course{n}") % 350), SOURCE
            )


def elsewhere(story: Story, conversation: str) -> Iterator[tuple[str, int, AiUsed]]:
    """Drafts of other tools in a told conversation: the id of each event, when, and what happened."""
    rep = next((r for r in reps() if r.id == story.rep), None)
    if rep is None or story.abandoned:
        return
    at_ms = story.ended_ms - 60_000
    for tool in _tools(story, rep):
        yield f"{story.id}/{tool}/shown", at_ms, AiUsed(rep.id, tool, "shown", conversation)
        if _drawn(story.id, f"{tool}/used") % 1000 < (820 if tool == TRANSLATOR else 450):
            changed = _drawn(story.id, f"{tool}/changed") % 420 if _drawn(story.id, f"{tool}/edits") % 10 < 4 else 0
            yield f"{story.id}/{tool}/inserted", at_ms, AiUsed(rep.id, tool, "inserted", conversation)
            yield f"{story.id}/{tool}/sent", at_ms, AiUsed(rep.id, tool, "sent", conversation, changed)


def _tools(story: Story, rep: Rep) -> Iterator[str]:
    if story.language != "en" and story.channel != "voice":
        yield TRANSLATOR
    elif story.channel in {"email", "messaging"} and _drawn(rep.id, "writer") % 3 == 0:
        yield WRITER


def _ms(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)


def _day_ms(end_ms: int, days_before: int) -> int:
    return _ms((datetime.fromtimestamp(end_ms / 1000, UTC) - timedelta(days=days_before + 1)).date())


def _drawn(key: str, label: str) -> int:
    return int.from_bytes(blake2b(f"{label}/{key}".encode(), digest_size=4).digest(), "big")
