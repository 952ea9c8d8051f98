"""Scenes: customers cannot give what the AI asks for, people take over, and the owner of the field has one task because of it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from baton.capabilities.escalations.events import DataTask, DataTaskClosed, Escalated
from baton.capabilities.escalations.noticing.tasks import stream_of
from baton.capabilities.escalations.tables import ESCALATIONS, METADATA, PARTS, STEPS, TASKS
from baton.kernel.conversation import Ended
from baton.kernel.rebuild import rebuild
from tests.scenes.agents_floor import Floor, floor

pytestmark = pytest.mark.scene

TABLES = METADATA.sorted_tables


async def without_a_file_number(it: Floor, id: str) -> None:
    """A customer whose bag is late, and who has no file number."""
    await it.begins(id)
    await it.customer("My bag did not arrive", id)
    await it.customer("it was at the desk in Lisbon", id)
    await it.customer("a blue one with wheels", id)


async def rows(it: Floor, table):
    return [dict(row) for row in await it.committer.store.rows(select(table))]


async def test_three_customers_without_a_file_number_make_one_task_for_its_owner(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        for n, key in enumerate(("one", "two", "three", "four"), 1):
            await without_a_file_number(it, key)
            (task,) = await rows(it, TASKS)
            assert (task["state"], task["lacked"]) == ("open" if n >= 3 else "watched", n)
        assert (task["procedure"], task["field"], task["owner"], task["opened"]) == (
            "bag_status",
            "file_number",
            "jack.moreau",
            1,
        )
        passed = it.fact(Escalated)
        assert passed is not None
        assert (passed.turn, passed.procedure, passed.step, passed.field) == (
            3,
            "bag_status",
            "ask_file",
            "file_number",
        )
        found = {row["conversation"]: row for row in await rows(it, ESCALATIONS)}
        assert len(found) == 4
        assert (found["two"]["step"], found["two"]["field"], found["two"]["agent"]) == (
            "ask_file",
            "file_number",
            "assistant",
        )
        assert {(row["agent"], row["version"], row["turns"]) for row in await rows(it, PARTS)} == {
            ("assistant", "1", 3)
        }


async def test_the_owner_closes_it_and_it_opens_again_when_it_is_lacking_again(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        for key in ("one", "two", "three"):
            await without_a_file_number(it, key)
        stream = stream_of("bag_status", "file_number")
        await it.append(stream, DataTaskClosed("jack.moreau", "supplied"), by="rep/jack.moreau")
        await it.append(stream, DataTaskClosed("jack.moreau", "not_the_cause"), by="rep/jack.moreau")
        (task,) = await rows(it, TASKS)
        assert (task["state"], task["closed_by"], task["how"]) == ("closed", "jack.moreau", "supplied")
        it.clock.forward(60)
        for key in ("four", "five"):
            await without_a_file_number(it, key)
        assert [t["state"] for t in await rows(it, TASKS)] == ["closed"]
        await without_a_file_number(it, "six")
        (task,) = await rows(it, TASKS)
        assert (task["state"], task["opened"], task["lacked"]) == ("open", 2, 6)
        held = it.committer.memory.peek(stream)
        assert held is not None and held.facts.get(DataTask) is not None


async def test_who_asks_for_a_person_in_the_middle_of_a_procedure_lacked_nothing(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("My bag did not arrive")
        await it.customer("I want to speak to a real person")
        (row,) = await rows(it, ESCALATIONS)
        assert (row["reason"], row["step"], row["field"], row["turn"]) == ("asked", "ask_file", "", 2)
        assert await rows(it, TASKS) == []
        await it.append("conversation/one", Ended("customer_left"))
        assert len(await rows(it, PARTS)) == 1


async def test_what_is_remembered_of_escalations_is_the_fold_of_the_log(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        for key in ("one", "two", "three"):
            await without_a_file_number(it, key)
        await it.begins("kept")
        await it.customer("Where is my refund?", "kept")
        await it.append("conversation/kept", Ended("resolved"))
        await it.append(stream_of("bag_status", "file_number"), DataTaskClosed("jack.moreau", "supplied"))
        live = {table.name: sorted(map(str, await rows(it, table))) for table in TABLES}
        assert all(live.values())
        assert len(live[STEPS.name]) > 3
        await rebuild(it.committer.store, it.committer.codec, it.committer.crafts, TABLES)
        assert {table.name: sorted(map(str, await rows(it, table))) for table in TABLES} == live
