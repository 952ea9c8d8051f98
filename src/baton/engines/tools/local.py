"""The tools of an organisation, as acts call them: behind a gate, each run once for its key, checked in the system of record.

A tool that raises `ToolRefused` said no: nothing was changed. Anything else that goes wrong, a timeout included, leaves an
unknown outcome, recorded as unknown. An `ok` that the record does not show is no `ok`: the tool lied, and it is told as not
done. Numbers and truth values of an answer stay open; its words are private and are sealed.

A tool has faces, called by name like tools themselves: `dry:NAME` says what it would do, `shows:NAME` asks the record whether
it was done, `undo:NAME` takes it back.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from baton.engines.tools.answers import ORIGIN, NotAsDeclared, checked, flat, split
from baton.engines.tools.breaker import Breaker
from baton.engines.tools.declared import AnswerTooLarge, Given, Risk, Run, Tool, ToolRefused, named, text_of
from baton.engines.tools.guesses import TOO_MANY, Guesses
from baton.engines.tools.schemas import coerced, fault
from baton.kernel.ports import ActionResult, Call, Claim, Gate, Known

NO_CLAIM: Final = Claim(principal="")
"""The claim of a call that makes none: only what anyone may do."""
NOTHING_KNOWN: Final = Known()
KEPT: Final = 10_000
NOT_SHOWN: Final = "not_shown"
"""The record does not show what the tool says it did."""
UNAVAILABLE: Final = "unavailable"
"""Nothing was sent: the tool is left alone, or cannot be reached."""
Values = dict[str, str | int | bool]
log = logging.getLogger(__name__)


class LocalTools:
    """The tools by name. The same key gives the first result again, also while the first call still runs."""

    def __init__(self, tools: Iterable[Tool], gate: Gate, now_s: Callable[[], float] = time.monotonic) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._gate = gate
        self._guesses = Guesses(now_s)
        self._breakers = {name: Breaker(now_s) for name in self._tools}
        self._slots = {name: asyncio.Semaphore(tool.limits.at_once) for name, tool in self._tools.items()}
        self._results: OrderedDict[str, tuple[str, asyncio.Future[ActionResult]]] = OrderedDict()

    @property
    def all(self) -> tuple[Tool, ...]:
        """Every tool."""
        return tuple(self._tools.values())

    def risk(self, name: str) -> Risk | None:
        """How risky a tool is; None where there is no such tool."""
        found = self._tools.get(name)
        return found.risk if found else None

    def down(self) -> list[str]:
        """The tools that are left alone now because they do not answer."""
        return [name for name, breaker in self._breakers.items() if breaker.open]

    async def call(self, tool: str, args: Mapping[str, object], key: str, claim: Claim | None = None) -> ActionResult:
        """Run `tool` once for `key`, where the gate allows it; a repeated key returns the first result."""
        face, _, name = tool.rpartition(":")
        found = self._tools.get(name)
        if found is None or face not in {"", "dry", "shows", "undo"}:
            return ActionResult(False, "no_tool")
        if face == "undo":
            return await self._undone(found, args, key, claim or NO_CLAIM)
        call = Call(found.name, found.risk if not face else "read", args, claim or NO_CLAIM, found.scope, key)
        if face == "shows":
            return await self._asked(found, call)
        known = await _known(found, args)
        if known is None:
            return ActionResult(False, UNAVAILABLE)
        verdict = self._gate.judge(msgspec.structs.replace(call, known=known))
        if not verdict.allowed:
            return ActionResult(False, "not_allowed", rules=verdict.rules, grounds=verdict.grounds)
        if face == "dry":
            return await self._once(found, found.dry, args, key) if found.dry else ActionResult(False, "no_dry_run")
        guess = self._guesses.of(found, args, call.claim)
        tried = self._guesses.used_up(guess)
        done = ActionResult(False, TOO_MANY) if tried else await self._kept(found, args, key)
        self._guesses.told(guess, done)
        return msgspec.structs.replace(done, rules=verdict.rules, grounds=verdict.grounds)

    async def _kept(self, found: Tool, args: Mapping[str, object], key: str) -> ActionResult:
        print_ = _fingerprint(found.name, args)
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
            result = await self._done(found, args, key)
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

    async def _done(self, found: Tool, args: Mapping[str, object], key: str) -> ActionResult:
        """Run a tool and look in the record whether it is so."""
        before = await self._before(found, args, key)
        result = await self._once(found, found.run, args, key)
        if not result.ok or not found.must:
            return result
        shown = await self._shown(found, args, _values(result), before, key)
        if shown is None:
            return msgspec.structs.replace(result, ok=None, detail="not_checked")
        return result if shown else ActionResult(False, NOT_SHOWN)

    async def _before(self, found: Tool, args: Mapping[str, object], key: str) -> Values:
        """What the record shows before, where something in it must change."""
        if "changed" not in found.must.values():
            return {}
        return await self._record(found, args, {}, key) or {}

    async def _record(self, found: Tool, args: Mapping[str, object], answer: Values, key: str) -> Values | None:
        """What the record shows now; None where it does not say, or cannot be asked."""
        reader = self._tools.get(found.shows)
        asks = named(found.shows_args, args, answer)
        if reader is None or asks is None:
            return None
        result = await self._once(reader, reader.run, asks, key)
        return {} if result.ok is False and result.detail == "not_found" else _values(result) if result.ok else None

    async def _shown(
        self, found: Tool, args: Mapping[str, object], answer: Values, before: Values, key: str
    ) -> bool | None:
        now = await self._record(found, args, answer, key)
        wanted = named(found.must, args, answer)
        if now is None or wanted is None:
            return None
        return all(_is_so(field, value, now, before) for field, value in wanted.items())

    async def _asked(self, found: Tool, call: Call) -> ActionResult:
        """Ask the record whether a call was done whose outcome nobody knows. What must have `changed` cannot be told afterwards."""
        reader = self._tools.get(found.shows)
        if reader is None or not found.must or "changed" in found.must.values():
            return ActionResult(None, "cannot_ask")
        asks = msgspec.structs.replace(call, tool=reader.name, risk=reader.risk, scope=reader.scope)
        if not self._gate.judge(asks).allowed:
            return ActionResult(False, "not_allowed")
        shown = await self._shown(found, call.args, {}, {}, call.key)
        return ActionResult(shown, {True: "", False: NOT_SHOWN, None: "no_answer"}[shown])

    async def _undone(self, found: Tool, args: Mapping[str, object], key: str, claim: Claim) -> ActionResult:
        """Take a change back. `args` are those of the act with its answer; the yes to the act covers taking it back."""
        back = self._tools.get(found.undo)
        given = named(found.undo_args, args, dict(args))
        if back is None or given is None:
            return ActionResult(False, "no_undo")
        grounds = msgspec.structs.replace(claim, bound="")
        if not self._gate.judge(Call(back.name, "reversible", given, grounds, back.scope, key)).allowed:
            return ActionResult(False, "not_allowed")
        return await self._kept(back, given, key)

    async def _once(self, found: Tool, run: Run, args: Mapping[str, object], key: str) -> ActionResult:
        try:
            given = _given(found, args)
        except msgspec.ValidationError:
            return ActionResult(False, "bad_arguments")
        breaker = self._breakers[found.name]
        if not breaker.admit():
            return ActionResult(False, UNAVAILABLE)
        async with self._slots[found.name]:
            result = ActionResult(None, "unknown")
            try:
                result = await _run(found, run, given, key)
            finally:
                breaker.ended(result.ok is not None and result.detail != UNAVAILABLE)
        return result


async def _run(found: Tool, run: Run, given: msgspec.Struct, key: str) -> ActionResult:
    """Run it within its time; what was answered before the limits were passed is thrown away."""
    try:
        async with asyncio.timeout(found.timeout_s):
            answer = await run(given, key)
        checked(answer, found.gives)
        open_, private = split(flat(answer, found.limits))
    except ToolRefused as refused:
        return ActionResult(False, refused.code, private={"reason": refused.reason} if refused.reason else {})
    except TimeoutError:
        return ActionResult(None, "timeout")
    except (AnswerTooLarge, NotAsDeclared) as wrong:
        detail = "too_large" if isinstance(wrong, AnswerTooLarge) else "not_as_declared"
        log.warning("an answer was not taken: tool=%s why=%s", found.name, wrong)
        return ActionResult(False if found.risk == "read" else None, detail)
    except Exception:
        log.exception("a tool failed, its outcome is unknown: tool=%s key=%s", found.name, key)
        return ActionResult(None, "unknown")
    if found.origin != "record":
        open_[ORIGIN] = found.origin
    return ActionResult(True, "", open_, private)


def _given(found: Tool, args: Mapping[str, object]) -> msgspec.Struct:
    if found.schema is None:
        return msgspec.convert(dict(args), found.takes)
    made = coerced(found.schema, args)
    if fault(found.schema, made):
        raise msgspec.ValidationError(fault(found.schema, made))
    return Given(made)


def _values(result: ActionResult) -> Values:
    return {**dict(result.args), **dict(result.private)}


def _is_so(field: str, wanted: str, now: Values, before: Values) -> bool:
    if wanted == "changed":
        return field in now and now[field] != before.get(field)
    return field in now and text_of(now[field]).casefold() == wanted.casefold()


async def _known(found: Tool, args: Mapping[str, object]) -> Known | None:
    """What the record says of a call; None where it does not answer, and then nothing is called."""
    if found.knows is None:
        return NOTHING_KNOWN
    try:
        async with asyncio.timeout(found.timeout_s):
            return await found.knows(args)
    except Exception:
        log.exception("the record could not be asked before a call: tool=%s", found.name)
        return None


def _fingerprint(tool: str, args: Mapping[str, object]) -> str:
    return msgspec.json.encode([tool, sorted(args.items())]).decode()
