"""The demo fact on invented conversations: contained and resolved are two things, and the simulation's word is shown as such."""

import json
from pathlib import Path

import pytest

from baton.capabilities.lake.importing import import_file
from baton.capabilities.performance.registry import metrics
from baton.capabilities.performance.registry.ledger import stated_outcomes
from baton.kernel.ports import Met
from tests.scenes.ledger_room import room
from tests.scenes.recorded import Recorded

pytestmark = pytest.mark.scene


def line(task: int, trial: int, reward: int, tool: str) -> str:
    call = {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": tool, "arguments": "{}"}}]}
    turns = [
        {"role": "user", "content": f"Please change seat {task}-{trial}"},
        call,
        {"role": "assistant", "content": "Done."},
    ]
    told = {
        "task_id": task,
        "trial": trial,
        "reward": float(reward),
        "expected_actions": [{"name": "set_seat"}],
        "traj": turns,
    }
    return json.dumps(told) + "\n"


async def test_of_ten_conversations_eight_are_contained_and_three_of_those_resolved(tmp_path: Path) -> None:
    lines = "".join(line(t, n, int(t == 0 or (t == 1 and n == 0)), "set_seat") for t in range(4) for n in range(2))
    lines += line(8, 0, 1, "transfer_to_human_agents") + line(9, 0, 0, "transfer_to_human_agents")
    async with room(tmp_path) as here:
        path = here.file(lines, "talks.jsonl")
        (path.parent / "tools.json").write_text(json.dumps([{"name": "set_seat", "kind": "WRITE"}]))
        await import_file("tau", path.parent, here.committer, here.keys)
        told = await stated_outcomes(here.store)
        assert told is not None and told.simulated
        counted = ("contained", "resolved", "resolved_in_contained", "resolved_by_transfer")
        assert {name: told.counts[name] for name in counted} == {
            "contained": 8, "resolved": 4, "resolved_in_contained": 3, "resolved_by_transfer": 1,
        }  # fmt: skip
        assert told.counts["judged_in_contained"] == 8, (
            "The record changed each time; that it changed rightly, only the task knows"
        )
        assert told.resolved.clusters == 6
        shown = [figure.metric for figure in await metrics(here.store, ["containment"])]
        assert shown == ["containment", "verified_resolution", "resolved_in_contained"]


def guessing(told: dict[str, int]) -> Recorded:
    return Recorded(met_by={text: Met(permille, "recorded-1") for text, permille in told.items()})


async def test_what_changed_but_probably_not_as_asked_is_unaccounted_and_the_rest_provisional(tmp_path: Path) -> None:
    unlabelled = "".join(
        json.dumps({k: v for k, v in json.loads(line(t, 0, 1, "set_seat")).items() if k != "reward"}) + "\n"
        for t in range(3)
    )
    texts = [f"Please change seat {t}-0" for t in range(3)]
    async with room(tmp_path, guessing(dict(zip(texts, (120, 390, 820), strict=True)))) as here:
        path = here.file(unlabelled, "talks.jsonl")
        (path.parent / "tools.json").write_text(json.dumps([{"name": "set_seat", "kind": "WRITE"}]))
        await import_file("tau", path.parent, here.committer, here.keys)
        found = sorted((row["state"], row["evidence"]) for row in await here.needs())
        assert found == [
            ("provisional", "record_changed,nobody_can_return"),
            ("unaccounted", "record_changed,model_doubts_it"),
            ("unaccounted", "record_changed,model_doubts_it"),
        ]
        (figure,) = await metrics(here.store, ["judged_resolution"])
        assert (figure.y, figure.x, figure.value) == (1.33, 3, 1.33 / 3)
        (contained,) = [f for f in await metrics(here.store, ["containment"]) if f.metric == "containment"]
        assert contained.value == 1.0, "All three were contained"


async def test_stated_outcomes_of_a_part_correct_the_estimates_of_the_rest(tmp_path: Path) -> None:
    lines = [json.loads(line(t, 0, int(t == 0), "set_seat")) for t in range(8)]
    for told in lines[4:]:
        del told["reward"]
    text = "".join(json.dumps(told) + "\n" for told in lines)
    models = guessing({f"Please change seat {t}-0": 900 if t % 2 == 0 else 500 for t in range(8)})
    async with room(tmp_path, models) as here:
        path = here.file(text, "talks.jsonl")
        await import_file("tau", path.parent, here.committer, here.keys)
        (figure,) = await metrics(here.store, ["judged_resolution"])
        assert (figure.n, figure.clusters) == (8, 8)
        assert figure.value == pytest.approx(0.25), "One of four was truly met, and the rest score as those four did"
        assert figure.note.startswith("Corrected by the stated outcome of 4 of 8 (PPI++)")
