"""What a page was asked to show: kept in the address, by days of the organisation's zone, and wrong values are the usual."""

import pytest

from baton.web.asked import asked_of, bar, in_words, says

pytestmark = pytest.mark.unit

NOW_MS = 1_795_748_400_000  # 27 Nov 2026, 03:00 UTC: 04:00 in Madrid
DAY_MS = 86_400_000


def test_the_usual_is_28_whole_days_of_the_organisations_zone() -> None:
    asked = asked_of({}, NOW_MS, "Europe/Madrid")
    assert asked.range == "28d"
    assert says(asked, NOW_MS, "Europe/Madrid") == "31 Oct to 27 Nov 2026"
    midnight_ms = 1_793_401_200_000  # 31 Oct 2026, 00:00 in Madrid
    assert asked.from_ms == midnight_ms
    assert asked.until_ms == 0


def test_the_period_before_is_as_long_and_ends_where_this_begins() -> None:
    asked = asked_of({"range": "7d", "queue": "refunds"}, NOW_MS)
    before = asked.before
    assert before is not None
    assert (before.from_ms, before.until_ms) == (asked.from_ms - 7 * DAY_MS, asked.from_ms)
    assert before.where == {"queue": "refunds"}
    assert asked_of({"range": "all"}, NOW_MS).before is None


def test_days_may_be_named_and_the_last_one_counts() -> None:
    asked = asked_of({"from": "2026-11-10", "until": "2026-11-12"}, NOW_MS)
    assert asked.until_ms - asked.from_ms == 3 * DAY_MS
    assert says(asked, NOW_MS, "UTC") == "10 Nov to 12 Nov 2026"
    assert asked.href("/performance") == "/performance?from=2026-11-10&until=2026-11-12"


def test_what_makes_no_sense_is_the_usual() -> None:
    asked = asked_of({"range": "yesterday", "from": "soon", "took": "dogs", "queue": "q" * 500}, NOW_MS, took="ai")
    assert (asked.range, asked.took, len(asked.queue)) == ("28d", "ai", 120)


def test_a_value_that_is_asked_for_stays_choosable() -> None:
    asked = asked_of({"channel": "pigeon"}, NOW_MS)
    channels = next(f for f in bar(asked, {"channel": [("chat", "Chat")]}, []) if f["name"] == "channel")
    assert channels["options"] == [("", "All channels"), ("chat", "Chat"), ("pigeon", "Pigeon")]
    assert in_words("refund_status") == "Refund status"
