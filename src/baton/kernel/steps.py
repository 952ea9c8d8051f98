"""Steps: what a long action has done so far, in the log. After a crash it goes on where it was and repeats nothing.

An outside act that does several things gives each a key of its own: `step_key(decided.key, "book_hotel")`. The result is
appended to the act's stream before the next step runs; when the act is started again, a step that has a result returns it
and touches nothing outside. A crash between a step and its record runs that step again under the same key, which the
tool must honour: it is the tool's key that makes an effect happen once, and the record that makes the act go on.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from baton.kernel.conversation import Args, Decided
from baton.kernel.events import Event, Fact, Personal
from baton.kernel.ports import ActionResult, Claim, Tools
from baton.kernel.stream import Stream


class StepDone(Fact, frozen=True, gc=False, omit_defaults=True):
    """What came of one step of an outside act. A step whose outcome nobody knows is not recorded: it is tried again."""

    key: str
    tool: str
    ok: bool
    detail: str = ""
    args: Args = {}
    private: Personal[Args] = {}

    @property
    def slot(self) -> str:
        """One for each step's key."""
        return self.key


class Append(Protocol):
    """How a step is recorded: `Committer.append`."""

    async def __call__(self, stream: str, *events: Event, by: str, once: str | None = None) -> int:
        """The position, when it is on disk."""
        ...


class RecordedTools:
    """The tools of one act: its own call passes through, each step's result is recorded and never asked for twice."""

    def __init__(self, tools: Tools, append: Append, decided: Decided, stream: Stream) -> None:
        self._tools, self._append, self._own, self._stream = tools, append, decided.key, stream.id
        self._known = {done.key: done for done in stream.facts.all(StepDone)}

    async def call(self, tool: str, args: Mapping[str, object], key: str, claim: Claim | None = None) -> ActionResult:
        """Run `tool` once for `key`, or return what it came to before the crash.

        Raises:
            BatonError: the step was done and could not be recorded; started again, it is repeated under the same key.
        """
        done = self._known.get(key)
        if done is not None:
            return ActionResult(done.ok, done.detail, done.args, done.private)
        result = await self._tools.call(tool, args, key, claim)
        if key != self._own and result.ok is not None:
            done = StepDone(key, tool, result.ok, result.detail, result.args, result.private)
            await self._append(self._stream, done, by="tool", once=f"step:{key}")
            self._known[key] = done
        return result


def step_key(act: str, step: str) -> str:
    """The idempotency key of a step of the act with this key."""
    return f"{act}/{step}"


class Part(msgspec.Struct, frozen=True, gc=False):
    """One step of a long act: its name in the act, the tool, and what it is called with."""

    name: str
    tool: str
    args: Mapping[str, object]


async def all_or_none(tools: Tools, act: str, parts: Sequence[Part], claim: Claim | None = None) -> ActionResult:
    """Run the parts in order; where one fails, take back those that were done, the last first.

    Each part, and each taking back (`undo:TOOL`), is a recorded step of its own, so that a crash at any point repeats none
    of them. A part whose outcome nobody knows stops the act as unknown: nothing is taken back that may still be right.
    `left` in the result counts what could not be taken back: a person has to.
    """
    done: list[tuple[Part, ActionResult]] = []
    for part in parts:
        result = await tools.call(part.tool, part.args, step_key(act, part.name), claim)
        if result.ok is None:
            return ActionResult(None, result.detail, {"step": part.name, "done": len(done)})
        if not result.ok:
            left = await _taken_back(tools, act, done, claim)
            return ActionResult(False, result.detail, {"step": part.name, "undone": len(done) - left, "left": left})
        done.append((part, result))
    answers = {f"{part.name}.{name}": value for part, result in done for name, value in result.args.items()}
    words = {f"{part.name}.{name}": value for part, result in done for name, value in result.private.items()}
    return ActionResult(True, "", answers, words)


async def _taken_back(tools: Tools, act: str, done: Sequence[tuple[Part, ActionResult]], claim: Claim | None) -> int:
    left = 0
    for part, result in reversed(done):
        given = {**result.args, **result.private, **part.args}
        back = await tools.call(f"undo:{part.tool}", given, step_key(act, f"undo.{part.name}"), claim)
        left += not back.ok
    return left
