"""Trials through the real loop: Halcyon Air's scenarios pass, a version that is worse fails them, and simulated customers are the same again."""

from functools import cache

import msgspec
import pytest

from baton.assembly.trials.halcyon import theirs
from baton.assembly.trials.job import HALCYON, Job, Tried
from baton.assembly.trials.trying import trying
from baton.capabilities.agents.events import Agent
from baton.capabilities.agents.trials.agents import ScenarioResult
from baton.demo.policies import articles, costs, individual, routing, wellbeing
from baton.kernel.errors import BatonError
from baton.kernel.stream import policy_name
from tests.scenes.agents_floor import procedures

pytestmark = pytest.mark.scene

AGENT = Agent(id="assistant", name="Halcyon assistant", version="42")
BEFORE_A_YES = """
id = "no_yes"
title = "The customer says no"
says = ["I want a refund for my booking QK7M2P", "Ruiz", "No"]
[[tool]]
tool = "booking"
gives = { code = "QK7M2P", customer_id = "c1" }
[[tool]]
tool = "refund_quote"
gives = { cents = 12300, allowed = true }
[expect]
called = [{ tool = "refund" }]
said = ["is approved"]
handed_over = true
turns_at_most = 1
cents_at_most = 1
outcome = "met"
"""


@cache
def policies() -> dict[str, str]:
    """What is in force at Halcyon Air."""
    every = (articles(), routing(), costs(), individual(), wellbeing(), procedures())
    return {policy_name(type(each)): msgspec.json.encode(each).decode() for each in every}


def job(agent: Agent = AGENT, *texts: str, company: str = HALCYON, n: int = 0, seed: int = 1) -> Job:
    """A job for a version."""
    return Job(agent, policies(), company, texts, n, seed)


def text(id: str) -> str:
    """One of Halcyon Air's scenarios."""
    file = theirs().of(id)
    assert file is not None
    return file.text


async def ran(made: Job) -> ScenarioResult:
    """The only result of a job."""
    (result,) = (await trying(made)).scenarios
    return result


async def test_every_scenario_of_halcyon_air_passes() -> None:
    files = theirs().files
    assert len(files) >= 20
    found = (await trying(job(AGENT, *(file.text for file in files)))).scenarios
    assert {each.id: each.wrong for each in found if each.wrong} == {}


async def test_a_version_that_may_do_less_fails_and_says_what_is_missing() -> None:
    weaker = msgspec.structs.replace(AGENT, version="43", procedures=("flight_status",))
    result = await ran(job(weaker, text("refund_within_the_limit")))
    assert any("'refund_request' was not begun" in wrong for wrong in result.wrong)
    assert any("'refund' was not called" in wrong for wrong in result.wrong)


async def test_a_version_that_serves_one_queue_alone_is_tried_like_any_other() -> None:
    of_refunds = msgspec.structs.replace(AGENT, queues=("refunds",))
    result = await ran(job(of_refunds, text("refund_within_the_limit")))
    assert result.wrong == ()


async def test_every_kind_of_expectation_can_fail() -> None:
    result = await ran(job(AGENT, BEFORE_A_YES))
    assert len(result.wrong) == 6


async def test_the_record_behind_a_scenario_is_fresh_each_time() -> None:
    found = (await trying(job(AGENT, text("booking_cancelled"), text("booking_cancelled")))).scenarios
    assert [each.wrong for each in found] == [(), ()]


async def test_without_a_company_behind_it_tools_answer_as_mocked_and_others_as_nobody_knows() -> None:
    made = job(AGENT, text("refund_within_the_limit"), text("password_reset"), company="")
    mocked, bare = (await trying(made)).scenarios
    assert mocked.wrong == ()
    assert bare.handed_over


async def test_the_same_seed_brings_the_same_customers_with_the_same_fate() -> None:
    first, again, other = [await trying(job(n=10, seed=seed)) for seed in (5, 5, 6)]
    assert first.talks == again.talks
    assert first.transcripts == again.transcripts
    assert [each.intent for each in first.talks] != [each.intent for each in other.talks]
    assert [each.persona for each in first.talks[:5]] == ["patient", "angry", "confused", "vulnerable", "machine"]


async def test_a_version_that_can_do_nothing_meets_fewer_needs_of_the_same_customers() -> None:
    weaker = msgspec.structs.replace(AGENT, version="43", procedures=("flight_status",), answer_floor=1000)
    able, unable = [await trying(job(agent, n=40)) for agent in (AGENT, weaker)]
    assert [(t.n, t.persona, t.intent) for t in able.talks] == [(t.n, t.persona, t.intent) for t in unable.talks]
    assert met(able) > met(unable)


async def test_the_ledger_confirms_nothing_that_is_not_true() -> None:
    talks = (await trying(job(n=40))).talks
    assert all(talk.met or talk.met_later for talk in talks if talk.ledger == "confirmed")
    assert any(talk.ledger == "confirmed" for talk in talks)


async def test_nobody_can_be_simulated_without_a_company() -> None:
    with pytest.raises(BatonError, match="Write scenarios for your own customers"):
        await trying(job(company="", n=1))


def met(found: Tried) -> int:
    return sum(talk.met for talk in found.talks)
