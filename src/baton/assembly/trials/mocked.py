"""Mocked tools: those of the company's invented record, or of the procedures alone, some of which answer as a scenario says. Calls are kept."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from baton.capabilities.agents.events import Procedures
from baton.capabilities.agents.trials.scenario import UNKNOWN, Mock, Use
from baton.demo.halcyon.ledger import Answer, RecordError
from baton.demo.halcyon.procedure import tools as their_tools
from baton.demo.halcyon.toolbox import call
from baton.demo.world import SystemOfRecord
from baton.engines.tools import LocalTools, Risk, Tool, ToolRefused, tool
from baton.kernel.minds import THINK
from baton.kernel.ports import ActionResult, Claim, Gate, Tools


class Kept:
    """Tools as acts see them; every call but one to a model is kept in `uses`."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.uses: list[Use] = []

    async def call(self, tool: str, args: Mapping[str, object], key: str, claim: Claim | None = None) -> ActionResult:
        """Call it, and keep what came of it."""
        result = await self._tools.call(tool, args, key, claim)
        if tool != THINK:
            given = {name: str(value) for name, value in args.items()}
            self.uses.append(Use(tool, given, "done" if result.ok else result.detail or "no answer"))
        return result


def mocked(record: SystemOfRecord | None, procedures: Procedures, mocks: Iterable[Mock], gate: Gate) -> LocalTools:
    """The tools of a stage: of the record where there is one; a mock takes the place of the tool of its name."""
    by_name = {mock.tool: mock for mock in mocks}
    found = list(_theirs(record) if record is not None else _named(procedures))
    return LocalTools([_mocked(each, by_name[each.name]) if each.name in by_name else each for each in found], gate)


def _theirs(record: SystemOfRecord) -> Iterator[Tool]:
    for each in their_tools():
        made = _of_record(record, each.name, each.args, each.risk)
        yield msgspec.structs.replace(made, shows=each.shows, shows_args=each.shows_args, must=each.must)


def _of_record(record: SystemOfRecord, name: str, args: tuple[str, ...], risk: Risk) -> Tool:
    async def run(given: Mapping[str, str], key: str) -> Answer:
        try:
            return call(record, name, given, key)
        except RecordError as error:
            raise ToolRefused(error.code, str(error)) from error

    return tool(name, args, run, risk)


def _named(procedures: Procedures) -> Iterator[Tool]:
    """The tools that procedures call, where nothing stands behind them: without a mock nobody knows what they did."""
    steps = {step.tool: step for made in procedures.procedures for step in made.steps if step.tool}
    for name, step in steps.items():
        if ":" not in name:
            yield tool(name, step.args, _silent, step.risk)


async def _silent(_given: Mapping[str, str], _key: str) -> Answer:
    raise TimeoutError


def _mocked(made: Tool, mock: Mock) -> Tool:
    async def run(_given: msgspec.Struct, _key: str) -> Mapping[str, object]:
        if mock.fails == UNKNOWN:
            raise TimeoutError
        if mock.fails:
            raise ToolRefused(mock.fails, "as the scenario says")
        return mock.gives

    return msgspec.structs.replace(made, run=run, must={})
