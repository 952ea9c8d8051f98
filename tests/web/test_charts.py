"""Charts: shares that sum, labels that never touch, round axes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.web.charts import (
    LABEL_WIDTHS_PX,
    LEDGER,
    axis,
    band_path,
    ledger,
    line_path,
    spark,
    sparse,
    whole_permille,
    with_room,
)

pytestmark = pytest.mark.unit

needs = st.fixed_dictionaries({look.state: st.integers(0, 5000) for look in LEDGER})


@given(needs)
def test_the_ledger_always_sums_to_everything(counts: dict[str, int]) -> None:
    segments = ledger(counts)
    assert len(segments) == 9
    if sum(counts.values()):
        assert sum(segment.permille for segment in segments) == 1000
        assert sum(segment.width for segment in segments) == pytest.approx(100, abs=0.01)


@given(needs, st.sampled_from(LABEL_WIDTHS_PX))
def test_labels_of_the_ledger_never_touch_and_stay_on_the_bar(counts: dict[str, int], bar_px: int) -> None:
    shown = [segment for segment in ledger(counts, bar_px) if segment.needs]
    halves = [(len(segment.look.short) * 6.6 + 14) * 50 / bar_px for segment in shown]
    for i in range(len(shown) - 1):
        assert shown[i].label_x + halves[i] <= shown[i + 1].label_x - halves[i + 1] + 0.01
    if shown:
        assert shown[0].label_x - halves[0] >= -0.01
        assert shown[-1].label_x + halves[-1] <= 100.01


def test_rounded_shares_sum_to_a_thousand() -> None:
    assert whole_permille([1, 1, 1]) == [334, 333, 333]
    assert whole_permille([0, 0]) == [0, 0]


def test_an_axis_has_round_ticks_around_its_values() -> None:
    scale = axis([521, 644])
    assert [tick.value for tick in scale.ticks] == [500, 550, 600, 650]
    assert scale.at(575) == 50
    assert [tick.value for tick in axis([3, 38], 4, from_zero=True).ticks] == [0, 10, 20, 30, 40]
    assert axis([]).ticks[0].value == 0
    assert max(with_room([900, 990])) == 1000


def test_a_missing_value_breaks_the_line() -> None:
    scale = axis([0, 10])
    assert line_path([0, None, 10], scale) == "M0.0 1000.0 M1000.0 0.0"
    assert band_path([0, 0], [10, 10], scale).endswith("Z")


def test_a_sparkline_keeps_its_limit_inside() -> None:
    drawn = spark([1, 2, 3], limit=5)
    assert drawn.limit_y == 3.0
    assert spark([7]).line == "M0.0 29.0 L160 29.0"


def test_few_labels_stand_on_an_axis() -> None:
    assert [text for _, text in sparse([str(i) for i in range(31)])] == ["0", "6", "12", "18", "24", "30"]
