"""Heads over whole conversations: what they read, what they never read, figures worked by hand, and files that are refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from baton.engines.models.evaluate.aggression import eval_aggression, repeated
from baton.engines.models.evaluate.reported_success import eval_reported_success, with_stand
from baton.engines.models.evaluate.satisfaction import (
    WEIGHTS,
    Scored,
    eval_satisfaction,
    filtered,
    scored,
    signs,
    spearman,
)
from baton.engines.models.evaluate.spread import auroc_over_groups, auroc_spread
from baton.engines.models.evaluate.star import told
from baton.engines.models.judged import Judged
from baton.engines.models.training.process import process_of
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.unit

SAID = "Did the assistant reserve your hotel?"
ANGRY = "Did the user become aggressive or annoyed during the dialogue?"
EXAMPLE = Path(__file__).parents[2] / "examples" / "satisfaction.tsv"


def quiet(_: str) -> None:
    return None


def dialogue(number: int, success: bool, angry: bool = False, **more: Any) -> dict[str, Any]:
    status = "Reservation Confirmed" if success else "Reservation Failed"
    return {
        "DialogueID": number,
        "Scenario": {"Happy": success, "UserTask": "secret"},
        "Events": [
            {"Agent": "UserGuide", "Action": "instruct", "Text": "Act angry", "UnixTime": number},
            {"Agent": "User", "Action": "utter", "Text": f"{'USELESS FOOLS' if angry else 'please'} a room in hotel {number}"},
            {"Agent": "Wizard", "Action": "select_task", "Task": "hotel_book"},
            {"Agent": "Wizard", "Action": "query", "APIName": "hotel_book", "Constraints": [{"RequestType": "Book"}]},
            {"Agent": "KnowledgeBase", "Action": "return_item", "Item": {"APIName": "hotel_book", "ReservationStatus": status}},
            {"Agent": "Wizard", "Action": "pick_suggestion", "ActionLabel": "hotel_told", "Text": "here it is"},
        ],
        "UserQuestionnaire": [{"Question": SAID, "Answer": success}],
        "WizardQuestionnaire": [{"Question": ANGRY, "Answer": angry}],
        **more,
    }  # fmt: skip


def written(path: Path, *rows: dict[str, Any] | str) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


def test_only_what_those_who_serve_know_is_read(tmp_path: Path) -> None:
    (each,) = told(written(tmp_path / "a.jsonl", dialogue(1, False)), "success")
    assert each.asked == ("please a room in hotel 1",)
    assert each.served == ("here it is",)
    assert each.record == (
        "task:hotel_book", "query:hotel_book", "query:hotel_book:RequestType", "query:hotel_book:Book", "answer:hotel_book:something",
        "found:-1", "state:hotel_book:Reservation Failed", "reply:hotel_told", "last1:hotel_told", "needful1:hotel_told", "last2:user",
        "laststate:hotel_book:Reservation Failed",
    )  # fmt: skip
    assert not any("angry" in text or "secret" in text for text in (*each.asked, *each.served, *each.record))


def test_what_the_record_came_to_is_told_by_task() -> None:
    assert with_stand(("task:a", "state:a:no", "reply:x"))[3:] == ("task:a state:a:no",)


def test_a_question_about_manners_is_no_outcome(tmp_path: Path) -> None:
    kind = dialogue(
        1, True, UserQuestionnaire=[{"Question": "Did the assistant stay calm and helpful?", "Answer": True}]
    )
    with pytest.raises(BatonError, match="no dialogue with the answer"):
        told(written(tmp_path / "a.jsonl", kind), "success")


def test_success_is_learned_from_the_record(tmp_path: Path) -> None:
    train = written(tmp_path / "train.jsonl", *(dialogue(n, n % 2 == 0) for n in range(60)))
    test = written(tmp_path / "test.jsonl", *(dialogue(n, n % 2 == 0) for n in range(60, 100)))
    found = eval_reported_success(train, test, quiet)
    assert (found["auroc"], found["resolved"], found["correctly_refused"], found["failed"], found["n"]) == (
        1,
        0.5,
        0.5,
        0,
        40,
    )
    assert found["baseline_auroc"] < 1, "The words say nothing of it"
    assert eval_reported_success(train, train, quiet)["cross_fitted"] == 1


def test_aggression_is_learned_from_what_the_customer_says(tmp_path: Path) -> None:
    train = written(tmp_path / "train.jsonl", *(dialogue(n, True, n % 5 == 0) for n in range(80)))
    test = written(tmp_path / "test.jsonl", *(dialogue(n, True, n % 5 == 0) for n in range(80, 120)))
    found = eval_aggression(train, test, quiet)
    assert (found["auroc"], found["average_precision"], found["n"]) == (1, 1, 40)


@pytest.mark.parametrize("run", [eval_reported_success, eval_aggression])
@pytest.mark.parametrize(
    ("rows", "code", "named"),
    [
        ([dialogue(1, True), dialogue(1, False, True)], "duplicate_rows", "Rows 1 and 2"),
        ([dialogue(1, True), dialogue(2, True)], "one_class", "All 2 dialogues"),
        ([dialogue(1, True), "{broken"], "bad_row", "Row 2"),
        ([dialogue(1, True), "[]"], "bad_row", "Row 2"),
        ([dialogue(1, True), dialogue(2, False, Events=None)], "bad_row", "Row 2"),
        ([dialogue(1, True), dialogue(2, False, UserQuestionnaire=[{}], WizardQuestionnaire=[{}])], "bad_row", "Row 2"),
        (['{"Events": []}'], "no_labels", "train.jsonl"),
    ],
)
def test_a_file_that_teaches_nothing_is_refused_with_its_rows(
    tmp_path: Path, run: Callable[..., Any], rows: list[Any], code: str, named: str
) -> None:
    train = written(tmp_path / "train.jsonl", *rows)
    with pytest.raises(BatonError, match=named) as refused:
        run(train, train, quiet)
    assert refused.value.code == code


def test_a_dialogue_that_was_learned_from_is_not_judged_even_under_another_id(tmp_path: Path) -> None:
    train = written(tmp_path / "train.jsonl", *(dialogue(n, n % 2 == 0) for n in range(20)))
    test = written(tmp_path / "test.jsonl", dialogue(50, True), {**dialogue(7, False), "DialogueID": 99})
    with pytest.raises(BatonError, match="Row 2 of the test is the dialogue in row 8"):
        eval_reported_success(train, test, quiet)


def test_repeats_are_shared_words_over_all_words() -> None:
    assert repeated(["where is my bag", "I said where is my bag", "ok"]) == 4 / 6


def call(name: str, answer: str) -> list[dict[str, Any]]:
    return [{"role": "assistant", "tool_calls": [{"function": {"name": name}}]}, {"role": "tool", "content": answer}]


def test_what_was_done_is_read_from_acts_alone() -> None:
    said = [{"role": "user", "content": "move it"}, *call("get_reservation_details", "{}")]
    unasked = process_of(
        [*said, *call("update_x", "{}"), *call("update_x", "Error: no seats")], frozenset({"update_x"}), "hand"
    )
    assert unasked.numbers() == (1, 1, 1, 0, 0, 1, 0)
    asked = [*said, {"role": "assistant", "content": "Shall I proceed?"}, {"role": "user", "content": "Yes"}]
    assert process_of([*asked, *call("update_x", "{}")], frozenset({"update_x"}), "hand").numbers() == (
        0,
        1,
        0,
        0,
        0,
        1,
        0,
    )
    refused = [{"role": "assistant", "content": "Unfortunately I cannot do that."}, *call("hand", "ok")]
    assert process_of(refused, frozenset({"update_x"}), "hand").numbers() == (0, 0, 0, 1, 2 / 6, 0, 1)


def test_the_interval_of_an_auroc_by_hand() -> None:
    # 3 good, 2 bad: 5 of 6 pairs are right; shares above: 1, 1, .5 (variance 1/12), below: 1, 2/3 (variance 1/18).
    low, high = auroc_spread(np.array([3.0, 4, 1, 0, 2]), np.array([1.0, 1, 1, 0, 0]))
    half = 1.96 * (1 / 12 / 3 + 1 / 18 / 2) ** 0.5
    assert low == pytest.approx(5 / 6 - half, abs=1e-3)
    assert high == 1.0
    assert auroc_spread(np.array([1.0]), np.array([1.0])) == (0.0, 1.0)


def test_drawing_groups_keeps_rows_together() -> None:
    truth = np.array([1.0, 0.0] * 20)
    scores = np.where(np.arange(40) < 30, truth, 1 - truth)
    alone = auroc_over_groups(scores, truth, [str(n // 2) for n in range(40)])
    together = auroc_over_groups(scores, truth, [str(n // 10) for n in range(40)])
    assert together[1] - together[0] > alone[1] - alone[0]


def test_ranks_agree_or_not() -> None:
    assert spearman(np.array([1.0, 2, 9]), np.array([10.0, 20, 30])) == pytest.approx(1)
    # ranks 1, 2, 3 and 1.5, 1.5, 3: covariance .5, spreads sqrt(2/3) and sqrt(1/2).
    assert spearman(np.array([1.0, 2, 9]), np.array([5.0, 5, 6])) == pytest.approx(0.5 / (2 / 3 * 1 / 2) ** 0.5)
    assert spearman(np.array([1.0, 1]), np.array([1.0, 2])) == 0


def test_displeasure_fades_and_ends_with_its_dialogue() -> None:
    assert filtered(["a", "a", "a", "b"], np.array([1.0, 0, 0, 2])).tolist() == pytest.approx([1, 0.3, 0.09, 2])


def test_a_later_turn_changes_no_earlier_one(tmp_path: Path) -> None:
    lines = ["USER\thi\t\t3", "SYSTEM\tSorry, no.", "USER\tThis is useless!\t\t1,2", "USER\tOVERALL\t\t1"]
    rows = list(scored(written(tmp_path / "all.tsv", *lines, "", "USER\tnew\t\t4")))
    assert [(r.text, r.score, r.asked, r.served) for r in rows] == [
        ("hi", 3, (), ()),
        ("This is useless!", 1.5, ("hi",), ("Sorry, no.",)),
        ("new", 4, (), ()),
    ]
    assert rows[:1] == list(scored(written(tmp_path / "some.tsv", *lines[:1])))


def test_the_invented_example_is_ranked() -> None:
    found = eval_satisfaction(EXAMPLE, quiet)
    assert (found["n"], found["dialogues"], found["dissatisfied"]) == (20, 6, 0.35)
    assert found["auroc_dissatisfied"] > 0.8
    assert found["spearman"] > 0.5


@pytest.mark.parametrize(
    ("line", "named"),
    [("hello", "Line 2"), ("USER\thi\t\t3,x", "Line 2"), ("USER\thi\t\t9", "Line 2"), ("USER\thi\t\t4", "below 3")],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str, named: str) -> None:
    with pytest.raises(BatonError, match=named):
        eval_satisfaction(written(tmp_path / "x.tsv", "USER\thi\t\t4", line), quiet)


def test_points_of_a_turn_by_hand() -> None:
    row = Scored("d", "No, I said Friday", ("Friday please",), ("Sorry, I could not find it.",), 2)
    seen = signs(row, Judged(frustration=500, mood=-200))
    # "Friday please" has two words: too few to be a repeat.
    assert (seen["was_refused"], seen["corrects"], seen["repeats"], seen["thanks"]) == (1, 1, 0, 0)
    assert sum(WEIGHTS[name] * n for name, n in seen.items()) == pytest.approx(2.1 * 0.5 + 1.4 * 0.2 + 1.5 + 0.8)
