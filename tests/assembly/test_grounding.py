"""Scoring the grounding check."""

from pathlib import Path

import pytest

from baton.assembly.scoring.grounding.scoring import auroc, pairs, score

pytestmark = pytest.mark.unit


def test_the_area_by_hand() -> None:
    """(9 > 5, 9 > 7, 6 > 5, 6 < 7) are three of four."""
    assert auroc([9, 6], [5, 7]) == 0.75


def test_no_sentence_is_both_looked_at_and_scored() -> None:
    dev, test = ({each.sentence for each in pairs(part)} for part in ("dev", "test"))
    assert dev and test and not dev & test


def test_support_tells_more_than_shared_words() -> None:
    figures = score(Path("nowhere"))
    ours, baseline = figures["auroc"], figures["baseline_auroc"]
    assert isinstance(ours, float) and isinstance(baseline, float)
    assert ours > 0.88 and baseline < 0.75
    assert figures["sentences"] == 84
