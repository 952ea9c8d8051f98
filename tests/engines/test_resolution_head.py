"""The estimate of whether a need was met: scores by hand, held-out folds, the same bytes twice, and files that are refused."""

import json
import zlib
from pathlib import Path

import msgspec
import numpy as np
import pytest

from baton.engines.models.evaluate.resolution import auroc_interval, eval_resolution
from baton.engines.models.resolution_head import (
    WEIGHTS,
    Fitted,
    Head,
    ResolutionHead,
    Side,
    facts_of,
    hashed,
    recent_words,
    score,
)
from baton.engines.models.training.outcomes import outcomes
from baton.kernel.errors import BatonError
from baton.kernel.ports import Ending, Met

pytestmark = pytest.mark.unit


def side(**words: tuple[int, int]) -> Side:
    rarity, weights = ([pair[n] for pair in words.values()] for n in (0, 1))
    return Side("\n".join(words), np.array(rarity, dtype="<i2").tobytes(), np.array(weights, dtype="<i2").tobytes())


EVEN = tuple(range(-500, 500))
"""A permille for each unit of score."""
HEAD = Head(side(booked=(64, 512), sorry=(64, -512)), side(thanks=(64, 100)), (0, 0, 256, 0, 0, 0), 10, EVEN)


def test_words_of_the_last_turn_count_twice_those_of_the_turn_before() -> None:
    assert recent_words(["Sorry 12!", "booked", "booked now"]) == {
        "booked": 1024 + 512,
        "now": 1024,
        "sorry": 256,
        "!": 256,
    }


def test_a_score_worked_by_hand() -> None:
    # served: booked 1024 * 64 alone, so of length one: 512/256 logit. asked: thanks, one of 614/1024: 100 * 614.
    # unchanged: 256 * 1024 * 102 / 1024. In all 10 + (512 * 1024 + 61400 + 26112) // 1024 = 10 + 597.
    assert score(HEAD, Ending(("booked",), ("thanks",))) == 607
    # both words, one turn apart: (1024 * 512 - 512 * 512) / sqrt(1024^2 + 512^2), each part rounded down: 915 and 457 of 1024.
    assert (
        score(HEAD, Ending(("sorry", "booked"), ("thanks",), changed=1)) == 10 + (512 * 915 - 512 * 457 + 61400) // 1024
    )


def test_what_is_counted_is_bounded() -> None:
    long = Ending(("a",), ("b",) * 500, changed=99, failed=99, handed_over=True)
    assert facts_of(long) == (1024, 1024, 0, 1024, 1024, 0)
    assert facts_of(Ending(handed_over=True)) == (0, 0, 1024, 0, 1024, 1024)


TWELVE = "our agent has booked the seat near that aisle as you asked"


def head(folder: Path, **groups: int) -> ResolutionHead:
    known = msgspec.structs.replace(HEAD, served=side(**dict.fromkeys(TWELVE.split(), (64, 100))), cuts=(0,) * 1000)
    fold = msgspec.structs.replace(known, cuts=(10_000,) * 1000)
    made = Fitted(known, (fold,), {hashed(group): n for group, n in groups.items()})
    path = folder / "head.z"
    path.write_bytes(zlib.compress(msgspec.msgpack.encode(made)))
    return ResolutionHead(path)


def test_a_task_it_was_fitted_on_is_judged_by_the_fold_that_never_saw_it(tmp_path: Path) -> None:
    made = head(tmp_path, known=0)
    ending = Ending((TWELVE,), ("thanks",), changed=1)
    assert made.met(ending) == Met(1000, made.version)
    assert made.met(msgspec.structs.replace(ending, group="other")) == Met(1000, made.version)
    assert made.met(msgspec.structs.replace(ending, group="known")) == Met(0, f"{made.version}/fold0")


@pytest.mark.parametrize(
    "ending",
    [Ending(), Ending(("booked",)), Ending((), ("thanks",)), Ending(("Wir haben gebucht",), ("danke",)), Ending(("🛫🛫",), ("🎉",)),
     Ending(("you are now resolved: yes " * 9999,), ("x",))],
)  # fmt: skip
def test_of_words_it_does_not_know_it_says_nothing(ending: Ending) -> None:
    assert ResolutionHead().met(ending) == Met()


def line(task: int, met: bool, said: str = "", trial: int = 0) -> str:
    turns = [
        {"role": "user", "content": f"please help {task} {trial}"},
        {"role": "assistant", "content": said or ("booked it" if met else "sorry no")},
    ]
    return (
        json.dumps(
            {
                "task_id": task,
                "reward": float(met),
                "traj": turns,
                "instruction": f"You want {task}",
                "expected_actions": [],
            }
        )
        + "\n"
    )


def written(folder: Path, name: str, *lines: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(lines))
    return folder / name


def test_what_the_task_wants_is_not_read(tmp_path: Path) -> None:
    (row,) = outcomes(written(tmp_path / "air", "a.jsonl", line(1, True)))
    assert row.ending == Ending(("booked it",), ("please help 1 0",), group="air/1")
    assert (row.met, row.group, row.row) == (True, "air/1", 1)


def test_it_learns_and_scores_on_other_tasks(tmp_path: Path) -> None:
    train = written(tmp_path / "air", "train.jsonl", *(line(t, t % 2 == 0) for t in range(20)))
    test = written(tmp_path / "air", "test.jsonl", *(line(t, t % 2 == 0) for t in range(40, 50)))
    found = eval_resolution(train, test, lambda said: None)
    assert (
        found["auroc"],
        found["baseline_auroc"],
        found["resolved"],
        found["containment"],
        found["cross_fitted"],
    ) == (1, 1, 0.5, 1, 0)


@pytest.mark.parametrize(
    ("lines", "code", "named"),
    [
        ([line(1, True), line(1, True)], "duplicate_rows", "Rows 1 and 2"),
        ([line(1, True), line(2, True)], "one_class", "All 2 rows"),
        ([line(1, True), "{broken\n"], "bad_json", "Row 2"),
        (['{"text": "no outcome"}\n'], "no_outcomes", "train.jsonl"),
    ],
)
def test_a_file_that_teaches_nothing_is_refused_with_its_rows(
    tmp_path: Path, lines: list[str], code: str, named: str
) -> None:
    train = written(tmp_path / "air", "train.jsonl", *lines)
    with pytest.raises(BatonError, match=named) as refused:
        eval_resolution(train, train, lambda said: None)
    assert refused.value.code == code


def test_a_test_of_tasks_that_were_learned_from_is_refused(tmp_path: Path) -> None:
    train = written(tmp_path / "air", "train.jsonl", line(1, True), line(2, False))
    test = written(tmp_path / "elsewhere", "test.jsonl", line(3, True), line(2, False, "other words"))
    with pytest.raises(BatonError, match="Row 2 of the test is of a task that row 2"):
        eval_resolution(train, test, lambda said: None)


def test_the_interval_of_an_auroc_is_over_tasks() -> None:
    truth = np.array([1.0, 0.0] * 20)
    scores = np.array([1.0, 0.0] * 15 + [0.0, 1.0] * 5)
    alone = auroc_interval(scores, truth, [str(n // 2) for n in range(40)])
    together = auroc_interval(scores, truth, [str(n // 10) for n in range(40)])
    assert together[1] - together[0] > 1.5 * (alone[1] - alone[0]), "Ten rows of one task are not ten"


def test_training_gives_the_shipped_bytes_again(tmp_path: Path, data_dir: Path) -> None:
    from baton.engines.models.train import train

    card = train("resolution", data_dir, tmp_path, lambda said: None)
    assert (tmp_path / WEIGHTS.name).read_bytes() == WEIGHTS.read_bytes()
    assert (tmp_path / "resolution.card.json").read_bytes() == WEIGHTS.with_name("resolution.card.json").read_bytes()
    assert "simulated customers of one company" in card.limits
    assert card.figures["auroc"] > card.figures["baseline_auroc"] + 0.05
    assert card.figures["contained_auroc"] < 0.4, "Contained is no sign of resolved"
