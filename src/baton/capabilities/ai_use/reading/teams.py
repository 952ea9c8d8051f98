"""Teams: training, time in the job and the work they get, side by side. Nobody is named, and small teams are joined."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import select

from baton.capabilities.ai_use.people import bands
from baton.capabilities.ai_use.reading.proficiency import Case, Pace, median_days, paces
from baton.capabilities.ai_use.reading.uses import DAY_MS, outcomes, whole
from baton.capabilities.ai_use.tables import BANDS, PEOPLE, TRAINING
from baton.capabilities.lake.tables import CONVERSATIONS, SEGMENTS
from baton.kernel.log import Store
from baton.kernel.stats import Estimate, clustered_share, mean
from baton.web.asked import Asked

LEVELS = ("high", "medium", "low")
YEAR_DAYS = 365
SMALLEST = 5
"""Teams with fewer reps are shown together: a figure of three people says too much of each."""
OTHERS = "Teams under five"


class Person(msgspec.Struct, frozen=True):
    """A rep as HR and training systems tell: days since hire, and training minutes in the last year."""

    rep: str
    team: str
    hired_ms: int
    left_ms: int
    minutes: int


class Team(msgspec.Struct, frozen=True):
    """A team: reps here now and those who left in a year, training hours per rep, years in the job, the work they got.

    `mix` are shares of its cases by complexity; `bands` is empty where nothing may be told. `new` are reps followed from their hire.
    """

    name: str
    reps: int
    left: int
    training_h: Estimate | None
    years: Estimate | None
    cases: int
    mix: dict[str, Estimate]
    new: int
    proficient: int
    median_days: int | None
    at_most: bool
    bands: tuple[tuple[str, int], ...] = ()


async def people(store: Store, now_ms: int) -> list[Person]:
    """Every rep that HR told of."""
    since = now_ms // DAY_MS - YEAR_DAYS
    minutes: Counter[str] = Counter()
    for row in await store.rows(select(TRAINING).where(TRAINING.c.day > since)):
        minutes[str(row["rep"])] += whole(row["minutes"])
    return [
        Person(str(r["rep"]), str(r["team"]), whole(r["hired_ms"]), whole(r["left_ms"]), minutes[str(r["rep"])])
        for r in await store.rows(select(PEOPLE))
    ]


async def cases(store: Store, asked: Asked) -> list[Case]:
    """Each stretch of a conversation that a rep answered, by when it was answered; its kind is its complexity and channel."""
    met = await outcomes(store)
    joined = SEGMENTS.join(CONVERSATIONS, CONVERSATIONS.c.conversation == SEGMENTS.c.conversation)
    query = (
        select(SEGMENTS, CONVERSATIONS.c.complexity)
        .select_from(joined)
        .where(SEGMENTS.c.rep != "", SEGMENTS.c.answered_ms > 0)
    )
    query = query.where(SEGMENTS.c.answered_ms >= asked.from_ms) if asked.from_ms else query
    query = query.where(SEGMENTS.c.answered_ms < asked.until_ms) if asked.until_ms else query
    return [
        Case(
            str(r["rep"]), whole(r["answered_ms"]), f"{r['complexity'] or 'ungraded'} · {r['channel']}", met.get(str(r["conversation"])),
            max(0, whole(r["ended_ms"]) - whole(r["answered_ms"]) + whole(r["wrap_ms"])) / 1000,
        )
        for r in await store.rows(query)
    ]  # fmt: skip


async def band_counts(store: Store) -> dict[str, dict[str, int]]:
    """People by team and pay band."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in await store.rows(select(BANDS)):
        found[str(row["team"])][str(row["pay_band"])] = whole(row["people"])
    return found


def teams(
    everyone: Sequence[Person], work: Sequence[Case], earned: Mapping[str, Mapping[str, int]], now_ms: int
) -> list[Team]:
    """One row per team, the largest first, those under `SMALLEST` joined. `earned` is empty for who may not see pay bands."""
    here = Counter(p.team for p in everyone if not p.left_ms)
    by_team: dict[str, list[Person]] = defaultdict(list)
    for person in everyone:
        by_team[person.team if here[person.team] >= SMALLEST else OTHERS].append(person)
    pace = {p.rep: p for p in paces(work, {p.rep: p.hired_ms for p in everyone})}
    made = [_team(name, told, work, pace, earned.get(name, {}), now_ms) for name, told in by_team.items()]
    return sorted(
        [t for t in made if t.name != OTHERS or t.reps >= SMALLEST], key=lambda t: (t.name == OTHERS, -t.reps, t.name)
    )


def _team(
    name: str, told: Sequence[Person], work: Sequence[Case], pace: Mapping[str, Pace], earned: Mapping[str, int], now_ms: int
) -> Team:  # fmt: skip
    reps, here = {p.rep for p in told}, [p for p in told if not p.left_ms]
    mine = [c for c in work if c.rep in reps]
    found = [pace[p.rep] for p in here if p.rep in pace]
    left = sum(now_ms - YEAR_DAYS * DAY_MS <= p.left_ms for p in told if p.left_ms)
    median = median_days(found)
    return Team(
        name, len(here), left, _mean([p.minutes / 60 for p in here]), _mean([(now_ms - p.hired_ms) / DAY_MS / 365.25 for p in here]),
        len(mine), {level: _share(mine, level) for level in LEVELS} if mine else {}, len(found), sum(p.proficient for p in found),
        median, any(p.at_most and p.days == median for p in found), tuple(bands.shown(earned)),
    )  # fmt: skip


def _mean(values: Sequence[float]) -> Estimate | None:
    return mean(values) if len(values) >= 2 else None


def _share(told: Sequence[Case], level: str) -> Estimate:
    groups: dict[str, tuple[int, int]] = {}
    for case in told:
        y, n = groups.get(case.rep, (0, 0))
        groups[case.rep] = (y + case.kind.startswith(f"{level} "), n + 1)
    return clustered_share(groups)
