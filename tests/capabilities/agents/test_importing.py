"""Drafts of procedures: from flow graphs, lists of actions and policies; each holds together, and says what is unfinished."""

import json
from pathlib import Path

import pytest

from baton.capabilities.agents.importing.files import drafts_in
from baton.capabilities.agents.importing.flows import draft_of_flow
from baton.capabilities.agents.procedures.files import read
from baton.capabilities.agents.procedures.graph import edges
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.unit

FLOW = {
    "replies": {
        "hello": "Hello, how can I help?", "ask_name": "May I have your name, please?", "ask_day": "What day?", "query_check": "Query Check",
        "available": "Available", "unavailable": "Unavailable", "offer": "The {room:s} is free, can I book it for you?",
        "none": "Nothing is free at the {room:s}.", "yes": "Yes", "no": "No", "query_book": "Query Book", "booked": "It is booked.",
        "anything_else": "Anything else?",
    },
    "graph": {
        "hello": "ask_name", "ask_name": "ask_day", "ask_day": "query_check", "available": "offer", "unavailable": "none", "yes": "query_book",
        "no": "ask_day", "query_book": "booked", "booked": "anything_else",
    },
}  # fmt: skip


def test_a_flow_graph_becomes_steps() -> None:
    draft = draft_of_flow("room_book", FLOW, "flows.json")
    made = draft.procedure
    assert draft.problems == []
    kinds = [(step.id, step.kind) for step in made.steps]
    assert kinds == [
        ("ask_name", "ask"), ("ask_day", "ask"), ("query_check", "tool"), ("offer", "confirm"), ("query_book", "tool"), ("booked", "tell"),
        ("anything_else", "tell"), ("none", "tell"),
    ]  # fmt: skip
    offer, check, none = made.step("offer"), made.step("query_check"), made.step("none")
    assert offer is not None and check is not None and none is not None
    assert (offer.say, offer.otherwise) == ("The {query_check.room} is free, can I book it for you?", "back_to_ask_day")
    assert (check.failed, check.risk, none.say, none.ends) == (
        "none",
        "read",
        "Nothing is free at the {query_check.room}.",
        "refused",
    )


def test_a_draft_says_that_it_is_one_and_reads_back_as_the_same_procedure() -> None:
    draft = draft_of_flow("room_book", FLOW, "flows.json")
    assert draft.toml.startswith("# DRAFT, made from flows.json. It is not in force.")
    assert read("x", draft.toml, {}) == draft.procedure


def test_a_policy_becomes_drafts_and_its_rules_stay_words() -> None:
    drafts = {draft.procedure.id: draft for draft in drafts_in(Path("examples/policy.md"))}
    assert set(drafts) == {"correct_a_name", "send_an_invoice_again"}
    correct = drafts["correct_a_name"]
    assert [slot.id for slot in correct.procedure.slots] == ["booking_code", "right_name"]
    assert any("corrected once" in note for note in correct.notes)
    for draft in drafts.values():
        assert draft.problems == []
        assert not draft.clean
    assert all(step.kind != "branch" for draft in drafts.values() for step in draft.procedure.steps)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"a": [1]}', "[" * 100_000])
def test_a_file_that_holds_none_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "flows.json"
    path.write_text(text)
    with pytest.raises(BatonError, match=r"JSON|cannot be read"):
        drafts_in(path)


def test_the_tasks_of_star_become_procedures_that_hold_together(data_dir: Path) -> None:
    tasks = json.loads((data_dir / "star" / "tasks_dev.json").read_text())
    drafts = drafts_in(data_dir / "star" / "tasks_dev.json")
    assert (len(drafts), sum(not draft.problems for draft in drafts)) == (22, 22)
    assert sum(draft.clean for draft in drafts) >= 15
    kept, every = 0, 0
    for (_, task), draft in zip(tasks.items(), drafts, strict=True):
        kept += sum(_kept(edges(draft.procedure), a, b) for a, b in task["graph"].items() if a != "hello")
        every += len(task["graph"]) - ("hello" in task["graph"])
    assert (every, kept >= 0.95 * every) == (187, True)


def test_the_actions_of_abcd_become_procedures_that_hold_together(data_dir: Path) -> None:
    drafts = drafts_in(data_dir / "abcd" / "kb.json")
    kb = json.loads((data_dir / "abcd" / "kb.json").read_text())
    assert (len(drafts), sum(not draft.problems for draft in drafts)) == (55, 55)
    for draft, actions in zip(drafts, kb.values(), strict=True):
        tools = [step.tool for step in draft.procedure.steps if step.kind == "tool"]
        assert tools == list(dict.fromkeys(action.replace("-", "_") for action in actions))


def _kept(leads: dict[str, tuple[str, ...]], a: str, b: str) -> bool:
    """Whether a transition is in the procedure: at once, or through a confirmation or a way back; an answer may come at any step."""
    starts = [a] if a in leads else list(leads)
    near = {to for start in starts for to in leads[start]}
    through = {to for each in near if each.startswith(("confirm_", "back_to_", "said_")) for to in leads.get(each, ())}
    return b in near | through
