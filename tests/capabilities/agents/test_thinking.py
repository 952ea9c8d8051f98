"""Thinking, without a model: budgets, grounding, and what is read into an answer."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.capabilities.agents.thinking.amounts import (
    CIRCLE,
    Budget,
    Spent,
    circles,
    left,
    used_up,
    with_calls,
    with_proposal,
    with_tool,
)
from baton.capabilities.agents.thinking.answers import Answer, read
from baton.capabilities.agents.thinking.choices import told
from baton.capabilities.agents.thinking.made_up import made_up_links, made_up_numbers, parts_of
from baton.kernel.conversation import Args
from baton.kernel.minds import Amounts, Call

pytestmark = pytest.mark.unit

CALL = Call("m", "host", "ok", input_tokens=1000, output_tokens=100, cost_micros=50, ms=700)
SMALL = Budget(Amounts(2, 1, 3_000, 200, 5_000), Amounts(3, 2, 9_000, 900, 9_000), turns=2)
BAGS = (
    "Bag allowance and fees. More bags\n€32 when added in My trips, €55 at the airport. A bag of 23 to 32 kg: €40."
    " Nothing over 32 kg. Write to bags@halcyon.example."
)


def test_a_turn_is_counted_for_itself_and_for_the_conversation() -> None:
    spent = with_tool(with_calls(Spent(), 256, [CALL, CALL]), 256)
    assert spent.turn == spent.whole == Amounts(2, 1, 2_200, 100, 1_400)
    later = with_calls(spent, 512, [CALL])
    assert (later.turn, later.whole, later.turns) == (
        Amounts(1, 0, 1_100, 50, 700),
        Amounts(3, 1, 3_300, 150, 2_100),
        2,
    )


def test_what_comes_late_for_an_older_turn_does_not_begin_a_new_count() -> None:
    spent = with_calls(with_calls(Spent(), 512, [CALL]), 256, [CALL])
    assert (spent.position, spent.turn.calls, spent.turns) == (512, 2, 1)


def test_each_budget_stops_by_its_own_name() -> None:
    spent = with_calls(Spent(), 256, [CALL, CALL])
    assert used_up(SMALL, spent, 256) == "turn.calls"
    assert used_up(SMALL, spent, 512) == ""
    assert used_up(SMALL, with_calls(spent, 512, [CALL]), 512) == "conversation.calls"
    assert used_up(SMALL, with_tool(spent, 256), 256, tool=True) == "turn.tool_calls"
    assert used_up(SMALL, with_calls(with_calls(Spent(), 256, [CALL]), 512, [CALL]), 768) == "turns"


def test_what_is_left_is_the_least_of_turn_and_conversation() -> None:
    spent = with_calls(Spent(), 256, [CALL, CALL])
    assert left(SMALL, spent, 512) == Amounts(1, 1, 3_000, 200, 5_000)
    assert left(SMALL, spent, 256) == Amounts(0, 1, 800, 100, 3_600)


def test_three_times_the_same_is_a_circle_and_a_change_ends_it() -> None:
    spent = Spent()
    for _ in range(CIRCLE - 1):
        spent = with_proposal(spent, "a")
        assert not circles(spent)
    assert circles(with_proposal(spent, "a"))
    assert not circles(with_proposal(with_proposal(spent, "b"), "a"))


@given(
    st.lists(
        st.tuples(
            st.integers(1, 9), st.integers(0, 4000), st.integers(0, 900), st.integers(0, 90_000), st.integers(0, 9000)
        )
    )
)  # fmt: skip
def test_no_order_of_calls_spends_past_a_budget_that_is_asked_first(
    calls: list[tuple[int, int, int, int, int]],
) -> None:
    budget, spent, made = Budget(), Spent(), 0
    for turn, reads, writes, micros, ms in sorted(calls):
        if used_up(budget, spent, 256 * turn):
            continue
        made += 1
        call = Call("m", "h", "ok", input_tokens=reads, output_tokens=writes, cost_micros=micros, ms=ms)
        spent = with_calls(spent, 256 * turn, [call])
    assert spent.whole.calls == made <= budget.conversation.calls
    assert spent.turn.calls <= budget.turn.calls
    assert min(msgspec.structs.astuple(left(budget, spent, spent.position))) >= 0


def test_links_and_numbers_nobody_gave_are_found() -> None:
    assert made_up_links("Go to [here](http://x.example/a) or www.y.example or z@x.example!", ["www.y.example"]) == [
        "[here](http://x.example/a", "z@x.example",
    ]  # fmt: skip
    assert made_up_numbers("12 or 1,200 or 7", ["1200 and 07"]) == ["12"]


def test_an_answer_is_read_strictly() -> None:
    assert read('{"do": "hand_over"}') == Answer("hand_over")
    for raw in (
        '{"do": "refund"}',
        "{",
        "",
        None,
        7,
        '{"do": "answer", "sentences": "all"}',
        '{"do": "ask", "question": "%s"}' % ("x" * 601),
    ):
        assert read(raw) is None


def test_sentences_are_taken_apart() -> None:
    assert parts_of("One. Two!  Three?\nFour") == ["One.", "Two!", "Three?", "Four"]


def test_what_a_record_gives_is_told_as_people_read_it() -> None:
    gave: Args = {"paid_cents": 12_050, "departs_at_ms": 0, "checked_in": False, "seat": "12A"}
    assert told("tool:booking", gave) == "booking: paid: €120.50; departs: 1 January, 00:00; checked in: no; seat: 12A"
