"""Needing: people that months to come need, from a usual week scaled by volume, and harder work where AI keeps more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from baton.capabilities.workforce.forecasting.series import Numbers
from baton.capabilities.workforce.months.people import MONTHS
from baton.capabilities.workforce.months.volume import Volume
from baton.capabilities.workforce.staffing.mixing import work
from baton.capabilities.workforce.staffing.needed import Aim, needed
from baton.capabilities.workforce.staffing.pace import Pace

Three = tuple[float, float, float]


@dataclass(frozen=True)
class Today:
    """A usual week: contacts offered to people by slot, those of each level with their paces, contacts AI kept, and what is promised."""

    week: Numbers
    step_min: int
    levels: Mapping[str, float]
    paces: Mapping[str, Pace]
    pace: Pace
    kept: float
    aim: Aim

    @property
    def ai_share(self) -> float:
        """Of all contacts, the share that AI kept."""
        offered = sum(self.levels.values())
        return self.kept / (self.kept + offered) if offered else 0.0


@dataclass(frozen=True)
class Need:
    """A month: contacts of all, the share AI keeps, mean handle time, and people needed, each with its 80 % interval where it has one."""

    contacts: Three
    ai_share: float
    handle_s: float
    people: Three


def needs(today: Today, told: Volume, horizon: float, week_min: int) -> list[Need]:
    """Eighteen months; `horizon` is the share AI keeps at their end, reached in equal steps."""
    return [_need(today, told, month, _share(today, horizon, month), week_min) for month in range(1, MONTHS + 1)]


def left_for_people(levels: Mapping[str, float], kept: float, share: float) -> dict[str, float]:
    """Contacts of each level that are left when AI keeps `share` of all: what it keeps more are the easy ones first, then the next."""
    more = share * (sum(levels.values()) + kept) - kept
    left = dict(levels)
    order = [level for level in ("low", "", "medium", "high") if level in left]
    for level in order:
        taken = max(min(left[level], more), 0.0) if more > 0 else 0.0
        left[level], more = left[level] - taken, more - taken
    if more < 0 and order:
        left[order[0]] -= more
    return left


def people_for(week: Numbers, step_min: int, pace: Pace, aim: Aim, week_min: int) -> float:
    """Full-time people whose paid time holds the people needed in every slot of a week."""
    return float(needed(week, step_min, pace, aim).people.sum()) * step_min / week_min


def _share(today: Today, horizon: float, month: int) -> float:
    return today.ai_share + (horizon - today.ai_share) * month / MONTHS


def _need(today: Today, told: Volume, month: int, share: float, week_min: int) -> Need:
    left = left_for_people(today.levels, today.kept, share)
    before, after = (work(contacts, today.paces, today.pace) for contacts in (today.levels, left))
    fewer = sum(left.values()) / max(1e-9, sum(today.levels.values()))
    harder = replace(today.pace, handle_s=today.pace.handle_s * after.handle_s / max(before.handle_s, 1e-9))
    scales = told.scale(month)
    people = [people_for(today.week * scale * fewer, today.step_min, harder, today.aim, week_min) for scale in scales]
    contacts = [told.weekly * scale for scale in scales]
    return Need(_three(contacts), share, harder.handle_s, _three(people))


def _three(values: Sequence[float]) -> Three:
    return values[0], values[1], values[2]
