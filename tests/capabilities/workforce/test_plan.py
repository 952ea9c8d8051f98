"""A plan holds what people are offered and what AI is expected to keep beside it."""

from datetime import date

import pytest

from baton.capabilities.workforce.reading.plan import plan
from baton.capabilities.workforce.reading.workload import Offered
from baton.capabilities.workforce.staffing.needed import Aim

pytestmark = pytest.mark.unit

DAY_MS, HOUR_MS = 86_400_000, 3_600_000
FIRST_MS = 1_772_409_600_000
"""2026-03-02, a Monday."""


def came(per_hour: int, kept: bool, days: int = 35) -> list[Offered]:
    return [
        Offered(FIRST_MS + day * DAY_MS + hour * HOUR_MS, "refunds", "chat", "low", per_hour, kept, answered=per_hour, handle_ms=per_hour * 300_000)
        for day in range(days) for hour in range(9, 17)
    ]  # fmt: skip


def test_what_ai_keeps_is_foreseen_beside_what_people_are_offered() -> None:
    told = plan([*came(6, kept=False), *came(12, kept=True)], "UTC", date(2026, 4, 6), 7, Aim())
    assert told is not None
    assert told.kept is not None
    assert told.expected.middle.sum(axis=1)[0] == pytest.approx(8 * 6, rel=0.05)
    assert told.kept.middle.sum(axis=1)[0] == pytest.approx(8 * 12, rel=0.05)
    assert told.pace.handle_s == 300


def test_an_ai_of_a_few_days_foretells_nothing() -> None:
    told = plan([*came(6, kept=False), *came(12, kept=True, days=5)], "UTC", date(2026, 4, 6), 7, Aim())
    assert told is not None
    assert told.kept is None
