"""Exporting: one real conversation reaches a real collector as spans, results and metrics, without a word of the customer; an outage costs nothing."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from pydantic import SecretStr

from baton.assembly.exporting import Exporting
from baton.assembly.parts import Parts, assemble, running
from baton.assembly.signalling import Signalling
from baton.assembly.tracing import NoExports, examined, exports_of, target_of
from baton.assembly.trials.trying import trying
from baton.capabilities.agents.events import Agents, Thought
from baton.capabilities.resolution.events import NeedState
from baton.demo.policies import agents
from baton.demo.register import register
from baton.engines.tracing.metering import DURATION, TOKENS
from baton.engines.tracing.sending import Files, Signals, Target, Untaken
from baton.kernel.clock import SeededChance
from baton.kernel.committer import Done
from baton.kernel.conversation import Ended, PolicyRevised, Started, TurnSaid
from baton.kernel.errors import BatonError
from baton.kernel.events import Event
from baton.kernel.stream import policy_name
from baton.settings import Settings
from tests.assembly.test_trials import AGENT, job, text
from tests.engines.collector import Collector, until
from tests.engines.llm_server import Player, playing
from tests.engines.serving import served
from tests.ports.servers import free_port
from tests.scenes.agents_floor import Floor, articles, floor, procedures
from tests.scenes.agents_mind import answer
from tests.scenes.test_agents_thinking import ALLOWANCE, HEAVY, RESTS

pytestmark = pytest.mark.scene

ONE = "conversation/one"
MAIL = "ana.ruiz@example.com"
MADE_UP = "Every bag flies free of charge to the moon."
CHANCE = SeededChance(1)


async def talked(home: Path, player: Player, to: str, key: str = "") -> None:
    """A whole Baton in which one customer asks, is answered, and leaves."""
    headers = SecretStr(f"x-key={key}") if key else None
    settings = Settings(
        home=home, slow_tier="off", llm_url=player.url, llm_model="any", llm_price_in=1, llm_price_out=4, otel_export=to,
        otel_headers=headers,
    )  # fmt: skip
    parts = await assemble(settings)
    async with running(parts):
        heard: list[Done] = []
        parts.committer.listeners.append(heard.extend)
        await in_force(parts)
        customer = parts.keys.pseudonym("customer", MAIL)
        await parts.committer.append(ONE, Started(customer=customer), by="customer")
        await parts.committer.append(ONE, TurnSaid("customer", f"{HEAVY} I am {MAIL}"), by="customer")
        await until(lambda: any(isinstance(e, TurnSaid) and e.role == "agent" for e in caused(heard)))
        await parts.committer.append(ONE, Ended("customer_left"), by="customer")
        await until(lambda: any(isinstance(e, NeedState) for e in caused(heard)))


def caused(heard: list[Done]) -> list[Event]:
    """Everything that was caused so far."""
    return [each.event for done in heard for each in done.rest.caused]


async def in_force(parts: Parts) -> None:
    """Halcyon Air's articles and its assistant, approved, which asks its model first."""
    first = msgspec.structs.replace(agents(model="any").agents[0], thinks="first")
    having = Agents((first,))
    for policy in (articles(), procedures(), register(having, procedures(), parts.clock.now_ms()), having):
        name = policy_name(type(policy))
        revised = PolicyRevised(name, msgspec.Raw(msgspec.json.encode(policy)))
        await parts.committer.append(f"policy/{name}", revised, by="system")


async def test_one_conversation_arrives_as_spans_results_and_metrics_without_a_word_of_the_customer(
    tmp_path: Path,
) -> None:
    collector = Collector()
    async with served(collector.app()) as url, playing(answer((RESTS, ALLOWANCE), (MADE_UP, ALLOWANCE))) as player:
        await talked(tmp_path, player, url, "a%20b")
    spans = {span.name: span for span in collector.spans}
    root, agent, chat = spans["invoke_workflow conversation"], spans["invoke_agent assistant"], spans["chat any"]
    assert (agent.parent_span_id, chat.parent_span_id, chat.kind) == (root.span_id, agent.span_id, 3)
    assert {(record.event_name, record.trace_id) for record in collector.records} == {("gen_ai.evaluation.result", root.trace_id)}  # fmt: skip
    results = {(r.plain["gen_ai.evaluation.name"], r.plain["gen_ai.evaluation.score.label"]): r for r in collector.records}  # fmt: skip
    assert results.keys() == {("grounding", "grounded"), ("grounding", "ungrounded"), ("reply_gate", "allowed"), ("need_met", "unaccounted")}  # fmt: skip
    assert {r.span_id for (name, _), r in results.items() if name != "need_met"} == {chat.span_id}
    assert results["need_met", "unaccounted"].span_id == agent.span_id
    assert results["grounding", "grounded"].plain["gen_ai.evaluation.score.value"] > 0.5
    assert results["grounding", "ungrounded"].plain["gen_ai.evaluation.score.value"] < 0.5
    assert "gen_ai.evaluation.score.value" not in results["need_met", "unaccounted"].plain
    (duration,) = collector.metrics[DURATION].histogram.data_points
    tokens = {p.plain["gen_ai.token.type"]: p for p in collector.metrics[TOKENS].histogram.data_points}
    assert (tokens["input"].sum, tokens["output"].sum, tokens["input"].explicit_bounds[:3]) == (1200, 60, [1, 4, 16])
    assert (duration.count, duration.explicit_bounds[-1], collector.metrics[DURATION].unit) == ("1", 81.92, "s")
    assert duration.plain["gen_ai.operation.name"] == "chat"
    assert {head["x-key"] for head in collector.headers} == {"a b"}
    assert len({told["service.instance.id"] for told in collector.resources}) == 1
    for word in (MAIL, "ana.ruiz", "heavy", "moon", RESTS):
        assert word not in collector.sent()


@pytest.mark.parametrize("protocol", ["protobuf", "json"])
async def test_what_a_collector_takes_in_part_only_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, protocol: Literal["protobuf", "json"]
) -> None:
    collector = Collector(rejects=2)
    async with floor(tmp_path) as it, served(collector.app()) as url, exporting(it, at(url, protocol)):
        await leaves(it, "one")
        await until(lambda: collector.spans)
    assert collector.spans[1].plain["gen_ai.agent.name"] == "Halcyon assistant"
    assert collector.spans[1].plain["baton.decided"] == ["start_procedure"]
    assert [r.message for r in caplog.records if "left out part" in r.message] == ["a collector left out part of what it was sent: path=traces left_out=2"]  # fmt: skip


async def test_the_same_goes_to_files(tmp_path: Path) -> None:
    file = tmp_path / "out" / "spans.jsonl"
    async with playing(answer((RESTS, ALLOWANCE))) as player:
        await talked(tmp_path, player, f"jsonl:{file}")
    spans, results, metrics = ([json.loads(line) for line in file.with_name(f"spans{kind}.jsonl").read_text().splitlines()] for kind in ("", ".results", ".metrics"))  # fmt: skip
    assert all(line["end_time_unix_nano"] >= line["start_time_unix_nano"] > 10**18 for line in spans)
    assert {line["span_id"] for line in results} <= {line["span_id"] for line in spans}
    assert {line["metric"] for line in metrics} == {TOKENS, DURATION}


@asynccontextmanager
async def exporting(it: Floor, target: Target, every_s: float = 60.0) -> AsyncIterator[Exporting]:
    """What a floor does is exported while the block runs."""
    made = Exporting(Signalling(it.committer, False), target, every_s, 0.005)
    it.committer.listeners.append(made.heard)
    task = asyncio.ensure_future(made.run())
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.wait([task])
        await made.close()


def at(url: str, protocol: Literal["protobuf", "json"] = "protobuf") -> Target:
    """A collector at an address."""
    return target_of(Settings(otel_export=url, otel_protocol=protocol), CHANCE)


async def leaves(it: Floor, name: str) -> None:
    """A customer asks for a person and leaves."""
    await it.begins(name)
    await it.customer("I forgot my password", name)
    await it.append(f"conversation/{name}", Ended("customer_left"), by="customer")


async def test_a_collector_that_is_away_is_told_of_once_and_nothing_is_lost_when_it_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    collector, port = Collector(), free_port()
    async with floor(tmp_path) as it, exporting(it, at(f"http://127.0.0.1:{port}")):
        for n in range(5):
            await leaves(it, f"c{n}")
            await asyncio.sleep(0.02)
        assert [r.message for r in caplog.records if "reached" in r.message] == ["traces wait: where they go cannot be reached: why=ConnectError"]  # fmt: skip
        async with served(collector.app(), port):
            await until(lambda: sum(s.name.startswith("invoke_workflow") for s in collector.spans) == 5)
    assert sum("exported again: left_out=0" in r.message for r in caplog.records) == 1
    assert len({span.span_id for span in collector.spans}) == len(collector.spans)


async def test_one_that_asks_for_time_gets_the_same_again_and_one_that_refuses_is_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    collector = Collector(503, 429, 400, 400)
    async with floor(tmp_path) as it, served(collector.app()) as url, exporting(it, at(url)):
        await leaves(it, "one")
        await until(lambda: len(collector.answers) == 1)
        await leaves(it, "two")
        await until(lambda: not collector.answers)
        await leaves(it, "three")
        await until(lambda: collector.spans)
    assert sum("cannot be reached" in r.message for r in caplog.records) == 1
    assert sum("refused" in r.message for r in caplog.records) == 1


async def test_a_path_that_is_not_there_does_not_hold_up_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    collector = Collector(no_path="/v1/traces")
    async with served(collector.app()) as url, playing(answer((RESTS, ALLOWANCE))) as player:
        await talked(tmp_path, player, url)
    assert not collector.spans
    assert [r.message.rpartition("why=")[2] for r in caplog.records if "left out" in r.message] == ["traces 404"]
    assert collector.records
    assert collector.metrics.keys() == {TOKENS, DURATION}


async def test_nothing_is_followed_elsewhere(tmp_path: Path) -> None:
    elsewhere = Collector()
    async with served(elsewhere.app()) as other:
        collector = Collector(moved=f"{other}/v1/traces")
        async with floor(tmp_path) as it, served(collector.app()) as url, exporting(it, at(url)):
            await leaves(it, "one")
            await until(lambda: collector.asked)
    assert not elsewhere.asked


@pytest.mark.parametrize("url", ["http://93.184.215.14:4318", "http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:4318"])
async def test_what_leaves_the_house_is_encrypted(tmp_path: Path, url: str) -> None:
    with pytest.raises(Untaken, match="plain http to an address outside"):
        await at(url).send(Signals())


async def test_metrics_go_out_in_time_while_conversations_end_one_after_another(tmp_path: Path) -> None:
    collector = Collector()
    async with floor(tmp_path) as it, served(collector.app()) as url, exporting(it, at(url), 0.01):
        await leaves(it, "one")
        await it.begins("two")
        await it.append("conversation/two", Thought("big", "openai", 900, 40, 12_000, 800, "timeout"))
        await until(lambda: TOKENS in collector.metrics)
    by = [p.plain for p in collector.metrics[DURATION].histogram.data_points if p.plain["gen_ai.operation.name"] == "chat"]  # fmt: skip
    assert [told["error.type"] for told in by] == ["timeout"]


async def test_a_trial_arrives_with_a_result_for_each_thing_its_scenario_expects(tmp_path: Path) -> None:
    wanted = text("refund_within_the_limit")
    found = await trying(msgspec.structs.replace(job(AGENT, wanted), trial="t1"))
    collector = Collector()
    async with floor(tmp_path) as it, served(collector.app()) as url, exporting(it, at(url)) as made:
        made.tried(found)
        await until(lambda: collector.records)
    told = [record.plain for record in collector.records]
    assert {each["gen_ai.evaluation.score.label"] for each in told} == {"passed"}
    assert {each["gen_ai.evaluation.name"] for each in told} >= {"scenario.procedure", "scenario.called"}
    assert {each["gen_ai.conversation.id"] for each in told} == {"t1/42/refund_within_the_limit"}
    assert {record.span_id for record in collector.records} <= {span.span_id for span in collector.spans}
    assert max(int(span.end_time_unix_nano) for span in collector.spans) == it.clock.now_ms() * 1_000_000
    for saying in ("QK7M2P", "Ruiz", "refund for"):
        assert saying not in collector.sent()


async def test_the_doctor_says_whether_it_would_arrive(tmp_path: Path) -> None:
    collector = Collector(401)
    async with served(collector.app()) as url:
        refused, ok = [await examined(Settings(otel_export=place), CHANCE) for place in (url, f"{url}/v1/traces")]
    assert "refuses (traces 401). Check BATON_OTEL_HEADERS" in refused
    assert ok == "ok"
    assert collector.asked == 2
    assert not collector.spans
    assert "cannot be reached (ConnectError)" in await examined(Settings(otel_export=url), CHANCE)
    assert await examined(Settings(otel_export=f"jsonl:{tmp_path}/new/spans.jsonl"), CHANCE) == "ok"
    assert "Give jsonl:FILE" in await examined(Settings(otel_export="ftp://x"), CHANCE)
    assert "not exported" in await examined(Settings(), CHANCE)


async def test_without_the_setting_nothing_is_exported_and_no_place_is_refused(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        assert isinstance(exports_of(it.committer, Settings(home=tmp_path), CHANCE), NoExports)
    assert isinstance(target_of(Settings(home=tmp_path, otel_export="jsonl:x"), CHANCE), Files)
    with pytest.raises(BatonError, match="Give jsonl:FILE"):
        target_of(Settings(home=tmp_path, otel_export="jsonl:"), CHANCE)
    with pytest.raises(BatonError, match="BATON_OTEL_HEADERS"):
        target_of(Settings(home=tmp_path, otel_export="https://collector", otel_headers=SecretStr("nonsense")), CHANCE)


@pytest.mark.parametrize(
    ("url", "headers", "told"),
    [
        ("https://collector", "x-key=%C3%A9", "BATON_OTEL_HEADERS cannot be read"),
        ("https://collector", "é=1", "BATON_OTEL_HEADERS cannot be read"),
        ("https://collector", "x-key=a%0Ab", "BATON_OTEL_HEADERS cannot be read"),
        ("http://[::1", "x-key=a", "Give jsonl:FILE"),
    ],
)
async def test_what_cannot_be_sent_is_refused_before_anything_is_and_the_doctor_says_so(
    url: str, headers: str, told: str
) -> None:
    settings = Settings(otel_export=url, otel_headers=SecretStr(headers))
    assert told in await examined(settings, CHANCE)
    with pytest.raises(BatonError, match=told):
        target_of(settings, CHANCE)


class Broken:
    """A target that fails as nobody foresaw."""

    async def send(self, signals: Signals) -> None:
        raise RuntimeError("unforeseen")

    async def reach(self) -> None:
        raise RuntimeError("unforeseen")


async def test_a_stop_goes_on_whatever_the_last_export_does(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with floor(tmp_path) as it:
        await Exporting(Signalling(it.committer, False), Broken()).close()
    assert "the last traces could not be sent" in caplog.text
