"""Scenes: a canary serves its share of new conversations, by a chance that is logged; a conversation never changes version."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from baton.capabilities.agents.events import Agent, Agents, Canary, Drawn
from baton.capabilities.agents.tables import SERVED, SPENT
from baton.capabilities.escalations.tables import PARTS
from baton.capabilities.governance.events import AgentStopped, Disclosed, Register, System, approved
from baton.kernel.conversation import Ended, Holder
from baton.kernel.rebuild import rebuild
from tests.scenes.agents_floor import ASSISTANT, Floor, floor, procedures

pytestmark = pytest.mark.scene
NEXT = msgspec.structs.replace(ASSISTANT, version="2", disclosure="This is the second version of an AI.")
WORDS = {"1": ASSISTANT.disclosure, "2": NEXT.disclosure}


def competing(permille: int, *agents: Agent) -> Agents:
    return Agents(agents or (ASSISTANT,), (NEXT,), (Canary("assistant", "2", permille),))


def register(it: Floor, *agents: Agent) -> Register:
    system = System("assistant", name="Assistant", author="mara")
    now_ms = it.clock.now_ms()
    return Register((system,), tuple(approved(system, a, procedures(), 0, now_ms + 10**9, "dara") for a in agents))


async def talk(it: Floor, id: str) -> Drawn | None:
    await it.begins(id)
    await it.customer("How long do refunds take?", id)
    return it.fact(Drawn, id)


async def test_it_serves_its_share_and_each_chance_is_logged(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.policy(competing(300))
        drawn = {key: await talk(it, key) for key in (f"c{n}" for n in range(60))}
        canary = [key for key, one in drawn.items() if one and one.canary]
        assert 8 <= len(canary) <= 30, "300 of 1000, by a hash of the conversation's name"
        for key, one in drawn.items():
            assert one is not None
            assert (one.permille, one.against) == ((300, "1") if key in canary else (700, "2"))
            assert it.said(key)[0].startswith(WORDS[one.version]), "the version that was drawn speaks"
            told = it.fact(Disclosed, key)
            assert told is not None
            assert told.version == one.version
        rows = await it.committer.store.rows(select(SERVED))
        assert {(r["conversation"], r["version"], r["permille"]) for r in rows} == {
            (key, one.version, one.permille) for key, one in drawn.items() if one
        }


async def test_what_is_remembered_of_versions_equals_the_fold_of_the_log(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.policy(competing(500))
        for n in range(6):
            await talk(it, f"c{n}")
        await it.customer("I forgot my password, it is ana.ruiz@example.com", "c0")
        tables = (SERVED, SPENT)
        live = {t.name: sorted(map(str, await it.committer.store.rows(select(t)))) for t in tables}
        assert len(live[SERVED.name]) == 6
        assert live[SPENT.name], "tools were run"
        await rebuild(it.committer.store, it.committer.codec, it.committer.crafts, tables)
        assert {t.name: sorted(map(str, await it.committer.store.rows(select(t)))) for t in tables} == live


async def test_a_conversation_keeps_its_version_when_the_share_changes_or_ends(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.policy(competing(999))
        first = await talk(it, "one")
        assert first is not None
        assert first.version == "2"
        await it.policy(Agents((ASSISTANT,), (NEXT,)))
        await it.customer("Can I bring a dog on board?", "one")
        assert it.fact(Drawn, "one") == first
        await it.append("conversation/one", Ended("resolved"))
        (part,) = await it.committer.store.rows(select(PARTS.c.version))
        assert part["version"] == "2"
        assert await talk(it, "two") is None, "without a canary nothing is drawn"
        assert it.said("two")[0].startswith(WORDS["1"])


async def test_a_version_that_is_not_approved_gets_no_share(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.policy(register(it, ASSISTANT))
        await it.policy(competing(999))
        assert await talk(it, "one") is None
        assert it.said("one")[0].startswith(WORDS["1"])
        await it.policy(register(it, ASSISTANT, NEXT))
        drawn = await talk(it, "two")
        assert drawn is not None
        assert drawn.canary


async def test_stopped_at_once_the_version_hands_over_and_the_other_one_goes_on(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.policy(competing(500))
        drawn = {key: await talk(it, key) for key in (f"c{n}" for n in range(20))}
        for key in drawn:
            await it.append(f"conversation/{key}", AgentStopped("assistant@2", "mara", "answers wrongly"))
        for key, one in drawn.items():
            holder = it.fact(Holder, key)
            assert one is not None
            gone = holder is not None and holder.kind == "queue"
            assert gone == one.canary, "only the conversations of the stopped version go to people"
        assert {one.canary for one in drawn.values() if one} == {True, False}


async def test_it_never_speaks_in_the_other_versions_words_when_its_approval_ends(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        system = System("assistant", author="mara")
        soon = it.clock.now_ms() + 60_000
        ends = approved(system, NEXT, procedures(), 0, soon, "dara")
        kept = approved(system, ASSISTANT, procedures(), 0, soon + 10**9, "dara")
        await it.policy(Register((system,), (ends, kept)))
        await it.policy(competing(999))
        await talk(it, "one")
        it.clock.forward(61)
        said = await it.customer("Can I bring a dog on board?", "one")
        assert all("section" not in text for text in said), "no answer of either version"
        holder = it.fact(Holder, "one")
        assert holder is not None
        assert holder.kind == "queue", "a person, not the version of somebody else's conversation"
