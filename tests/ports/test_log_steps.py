"""Recorded steps: a long action that is cut off goes on where it was, and no step is done twice."""

import pytest

from baton.kernel.conversation import Decided
from baton.kernel.errors import BatonError
from baton.kernel.ports import ActionResult, Tools
from baton.kernel.steps import RecordedTools, StepDone, step_key
from tests.ports.craft.events import Asked
from tests.ports.logs import all_of

pytestmark = pytest.mark.port

HERE = "conversation/a"
STEPS = ("hold", "charge", "ticket", "tell")
DECIDED = Decided("book", key="k1")


class CutOff(Exception):
    """The process ended here."""


class World:
    """Counts what was done to it, and cuts the act off before or after its n-th call."""

    def __init__(self) -> None:
        self.effects: dict[str, int] = {}
        self.calls = 0
        self.cut_at = 0

    async def call(self, tool, args, key, claim=None) -> ActionResult:
        self.calls += 1
        if self.calls == self.cut_at:
            raise CutOff
        self.effects[key] = self.effects.get(key, 0) + 1
        return ActionResult(tool != "ticket", detail=tool, args={"n": len(self.effects)}, private={"name": "Jane"})


async def book(decided: Decided, tools: Tools) -> list[ActionResult]:
    return [await tools.call(step, {}, step_key(decided.key, step)) for step in STEPS]


async def test_an_act_cut_off_at_any_step_goes_on_and_repeats_none(place):
    world, results = World(), []
    async with place.running() as committer:
        await committer.append(HERE, Asked("echo"), by="customer")
        for cut_at in (2, 3, 1, 1, 0):
            world.calls, world.cut_at = 0, cut_at
            tools = RecordedTools(world, committer.append, DECIDED, await committer.memory.stream(HERE))
            try:
                results = await book(DECIDED, tools)
            except CutOff:
                continue
    assert world.effects == {step_key("k1", step): 1 for step in STEPS}
    assert [r.ok for r in results] == [True, True, False, True]
    async with place.opened() as again:
        stream = await again.memory.stream(HERE)
        tools = RecordedTools(World(), again.append, DECIDED, stream)
        assert await book(DECIDED, tools) == results
        assert results[0].private == {"name": "Jane"}


async def test_two_acts_have_steps_of_their_own(place):
    world = World()
    async with place.running() as committer:
        for key in ("k1", "k2"):
            stream = await committer.memory.stream(HERE)
            await book(
                Decided("book", key=key), RecordedTools(world, committer.append, Decided("book", key=key), stream)
            )
    assert len(world.effects) == 2 * len(STEPS)


async def test_the_acts_own_call_is_not_recorded_as_a_step(place):
    async with place.running() as committer:
        tools = RecordedTools(World(), committer.append, DECIDED, await committer.memory.stream(HERE))
        await tools.call("pay", {}, DECIDED.key)
        assert await all_of(committer.store) == []


async def test_a_step_nobody_knows_the_outcome_of_is_tried_again(place):
    class Silent(World):
        async def call(self, tool, args, key, claim=None) -> ActionResult:
            self.calls += 1
            return ActionResult(None if self.calls == 1 else True)

    world = Silent()
    async with place.running() as committer:
        for _ in range(3):
            tools = RecordedTools(world, committer.append, DECIDED, await committer.memory.stream(HERE))
            await tools.call("hold", {}, step_key("k1", "hold"))
        assert world.calls == 2
        assert (await committer.memory.stream(HERE)).facts.all(StepDone) == [StepDone("k1/hold", "hold", ok=True)]


async def test_a_step_that_could_not_be_recorded_stops_the_act(place):
    async with place.opened() as committer:

        async def refuse(*events, **how) -> int:
            raise BatonError("log_unavailable", 503, "Nothing was kept.")

        tools = RecordedTools(World(), refuse, DECIDED, await committer.memory.stream(HERE))
        with pytest.raises(BatonError):
            await book(DECIDED, tools)
