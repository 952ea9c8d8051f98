"""Speed to proficiency: days from hire until a rep's last four weeks are as good as those of tenured reps, at equal mix.

Good means: needs met at least as often as tenured reps meet them in the same kinds of case, less a tenth; and handled in at most
their time and a tenth. Being better is proficient. Both are indirectly standardised: a rep's cases are compared with what tenured
reps do in cases of the same kind.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import msgspec

DAY_MS = 86_400_000
WINDOW_DAYS, STEP_DAYS = 28, 7
TENURED_DAYS = 180
NEW_DAYS = 730
"""A rep hired longer ago than this is not followed: nobody remembers how they began."""
FEWEST_CASES = 20
MET_AT_LEAST, TIME_AT_MOST = 0.9, 1.1


class Case(msgspec.Struct, frozen=True, gc=False):
    """A case of a rep: when, of which kind, whether the need was met (None: not known), and its handle time in seconds (0: not known)."""

    rep: str
    at_ms: int
    kind: str
    met: bool | None
    handle_s: float


class Pace(msgspec.Struct, frozen=True):
    """How far a rep is: days since hire at the first window that was good, or at the last one that was not.

    `at_most`: the first window that could be looked at was good already, so it took at most that long.
    """

    rep: str
    days: int
    proficient: bool
    at_most: bool = False


def paces(cases: Sequence[Case], hired: Mapping[str, int]) -> list[Pace]:
    """Every rep hired in the last two years with enough cases in a window, by rep."""
    tenured = [c for c in cases if 0 < hired.get(c.rep, 0) <= c.at_ms - TENURED_DAYS * DAY_MS]
    last_ms = max((c.at_ms for c in cases), default=0)
    found = []
    for rep, told in groupby(sorted(cases, key=lambda c: (c.rep, c.at_ms)), key=lambda c: c.rep):
        since = hired.get(rep, 0)
        if since and last_ms - since <= NEW_DAYS * DAY_MS:
            usual = [c for c in tenured if c.rep != rep]
            pace = _pace(rep, list(told), since, usual, last_ms)
            found += [pace] if pace else []
    return found


def median_days(found: Iterable[Pace]) -> int | None:
    """Median days to proficiency, where those not there yet count as longer (Kaplan and Meier 1958); None where fewer than half are."""
    left, at_risk = 1.0, sorted(found, key=lambda p: (p.days, not p.proficient))
    for n, pace in enumerate(at_risk):
        if pace.proficient:
            left *= 1 - 1 / (len(at_risk) - n)
            if left <= 0.5:
                return pace.days
    return None


def as_good(window: Sequence[Case], usual: Sequence[Case]) -> bool | None:
    """Whether the cases of a window are as good as tenured reps' of the same kinds; None where too few can be compared."""
    met, time = _ratio([(c.kind, float(bool(c.met))) for c in window if c.met is not None], [(c.kind, float(bool(c.met))) for c in usual if c.met is not None]), _ratio([(c.kind, c.handle_s) for c in window if c.handle_s], [(c.kind, c.handle_s) for c in usual if c.handle_s])  # fmt: skip
    if met is None or time is None:
        return None
    return met >= MET_AT_LEAST and time <= TIME_AT_MOST


def _pace(rep: str, cases: Sequence[Case], since: int, usual: Sequence[Case], last_ms: int) -> Pace | None:
    first_end = max(since, cases[0].at_ms) + WINDOW_DAYS * DAY_MS
    ends = range(min(first_end, last_ms), last_ms + 1, STEP_DAYS * DAY_MS)
    looked: list[int] = []
    for end in ends:
        good = as_good([c for c in cases if end - WINDOW_DAYS * DAY_MS < c.at_ms <= end], usual)
        days = (end - since) // DAY_MS
        if good:
            return Pace(rep, days, True, at_most=not looked)
        if good is not None:
            looked.append(days)
    return Pace(rep, looked[-1], False) if looked else None


def _ratio(mine: Sequence[tuple[str, float]], theirs: Sequence[tuple[str, float]]) -> float | None:
    """What was found over what tenured reps' means of the same kinds expect."""
    sums: dict[str, tuple[float, int]] = {}
    for kind, y in theirs:
        had = sums.get(kind, (0.0, 0))
        sums[kind] = (had[0] + y, had[1] + 1)
    compared = [(y, sums[kind][0] / sums[kind][1]) for kind, y in mine if kind in sums]
    expected = sum(e for _, e in compared)
    return sum(y for y, _ in compared) / expected if len(compared) >= FEWEST_CASES and expected > 0 else None
