"""Tools here in this process: named async functions with typed arguments, behind a gate, each run once for its key.

A tool that raises `ToolRefused` said no: nothing was changed. Anything else that goes wrong, a timeout included, leaves an
unknown outcome, recorded as unknown. Numbers and truth values of an answer stay open; its words are private and are sealed.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Literal

import msgspec

from baton.kernel.conversation import Args
from baton.kernel.ports import ActionResult, Call, Claim, Gate

Risk = Literal["read", "write", "reversible", "costly", "irreversible"]
Answer = Mapping[str, str | int | bool]
Run = Callable[[msgspec.Struct, str], Awaitable[Answer]]
NO_CLAIM = Claim(principal="")
"""The claim of a call that makes none: only what anyone may do."""
KEPT = 10_000
TIMEOUT_S = 10.0
log = logging.getLogger(__name__)


class ToolRefused(Exception):
    """The system of record says no, and nothing was changed. `code` is a label such as `not_found` or `refused`."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(reason or code)
        self.code, self.reason = code, reason


class Tool(msgspec.Struct, frozen=True):
    """A tool: what it takes (a Struct), how risky it is, how long it may take, and how it is run.

    `run` gets the checked arguments and the idempotency key, which it passes on to the system it changes. `scope` is what
    a caller with scopes must hold. `dry` tells what `run` would do and changes nothing; `shows` is the tool that reads
    the changed record back, `undo` the one that takes the change back.
    """

    name: str
    takes: type[msgspec.Struct]
    run: Run
    risk: Risk = "write"
    timeout_s: float = TIMEOUT_S
    scope: str = ""
    about: str = ""
    dry: Run | None = None
    shows: str = ""
    undo: str = ""


def tool(
    name: str, args: Iterable[str], run: Callable[[Mapping[str, str], str], Awaitable[Answer]], risk: Risk = "write"
) -> Tool:
    """A tool that takes texts by name: its schema is made of the names."""
    takes = msgspec.defstruct(name, [(arg, str) for arg in args], frozen=True, forbid_unknown_fields=True)

    async def run_named(given: msgspec.Struct, key: str) -> Answer:
        return await run(msgspec.structs.asdict(given), key)

    return Tool(name, takes, run_named, risk)


class LocalTools:
    """The tools of this process. The same key gives the first result again, also while the first call still runs."""

    def __init__(self, tools: Iterable[Tool], gate: Gate) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._gate = gate
        self._results: OrderedDict[str, tuple[str, asyncio.Future[ActionResult]]] = OrderedDict()

    def risk(self, name: str) -> Risk | None:
        """How risky a tool is; None where there is no such tool."""
        found = self._tools.get(name)
        return found.risk if found else None

    async def call(self, tool: str, args: Mapping[str, object], key: str, claim: Claim | None = None) -> ActionResult:
        """Run `tool` once for `key`, where the gate allows it; a repeated key returns the first result."""
        found = self._tools.get(tool)
        if found is None:
            return ActionResult(False, "no_tool")
        verdict = self._gate.judge(Call(tool, found.risk, args, claim or NO_CLAIM, found.scope, key))
        if not verdict.allowed:
            return ActionResult(False, "not_allowed")
        print_ = _fingerprint(tool, args)
        known = self._results.get(key) if key else None
        if known is None:
            return await self._first(found, args, key, print_)
        if known[0] != print_:
            return ActionResult(False, "key_reused")
        return await asyncio.shield(known[1])

    async def _first(self, found: Tool, args: Mapping[str, object], key: str, print_: str) -> ActionResult:
        future: asyncio.Future[ActionResult] = asyncio.get_running_loop().create_future()
        if key:
            self._results[key] = (print_, future)
        result = ActionResult(None, "unknown")
        try:
            result = await _run(found, args, key)
        finally:
            future.set_result(result)
            self._settle(key, result)
        return result

    def _settle(self, key: str, result: ActionResult) -> None:
        """An unknown outcome is not kept: the same key may be sent again, and the system behind tells what happened."""
        if result.ok is None:
            self._results.pop(key, None)
        while len(self._results) > KEPT:
            self._results.popitem(last=False)


async def _run(tool: Tool, args: Mapping[str, object], key: str) -> ActionResult:
    try:
        given = msgspec.convert(dict(args), tool.takes)
    except msgspec.ValidationError:
        return ActionResult(False, "bad_arguments")
    try:
        async with asyncio.timeout(tool.timeout_s):
            answer = await tool.run(given, key)
    except ToolRefused as refused:
        return ActionResult(False, refused.code, private={"reason": refused.reason} if refused.reason else {})
    except TimeoutError:
        return ActionResult(None, "timeout")
    except Exception:
        log.exception("a tool failed, its outcome is unknown: tool=%s key=%s", tool.name, key)
        return ActionResult(None, "unknown")
    return ActionResult(True, "", *_split(answer))


def _split(answer: Answer) -> tuple[Args, Args]:
    open_: Args = {name: value for name, value in answer.items() if not isinstance(value, str)}
    private: Args = {name: value for name, value in answer.items() if isinstance(value, str)}
    return open_, private


def _fingerprint(tool: str, args: Mapping[str, object]) -> str:
    return msgspec.json.encode([tool, sorted(args.items())]).decode()
