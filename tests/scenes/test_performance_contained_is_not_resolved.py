"""The demo fact on invented conversations: contained and resolved are two things, and the simulation's word is shown as such."""

import json
from pathlib import Path

import pytest

from baton.capabilities.lake.importing import import_file
from baton.capabilities.performance.registry import metrics
from baton.capabilities.performance.registry.ledger import stated_outcomes
from tests.scenes.ledger_room import room

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
