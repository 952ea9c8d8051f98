"""Tasks for what the AI lacked: opened often enough, once, and again only after they were closed."""

import random

import pytest

from baton.capabilities.escalations.events import DataTask, DataTaskClosed, FieldLacked
from baton.capabilities.escalations.noticing.tasks import burst, closed, noted, stream_of

pytestmark = pytest.mark.unit

DAY = 86_400_000
LACKED = FieldLacked("one", "bag_status", "ask_file", "file_number", "jack.moreau", "Find a bag")


def after(*days: float, task: DataTask | None = None) -> DataTask:
    for day in days:
        task = noted(LACKED, task, int(day * DAY))
    assert task is not None
    return task


def test_the_third_time_in_seven_days_opens_a_task() -> None:
    assert after(1, 5).state == "watched"
    opened = after(1, 5, 7.9)
    assert (opened.state, opened.opened, opened.opened_ms, opened.lacked) == ("open", 1, int(7.9 * DAY), 3)
    assert (opened.owner, opened.title) == ("jack.moreau", "Find a bag")


def test_three_times_over_more_than_seven_days_do_not() -> None:
    assert after(1, 5, 8.1).state == "watched"


def test_it_is_not_opened_twice_while_open() -> None:
    assert after(1, 2, 3, 4, 5, 6).opened == 1


def test_it_opens_again_only_for_what_was_lacking_after_it_was_closed() -> None:
    done = closed(DataTaskClosed("jack.moreau", "supplied"), after(1, 2, 3), 4 * DAY)
    assert (done.state, done.closed_by, done.how) == ("closed", "jack.moreau", "supplied")
    assert after(5, 6, task=done).state == "closed"
    again = after(5, 6, 7, task=done)
    assert (again.state, again.opened, again.opened_ms) == ("open", 2, 7 * DAY)


def test_history_may_come_in_any_order() -> None:
    days = [1.0, 12.0, 14.0, 15.0, 30.0]
    for seed in range(20):
        random.Random(seed).shuffle(days)
        task = after(*days)
        assert (task.state, task.opened, task.lacked) == ("open", 1, 5)


def test_a_field_of_a_procedure_has_one_stream() -> None:
    assert stream_of("bag_status", "file_number") == stream_of("bag_status", "file_number")
    assert len({stream_of("a", "b"), stream_of("b", "a"), stream_of("a|b", "")}) == 3
    assert burst([]) == 0
