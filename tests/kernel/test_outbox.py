"""The outbox: soonest first, in the order things were said, each once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.kernel.log import STEP, SendRow
from baton.kernel.outbox import AHEAD_MS, Outbox

pytestmark = pytest.mark.unit


def send(position: int, n: int = 0, due_ms: int = 0) -> SendRow:
    return SendRow(f"{position}.{n}", 0, "customer/a", due_ms, 0, "system", b"")


def box_until(until_ms: int = 10_000) -> Outbox:
    box = Outbox()
    box.reset([], until_ms)
    return box


@given(rows=st.lists(st.tuples(st.integers(1, 500), st.integers(0, 12)), unique=True))
def test_sends_of_one_moment_come_in_the_order_they_were_said(rows):
    box = box_until()
    box.add(send(p * STEP, n) for p, n in rows)
    assert [s.source for s in box.due(0)] == [f"{p * STEP}.{n}" for p, n in sorted(rows)]


def test_what_is_due_later_waits_and_says_how_long():
    box = box_until()
    box.add([send(256, due_ms=1500), send(512, due_ms=700)])
    assert box.due(699) == []
    assert box.wait_s(200, 1.0) == 0.5
    assert [s.source for s in box.due(700)] == ["512.0"]
    assert box.wait_s(700, 10.0) == 0.8
    assert box.wait_s(9000, 10.0) == 0.0
    assert box_until().wait_s(0, 1.0) == 1.0


def test_a_send_is_given_once_and_again_only_when_asked():
    box = box_until()
    box.add([send(256), send(256)])
    assert len(box.due(0)) == 1
    assert box.due(0) == []
    box.again("256.0")
    assert len(box.due(0)) == 1
    box.sent(["256.0"])
    box.again("256.0")
    assert box.due(0) == []


def test_after_a_reset_only_what_the_store_says_waits():
    box = box_until()
    box.add([send(256), send(512)])
    box.due(0)
    box.reset([send(512), send(768)], 10_000)
    assert [s.source for s in box.due(0)] == ["512.0", "768.0"]


def test_what_is_due_long_after_stays_in_the_store_until_it_is_near():
    box = box_until(AHEAD_MS)
    box.add([send(256, due_ms=AHEAD_MS), send(512, due_ms=AHEAD_MS - 1)])
    assert [s.source for s in box.due(2 * AHEAD_MS)] == ["512.0"]
    assert not box.stale(AHEAD_MS // 2 - 1)
    assert box.stale(AHEAD_MS // 2)
