"""`baton eval routing` and `baton eval wellbeing`: the index policy beside FIFO by skill, on the floor of `floor.py`, the same customers under both.

The policy is tuned on the earlier days and scored on the later ones. `routing` aims at the wait alone; `wellbeing` shares the
hard contacts too, and gives what sharing and breathers cost.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from baton.assembly.scoring.floor import days_of, floor_of, rostered
from baton.assembly.scoring.tuning import START, Aim, Days, tuned
from baton.kernel.queueing import FIFO, Breathers, Policy, Summary
from baton.kernel.stats import clustered_ratio

Say = Callable[[str], None]
Figures = dict[str, object]
EARLIER, SCORED_RUNS = 100 / 131, 3
"""The share of the days that is tuned on, every other one; how often each later day is run, with other customers."""
INVENTED_DAYS = 60
GINI = 0.145
"""What is aimed at on the earlier days, so as to keep .15 on the later ones."""
FAIRNESS_PERMILLE = (100, 200, 300, 450, 600, 800, 1000, 1500, 2000)
BREATHERS = Breathers("easy", after=90, rest_s=600)
"""After 45 minutes of high complexity in a row, or what is as much, an easy contact next, or none for ten minutes."""


class Halves(NamedTuple):
    """Days to tune on, days to score on, and where they are from."""

    earlier: Days
    later: Days
    source: str


def routing(data: Path, seed: int, tries: int, say: Say) -> Figures:
    """Mean wait over FIFO's at its service level, with a 95 % interval over days, and the class that fares worst."""
    halves = _halves(data, seed)
    policy = _quickest(halves, seed, tries, say)
    fifo, index = halves.later.told(FIFO), halves.later.told(policy)
    by_class = {
        a.name: round(b.mean_wait_s / a.mean_wait_s, 3) for a, b in zip(fifo.by_class, index.by_class, strict=True)
    }
    return {
        **_wait_ratio(halves.later, FIFO, policy), "worst_class_ratio": max(by_class.values()), "by_class": by_class,
        "service_level": _round(index.everybody.service_level), "fifo_service_level": _round(fifo.everybody.service_level),
        "mean_wait_s": _round(index.everybody.mean_wait_s), "fifo_mean_wait_s": _round(fifo.everybody.mean_wait_s),
        "abandoned": _round(index.everybody.abandonment), "fifo_abandoned": _round(fifo.everybody.abandonment),
        "contacts": fifo.everybody.offered, "days": len(halves.later.worlds), "arrivals": halves.source,
    }  # fmt: skip


def wellbeing(data: Path, seed: int, tries: int, say: Say) -> Figures:
    """How evenly hard contacts fall, and what that costs in wait beside the same policy that does not share them; then with breathers too."""
    halves = _halves(data, seed)
    quickest = _quickest(halves, seed, tries, say)
    fair = _fairest(halves.earlier, quickest)
    rested = replace(fair, breathers=BREATHERS)
    told = {
        name: halves.later.told(policy)
        for name, policy in (("fifo", FIFO), ("quickest", quickest), ("fair", fair), ("rested", rested))
    }
    return {
        "hard_gini": _round(told["fair"].hard_gini), **_wait_ratio(halves.later, quickest, fair),
        "unshared_hard_gini": _round(told["quickest"].hard_gini), "fifo_hard_gini": _round(told["fifo"].hard_gini),
        "wait_over_fifo": _over(told["fair"], told["fifo"]), "breathers_wait_ratio": _over(told["rested"], told["fair"]),
        "breathers_per_rep_and_day": _round(told["rested"].breathers / len(halves.later.worlds) / len(halves.later.worlds[0].reps)),
        "breathers_service_level_cost": _round(told["fair"].everybody.service_level - told["rested"].everybody.service_level),
        "service_level": _round(told["fair"].everybody.service_level), "contacts": told["fifo"].everybody.offered,
        "days": len(halves.later.worlds), "arrivals": halves.source,
    }  # fmt: skip


def _halves(data: Path, seed: int) -> Halves:
    days, source = days_of(data, seed, INVENTED_DAYS)
    cut = round(EARLIER * len(days))
    reps = rostered(days[:cut])
    worlds = [floor_of(day, reps) for day in days]
    earlier, later = worlds[:cut:2], worlds[cut:] * SCORED_RUNS
    first = 1_000_000 * seed
    return Halves(
        Days(tuple(earlier), tuple(range(first, first + len(earlier)))),
        Days(tuple(later), tuple(range(first + 500_000, first + 500_000 + len(later)))),
        source,
    )


def _quickest(halves: Halves, seed: int, tries: int, say: Say) -> Policy:
    aim = Aim(halves.earlier.told(FIFO))
    return tuned(halves.earlier, aim, START, tries, seed, say)


def _fairest(days: Days, policy: Policy) -> Policy:
    """The least fairness at which the hard contacts are shared evenly enough on these days; the most where none is."""
    tried = [replace(policy, fairness_permille=permille) for permille in FAIRNESS_PERMILLE]
    return next((each for each in tried if days.told(each).hard_gini <= GINI), tried[-1])


def _wait_ratio(days: Days, beside: Policy, policy: Policy) -> Figures:
    """Wait under a policy over that beside it, with a 95 % interval over days; a day's runs are one cluster."""
    of_day: dict[str, tuple[float, float]] = {}
    for n, (run, other) in enumerate(zip(days.under(policy), days.under(beside), strict=True)):
        day = str(n % (len(days.worlds) // SCORED_RUNS))
        wait_s, other_s = of_day.get(day, (0.0, 0.0))
        of_day[day] = (wait_s + float(run.wait_s.sum()), other_s + float(other.wait_s.sum()))
    ratio = clustered_ratio(of_day)
    return {"wait_ratio": round(ratio.value, 4), "wait_ratio_interval": [round(ratio.low, 4), round(ratio.high, 4)]}


def _over(told: Summary, beside: Summary) -> float:
    return round(told.everybody.mean_wait_s / beside.everybody.mean_wait_s, 4)


def _round(value: float) -> float:
    return round(value, 4)
