"""The 12 procedures: how an agent does one thing, as steps a supervisor can read.

A step goes to the next one unless it says otherwise. A target is the id of a step or of a what-if, or `end`, `give_up`, `ask_approval`.
`{name}` is a slot, `{saved.field}` a field of what a tool gave, `{saved.field:money}` the same made readable.
"""

from functools import cache
from typing import Literal

import msgspec

from baton.demo.halcyon.files import text_of, texts_in, typed

Risk = Literal["read", "reversible", "costly", "irreversible"]
ENDINGS = frozenset({"end", "give_up", "ask_approval"})


class Tool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tool of the system of record: its arguments and the fields it gives; what `shows` its change, and what it must show."""

    name: str
    risk: Risk
    args: tuple[str, ...]
    gives: tuple[str, ...]
    shows: str = ""
    shows_args: dict[str, str] = {}
    must: dict[str, str] = {}


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something the customer has to give. `card` names the card that can be tapped instead of typing."""

    name: str
    kind: Literal["email", "code", "booking", "last_name", "file_number", "seat", "date", "choice", "flight"]
    ask: str
    again: str
    tries: int
    personal: bool = False
    card: str = ""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Go there when the field has this value, or is more than `over`."""

    field: str
    go: str
    is_: str = msgspec.field(name="is", default="")
    over: int | None = None


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the record must show afterwards. `than` is a field, a slot, or a literal: true, false, or in single quotes."""

    field: str
    op: Literal["equals", "greater"]
    than: str


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step. Which fields count depends on `do`."""

    id: str
    do: Literal["ask", "tool", "confirm", "verify", "branch", "say"]
    slot: str = ""
    tool: str = ""
    args: dict[str, str] = {}
    save: str = ""
    text: str = ""
    no: str = ""
    missing: str = ""
    refused: str = ""
    failed: str = ""
    expect: Expect | None = None
    cases: tuple[Case, ...] = ()
    end: Literal["", "done", "refused"] = ""


class WhatIf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may come between. `says` are examples of what the customer then says; `times` how often before giving up."""

    id: str
    says: tuple[str, ...]
    text: str
    go: str
    times: int = 1


class GiveUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When and how a person takes over."""

    after_failed: int
    text: str
    queue: str


class Scene(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A test of a procedure: what the customer says, what each tool step gives, and how it ends."""

    title: str
    says: tuple[str, ...]
    gives: dict[str, dict[str, str | int | bool]] = {}
    hears: tuple[str, ...] = ()
    ends: str = "done"


class Procedure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One procedure. `limit_cents` is what may be done without a person; `article` is what it rests on."""

    id: str
    title: str
    version: int
    intents: tuple[str, ...]
    owner: str
    queue: str
    risk: Risk
    article: int
    summary: str
    slot: tuple[Slot, ...]
    step: tuple[Step, ...]
    what_if: tuple[WhatIf, ...]
    give_up: GiveUp
    limit_cents: int | None = None
    scene: tuple[Scene, ...] = ()
    asked: tuple[str, ...] = ()

    def targets(self) -> frozenset[str]:
        """Every place a step may go to."""
        return frozenset(step.id for step in self.step) | frozenset(what.id for what in self.what_if) | ENDINGS


class _Tools(msgspec.Struct, frozen=True):
    tool: tuple[Tool, ...]


@cache
def procedures() -> tuple[Procedure, ...]:
    """All procedures, by id."""
    return tuple(typed(text, Procedure) for _, text in texts_in("procedures", ".toml"))


@cache
def procedure(name: str) -> Procedure:
    """The procedure of that id. Raises `KeyError` when there is none."""
    for found in procedures():
        if found.id == name:
            return found
    raise KeyError(f"no procedure {name!r}")


@cache
def tools() -> tuple[Tool, ...]:
    """Every tool the system of record offers."""
    return typed(text_of("tools.toml"), _Tools).tool
