"""Models over the wire: asked, metered and timed; whatever a server does wrong is told as a label and goes no further."""

import json
import logging
import sys
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from msgspec.structs import replace
from pydantic import SecretStr

from baton.engines.llm.asking import Model, Question, schema_of
from baton.engines.llm.connecting import NoMinds, connected, examined
from baton.engines.llm.servers import Server, named, servers_of
from baton.engines.llm.telling import DONE, WRITES
from baton.engines.llm.thinking import Thinking
from baton.kernel.errors import BatonError
from baton.kernel.minds import Amounts, Brief, Prompt, Shown, calls_in
from baton.kernel.ports import ActionResult
from baton.settings import Settings
from tests.engines.llm_server import Player, Recorder, playing
from tests.engines.test_looking import NoTools

pytestmark = pytest.mark.unit

KEY = "sk-nobody-may-read-this"
LEFT = Amounts(calls=4, tokens=24_000, micros=50_000, ms=20_000)


class Said(msgspec.Struct, frozen=True):
    text: str


class Reply(msgspec.Struct, frozen=True):
    do: Literal["answer"]
    said: list[Said] = []


def server(player: Player, **more: object) -> Server:
    return Server.model_validate({"url": player.url, "model": "m", "key": KEY, "price_in": 2, "price_out": 8, **more})


def prompt(*texts: str, left: Amounts = LEFT, model: str = "any") -> Prompt:
    shown = (Shown("Passage a#1", "Call us at +1 415 555 2671.", personal=False), *(Shown("Said", t) for t in texts))
    return Prompt("Do this.", shown, Reply, left, model)


async def thought(*servers: Server, asked: Prompt | None = None, timeout_s: float = 5.0) -> ActionResult:
    """What comes of thinking at these servers, one after another."""
    minds = Thinking(NoTools(), [Model(each) for each in servers], timeout_s)
    try:
        return await minds.call("think", {"prompt": asked or prompt("hello"), "stream": "conversation/x"}, "k")
    finally:
        await minds.close()


async def test_an_answer_is_read_and_metered_from_what_the_server_reports() -> None:
    async with playing({"say": {"do": "answer", "said": [{"text": "yes"}]}, "usage": [11, 5]}) as player:
        came = await thought(server(player))
    assert came.ok
    assert msgspec.json.decode(str(came.private["answer"])) == {"do": "answer", "said": [{"text": "yes"}]}
    (call,) = calls_in(came.args["calls"])
    assert (call.outcome, call.served, call.finish) == ("ok", "recorded-1", "stop")
    assert (call.input_tokens, call.output_tokens, call.cost_micros) == (11, 5, 11 * 2 + 5 * 8)
    assert call.provider == "127.0.0.1"


async def test_what_a_server_does_not_count_is_counted_by_its_length() -> None:
    async with playing({"say": {"do": "answer"}}) as player:
        (call,) = calls_in((await thought(server(player))).args["calls"])
    assert call.input_tokens > 10
    assert call.output_tokens >= 5


async def test_the_request_is_one_that_self_hosted_servers_read() -> None:
    async with playing({"say": {"do": "answer"}}, {"say": '```json\n{"do": "answer"}\n```'}) as player:
        assert (await thought(server(player))).ok
        assert (await thought(server(player, answer="text"))).ok
    body, plain = player.asked
    assert "max_completion_tokens" not in body
    assert body["max_tokens"] == 900
    assert body["stream"] is True
    schema = body["response_format"]["json_schema"]["schema"]
    assert "$ref" not in str(schema)
    assert "response_format" not in plain
    assert '"required":["do"]' in plain["messages"][0]["content"]


@pytest.mark.parametrize(
    ("recording", "outcome"),
    [
        ("not_json", "not_json"), ("nothing", "empty"), ("wrong_schema", "wrong_schema"), ("cut", "cut"), ("down", "http_error"),
        ("moved", "redirected"), ("endless", "too_long"), ("squeezed", "failed"), ("late", "timeout"),
    ],
)  # fmt: skip
async def test_what_goes_wrong_is_a_label(recording: str, outcome: str) -> None:
    async with playing(recording) as player:
        came = await thought(server(player), timeout_s=0.5 if outcome == "timeout" else 10.0)
    assert (came.ok, came.detail) == (False, outcome)
    assert came.private == {}
    assert [call.outcome for call in calls_in(came.args["calls"])] == [outcome]


async def test_an_endless_answer_is_cut_off_while_it_is_read() -> None:
    async with playing("endless") as player:
        await thought(server(player))
    assert player.sent < 8_000_000


async def test_a_server_that_is_not_there_is_unreachable() -> None:
    came = await thought(Server(url="http://127.0.0.1:9/v1", model="m"))
    assert came.detail == "unreachable"


async def test_the_next_server_is_tried_and_both_calls_are_told() -> None:
    async with playing("down") as first, playing({"say": {"do": "answer"}, "usage": [9, 2]}) as second:
        came = await thought(server(first), server(second, model="other"))
    assert came.ok
    told = [(call.model, call.outcome, call.attempt) for call in calls_in(came.args["calls"])]
    assert told == [("m", "http_error", 1), ("other", "ok", 2)]


async def test_a_server_that_was_down_is_asked_last_for_a_while() -> None:
    async with playing("down", again=True) as first, playing({"say": {"do": "answer"}}, again=True) as second:
        minds = Thinking(NoTools(), [Model(server(first)), Model(server(second, model="other"))])
        for _ in range(3):
            assert (await minds.call("think", {"prompt": prompt("hello"), "stream": "x"}, "k")).ok
        await minds.close()
    assert (len(first.asked), len(second.asked)) == (1, 3)


@pytest.mark.parametrize(
    "left",
    [
        Amounts(calls=0, tokens=9_000, micros=9_000, ms=9_000),
        Amounts(calls=1, tokens=20, micros=9_000, ms=9_000),
        Amounts(calls=1, tokens=9_000, micros=30, ms=9_000),
        Amounts(calls=1, tokens=9_000, micros=9_000, ms=0),
    ],
)
async def test_nothing_is_asked_that_could_cost_more_than_is_left(left: Amounts) -> None:
    async with playing({"say": {"do": "answer"}}) as player:
        came = await thought(server(player), asked=prompt("hello", left=left))
    assert (came.ok, came.detail, player.asked) == (False, "spent", [])


async def test_money_that_is_left_limits_how_long_an_answer_may_be() -> None:
    async with playing({"say": {"do": "answer"}}) as player:
        await thought(server(player), asked=prompt("hello", left=Amounts(calls=1, tokens=9_000, micros=500, ms=9_000)))
    assert 0 < player.asked[0]["max_tokens"] < 500 / 8


async def test_personal_values_do_not_leave_and_come_back_in_the_answer() -> None:
    asked = prompt("My mail is ada.lovelace@example.org, write to ada.lovelace@example.org")
    async with playing({"say": {"do": "answer", "said": [{"text": "I write to [email 1]."}]}}) as player:
        came = await thought(server(player), asked=asked)
    assert "ada.lovelace" not in str(player.asked)
    assert player.prompts[0].count("[email 1]") == 2
    assert "+1 415 555 2671" in player.prompts[0], "what is public is shown as it is"
    assert "I write to ada.lovelace@example.org." in str(came.private["answer"])


async def test_a_form_that_is_set_is_kept_whatever_the_server_tells() -> None:
    short = Brief("Short.", (Shown("Said", "hello"),), lambda said: Reply("answer", [Said(said)]), 50)
    async with playing({"say": "Yes. No", "finish": "length"}, {"say": {"do": "answer"}}) as player:
        player.weights = 8_000_000_000
        came = await thought(server(player, answer="plain"), asked=replace(prompt("hello"), brief=short))
        assert msgspec.json.decode(str(came.private["answer"]))["said"] == [{"text": "Yes."}]
        assert [call.form for call in calls_in(came.args["calls"])] == ["plain"]
        player.weights = 100_000_000
        came = await thought(server(player, answer="schema"), asked=replace(prompt("hello"), brief=short))
        assert [call.form for call in calls_in(came.args["calls"])] == ["schema"]
    assert [each["max_tokens"] for each in player.asked] == [50, 900]


async def test_while_it_writes_it_is_told_and_no_word_of_it() -> None:
    told: list[tuple[str, bytes]] = []

    async def tell(stream: str, body: bytes) -> None:
        told.append((stream, body))

    async with playing({"say": {"do": "answer"}}) as player:
        minds = Thinking(NoTools(), [Model(server(player))], tell=tell)
        await minds.call("think", {"prompt": prompt("hello"), "stream": "conversation/x"}, "k")
        await minds.close()
    assert told == [("conversation/x", WRITES), ("conversation/x", DONE)]


async def test_a_key_goes_to_its_server_and_into_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with playing("down", {"say": {"do": "answer"}}) as player:
        await thought(server(player))
        await thought(server(player))
    assert f"authorization: Bearer {KEY}" in player.heads[0]
    assert KEY not in caplog.text
    assert KEY not in repr(server(player))


async def test_any_other_tool_is_the_organisations() -> None:
    minds = Thinking(NoTools(), [])
    assert (await minds.call("booking", {}, "k")).detail == "no_tool"


async def test_without_a_model_it_is_off_and_imports_nothing(tmp_path: Path) -> None:
    minds = connected(Settings(llm_url=""), NoTools())
    assert isinstance(minds, NoMinds)
    assert (await minds.call("think", {}, "k")).detail == "off"
    assert (await minds.call("booking", {}, "k")).detail == "no_tool"


def test_a_missing_extra_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydantic_ai.direct", None)
    monkeypatch.delitem(sys.modules, "baton.engines.llm.thinking")
    monkeypatch.delitem(sys.modules, "baton.engines.llm.asking")
    with pytest.raises(BatonError, match=r"pip install 'baton-cx\[llm\]'"):
        connected(Settings(llm_url="http://127.0.0.1:9/v1", llm_model="m"), NoTools())


def test_servers_are_read_in_order_with_their_prices() -> None:
    more = '[{"url": "http://10.0.0.7:8080/v1", "model": "b", "key": "k", "answer": "text"}]'
    settings = Settings(
        llm_url="http://127.0.0.1:9/v1", llm_model="a", llm_price_in=0.15, llm_fallbacks=SecretStr(more)
    )
    first, second = servers_of(settings)
    assert (first.model, first.price_in, second.model, second.answer) == ("a", 0.15, "b", "text")
    assert first.cost_micros(1_000_000, 0) == 150_000
    assert named([first, second], "b") == [second, first]
    assert named([first, second], "c") == []


@pytest.mark.parametrize(
    ("url", "fallbacks"),
    [("ftp://x/v1", "[]"), ("http://user:secret@x/v1", "[]"), ("http://x/v1", "{"), ("http://x/v1", '[{"url": "http://y/v1"}]')],
)  # fmt: skip
def test_settings_that_cannot_be_read_say_so_without_a_secret(url: str, fallbacks: str) -> None:
    with pytest.raises(BatonError) as refused:
        servers_of(Settings(llm_url=url, llm_model="m", llm_fallbacks=SecretStr(fallbacks), llm_key=SecretStr(KEY)))
    assert "BATON_LLM_FALLBACKS" in refused.value.message
    assert "secret" not in refused.value.message
    assert KEY not in refused.value.message


async def test_no_other_address_is_reached_than_the_configured_one() -> None:
    async with playing({"say": {"do": "answer"}}) as other, playing({"say": {"do": "answer"}}) as mine:
        model = Model(server(mine))
        model._model.client._base_url = model._model.client._base_url.copy_with(port=int(other.url.split(":")[2][:-3]))

        async def heard(partial: object) -> None:
            return

        answered = await model.ask(Question("a", "b", Reply, 9, 5.0), 1, heard)
        await model.close()
    assert answered.call.outcome == "refused_address"
    assert other.asked == []


def test_a_schema_is_in_one_piece() -> None:
    schema = schema_of(Reply)
    assert schema["properties"]["said"]["items"]["properties"]["text"] == {"type": "string"}


async def test_what_was_recorded_is_played_as_it_was(tmp_path: Path) -> None:
    async with playing({"say": {"do": "answer", "said": [{"text": "yes"}]}, "usage": [11, 5]}, "down") as player:
        recorder = Recorder()
        minds = Thinking(NoTools(), [Model(server(player), recorder)])
        first = await minds.call("think", {"prompt": prompt("hello"), "stream": "x"}, "k")
        await minds.call("think", {"prompt": prompt("hello"), "stream": "x"}, "k")
        await minds.close()
    recorder.write(tmp_path / "made.json")
    exchanges = json.loads((tmp_path / "made.json").read_text())["exchanges"]
    assert [each["status"] for each in exchanges] == [200, 500]
    async with playing(*exchanges) as again:
        came = await thought(server(again))
        assert (await thought(server(again))).detail == "http_error"
    assert came.private == first.private


async def test_a_doctor_is_told_how_each_server_answers_and_what_to_do() -> None:
    assert (await examined(Settings())).startswith("none connected")
    async with playing({"say": {"ready": True}}, "not_json") as player:
        more = SecretStr(
            json.dumps([{"url": player.url, "model": "b"}, {"url": "http://127.0.0.1:9/v1", "model": "c"}])
        )
        told = await examined(Settings(llm_url=player.url, llm_model="a", llm_key=SecretStr(KEY), llm_fallbacks=more))
    first, second, third = told.split("; ")
    assert first.startswith("a at 127.0.0.1: ok in ")
    assert "BATON_LLM_ANSWER=text" in second
    assert "nothing listens there" in third
    assert KEY not in told
