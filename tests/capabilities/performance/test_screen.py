"""The Performance screen: harder work seen through, suggestions shown to whom they belong, figures written in their unit."""

import pytest

from baton.capabilities.governance.events import Level
from baton.capabilities.performance.screen.meanings import clock, seconds, written
from baton.capabilities.performance.screen.paces import Cell, side_by_side
from baton.capabilities.performance.screen.suggestions import uses

pytestmark = pytest.mark.unit


class Shown:
    """Rows as the registry would give them."""

    def __init__(self, used: list[dict[str, object]]) -> None:
        self._used = used

    async def suggestions(self) -> list[dict[str, object]]:
        return self._used


def handled(rep: str, queue: str, minutes: float, times: int) -> list[Cell]:
    return [Cell(rep, queue, times, minutes * 60 * times)]


def test_the_longer_work_hides_the_faster_hands() -> None:
    # By hand: seniors take 15 refunds of 19 min and 5 seats of 4 min, 15.25 min on average; juniors 5 of 20 and 15 of 5, 8.75 min.
    # Both halves together have as many refunds as seats: at that mix seniors take 11.5 min, juniors 12.5.
    seniors = [c for rep in ("ana", "bo") for c in handled(rep, "refunds", 19, 15) + handled(rep, "seats", 4, 5)]
    juniors = [c for rep in ("cy", "di") for c in handled(rep, "refunds", 20, 5) + handled(rep, "seats", 5, 15)]
    told = side_by_side(seniors + juniors)
    assert told is not None
    assert told.reps == (2, 2)
    assert told.raw_less.value == pytest.approx((15.25 - 8.75) * 60)
    assert told.equal_less is not None
    assert told.equal_less.value == pytest.approx(-60)
    assert told.reverses


USED = [
    {"rep": rep, "conversation": f"{rep}-{n}", "requested": 1, "picked": 1, "edited": 1, "own_words": 0, "reworked": n % 2, "day": "2026-11-02"}
    for rep in ("jack", "mina")
    for n in range(4)
]  # fmt: skip


@pytest.mark.parametrize(
    ("agreed", "own", "shown"),
    [(True, "ruth", ["jack", "mina"]), (False, "mara", []), (False, "jack", ["jack"])],
)  # fmt: skip
async def test_a_rep_sees_the_own_row_and_others_as_far_as_was_agreed(agreed: bool, own: str, shown: list[str]) -> None:
    found = await uses(Shown(used=USED), {}, Level(agreed, smallest=2), own)  # type: ignore[arg-type]
    assert [use.rep for use in found.rows] == shown
    assert (found.team.requested, found.reps) == (8, 2)
    assert found.team.rework is not None
    assert found.team.rework.value == pytest.approx(4 / 16)


async def test_too_few_drafts_say_nothing() -> None:
    found = await uses(Shown(used=USED[:2]), {}, Level(agreed=True), "")  # type: ignore[arg-type]
    assert found.rows[0].rework is None


def test_figures_are_written_in_their_unit() -> None:
    assert written(0.4286, "share") == "42.9\u00a0%"
    assert written(-410.0, "permille") == "−0.41"
    assert written(4812.0, "count") == "4\u202f812"
    assert seconds(683.2) == "11:23\u00a0min"
    assert seconds(41.25) == "41.2\u00a0s"
    assert clock(-66.0) == "−1:06"
