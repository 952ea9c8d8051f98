"""Statistics of what is watched, weighed and small: sequences, known chances, equal mix, shrinkage, coverage; worked by hand."""

from math import inf, isclose, sqrt
from random import Random

import pytest

from baton.kernel.stats import (
    Labelled,
    Moments,
    confidence_sequence_half_width,
    conformal_widening,
    coverage,
    prediction_powered_sampled,
    shrunken_means,
    shrunken_shares,
    standardise_means,
    watched_difference,
    wilson,
)

pytestmark = pytest.mark.unit


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
