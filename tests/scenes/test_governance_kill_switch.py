"""Scenes: the kill switch silences an agent at once, in conversations that run as in those to come, and no customer stays mute."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from baton.capabilities.agents.events import Agents
from baton.capabilities.governance.events import Halted, Looked, SignedIn
from baton.capabilities.governance.switch import reach
from baton.capabilities.governance.tables import ACCESS, OPEN, SWITCHES
from baton.capabilities.routing.events import HandedBack
from baton.kernel.conversation import Holder, PolicyRevised
from tests.scenes.agents_floor import ASSISTANT, floor

pytestmark = pytest.mark.scene


async def test_a_conversation_under_way_goes_to_a_person_at_once(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("I forgot my password")
        done = await it.committing(reach.stop(it.committer, "assistant", "sam", "answers wrongly"))
        assert done == reach.Turned(("assistant",), 1)
        gone = [d for d in it.decisions["conversation/one"] if d.action == "escalate"]
        assert gone[0].args["reason"] == "agent_off"
        holder = it.fact(Holder)
        assert holder is not None
        assert holder.kind == "queue"
        spoken = len([t for t in it.turns() if t.who == "assistant"])
        await it.customer("hello?")
        assert len([t for t in it.turns() if t.who == "assistant"]) == spoken


async def test_a_conversation_that_comes_later_never_hears_the_agent(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.committing(reach.stop(it.committer, "*", "sam", "an incident"))
        await it.begins("two")
        await it.customer("How long do refunds take?", "two")
        assert [t for t in it.turns("two") if t.who == "assistant"] == []
        gone = [d for d in it.decisions["conversation/two"] if d.action == "escalate"]
        assert gone[0].args["reason"] == "agent_off"


async def test_a_silent_conversation_is_told_and_hands_over_when_the_customer_speaks(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.committing(reach.stop(it.committer, "assistant", "sam", "test"))
        assert it.fact(Halted) == Halted(agents=("assistant",))
        assert "conversation/one" not in it.decisions or not it.decisions["conversation/one"]
        await it.customer("Hello")
        assert it.decisions["conversation/one"][0].action == "escalate"


async def test_started_again_it_speaks_where_the_baton_comes_back(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("Hello")
        await it.committing(reach.stop(it.committer, "assistant", "sam", "test"))
        await it.committing(reach.start(it.committer, "assistant", "sam", "fixed"))
        assert it.fact(Halted) == Halted(agents=())
        await it.append("conversation/one", HandedBack(by="rep/mina.okafor"), by="rep/mina.okafor")
        assert await it.customer("How long do refunds take?")
        await it.begins("two")
        assert await it.customer("Hello", "two")


async def test_a_stop_that_missed_a_conversation_catches_up(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("Hello")
        await it.append("policy/governance.Stop", _revised(), by="staff/sam")
        assert it.fact(Halted) is None
        assert await it.committing(reach.catch_up(it.committer)) == 1
        holder = it.fact(Holder)
        assert holder is not None
        assert holder.kind == "queue"
        assert await it.committing(reach.catch_up(it.committer)) == 0


async def test_a_tool_that_was_about_to_run_does_not_run(tmp_path: Path) -> None:
    async with floor(tmp_path, agent=ASSISTANT) as it:
        await it.begins()
        await it.customer("I forgot my password, it is ana.ruiz@example.com")
        effects = len(it.record.ledger())
        await it.committing(reach.stop(it.committer, "assistant", "sam", "test"))
        await it.customer("no code came")
        assert len(it.record.ledger()) == effects


async def test_who_turned_the_switch_who_signed_in_and_who_looked_is_kept(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.committing(reach.stop(it.committer, "assistant", "sam", "answers wrongly"))
        (row,) = await it.committer.store.rows(select(SWITCHES))
        assert (row["agents"], row["staff"], row["why"]) == ("assistant", "sam", "answers wrongly")
        await it.append("staff/sam", SignedIn("sam", "supervisor"))
        await it.append("access/2026-11-21", Looked("sam", "one"))
        rows = await it.committer.store.rows(select(ACCESS.c.act, ACCESS.c.staff, ACCESS.c.conversation))
        assert sorted((r["act"], r["conversation"]) for r in rows) == [("looked", "one"), ("signed_in", "")]
        await it.begins()
        (open_,) = await it.committer.store.rows(select(OPEN))
        assert (open_["state"], open_["halted"]) == ("open", "assistant")


def _revised() -> PolicyRevised:
    return PolicyRevised(reach.POLICY, msgspec.Raw(msgspec.json.encode({"agents": ["assistant"]})))


def test_the_first_approved_agent_that_is_on_serves() -> None:
    off = Agents(agents=(ASSISTANT,))
    assert off.serving((), lambda agent: True) == ASSISTANT
    assert off.serving((), lambda agent: False) is None
    assert off.serving(("assistant",), lambda agent: True) is None
    assert off.serving(("*",), lambda agent: True) is None
    assert off.serving(("another",), lambda agent: True) == ASSISTANT
