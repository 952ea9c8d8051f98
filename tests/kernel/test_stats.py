"""Every formula against a figure worked by hand or printed by its source."""

from math import inf, isclose, sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.kernel.stats import (
    NOTHING,
    ClusterSums,
    Estimate,
    Labelled,
    Stratum,
    clustered_ratio,
    clustered_share,
    conclusion,
    difference,
    mean,
    normal_quantile,
    prediction_powered_clustered,
    prediction_powered_mean,
    prediction_powered_sampled,
    ratio_of_sums,
    share_of_sums,
    shrunken_shares,
    standardise,
    student_quantile,
    wilson,
)

pytestmark = pytest.mark.unit


def test_wilson_of_81_in_263_is_what_newcombe_printed() -> None:
    found = wilson(81, 263)  # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3
    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4)) == (0.3080, 0.2553, 0.3662)


def test_wilson_keeps_inside_zero_and_one_and_knows_nothing_without_cases() -> None:
    assert wilson(0, 20).low == 0.0
    assert round(wilson(0, 20).high, 4) == 0.1611  # Newcombe 1998, table I
    assert wilson(29, 29).high == 1.0
    assert wilson(0, 0) == Estimate(0.0, 0.0, 1.0, 0)


@pytest.mark.parametrize(
    ("degrees", "t"), [(1, 12.706), (4, 2.776), (5, 2.571), (10, 2.228), (29, 2.045), (120, 1.980)]
)
def test_students_t_is_the_tables(degrees: int, t: float) -> None:
    assert isclose(student_quantile(degrees), t, rel_tol=0.002)


def test_students_t_without_a_degree_of_freedom_is_infinite() -> None:
    assert student_quantile(0) == inf
    assert round(normal_quantile(), 2) == 1.96


def test_a_clustered_share_worked_by_hand() -> None:
    found = clustered_share({"a": (4, 4), "b": (0, 4), "c": (2, 4)})
    # p = 6/12; residuals 2, -2, 0: spread 8; se = sqrt(3/2 * 8) / 12 = 0.28868; t(2) = 4.3027: half 1.242 -> clipped
    assert found == Estimate(0.5, 0.0, 1.0, 12, 3)
    many = clustered_share({str(n): (n % 2 * 2, 2) for n in range(40)})
    # p = 0.5; every residual is 1: spread 40; se = sqrt(40/39 * 40) / 80 = 0.080064; t(39) = 2.0227
    assert isclose(many.high - many.low, 2 * 2.0227 * 0.080064, rel_tol=1e-3)


def test_clusters_are_the_sample_size_where_all_are_alike() -> None:
    found = clustered_share({"a": (4, 4), "b": (4, 4)})
    assert (found.value, found.high, found.n, found.clusters) == (1.0, 1.0, 8, 2)
    assert found.low == wilson(2, 2).low


def test_clusters_widen_an_interval_when_trials_of_a_task_agree() -> None:
    clustered = clustered_share({str(n): (4 if n < 15 else 0, 4) for n in range(30)})
    apart = wilson(60, 120)
    assert clustered.high - clustered.low > 1.9 * (apart.high - apart.low)


def test_a_ratio_of_sums_worked_by_hand() -> None:
    found = clustered_ratio({"mon": (100.0, 2.0), "tue": (200.0, 2.0)})
    # r = 75; residuals -50, 50: spread 5000; se = sqrt(2 * 5000) / 4 = 25; t(1) = 12.7062
    assert found.value == 75.0
    assert isclose(found.high, 75 + 12.7062 * 25, rel_tol=1e-6)
    assert clustered_ratio({"mon": (100.0, 2.0)}).high == inf
    assert clustered_ratio({}).n == 0


def test_a_mean_worked_by_hand() -> None:
    found = mean([1.0, 2.0, 3.0, 4.0, 5.0])  # sd 1.5811, se 0.70711, t(4) 2.7764
    assert found.value == 3.0
    assert isclose(found.high, 3 + 2.7764 * sqrt(0.5), rel_tol=1e-4)
    assert mean([7.0]).high == inf
    assert mean([]).n == 0


def test_a_difference_is_newcombes_example() -> None:
    found = difference(wilson(56, 70), wilson(48, 80))  # Newcombe 1998, table II (a), method 10
    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4)) == (0.2, 0.0524, 0.3339)


def test_simpsons_case_turns_round_at_equal_mix() -> None:
    # Agents take the easy ones: raw 78 % against 62 %; in each class reps do better.
    agents = {"easy": Stratum(720, 900), "hard": Stratum(60, 100)}
    reps = {"easy": Stratum(90, 100), "hard": Stratum(585, 900)}
    found = standardise(agents, reps)
    assert found.left_raw.value > found.right_raw.value
    assert found.left is not None and found.right is not None and found.difference is not None
    assert isclose(found.left.value, 0.5 * 0.8 + 0.5 * 0.6)
    assert isclose(found.right.value, 0.5 * 0.9 + 0.5 * 0.65)
    assert found.difference.value < 0
    assert conclusion(found, "AI agents", "people").startswith(
        "At equal mix, people meet more needs than AI agents: by 7.5 points"
    )


def test_without_overlap_nothing_is_compared() -> None:
    found = standardise(
        {"easy": Stratum(90, 100), "odd": Stratum(1, 4)}, {"hard": Stratum(50, 100), "odd": Stratum(3, 4)}
    )
    assert found.difference is None
    assert conclusion(found, "AI agents", "people") == (
        "No difference can be claimed: no kind of case is served by both often enough."
    )
    thin = standardise({"a": Stratum(8, 10), "b": Stratum(80, 90)}, {"a": Stratum(8, 10)})
    assert thin.refused == "only 10% of the first side's cases and 100% of the second's are of a kind that both serve"


def test_a_small_difference_is_not_claimed() -> None:
    found = standardise({"a": Stratum(50, 100)}, {"a": Stratum(48, 100)})
    assert conclusion(found, "AI agents", "people").startswith(
        "No difference can be claimed: at equal mix it lies between"
    )


def test_prediction_powered_mean_worked_by_hand() -> None:
    automatic, labelled, labels = [0.0, 1.0] * 4, [0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, 1.0]
    # mean(s) = 0.5; cov(y, s) = 1/6; var of all 12 scores = 3/11; lambda = (1/6) / (3/11 * 1.5) = 11/27
    # estimate = 11/27 * 0.5 + mean(0, 1, 16/27, 16/27) = 0.2037 + 0.5463 = 0.75
    found = prediction_powered_mean(automatic, labelled, labels)
    weight = 11 / 27
    rest = [0.0, 1.0, 1 - weight, 1 - weight]
    centre = sum(rest) / 4
    variance = sum((r - centre) ** 2 for r in rest) / 3
    half = 1.959964 * sqrt(weight**2 * (2 / 7) / 8 + variance / 4)
    assert isclose(found.value, 0.75)
    assert isclose(found.high - found.value, half, rel_tol=1e-6)


def test_a_useless_judge_leaves_the_human_labels_alone() -> None:
    found = prediction_powered_mean([1.0] * 50, [1.0] * 4, [0.0, 1.0, 1.0, 0.0])
    assert found.value == 0.5
    with pytest.raises(ValueError, match="both are needed"):
        prediction_powered_mean([1.0, 0.0], [1.0], [1.0, 0.0])


def test_prediction_powered_clusters_worked_by_hand() -> None:
    automatic = [("a", 0.0), ("a", 1.0)] * 2 + [("b", 0.0), ("b", 1.0)] * 2
    labelled = [("c", 0.0, 0.0), ("c", 0.0, 1.0), ("d", 1.0, 1.0), ("d", 1.0, 1.0)]
    # The cases and so lambda = 11/27 and the estimate 0.75 of the test above. Clusters a and b are even: they pull by 0.
    # c: (0 + 1 - 2 * 59/108) / 4, where mean(y - lambda s) = 59/108; d: the same with the other sign.
    found = prediction_powered_clustered(automatic, labelled)
    pull = (1 - 2 * 59 / 108) / 4
    half = 12.7062 * sqrt(4 / 3 * 2 * pull**2)
    assert isclose(found.value, 0.75)
    assert isclose(found.high - found.value, half, rel_tol=1e-6)
    assert (found.n, found.clusters) == (12, 4)


def test_prediction_powered_clusters_need_two_of_them() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        prediction_powered_clustered([("a", 1.0)], [("b", 1.0, 1.0), ("b", 0.0, 1.0)])
    assert prediction_powered_clustered([], [("a", 0.5, 1.0), ("b", 0.5, 0.0)]).value == 0.5


def test_prediction_powered_clusters_cover_the_truth_though_the_judge_is_biased() -> None:
    chance, covered = Random(11), 0
    for _ in range(300):
        loose: list[tuple[str, float]] = []
        told: list[tuple[str, float, float]] = []
        for task in range(60):
            hard = chance.random()
            for _ in range(4):
                met = float(chance.random() < hard)
                guess = 0.3 * hard + 0.3 * met + 0.4
                if task < 20:
                    told.append((f"t{task}", guess, met))
                else:
                    loose.append((f"t{task}", guess))
        found = prediction_powered_clustered(loose, told)
        covered += found.low <= 0.5 <= found.high
    assert covered >= 0.92 * 300


shares = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(st.dictionaries(st.text(max_size=3), shares, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_every_share_lies_inside_its_interval_and_shrinking_never_leaves_the_range(
    groups: dict[str, tuple[int, int]],
) -> None:
    found = shrunken_shares(groups)
    raw = [y / n for y, n in groups.values()]
    for each in found.values():
        assert 0 <= each.low <= each.value + 1e-9 and each.value <= each.high + 1e-9 and each.high <= 1
        assert min(raw) - 1e-9 <= each.value <= max(raw) + 1e-9
    whole = clustered_share(groups)
    assert 0 <= whole.low <= whole.value <= whole.high <= 1


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_fully_labelled_sample_is_its_mean(pairs: list[tuple[float, float]]) -> None:
    scores = [(str(n), s) for n, (s, _) in enumerate(pairs)]
    labelled = [Labelled(str(n), s, y, 1.0) for n, (s, y) in enumerate(pairs)]
    found = prediction_powered_sampled(scores, labelled)
    assert isclose(found.value, sum(y for _, y in pairs) / len(pairs), abs_tol=1e-9)
    assert found.low <= found.value <= found.high


def test_sums_of_a_database_give_the_figures_of_the_rows() -> None:
    groups = {"a": (3, 5), "b": (0, 4), "c": (2, 2)}
    sums = ClusterSums(
        11, 3, sum(y for y, _ in groups.values()), sum(x for _, x in groups.values()), sum(y * y for y, _ in groups.values()),
        sum(y * x for y, x in groups.values()), sum(x * x for _, x in groups.values()),
    )  # fmt: skip
    assert share_of_sums(sums).low == pytest.approx(clustered_share(groups).low)
    assert share_of_sums(sums).high == pytest.approx(clustered_share(groups).high)
    assert ratio_of_sums(sums).high == pytest.approx(clustered_ratio(groups).high)
    assert share_of_sums(ClusterSums()) == NOTHING
    assert share_of_sums(ClusterSums(4, 2, 0, 4, 0, 0, 8)).high > 0.5, "where nothing varies, Wilson over clusters"
