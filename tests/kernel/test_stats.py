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
    Moments,
    Stratum,
    clustered_ratio,
    clustered_share,
    conclusion,
    confidence_sequence_half_width,
    conformal_widening,
    coverage,
    difference,
    mean,
    normal_quantile,
    prediction_powered_clustered,
    prediction_powered_mean,
    prediction_powered_sampled,
    ratio_of_sums,
    share_of_sums,
    shrunken_means,
    shrunken_shares,
    standardise,
    standardise_means,
    student_quantile,
    watched_difference,
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
    assert (
        thin.refused == "only 10% of the one side's and 100% of the other's cases have a counterpart of the same kind"
    )


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


def test_the_confidence_sequence_worked_by_hand() -> None:
    # alpha .05: 2 ln 20 = 5.99146, ln 6.99146 = 1.94469, rho^2 = 7.93615 / 500; n = 500: n rho^2 + 1 = 8.93615
    # 2 * 8.93615 / (500 * 7.93615) * ln(sqrt(8.93615) / .05) = .0045041 * 4.09080 = .0184253 -> .135740
    assert isclose(confidence_sequence_half_width(500, 1.0, 500), 0.135740, rel_tol=1e-4)
    assert confidence_sequence_half_width(0, 1.0, 500) == inf
    assert confidence_sequence_half_width(500, 4.0, 500) == 2 * confidence_sequence_half_width(500, 1.0, 500)


def test_a_sample_with_known_chances_worked_by_hand() -> None:
    # Four cases, two drawn with certainty and one with a chance of 1/2 (it stands for two): weights 1, 1, 2.
    scores = [("a", 0.0), ("b", 0.0), ("c", 1.0), ("d", 1.0)]
    labelled = [Labelled("a", 0.0, 0.0, 1.0), Labelled("b", 0.0, 1.0, 1.0), Labelled("c", 1.0, 1.0, 0.5)]
    # Weighted: mean score 2/4, mean label 3/4; lambda = (.5 * .75 - .5 * .25 + 2 * .5 * .25) / (4 * .25) = 0.5
    # estimate = 0.5 * 0.5 + (0 + 1 + 2 * 0.5) / 4 = 0.75
    found = prediction_powered_sampled(scores, labelled)
    assert isclose(found.value, 0.75)
    # pulls: a .5 * -.5 / 4 + (0 - .5) / 4; b the same + (1 - .5) / 4; c .0625 + 2 * (.5 - .5) / 4; d .0625
    spread = (-0.0625 - 0.125) ** 2 + (-0.0625 + 0.125) ** 2 + 2 * 0.0625**2
    assert isclose(found.high - 0.75, 4.3027 * sqrt(4 / 3 * spread), rel_tol=1e-6)
    assert (found.n, found.clusters) == (4, 4)
    with pytest.raises(ValueError, match="at least 2"):
        prediction_powered_sampled(scores, labelled[:1])


def test_a_sample_that_prefers_doubtful_cases_still_tells_the_truth() -> None:
    chance, found = Random(3), []
    for _ in range(300):
        scores, labelled = [], []
        for n in range(400):
            met = float(chance.random() < 0.6)
            score = met if chance.random() < 0.8 else 1.0
            scores.append((str(n), score))
            drawn = 0.3 if score == 0 else 0.1
            if chance.random() < drawn:
                labelled.append(Labelled(str(n), score, met, drawn))
        found.append(prediction_powered_sampled(scores, labelled))
    held = coverage(found, [0.6] * len(found))
    assert held.value >= 0.92
    assert abs(sum(e.value for e in found) / len(found) - 0.6) < 0.01, "without the weights it would be .5 or .7"


def test_moments_are_the_mean_and_variance() -> None:
    seen = Moments().plus(1.0).plus(2.0).plus(6.0)
    assert (seen.n, seen.mean, seen.variance) == (3, 3.0, 7.0)
    assert Moments().mean == Moments().variance == 0.0


def test_a_watched_difference_claims_nothing_early_and_is_the_formula_later() -> None:
    few = Moments(29, 20.0, 20.0)
    assert watched_difference(few, few, 100).high == inf
    left, right = Moments(100, 60.0, 60.0), Moments(100, 50.0, 50.0)
    found = watched_difference(left, right, 100)
    assert isclose(found.value, 0.1)
    spread = left.variance + right.variance
    assert isclose(found.high - found.value, confidence_sequence_half_width(100, spread, 100), rel_tol=1e-9)
    same = Moments(100, 100.0, 100.0)
    assert watched_difference(same, same, 100).high == inf, "No variance seen is no proof of none"


def test_watching_alike_arms_daily_rarely_claims_a_difference() -> None:
    chance, claimed = Random(5), 0
    for _ in range(300):
        arms = [Moments(), Moments()]
        for _ in range(30):
            for side in (0, 1):
                for _ in range(20):
                    arms[side] = arms[side].plus(float(chance.random() < 0.55))
            found = watched_difference(arms[0], arms[1], 300)
            if not found.low <= 0 <= found.high:
                claimed += 1
                break
    assert claimed <= 0.05 * 300


def test_means_at_equal_mix_worked_by_hand() -> None:
    # Seniors are faster at each kind (9 of 10, 18 of 20 minutes) and get the hard ones: raw 16.2 against 12.5.
    seniors = {"easy": {"a": (90.0, 10.0), "b": (90.0, 10.0)}, "hard": {"a": (720.0, 40.0), "b": (720.0, 40.0)}}
    juniors = {"easy": {"c": (300.0, 30.0), "d": (300.0, 30.0)}, "hard": {"c": (200.0, 10.0), "d": (200.0, 10.0)}}
    found = standardise_means(seniors, juniors)
    assert (found.left_raw.value, found.right_raw.value) == (16.2, 12.5)
    # 80 easy and 100 hard of both: 4/9 * 9 + 5/9 * 18 = 14; 4/9 * 10 + 5/9 * 20 = 15.5556
    assert found.left is not None and found.right is not None and found.difference is not None
    assert isclose(found.left.value, 14.0) and isclose(found.right.value, 140 / 9)
    assert found.reverses and found.difference.high < 0
    assert [(s.stratum, s.left.value, s.right.value) for s in found.strata] == [
        ("easy", 9.0, 10.0),
        ("hard", 18.0, 20.0),
    ]


def test_the_interval_of_a_standardised_mean_follows_its_clusters() -> None:
    side = {"easy": {"a": (80.0, 10.0), "b": (100.0, 10.0)}, "hard": {"a": (160.0, 10.0), "b": (200.0, 10.0)}}
    found = standardise_means(side, side)
    # r = 9 and 18; pulls of a: .5 * (80 - 90) / 20 + .5 * (160 - 180) / 20 = -.75, of b +.75; half = t(1) sqrt(2 * 2 * .5625) = 12.7062 * 1.5
    assert found.left is not None
    assert isclose(found.left.high - found.left.value, 12.7062 * 1.5, rel_tol=1e-6)


def test_means_without_overlap_are_not_compared() -> None:
    found = standardise_means({"easy": {"a": (90.0, 10.0)}}, {"hard": {"c": (90.0, 10.0)}})
    assert found.difference is None and found.refused.startswith("no kind of case")
    assert not found.reverses
    assert standardise_means({}, {}).refused


def test_small_groups_are_drawn_to_all() -> None:
    groups = {"new": (3, 3), "old": (150, 300), **{str(n): (20 + 4 * n, 80) for n in range(10)}}
    found = shrunken_shares(groups)
    assert 0.5 < found["new"].value < 0.8, "three of three is no hundred percent"
    assert abs(found["old"].value - 0.5) < 0.01
    assert found["new"].high - found["new"].low > found["old"].high - found["old"].low
    alike = shrunken_shares({str(n): (5 + n % 2, 10) for n in range(20)})
    spread = [e.value for e in alike.values()]
    assert max(spread) - min(spread) < 0.02, "what chance alone would do says nothing of anybody"
    assert shrunken_shares({"a": (0, 0)})["a"].n == 0
    assert shrunken_shares({"a": (3, 4), "b": (1, 4)})["a"].value == 0.75, "two groups cannot tell how groups differ"


def test_shrunken_shares_worked_by_hand() -> None:
    found = shrunken_shares({"a": (20, 100), "b": (80, 100), "c": (40, 100), "d": (60, 100), "e": (50, 100)})
    # p = .5; spread = 100 (.09 + .09 + .01 + .01) = 20; room = 500 - 50000 / 500 = 400; tau^2 = (20 - 4 * .25) / 400 = .0475
    # B = 2/4 * .0025 / .05 = .025; a = .025 * .5 + .975 * .2 = .2075
    assert isclose(found["a"].value, 0.2075)
    # variance = .975 * .0025 + .000625 * .25 / 500 + 1 * .000625 * .09 = .00249406; size = .2075 * .7925 / .00249406 = 65.934
    size = 0.2075 * 0.7925 / (0.975 * 0.0025 + 0.000625 * 0.0005 + 0.000625 * 0.09)
    assert isclose(size, 65.934, rel_tol=1e-4)
    z = 1.959964
    half = z / (1 + z * z / size) * sqrt(0.2075 * 0.7925 / size + z * z / (4 * size * size))
    assert isclose(found["a"].high - found["a"].low, 2 * half, rel_tol=1e-6)


def test_shrunken_shares_cover_what_the_groups_truly_do() -> None:
    chance, held, of = Random(2), 0, 0
    for _ in range(40):
        truth = {str(n): min(0.95, max(0.05, chance.gauss(0.6, 0.12))) for n in range(24)}
        seen = {}
        for name, share in truth.items():
            n = chance.choice((5, 20, 80))
            seen[name] = (sum(chance.random() < share for _ in range(n)), n)
        found = shrunken_shares(seen)
        held += sum(found[name].low <= truth[name] <= found[name].high for name in truth)
        of += len(truth)
    assert held / of >= 0.92


def test_shrunken_means_worked_by_hand() -> None:
    pairs = {"a": (9.0, 11.0), "b": (19.0, 21.0), "c": (14.0, 16.0), "d": (14.0, 16.0), "e": (14.0, 16.0)}
    groups = {name: Moments().plus(low).plus(high) for name, (low, high) in pairs.items()}
    # Means 10 20 15 15 15, within 2; spread = 2 * 50 = 100; room = 10 - 20 / 10 = 8; tau^2 = (100 - 8) / 8 = 11.5
    # B = .5 * 1 / 12.5 = .04: a = .04 * 15 + .96 * 10 = 10.2; variance = .96 + .0016 * .2 + 1 * .0016 * 25 = 1.00032
    found = shrunken_means(groups)
    assert isclose(found["a"].value, 10.2)
    assert isclose(found["a"].high - 10.2, 1.959964 * sqrt(1.00032), rel_tol=1e-6)
    assert shrunken_means({"a": Moments(1, 5.0, 25.0)})["a"].high == inf
    assert shrunken_means({}) == {}


def test_coverage_and_what_conformal_widening_gives() -> None:
    held = coverage([wilson(5, 10), wilson(0, 50)], [0.5, 0.5])
    assert (held.value, held.n) == (0.5, 2)
    # Misses max(low - y, y - high) of [0, 10] for y = 1..9 are -1 -2 -3 -4 -5 -4 -3 -2 -1, and 3 for 13: the ceil(11 * .8) = 9th is -1.
    assert conformal_widening([0.0] * 10, [10.0] * 10, [1, 2, 3, 4, 5, 6, 7, 8, 9, 13]) == -1
    assert conformal_widening([0.0], [1.0], [0.5]) == inf


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
