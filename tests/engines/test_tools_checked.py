"""Tools that lie, hang, flood or go down: told as not done, contained, left alone, and asked of the record."""

import asyncio
from collections.abc import Mapping

import msgspec
import pytest

from baton.engines.tools import Answer, Limits, LocalTools, Tool, tool
from baton.engines.tools.answers import ORIGIN
from baton.engines.tools.breaker import FAILS, REST_S
from baton.kernel.ports import ActionResult, Call, Verdict
from baton.kernel.steps import Part, all_or_none

pytestmark = pytest.mark.port


class OpenGate:
    """Lets everything pass, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Call] = []

    def judge(self, call: Call) -> Verdict:
        """Yes."""
        self.asked.append(call)
        return Verdict(True)


class Record:
    """A system of record with a ledger of its own: what was really written, and under which key."""

    def __init__(self) -> None:
        self.seats = {"QK7M2P": "12A"}
        self.ledger: list[tuple[str, str]] = []
        self.honest = True
        self.up = True
        self.answers = True

    async def change(self, args: Mapping[str, str], key: str) -> Answer:
        """Change a seat: once for a key, if it is honest."""
        if not self.up:
            raise ConnectionError("down")
        if self.honest and all(key != done for done, _ in self.ledger):
            self.ledger.append((key, args["seat"]))
            self.seats[args["code"]] = args["seat"]
        if not self.answers:
            raise TimeoutError
        return {"seat": args["seat"]}

    async def look(self, args: Mapping[str, str], key: str) -> Answer:
        """What the record shows."""
        if not self.up:
            raise ConnectionError("down")
        return {"seat": self.seats[args["code"]]}

    async def dry(self, args: msgspec.Struct, key: str) -> Answer:
        """What a change would do."""
        return {"would_cost_cents": 900}


def seats(record: Record, must: Mapping[str, str] | None = None) -> tuple[Tool, Tool]:
    """A tool that changes a seat, and the one that reads it back."""
    change = msgspec.structs.replace(
        tool("seat", ["code", "seat"], record.change, "costly"), shows="booking", shows_args={"code": "args.code"},
        must=must or {"seat": "args.seat"}, undo="seat", undo_args={"code": "args.code", "seat": "args.was"}, dry=record.dry,
    )  # fmt: skip
    return change, tool("booking", ["code"], record.look, "read")


SEAT = {"code": "QK7M2P", "seat": "14C"}


async def test_an_ok_that_the_record_shows_is_done() -> None:
    record = Record()
    assert (await LocalTools(seats(record), OpenGate()).call("seat", SEAT, "k1")).ok is True


async def test_a_tool_that_lies_is_told_as_not_done() -> None:
    record = Record()
    record.honest = False
    result = await LocalTools(seats(record), OpenGate()).call("seat", SEAT, "k1")
    assert (result.ok, result.detail, record.ledger) == (False, "not_shown", [])


async def test_what_must_have_changed_is_compared_with_before() -> None:
    record = Record()
    tools = LocalTools(seats(record, {"seat": "changed"}), OpenGate())
    assert (await tools.call("seat", SEAT, "k1")).ok is True
    record.honest = False
    assert (await tools.call("seat", {**SEAT, "seat": "15C"}, "k2")).detail == "not_shown"


async def test_a_record_that_cannot_be_read_leaves_the_outcome_unknown() -> None:
    record = Record()
    change, look = seats(record)

    async def silent(args: msgspec.Struct, key: str) -> Answer:
        raise ConnectionError

    tools = LocalTools((change, msgspec.structs.replace(look, run=silent)), OpenGate())
    assert (await tools.call("seat", SEAT, "k1")).detail == "not_checked"


async def test_an_unknown_outcome_is_asked_of_the_record_and_nothing_is_done_twice() -> None:
    record = Record()
    record.answers = False
    tools = LocalTools(seats(record), OpenGate())
    assert (await tools.call("seat", SEAT, "k1")).ok is None
    assert (await tools.call("shows:seat", SEAT, "k1")).ok is True
    assert await tools.call("shows:seat", {**SEAT, "seat": "1A"}, "k2") == ActionResult(False, "not_shown")
    assert record.ledger == [("k1", "14C")]
    record.up = False
    assert (await tools.call("shows:seat", SEAT, "k1")).ok is None


async def test_a_dry_run_tells_what_would_happen_and_changes_nothing() -> None:
    record, gate = Record(), OpenGate()
    tools = LocalTools(seats(record), gate)
    assert (await tools.call("dry:seat", SEAT, "k1")).args == {"would_cost_cents": 900}
    assert (record.ledger, gate.asked[-1].risk) == ([], "read")
    assert (await tools.call("dry:booking", {"code": "QK7M2P"}, "k2")).detail == "no_dry_run"
    assert (await tools.call("never:seat", SEAT, "k3")).detail == "no_tool"


async def test_a_tool_that_is_down_is_left_alone_and_comes_back() -> None:
    record, now = Record(), [0.0]
    record.up = False
    tools = LocalTools(seats(record), OpenGate(), lambda: now[0])
    for n in range(FAILS):
        assert (await tools.call("seat", SEAT, f"k{n}")).ok is None
    assert await tools.call("seat", SEAT, "k9") == ActionResult(False, "unavailable")
    assert tools.down() == ["seat"]
    record.up, now[0] = True, REST_S
    assert (await tools.call("seat", SEAT, "k10")).ok is True
    assert tools.down() == []


async def test_calls_of_one_tool_at_once_are_bounded() -> None:
    running, most = [0], [0]

    async def slow(args: Mapping[str, str], key: str) -> Answer:
        running[0] += 1
        most[0] = max(most[0], running[0])
        await asyncio.sleep(0.001)
        running[0] -= 1
        return {}

    bounded = msgspec.structs.replace(tool("slow", [], slow, "read"), limits=Limits(at_once=3))
    tools = LocalTools([bounded], OpenGate())
    await asyncio.gather(*(tools.call("slow", {}, f"k{n}") for n in range(20)))
    assert most == [3]


DEEP: dict[str, object] = {"a": 1}
for _ in range(9):
    DEEP = {"a": DEEP}


@pytest.mark.parametrize("answer", [DEEP, {str(n): n for n in range(501)}, {"words": "x" * 20_001}])
async def test_an_answer_beyond_its_limits_is_not_taken(answer: Answer) -> None:
    async def give(args: Mapping[str, str], key: str) -> Answer:
        return answer

    read, write = tool("look", [], give, "read"), tool("act", [], give, "costly")
    tools = LocalTools([read, write], OpenGate())
    assert await tools.call("look", {}, "k1") == ActionResult(False, "too_large")
    assert await tools.call("act", {}, "k2") == ActionResult(None, "too_large")


async def test_an_answer_is_checked_against_what_was_declared_and_made_flat() -> None:
    given: list[Answer] = [{"booking": {"state": "paid\u202e\x07", "seats": ["1A", "1B"], "cents": 5.0}, "gone": None}]

    async def give(args: Mapping[str, str], key: str) -> Answer:
        return given[0]

    schema = {"type": "object", "required": ["booking"], "properties": {"booking": {"type": "object"}}}
    declared = msgspec.structs.replace(tool("look", [], give, "read"), gives=schema, origin="untrusted")
    tools = LocalTools([declared], OpenGate())
    result = await tools.call("look", {}, "k1")
    assert result.private == {"booking.state": "paid", "booking.seats": "1A,1B"}
    assert result.args == {"booking.cents": 5, ORIGIN: "untrusted"}
    given[0] = {"booking": "none"}
    assert (await tools.call("look", {}, "k2")).detail == "not_as_declared"


class Trip:
    """Hotel, flight and car; each can be taken back, and each may fail. `ledger` is what really happened."""

    def __init__(self, *fails: str) -> None:
        self.fails, self.ledger = fails, list[str]()

    def tools(self) -> LocalTools:
        """Each with the one that takes it back."""
        return LocalTools([t for name in ("hotel", "flight", "car") for t in self._pair(name)], OpenGate())

    def _pair(self, name: str) -> tuple[Tool, Tool]:
        async def book(args: Mapping[str, str], key: str) -> Answer:
            return self._does(name, {"ref": f"{name}-1"})

        async def cancel(args: Mapping[str, str], key: str) -> Answer:
            return self._does(f"cancel {args['ref']}", {})

        booked = msgspec.structs.replace(
            tool(name, ["city"], book, "costly"), undo=f"cancel_{name}", undo_args={"ref": "answer.ref"}
        )
        return booked, tool(f"cancel_{name}", ["ref"], cancel, "reversible")

    def _does(self, what: str, answer: Answer) -> Answer:
        if what in self.fails:
            raise ConnectionError(what)
        self.ledger.append(what)
        return answer


PARTS = [Part(name, name, {"city": "Lisbon"}) for name in ("hotel", "flight", "car")]


async def test_a_long_act_is_done_as_a_whole() -> None:
    trip = Trip()
    result = await all_or_none(trip.tools(), "k1", PARTS)
    assert (result.ok, trip.ledger) == (True, ["hotel", "flight", "car"])
    assert result.private["car.ref"] == "car-1"


async def test_a_long_act_that_fails_half_way_is_taken_back_the_last_first() -> None:
    trip = Trip()
    broken = [*PARTS[:2], Part("car", "car", {"town": "Lisbon"})]
    result = await all_or_none(trip.tools(), "k1", broken)
    assert (result.ok, result.detail, result.args) == (False, "bad_arguments", {"step": "car", "undone": 2, "left": 0})
    assert trip.ledger == ["hotel", "flight", "cancel flight-1", "cancel hotel-1"]


async def test_what_could_not_be_taken_back_is_counted_for_a_person() -> None:
    trip = Trip("cancel hotel-1")
    result = await all_or_none(trip.tools(), "k1", [*PARTS[:2], Part("car", "car", {})])
    assert result.args == {"step": "car", "undone": 1, "left": 1}


async def test_nothing_is_taken_back_while_an_outcome_is_unknown() -> None:
    trip = Trip("flight")
    result = await all_or_none(trip.tools(), "k1", PARTS)
    assert (result.ok, result.args, trip.ledger) == (None, {"step": "flight", "done": 1}, ["hotel"])
