"""Control charts, each figure worked by hand."""

import pytest

from baton.kernel.stats.control import LEAST_POINTS, control_chart

pytestmark = pytest.mark.unit


def test_a_share_within_chance_has_the_plain_limits() -> None:
    # By hand: 160 of 800, centre .2; sigma for 100 is sqrt(.2 * .8 / 100) = .04. Values .2 and .22 in turn: z is 0 or .5,
    # hence each moving range .5 and sigma_z = .5 / 1.128 = .44, which counts as 1. Limits .2 +- .12 = .08 to .32.
    chart = control_chart([(18, 100), (22, 100)] * 4)
    assert chart.centre == pytest.approx(0.2)
    assert chart.sigma_z == 1.0
    assert chart.points[0].low == pytest.approx(0.08)
    assert chart.points[0].high == pytest.approx(0.32)
    assert chart.signals == ()


def test_days_that_vary_more_than_chance_widen_their_limits() -> None:
    # By hand: .1 and .3 in turn around .2: z is -2.5 or +2.5, every moving range 5, sigma_z = 5 / 1.128 = 4.4326.
    # Half-width 3 * .04 * 4.4326 = .5319: low is cut at 0, high .7319.
    chart = control_chart([(10, 100), (30, 100)] * 4)
    assert chart.sigma_z == pytest.approx(4.4326, abs=1e-4)
    assert chart.points[0].low == 0.0
    assert chart.points[0].high == pytest.approx(0.7319, abs=1e-4)
    assert chart.signals == (), "the plain limits of .08 to .32 would nearly have called every day a signal"


def test_a_jump_is_beyond_and_fewer_cases_have_wider_limits() -> None:
    # By hand: eleven days of 10 of 100 and one of 40: centre 150/1200 = .125. sigma(100) = sqrt(.125 * .875 / 100) = .033072.
    # z is -.7559 eleven times and 8.3153 once, in the middle: two ranges of 9.0712 of eleven; sigma_z = 18.1424 / 11 / 1.128 = 1.4622.
    counts = [(10, 100)] * 6 + [(40, 100)] + [(10, 100)] * 5
    chart = control_chart(counts)
    assert chart.sigma_z == pytest.approx(1.4622, abs=1e-3)
    assert [p.beyond for p in chart.points if p.beyond] == ["above"]
    assert chart.points[6].high == pytest.approx(0.125 + 3 * 0.033072 * 1.4622, abs=1e-3)
    small = control_chart([*counts, (2, 10)]).points[-1]
    assert small.value == 0.2
    assert small.high is not None and chart.points[0].high is not None
    assert small.high > chart.points[0].high
    assert not small.beyond


def test_a_rate_counts_events_and_may_pass_one() -> None:
    # By hand: 8 days of 10 conversations with 5 escalations: centre .5, sigma sqrt(.5 / 10) = .2236, limits 0 to 1.1708.
    chart = control_chart([(5, 10)] * 8, "u")
    assert (chart.centre, chart.points[0].low) == (0.5, 0.0)
    assert chart.points[0].high == pytest.approx(0.5 + 3 * 0.223607, abs=1e-4)
    assert control_chart([(5, 10)] * 8, "p").points[0].high == pytest.approx(0.5 + 3 * 0.158114, abs=1e-4)


def test_eight_in_a_row_on_one_side_are_a_signal() -> None:
    # 8 days of 9 %, then 8 days of 11 %: no day is outside the limits, but the eighth of each side is no accident.
    chart = control_chart([(9, 100)] * 8 + [(11, 100)] * 8)
    assert [p.run for p in chart.points] == [""] * 7 + ["below"] + [""] * 7 + ["above"]
    assert not any(p.beyond for p in chart.points)


def test_days_without_a_case_are_neither_judged_nor_counted() -> None:
    chart = control_chart([(2, 10), (0, 0)] * LEAST_POINTS)
    assert chart.judged == LEAST_POINTS
    assert chart.points[1].value is None and chart.points[1].high is None


@pytest.mark.parametrize("counts", [[], [(0, 0)], [(1, 2)] * (LEAST_POINTS - 1), [(0, 10)] * 20, [(10, 10)] * 20])
def test_too_little_or_all_alike_claims_nothing(counts: list[tuple[int, int]]) -> None:
    assert control_chart(counts).signals == ()


def test_false_signals_are_one_in_153_points() -> None:
    assert control_chart([(20, 100)] * 28).false_signals == pytest.approx(28 / 152.7)


def test_rare_cases_have_exact_upper_limits_and_no_rows() -> None:
    # By hand: 2 cases in 40 days of 10: centre .005, .05 a day. Binomial(10, .005): one or more has chance .0489, two or more
    # .0011, which is rarer than .00135: so one case a day is no signal, and two are. Thirty days without a case are no row.
    chart = control_chart([(0, 10)] * 30 + [(1, 10)] + [(0, 10)] * 8 + [(1, 10)])
    assert chart.centre == pytest.approx(0.005)
    assert chart.signals == ()
    assert chart.points[0].high is not None
    assert chart.points[0].high >= 0.1
    assert chart.false_signals == pytest.approx(40 * 0.00135)
    assert control_chart([(0, 100)] * 60 + [(3, 10)]).points[-1].beyond == "above"
