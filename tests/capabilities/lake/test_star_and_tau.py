"""STAR and tau-bench: invented lines of their formats, and their own answers where the data is there."""

import json
from pathlib import Path

import pytest

from baton.capabilities.lake.tables import LABELS
from baton.capabilities.performance.ai_use import ai_use, figures
from baton.capabilities.performance.registry import metrics
from baton.capabilities.performance.registry.ledger import ledger, stated_outcomes
from tests.scenes.ledger_room import Room, room

pytestmark = pytest.mark.scene

STAR = {
    "DialogueID": 7, "AnonymizedWizardWorkerID": "0f6a-1", "AnonymizedUserWorkerID": "77aa", "CompletionLevel": "Complete",
    "Scenario": {"Domains": ["bank"], "Happy": False, "WizardCapabilities": [{"Task": "bank_balance"}]},
    "UserQuestionnaire": [{"Question": "Did the assistant tell you your balance?", "Answer": False},
                          {"Question": "Did the assistant stay calm and helpful?", "Answer": True}],
    "WizardQuestionnaire": [{"Question": "Did the user become aggressive?", "Answer": True}],
    "Events": [
        {"Agent": "UserGuide", "Action": "instruct", "Text": "Ask for it.", "UnixTime": 1_600_000_000},
        {"Agent": "User", "Action": "utter", "Text": "What is my balance?", "UnixTime": 1_600_000_010},
        {"Agent": "Wizard", "Action": "request_suggestions", "Text": "pin", "UnixTime": 1_600_000_015},
        {"Agent": "Wizard", "Action": "pick_suggestion", "Text": "May I have your PIN?", "UnixTime": 1_600_000_020},
        {"Agent": "Wizard", "Action": "query", "APIName": "bank_balance", "UnixTime": 1_600_000_030},
        {"Agent": "KnowledgeBase", "Action": "return_item", "Item": {"Balance": "12"}},
        {"Agent": "Wizard", "Action": "request_suggestions", "Text": "no", "UnixTime": 1_600_000_035},
        {"Agent": "Wizard", "Action": "utter", "Text": "I am afraid that PIN is wrong.", "UnixTime": 1_600_000_040},
    ],
}  # fmt: skip
TOOLS = [{"name": "cancel", "kind": "is_tool(ToolType.WRITE)"}, {"name": "look", "kind": "is_tool(ToolType.READ)"}]


def called(*names: str) -> dict[str, object]:
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"function": {"name": n, "arguments": "{}"}} for n in names],
    }


def tau(task: int, reward: float, *names: str, expected: tuple[str, ...] = ()) -> str:
    messages = [
        {"role": "user", "content": f"Please cancel booking {task}."}, called(*names),
        {"role": "tool", "name": "cancel", "content": '{"ok": true}'}, {"role": "assistant", "content": "It is done."},
        {"role": "user", "content": "###STOP###"},
    ]  # fmt: skip
    told = {
        "task_id": task,
        "trial": 0,
        "reward": reward,
        "expected_actions": [{"name": e} for e in expected],
        "traj": messages,
    }
    return json.dumps(told) + "\n"


async def test_a_star_dialogue(tmp_path: Path) -> None:
    empty = {**STAR, "DialogueID": 8, "CompletionLevel": "EarlyDisconnectDuringDialogue", "Events": STAR["Events"][:1]}  # type: ignore[index]
    lines = [json.dumps(STAR), "{broken", json.dumps(empty), json.dumps({**STAR, "DialogueID": 9, "Events": []})]
    async with room(tmp_path) as here:
        report = await here.imported("star", "\n".join(lines), "dialogues.jsonl.gz")
        row, left = await here.conversations()
        assert (report.conversations, report.turns, report.skipped) == (2, 3, 2)
        assert report.reasons == {"the line is not whole JSON": 1, "no DialogueID or no Events": 1}
        assert (row["path"], row["queue"], row["stated_intent"], row["tools"], row["turns_rep"]) == (
            "rep",
            "bank",
            "bank_balance",
            1,
            2,
        )
        assert (left["turns_customer"], left["why"]) == (0, "abandoned")
        (use,) = await ai_use(here.store)
        assert (use.rep, use.requested, use.picked, use.own_words) == (row["rep"], 2, 1, 1)
        labels = {(r["what"], r["value"]) for r in await here.rows(LABELS) if r["conversation"] == row["conversation"]}
        assert {("customer_says", 0), ("customer_rates", 1), ("rep_says", 1), ("scenario", 0), ("outcome", 0)} <= labels
        assert sorted(await here.states()) == ["correctly_refused", "given_up"], (
            "No, where the happy path was closed, is a refusal"
        )


async def imported_tau(here: Room, lines: str) -> None:
    path = here.file(lines, "talks.jsonl")
    (path.parent / "tools.json").write_text(json.dumps(TOOLS))
    from baton.capabilities.lake.importing import import_file

    await import_file("tau", path.parent, here.committer, here.keys)


async def test_tau_conversations(tmp_path: Path) -> None:
    lines = (
        tau(1, 1.0, "look", "cancel", expected=("look", "cancel")) + tau(2, 0.0, "look", expected=("cancel",))
        + tau(3, 1.0, "transfer_to_human_agents") + tau(4, 0.0, "transfer_to_human_agents", expected=("cancel",))
        + json.dumps({"messages_display": "user: Hello\nsecond line\nassistant: Hi\nassistant: None\ntool: {}\n"}) + "\n"
    )  # fmt: skip
    async with room(tmp_path) as here:
        await imported_tau(here, lines)
        rows = await here.conversations()
        assert all(row["simulated"] and row["origin"] == "imported" for row in rows)
        assert sorted((row["contained"], row["turns_customer"], row["turns_agent"], row["writes"]) for row in rows) == [
            (0, 1, 1, 0), (0, 1, 1, 0), (1, 1, 1, 0), (1, 1, 1, 0), (1, 1, 1, 1),
        ]  # fmt: skip
        assert sorted(await here.states()) == ["confirmed", "correctly_handed_over", "failed", "failed", "unaccounted"]
        told = await stated_outcomes(here.store)
        assert told is not None
        assert told.counts == {
            "contained": 2, "resolved": 2, "resolved_in_contained": 1, "resolved_by_transfer": 1, "resolved_without_change": 1,
            "judged": 3, "judged_in_contained": 1, "judged_rightly": 3,
        }  # fmt: skip


async def test_the_airline_conversations_by_the_datas_own_answers(tmp_path: Path, data_dir: Path) -> None:
    async with room(tmp_path) as here:
        from baton.capabilities.lake.importing import import_file

        report = await import_file("tau", data_dir / "tau" / "airline", here.committer, here.keys)
        told = await stated_outcomes(here.store)
        assert told is not None
        assert (report.conversations, report.skipped, told.simulated) == (120, 0, True)
        known = {
            "contained": 86, "resolved": 53, "resolved_in_contained": 28, "resolved_by_transfer": 25, "resolved_without_change": 38,
        }  # fmt: skip
        assert {name: told.counts[name] for name in known} == known
        assert (told.resolved.n, told.resolved.clusters) == (120, 30)
        assert told.resolved.high - told.resolved.low > 0.2, (
            "four trials of a task are not four independent conversations"
        )
        bar = await ledger(here.store)
        assert {s.state: s.needs for s in bar.shares if s.needs} == {
            "confirmed": 28,
            "failed": 67,
            "correctly_handed_over": 25,
        }
        assert sum(s.permille for s in bar.shares) == 1000
        by_id = {f.metric: f for f in await metrics(here.store, ["containment"])}
        assert round(by_id["containment"].value or 0, 3) == 0.717
        assert round(by_id["resolved_in_contained"].value or 0, 3) == 0.326


@pytest.mark.timeout(300)
async def test_the_star_file_by_the_datas_own_answers(tmp_path: Path, data_dir: Path) -> None:
    async with room(tmp_path) as here:
        from baton.capabilities.lake.importing import import_file

        report = await import_file("star", data_dir / "star" / "dialogues.jsonl.gz", here.committer, here.keys)
        uses = await ai_use(here.store)
        sums = figures(uses)
        assert report.conversations + report.skipped == 4908
        assert (sums["requested"], sums["picked"], sums["own_words"]) == (41_660, 33_446, 5_070)
        assert sums["reps"] == 109


async def test_what_baton_says_alone_of_the_airline_is_near_the_truth_and_says_what_it_rests_on(
    tmp_path: Path, data_dir: Path
) -> None:
    from baton.capabilities.lake.importing import import_file
    from baton.engines.models.fast import FastTier
    from baton.engines.understanding import Understanding

    async with room(tmp_path, Understanding(FastTier())) as here:
        await import_file("tau", data_dir / "tau" / "airline", here.committer, here.keys)
        shown = {f.metric: f for f in await metrics(here.store, ["judged_resolution", "reward", "containment"])}
        alone, truth = shown["judged_resolution"], shown["reward"].value
        assert alone.low is not None and alone.high is not None and truth is not None
        assert alone.low < truth < alone.high < (shown["containment"].value or 0)
        assert "each is judged by a fold that never saw its task" in alone.note
        told = await stated_outcomes(here.store)
        assert told is not None
        assert told.counts["judged"] <= 60, "114 of 120 were judged met before the estimate; 53 truly were"
        assert told.counts["judged_rightly"] >= 80
