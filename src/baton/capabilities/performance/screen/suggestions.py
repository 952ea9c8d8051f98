"""AI suggestions in reps' hands: requested, sent as they were, edited, own words, and silent rework.

Who sees what: a rep the own row; a row per rep who the agreement with the works council lets; everybody else the team's.
"""

from collections.abc import Mapping, Sequence

import msgspec

from baton.capabilities.governance.events import Level
from baton.capabilities.performance.ai_use.days import day_of
from baton.capabilities.performance.registry.rows import Row, whole
from baton.capabilities.performance.screen.selected import Selected
from baton.kernel.stats import Estimate, clustered_share

FEWEST = 5
COUNTS = ("requested", "picked", "edited", "own_words", "reworked")


class Use(msgspec.Struct, frozen=True):
    """What one rep, or the team, did with suggestions. `rework` is silent rework, None where too few drafts to say."""

    rep: str
    name: str
    requested: int
    picked: int
    edited: int
    own_words: int
    reworked: int
    as_they_were: Estimate | None
    rework: Estimate | None
    conversations: int

    @property
    def sent(self) -> int:
        """Turns sent by who had suggestions."""
        return self.picked + self.edited + self.own_words

    @property
    def parts(self) -> list[dict[str, object]]:
        """What the bar shows."""
        return [
            {"name": "as they were", "count": self.picked, "kind": "agent"},
            {"name": "edited", "count": self.edited, "kind": "agent-part"},
            {"name": "own words", "count": self.own_words, "kind": "none"},
        ]


class Uses(msgspec.Struct, frozen=True):
    """The rows someone may see, most requests first, and the team's."""

    rows: tuple[Use, ...]
    team: Use
    reps: int


async def uses(selected: Selected, names: Mapping[str, str], level: Level, own: str) -> Uses:
    """Suggestions of what is selected, each rep's as far as is agreed; `own` is who asks."""
    found: dict[str, list[Row]] = {}
    for row in await selected.suggestions():
        found.setdefault(str(row["rep"]), []).append(row)
    first = day_of(level.since_ms)
    kept = {rep: [r for r in rows if rep == own or str(r["day"]) >= first] for rep, rows in found.items()}
    shown = [
        _use(rep, names.get(rep, rep), rows) for rep, rows in kept.items() if rows and (level.agreed or rep == own)
    ]
    enough = level.agreed or len(found) >= level.smallest or set(found) <= {own}
    team = _use("", "Team", [row for rows in found.values() for row in rows] if enough else [], by_rep=True)
    return Uses(tuple(sorted(shown, key=lambda u: (-u.requested, u.name))), team, len(found))


def _use(rep: str, name: str, rows: Sequence[Row], by_rep: bool = False) -> Use:
    picked, edited, own, reworked, requested = (
        sum(whole(r[c]) for r in rows) for c in ("picked", "edited", "own_words", "reworked", "requested")
    )
    cluster = "rep" if by_rep else "conversation"
    drafts = [(str(r[cluster]), whole(r["reworked"]), whole(r["picked"]) + whole(r["edited"])) for r in rows]
    sent = [
        (str(r[cluster]), whole(r["picked"]), whole(r["picked"]) + whole(r["edited"]) + whole(r["own_words"]))
        for r in rows
    ]
    return Use(
        rep, name, requested, picked, edited, own, reworked, _estimate(sent), _estimate(drafts), len({str(r["conversation"]) for r in rows}),
    )  # fmt: skip


def _estimate(told: Sequence[tuple[str, int, int]]) -> Estimate | None:
    groups: dict[str, tuple[int, int]] = {}
    for cluster, y, n in told:
        had = groups.get(cluster, (0, 0))
        groups[cluster] = (had[0] + y, had[1] + n)
    kept = {c: (y, n) for c, (y, n) in groups.items() if n}
    return clustered_share(kept) if sum(n for _, n in kept.values()) >= FEWEST else None
