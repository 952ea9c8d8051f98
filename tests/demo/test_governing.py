"""What Halcyon's people who govern have done: an earlier procedure, and two bookings of two people."""

from importlib.resources import as_file, files

import pytest

from baton.capabilities.agents.procedures.files import procedures_of
from baton.demo.governing import LARGE, LARGE_CASE, earlier, two_bookings
from baton.demo.world import World

pytestmark = pytest.mark.unit


def test_the_earlier_procedures_differ_by_one_try_of_one_slot() -> None:
    with as_file(files("baton.demo") / "halcyon") as folder:
        now = procedures_of(folder / "procedures", folder / "tools.toml")
    before = earlier(now)
    differ = [(old, new) for old, new in zip(before.procedures, now.procedures, strict=True) if old != new]
    assert [new.id for _, new in differ] == ["password_reset"]
    old, new = differ[0]
    assert [s.tries for s in old.slots if s.id == "code"] == [2] and [s.tries for s in new.slots if s.id == "code"] == [
        3
    ]
    assert old.revision == new.revision - 1 and old.steps == new.steps


def test_the_two_bookings_are_of_two_people_who_do_not_sign_in() -> None:
    first, other = two_bookings(World(7))
    assert first[0] != other[0] and first[1] != other[1]
    assert "Ruiz" not in (first[1], other[1])


def test_the_tightened_rule_comes_with_its_test() -> None:
    assert '@id("large-refunds-by-people")' in LARGE and 'rule = "large-refunds-by-people"' in LARGE_CASE
