"""Tools in this process: the gate, once for a key, refusals, and outcomes nobody knows."""

import asyncio
from collections.abc import Mapping

import msgspec
import pytest

from baton.engines.tools import LocalTools, ToolRefused, tool
from baton.kernel.ports import Call, Claim, Verdict

pytestmark = pytest.mark.port

Answer = Mapping[str, str | int | bool]


class OpenGate:
    """Lets everything pass but who acts for nobody by name."""

    def judge(self, call: Call) -> Verdict:
        """Yes, but for the agent `nobody`."""
        return Verdict(call.claim.principal != "nobody")


class Counter:
    """A tool that counts its calls."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.calls = 0
        self.fails = fails
        self.keys: list[str] = []

    async def run(self, args: Mapping[str, str], key: str) -> Answer:
        """Count, then answer or fail."""
        self.calls += 1
        self.keys.append(key)
        await asyncio.sleep(0)
        if self.fails:
            raise self.fails
        return {"refund_id": "R1", "cents": 100, "allowed": True}


def tools_with(counter: Counter) -> LocalTools:
    """One tool."""
    return LocalTools([tool("refund", ["code"], counter.run, "irreversible")], OpenGate())


async def test_words_of_an_answer_are_private_and_numbers_are_open() -> None:
    result = await tools_with(Counter()).call("refund", {"code": "QK7M2P"}, "k1")
    assert (result.ok, result.args, result.private) == (True, {"cents": 100, "allowed": True}, {"refund_id": "R1"})


async def test_the_same_key_gives_the_first_result_also_while_the_first_call_runs() -> None:
    counter = Counter()
    tools = tools_with(counter)
    first, second = await asyncio.gather(
        tools.call("refund", {"code": "A"}, "k1"), tools.call("refund", {"code": "A"}, "k1")
    )
    third = await tools.call("refund", {"code": "A"}, "k1")
    assert first == second == third
    assert (counter.calls, counter.keys) == (1, ["k1"])


async def test_a_key_is_not_used_for_other_arguments() -> None:
    counter = Counter()
    tools = tools_with(counter)
    await tools.call("refund", {"code": "A"}, "k1")
    assert (await tools.call("refund", {"code": "B"}, "k1")).detail == "key_reused"
    assert counter.calls == 1


async def test_a_refusal_is_known_and_says_why_in_private() -> None:
    result = await tools_with(Counter(ToolRefused("not_found", "There is no booking QK7M2P."))).call(
        "refund", {"code": "QK7M2P"}, "k1"
    )
    assert (result.ok, result.detail) == (False, "not_found")
    assert result.private == {"reason": "There is no booking QK7M2P."}


@pytest.mark.parametrize("failure", [ConnectionError("lost"), TimeoutError("slow"), ValueError("odd")])
async def test_anything_else_is_unknown_and_may_be_asked_again(failure: Exception) -> None:
    counter = Counter(failure)
    tools = tools_with(counter)
    assert (await tools.call("refund", {"code": "A"}, "k1")).ok is None
    counter.fails = None
    assert (await tools.call("refund", {"code": "A"}, "k1")).ok is True
    assert counter.keys == ["k1", "k1"]


async def test_what_takes_too_long_is_unknown() -> None:
    async def never(args: Mapping[str, str], key: str) -> Answer:
        await asyncio.sleep(60)
        return {}

    slow = msgspec.structs.replace(tool("slow", [], never), timeout_s=0.01)
    assert (await LocalTools([slow], OpenGate()).call("slow", {}, "k1")).detail == "timeout"


async def test_arguments_are_checked_and_unknown_tools_and_closed_gates_refuse() -> None:
    counter = Counter()
    tools = tools_with(counter)
    assert (await tools.call("refund", {"code": 7}, "k1")).detail == "bad_arguments"
    assert (await tools.call("refund", {"code": "A", "to": "me"}, "k2")).detail == "bad_arguments"
    assert (await tools.call("give_away", {}, "k3")).detail == "no_tool"
    assert (await tools.call("refund", {"code": "A"}, "k4", Claim(principal="nobody"))).detail == "not_allowed"
    assert counter.calls == 0


class Booking:
    """A record with one booking."""

    async def __call__(self, args: Mapping[str, str], _key: str) -> Answer:
        if (args["code"], args["last_name"]) != ("QK7M2P", "Ruiz"):
            raise ToolRefused("not_found")
        return {"seat": "14C"}


async def test_a_name_is_not_tried_until_it_fits_in_however_many_conversations() -> None:
    now, keys = [0.0], iter(range(1000))
    tools = LocalTools([tool("booking", ["code", "last_name"], Booking(), "read")], OpenGate(), lambda: now[0])

    async def asks(name: str, code: str = "QK7M2P", kind: str = "agent") -> str:
        claim = msgspec.convert({"principal": "a", "kind": kind, "stream": f"conversation/{name}"}, Claim)
        given = {"last_name": name, "code": code}
        done = await tools.call("booking", given, f"k{next(keys)}", claim)
        return "found" if done.ok else done.detail

    assert [await asks("Riuz") for _ in range(30)] == ["not_found"] * 30, "who mistypes the same way is no guesser"
    assert [await asks(f"N{n}") for n in range(9)] == ["not_found"] * 9
    assert await asks("Ruiz") == await asks("ruiz") == "too_many_tries", "also the right one: nothing is told"
    assert await asks("Ruiz", kind="rep") == "found"
    assert await asks("Ruiz", code="AAAAAA") == "not_found", "another booking is not locked by it"
    now[0] = 3601.0
    assert await asks("Ruiz") == "found"
