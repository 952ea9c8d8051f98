"""Declared: what a tool is. Its arguments, its risk, how it is run, how its effect is read back and taken back, and its limits."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final, Literal

import msgspec

from baton.kernel.ports import Known, Origin

Risk = Literal["read", "write", "reversible", "costly", "irreversible"]
Answer = Mapping[str, object]
"""What a tool gives: values by name. Objects and lists inside are flattened (`answers.flat`)."""
Run = Callable[[msgspec.Struct, str], Awaitable[Answer]]
Knows = Callable[[Mapping[str, object]], Awaitable[Known]]
"""What the record says of a call's arguments, for the gate."""
Schema = Mapping[str, object]
"""A JSON schema, of the part that `schemas` checks."""
TIMEOUT_S: Final = 10.0


class ToolRefused(Exception):
    """The system of record says no, and nothing was changed. `code` is a label such as `not_found` or `refused`."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(reason or code)
        self.code, self.reason = code, reason


class ToolTurnedOff(ToolRefused):
    """The tool may not be used until a person has looked at it: its description or its address is not what was agreed."""

    def __init__(self, reason: str = "") -> None:
        super().__init__("turned_off", reason)


class AnswerTooLarge(Exception):
    """An answer was cut off while it was read: it is longer, deeper or wider than the tool's limits."""


class Limits(msgspec.Struct, frozen=True):
    """How much of an answer is read (bytes, levels, values, characters of one text) and how many calls run at once."""

    answer_bytes: int = 1_000_000
    depth: int = 8
    fields: int = 500
    text_chars: int = 20_000
    at_once: int = 8


class Given(msgspec.Struct, frozen=True):
    """The arguments of a tool whose schema is JSON: checked, and with the types it names."""

    args: Mapping[str, object]


class Tool(msgspec.Struct, frozen=True):
    """A tool: what it takes, how risky it is, how long it may take, and how it is run.

    `run` gets the checked arguments and the idempotency key, which it passes on to the system it changes. `takes` is their
    Struct; with a JSON `schema` it is `Given`. `gives` is the schema of its answer, where one is declared. `scope` is what a
    caller with scopes must hold. `dry` tells what `run` would do and changes nothing. `knows` looks up, before the gate is asked,
    what policies may ask of the record.

    `shows` is the tool that reads the changed record back, with `shows_args`; `must` is what it has to show, by field. `undo`
    is the tool that takes the change back, with `undo_args`. A value of these three is `args.NAME`, `answer.NAME` or a plain
    text; of `must` also `changed`: another than before. `origin` says whether anyone may have written what it gives.
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
    shows_args: Mapping[str, str] = {}
    must: Mapping[str, str] = {}
    undo: str = ""
    undo_args: Mapping[str, str] = {}
    schema: Schema | None = None
    gives: Schema | None = None
    limits: Limits = Limits()
    origin: Origin = "record"
    knows: Knows | None = None


def tool(
    name: str, args: Iterable[str], run: Callable[[Mapping[str, str], str], Awaitable[Answer]], risk: Risk = "write"
) -> Tool:
    """A tool that takes texts by name: its schema is made of the names."""
    takes = msgspec.defstruct(name, [(arg, str) for arg in args], frozen=True, forbid_unknown_fields=True)

    async def run_named(given: msgspec.Struct, key: str) -> Answer:
        return await run(msgspec.structs.asdict(given), key)

    return Tool(name, takes, run_named, risk)


def named(sources: Mapping[str, str], args: Mapping[str, object], answer: Answer) -> dict[str, str] | None:
    """Values by name as `shows_args`, `undo_args` and `must` say them; None where one is not known."""
    made: dict[str, str] = {}
    for name, source in sources.items():
        where, _, field = source.partition(".")
        found = args.get(field) if where == "args" else answer.get(field) if where == "answer" else source
        if found is None:
            return None
        made[name] = text_of(found)
    return made


def text_of(value: object) -> str:
    """A value as tools take it: `true`, `false`, digits, or text."""
    return str(value).lower() if isinstance(value, bool) else str(value)
