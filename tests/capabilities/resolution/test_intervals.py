"""What intervals promise, kept on invented organisations whose truth is known."""

import pytest

from baton.assembly.scoring.intervals import intervals
from baton.assembly.scoring.organisations import organisation

pytestmark = pytest.mark.unit


def test_an_organisation_is_the_same_for_its_seed_and_tells_what_is_seen_from_what_is_true() -> None:
    once = organisation(3, 10)
    assert once == organisation(3, 10)
    assert {(need.met, need.held) for need in once.needs} == {(a, b) for a in (True, False) for b in (True, False)}
    assert all(0 <= need.day < 10 for need in once.needs)


def test_intervals_cover_watching_claims_nothing_and_equal_mix_takes_the_bias_away() -> None:
    told: list[str] = []
    found = intervals(2, 20, told.append)
    assert told == ["20 of 20 organisations"]
    assert float(str(found["coverage"])) >= 0.85
    assert float(str(found["false_claims"])) <= 0.05
    assert abs(float(str(found["raw_bias"]))) > 100
    assert float(str(found["bias_ratio"])) <= 0.25
