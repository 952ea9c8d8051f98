"""Scenes: a password is reset by an agent, with a code, a yes that is bound to the act, and a look at the record afterwards."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from baton.capabilities.agents.events import Confirmation, Gave, Underway
from baton.capabilities.agents.procedures import engine
from baton.capabilities.agents.procedures.wording import LINES, ONE_MOMENT
from baton.demo.halcyon.toolbox import call
from baton.kernel.conversation import ActionDone, Holder
from tests.scenes.agents_floor import Answer, Floor, floor, world

pytestmark = pytest.mark.scene

MAIL = "ana.ruiz@example.com"


def code(it: Floor) -> str:
    """The newest code in the mailbox."""
    return it.record.mailbox(MAIL)[0].body.removeprefix("Your code is ")[:6]


def version(it: Floor) -> int:
    """The password version that the record shows."""
    return it.record.account(MAIL).password_version


async def up_to_confirmation(it: Floor) -> None:
    """Everything until the customer is asked for a yes."""
    await it.begins()
    await it.customer("I forgot my password")
    await it.customer(f"It is {MAIL}")
    (asked,) = await it.customer(f"The code is {code(it)}")
    assert asked == "Shall I reset the password of account a***@example.com now?"


async def test_the_password_is_reset_and_success_is_told_only_after_the_record_shows_it(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        before = version(it)
        await up_to_confirmation(it)
        assert version(it) == before
        (said,) = await it.customer("Yes please")
        assert said.startswith("Done. The record shows that your password was reset.")
        assert version(it) == before + 1
        assert [effect.tool for effect in it.record.ledger()] == ["send_code", "reset_password"]
        assert [d.args["tool"] for d in it.decisions["conversation/one"] if d.action == "run_tool"] == [
            "account", "send_code", "check_code", "reset_password", "account",
        ]  # fmt: skip
        underway = it.fact(Underway)
        assert underway is not None
        assert (underway.done, underway.result) == (True, "done")


async def test_what_was_said_before_is_not_asked_again(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        said = await it.customer(f"I forgot my password, my account is {MAIL}")
        assert "Which e-mail address" not in " ".join(said)
        assert said[-1] == "I have sent a code of six digits to a***@example.com. What is the code?"


async def test_a_wrong_code_is_told_and_the_second_time_too_then_a_person_takes_over(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("I forgot my password")
        await it.customer(MAIL)
        sent = int(code(it))
        wrong = [f"{(sent + n) % 1_000_000:06d}" for n in (1, 2, 3)]
        (first,) = await it.customer(wrong[0])
        assert (
            first
            == "That code is not right or has run out. Please look for the newest message from us. What is the code?"
        )
        (second,) = await it.customer(wrong[1])
        assert second == first
        await it.customer(wrong[2])
        assert [d.args["reason"] for d in it.decisions["conversation/one"] if d.action == "escalate"] == [
            "failed_attempts"
        ]
        assert [effect.tool for effect in it.record.ledger()] == ["send_code"]


async def test_an_account_that_is_not_there_is_asked_for_once_more(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("I forgot my password")
        (again,) = await it.customer("nobody@example.com")
        assert again.startswith("I find no account with that address.")
        await it.customer("nobody.else@example.com")
        holder = it.fact(Holder)
        assert holder is not None
        assert holder.kind == "queue"


async def test_a_no_changes_nothing(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        before = version(it)
        await up_to_confirmation(it)
        (said,) = await it.customer("No, stop")
        assert said == "All right, I have not changed anything. Your old password still counts."
        assert version(it) == before
        assert await it.customer("yes") != []
        assert version(it) == before


async def test_a_yes_with_a_condition_is_no_yes(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        before = version(it)
        await up_to_confirmation(it)
        (asked,) = await it.customer("yes but wait until I find my phone")
        assert asked.startswith("Please answer with yes or no.")
        assert version(it) == before


async def test_a_yes_that_comes_too_late_is_asked_again(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        before = version(it)
        await up_to_confirmation(it)
        it.clock.forward(11 * 60)
        (asked,) = await it.customer("yes")
        assert asked.startswith(LINES[engine.EXPIRED])
        assert version(it) == before
        await it.customer("yes")
        assert version(it) == before + 1


async def test_a_yes_from_another_channel_does_not_count(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        before = version(it)
        await up_to_confirmation(it)
        await it.customer("yes", by="integration/crm")
        assert version(it) == before


async def test_a_confirmation_is_used_once(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await up_to_confirmation(it)
        await it.customer("yes")
        confirmation = it.fact(Confirmation)
        assert confirmation is not None
        assert confirmation.used
        assert not confirmation.allows(confirmation.bound, it.clock.now_ms())


async def test_an_unknown_outcome_is_told_as_unknown_and_a_person_checks(tmp_path: Path) -> None:
    async with floor(tmp_path, calls=None) as whole:
        record = whole.record

        async def lost(name: str, args: Mapping[str, str], key: str) -> Answer:
            answer = call(record, name, args, key)
            if name == "reset_password":
                raise ConnectionError("the reply was lost")
            return answer

        (tmp_path / "second").mkdir()
        async with floor(tmp_path / "second", calls=lost) as it:
            it.record.close()
            it.record = record
            await up_to_confirmation(it)
            said = await it.customer("yes")
            assert said[0] == LINES[engine.UNKNOWN]
            underway, holder = it.fact(Underway), it.fact(Holder)
            assert underway is not None
            assert holder is not None
            assert (underway.result, holder.kind) == ("unknown", "queue")
            assert "Done." not in " ".join(it.said())
            it.record = whole.record


async def test_a_late_result_is_recorded_and_nobody_speaks_after_the_handover(tmp_path: Path) -> None:
    gate = asyncio.Event()
    async with floor(tmp_path) as plain:
        record = plain.record

        async def slow(name: str, args: Mapping[str, str], key: str) -> Answer:
            if name == "reset_password":
                await gate.wait()
            return call(record, name, args, key)

        (tmp_path / "slow").mkdir()
        async with floor(tmp_path / "slow", calls=slow) as it:
            own, it.record = it.record, record
            await up_to_confirmation(it)
            assert await it.customer("yes") == []
            assert await it.customer("hello?") == [ONE_MOMENT]
            assert await it.customer("are you there") == []
            await it.customer("I want to speak to a human")
            holder, spoken = it.fact(Holder), len(it.said())
            assert holder is not None
            assert holder.kind == "queue"
            gate.set()
            await it.rest()
            assert len(it.said()) == spoken
            underway = it.fact(Underway)
            assert underway is not None
            assert (underway.done, underway.result) == (True, "late_done")
            assert [effect.tool for effect in record.ledger("reset_password")] == ["reset_password"]
            own.close()


async def test_what_tools_gave_is_sealed_in_the_log(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await up_to_confirmation(it)
        gave = it.stream().facts.slot(Gave, "account")
        assert gave is not None
        assert gave.found["email_masked"] == "a***@example.com"
        raw = (tmp_path / "log.db").read_bytes() + (tmp_path / "log.db-wal").read_bytes()
        assert b"a***@example.com" not in raw
        assert b"ana.ruiz" not in raw


async def test_the_same_outcome_twice_moves_nothing(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("I forgot my password")
        await it.customer(MAIL)
        spoken = len(it.said())
        late = ActionDone("run_tool", "stray", True, "", {"procedure": "password_reset", "step": "find"})
        await it.append("conversation/one", late, by="tool")
        assert len(it.said()) == spoken


def test_the_world_knows_the_customer() -> None:
    assert world().customers[0].email == MAIL
