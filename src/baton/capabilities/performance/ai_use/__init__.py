"""AI suggestions in reps' hands: asked for, sent as they were, edited, replaced by own words; per rep, as a table."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import select

from baton.capabilities.lake.tables import CONVERSATIONS, SEGMENTS
from baton.capabilities.performance.ai_use.days import day_of
from baton.capabilities.performance.tables import AI_USE
from baton.kernel.log import Store

COLUMNS = ("requested", "shown", "picked", "edited", "own_words", "reworked")


class AiUse(msgspec.Struct, frozen=True):
    """What one rep did with AI suggestions: counts, and the share of sent turns that were suggestions, in permille."""

    rep: str
    requested: int
    shown: int
    picked: int
    edited: int
    own_words: int
    reworked: int
    conversations: int

    @property
    def picked_permille(self) -> int:
        """Suggestions sent as they were, of all turns sent."""
        sent = self.picked + self.edited + self.own_words
        return self.picked * 1000 // sent if sent else 0


async def ai_use(store: Store, since_ms: int = 0) -> list[AiUse]:
    """One row per rep, most requests first; reps who served where suggestions were used and used none are there too."""
    rows = await store.rows(select(AI_USE).where(AI_USE.c.day >= day_of(since_ms)))
    sums = {rep: dict.fromkeys((*COLUMNS, "conversations"), 0) for rep in await _served(store, bool(rows))}
    for row in rows:
        of = sums.setdefault(str(row["rep"]), dict.fromkeys((*COLUMNS, "conversations"), 0))
        for column in COLUMNS:
            of[column] += _whole(row[column])
        of["conversations"] += 1
    found = [AiUse(rep=rep, **counts) for rep, counts in sums.items()]
    return sorted(found, key=lambda use: (-use.requested, use.rep))


async def _served(store: Store, used: bool) -> list[str]:
    if not used:
        return []
    joined = AI_USE.join(CONVERSATIONS, CONVERSATIONS.c.conversation == AI_USE.c.conversation)
    sources = [
        str(r["source"]) for r in await store.rows(select(CONVERSATIONS.c.source).select_from(joined).distinct())
    ]
    query = select(SEGMENTS.c.rep).where(SEGMENTS.c.source.in_(sources), SEGMENTS.c.rep != "").distinct()
    return [str(row["rep"]) for row in await store.rows(query)]


def figures(uses: Sequence[AiUse]) -> dict[str, int]:
    """The sums over reps."""
    return {
        "reps": len(uses),
        **{name: sum(getattr(use, name) for use in uses) for name in ("requested", "picked", "own_words")},
    }


def write_csv(uses: Sequence[AiUse], path: Path) -> None:
    """One line per rep."""
    rows: list[Mapping[str, object]] = [
        msgspec.structs.asdict(use) | {"picked_permille": use.picked_permille} for use in uses
    ]
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(
            out, fieldnames=["rep", *COLUMNS, "conversations", "picked_permille"], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
