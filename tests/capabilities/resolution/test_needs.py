"""The ledger by hand: contacts of one customer, their needs, and every state; in whatever order they arrive."""

from itertools import permutations
from pathlib import Path
from typing import Any

import msgspec
import pytest

from baton.capabilities.resolution.events import STATES, Contact
from baton.capabilities.resolution.judging.matching import DAY_MS, same_issue
from baton.capabilities.resolution.judging.needs import needs, returns
from baton.kernel.facts import Facts

pytestmark = pytest.mark.unit

LATER = 100 * DAY_MS


def contact(
    name: str, day: float, verdict: str = "met", intent: str = "refund", path: str = "agent", **more: Any
) -> Contact:
    at = int(day * DAY_MS)
    shown = (f"shown_{name}",)
    return Contact(name, intent, "chat", at, at + 60_000, path, verdict, shown, contained=path == "agent", **more)


def states(*contacts: Contact, known: int = LATER) -> list[str]:
    return [need.state for need in needs(list(contacts), known, "ana")]


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("met", "confirmed"), ("refused", "correctly_refused"), ("handed_over", "correctly_handed_over"), ("given_up", "given_up"),
     ("failed", "failed"), ("silent", "unaccounted"), ("open", "open")],
)  # fmt: skip
def test_one_contact_alone(verdict: str, state: str) -> None:
    assert states(contact("a", 0, verdict)) == [state]


def test_the_nine_states_are_all_there_are() -> None:
    assert len(STATES) == len(set(STATES)) == 9


def test_a_claim_is_provisional_until_its_seven_days_are_known_to_be_over() -> None:
    a = contact("a", 0)
    assert states(a, known=a.ended_ms + 7 * DAY_MS - 1) == ["provisional"]
    (need,) = needs([a], a.ended_ms + 7 * DAY_MS, "ana")
    assert (need.state, need.since_ms, need.evidence) == (
        "confirmed",
        a.ended_ms + 7 * DAY_MS,
        ("shown_a", "no_return_in_7_days"),
    )


def test_tuesdays_chat_is_reversed_by_thursdays_call_and_stays_so_while_nothing_shows_that_it_was_met() -> None:
    tuesday, thursday = contact("a", 1), contact("b", 3, "silent", path="rep")
    (need,) = needs([tuesday, thursday], LATER, "ana")
    assert (need.state, need.evidence[0], need.since_ms) == ("reversed", "returned", thursday.started_ms)
    assert (need.need, need.conversations, need.first_path, need.contained) == ("a", ("a", "b"), "agent", True)


def test_a_reversed_need_that_the_return_met_is_confirmed_when_its_own_window_closes() -> None:
    tuesday, thursday = contact("a", 1), contact("b", 3, path="rep")
    assert states(tuesday, thursday, known=3 * DAY_MS) == ["reversed"]
    assert states(tuesday, thursday, known=9 * DAY_MS) == ["reversed"]
    assert states(tuesday, thursday, known=11 * DAY_MS) == ["confirmed"]


def test_what_was_not_held_to_be_met_is_not_reversed_by_a_return() -> None:
    assert states(contact("a", 0, "silent"), contact("b", 2, "failed")) == ["failed"]
    assert states(contact("a", 0, "given_up"), contact("b", 20)) == ["confirmed"], "30 days join what was not met"
    assert states(contact("a", 0, "given_up"), contact("b", 31)) == ["given_up", "confirmed"]


def test_after_a_closed_window_the_same_issue_is_a_new_need() -> None:
    assert states(contact("a", 0), contact("b", 8, "given_up")) == ["confirmed", "given_up"]
    assert states(contact("a", 0), contact("b", 6.9, "given_up")) == ["reversed"]


def test_nobody_can_return_to_a_simulation_so_only_its_stated_outcome_confirms() -> None:
    alone = contact("a", 0, simulated=True)
    (need,) = needs([alone], LATER, "ana")
    assert (need.state, need.evidence) == ("provisional", ("shown_a", "nobody_can_return"))
    stated = msgspec.structs.replace(alone, evidence=("stated_by_reward",))
    assert states(stated, known=0) == ["confirmed"]


def test_issues_are_matched_by_stated_need_then_intent_then_queue() -> None:
    a, b, c = contact("a", 0), contact("b", 1, intent="bags"), contact("c", 2, need="case-9")
    d, e, f = (
        contact("d", 3, intent="", queue="front"),
        contact("e", 4, intent="", queue="front"),
        contact("f", 5, intent=""),
    )
    everything = [f, e, d, c, b, a]
    assert [x.conversation for x in same_issue(everything, a)] == ["a"]
    assert [x.conversation for x in same_issue(everything, c)] == ["c"]
    assert [x.conversation for x in same_issue(everything, e)] == ["d", "e"]
    assert [x.conversation for x in same_issue([f, contact("g", 6, intent="")], f)] == ["f"], (
        "Nothing known is nothing alike"
    )


def test_returns_by_window() -> None:
    found = returns([contact("a", 0), contact("b", 2), contact("c", 40)])
    assert [(r.conversation, r.next, r.gap_ms) for r in found] == [("a", "b", 2 * DAY_MS - 60_000)]


def test_the_order_of_arrival_changes_nothing() -> None:
    told = [contact("a", 0), contact("b", 3, "silent"), contact("c", 20), contact("d", 30, "failed"), contact("e", 33)]
    outcomes = set()
    for order in permutations(told):
        facts = Facts()
        for each in order:
            facts.put(each)
        found = needs(same_issue(facts.all(Contact), told[0]), LATER, "ana")
        outcomes.add(tuple((n.need, n.state, n.conversations, n.evidence, n.since_ms) for n in found))
    assert len(outcomes) == 1


def test_the_window_is_told_where_the_states_are(tmp_path: Path) -> None:
    (need,) = needs([contact("a", 0)], LATER, "ana")
    assert need.evidence[-1] == "no_return_in_7_days"
