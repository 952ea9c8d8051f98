"""What `baton eval quotes` counts, on a few invented days: waits as they were, promises, and the usual way beside them."""

import pytest

from baton.assembly.scoring.airline import QUEUES, day, reps
from baton.assembly.scoring.asked_again import asked_of
from baton.assembly.scoring.quotes import quotes
from baton.assembly.scoring.seen_waits import waits_of
from baton.capabilities.individual.quoting.laws import USUAL
from baton.engines.twin import simulate
from baton.kernel.queueing import FIFO

pytestmark = pytest.mark.unit


def test_a_day_is_walked_as_it_went() -> None:
    run = simulate(day(1), FIFO, [1])[0]
    seen = list(waits_of(run, reps(), [360_000] * 6, [300_000] * 6))
    assert len(seen) == int((run.wait_s > 1e-6).sum())
    assert all(each.waited.answered for each in seen if each.steady)
    assert max(each.waited.line.ahead for each in seen) > 3
    behind = [each.waited for each in seen if each.waited.line.ahead]
    assert behind
    assert all(each.line.head_ms > 0 for each in behind)


def test_who_asks_for_a_rep_finds_them_busy_and_waits_until_they_are_free() -> None:
    run = simulate(day(1), FIFO, [1])[0]
    laws = dict.fromkeys(QUEUES, USUAL)
    asked = list(asked_of(run, reps(), laws, 1))
    assert len(asked) > 50
    assert all(each.desk.held and each.desk.held[0][1] >= 0 for each in asked)
    assert all(each.wait_ms is None or each.wait_ms >= 0 for each in asked)


def test_quotes_are_kept_and_nearer_than_any_simple_rule_and_the_usual_way_is_not() -> None:
    told = quotes(1, 40, lambda line: None)
    figures = {name: value for name, value in told.items() if isinstance(value, float)}
    assert figures["kept"] == pytest.approx(0.8, abs=0.08)
    assert figures["named_kept"] == pytest.approx(0.8, abs=0.05)
    assert figures["named_naive_kept"] < 0.45
    assert figures["rmse_ratio"] < 0.85
    assert figures["kept_if_who_left_is_ignored"] < figures["kept"]
