"""The shape of a procedure: slots, steps, what-ifs, and the scenes that show that it works. Data and nothing else."""

from typing import Literal

import msgspec

Risk = Literal["read", "write", "reversible", "costly", "irreversible"]


class Slot(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Something the customer has to give. `pattern` overrules what `kind` looks for; `card` can be tapped instead of typing."""

    id: str
    kind: str = "text"
    ask: str = ""
    again: str = ""
    tries: int = 2
    pattern: str = ""
    card: str = ""


class Case(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Go there when the field reads `equals`, or is more than `over`."""

    field: str
    go: str
    equals: str = ""
    over: int | None = None


class Expect(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What the record must show afterwards. `than` is a field, a slot, or a literal: true, false, or in single quotes."""

    field: str
    than: str
    op: Literal["equals", "greater"] = "equals"


class Step(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A step of a procedure: ask for a slot, act with a tool, verify in the record, branch, confirm, or tell.

    `then` is the next step (the one below where empty), `otherwise` where a no leads; `missing`, `refused` and `failed`
    are where a tool's answer leads. `ends` closes the procedure: `done` or `refused`.
    """

    id: str
    kind: Literal["ask", "tool", "confirm", "tell", "verify", "branch"]
    say: str = ""
    slot: str = ""
    pattern: str = ""
    tool: str = ""
    args: dict[str, str] = {}
    then: str = ""
    otherwise: str = ""
    risk: Risk = "read"
    save: str = ""
    missing: str = ""
    refused: str = ""
    failed: str = ""
    expect: Expect | None = None
    cases: tuple[Case, ...] = ()
    ends: str = ""


class WhatIf(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What may come between. `says` are examples of what the customer then says; `times` how often before giving up."""

    id: str
    say: str
    go: str
    says: tuple[str, ...] = ()
    times: int = 1


class Scene(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A test of a procedure: what the customer says, what each tool step then gives, how it ends, and what must be said.

    `gives` holds an answer a step; `fails` in it is a refusal by that name, `unknown` no answer at all. `ends` is the result of
    the procedure, or `give_up` or `ask_approval`.
    """

    title: str
    says: tuple[str, ...]
    ends: str = "done"
    gives: dict[str, dict[str, str | int | bool]] = {}
    hears: tuple[str, ...] = ()


class Procedure(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A procedure in a process owner's words: when it applies, its steps, and when to give up.

    `limit_cents` is what may be done without a person's approval; `cite` is the article it rests on; `asked` is how
    customers ask for it.
    """

    id: str
    title: str
    intents: tuple[str, ...]
    steps: tuple[Step, ...]
    owner: str = ""
    give_up_after: int = 2
    give_up_say: str = ""
    revision: int = 1
    queue: str = ""
    summary: str = ""
    slots: tuple[Slot, ...] = ()
    what_ifs: tuple[WhatIf, ...] = ()
    limit_cents: int = 0
    cite: str = ""
    scenes: tuple[Scene, ...] = ()
    asked: tuple[str, ...] = ()

    def step(self, id: str) -> Step | None:
        """The step of that id."""
        return next((s for s in self.steps if s.id == id), None)

    def slot(self, id: str) -> Slot | None:
        """The slot of that id."""
        return next((s for s in self.slots if s.id == id), None)

    def what_if(self, id: str) -> WhatIf | None:
        """The what-if of that id."""
        return next((w for w in self.what_ifs if w.id == id), None)
