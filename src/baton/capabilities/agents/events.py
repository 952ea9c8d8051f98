"""What agents say: attempts, procedures under way, approvals asked. Which agents there are is a policy."""

from typing import Literal

import msgspec

from baton.kernel.events import Event, Fact, Personal


class Agent(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """An AI agent in force: its words, what it may do, and whether it may take turns at all."""

    id: str
    name: str
    version: str = "1"
    queues: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    approved: bool = False
    on: bool = True
    disclosure: str = "You are chatting with an AI assistant. A person is always one tap away."
    answer_floor: int = 350


class Agents(msgspec.Struct, frozen=True, gc=False):
    """The policy `agents.Agents`: the agents in force. The first approved one that is on serves."""

    agents: tuple[Agent, ...] = ()


class Step(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A step of a procedure: ask for a slot, check or act with a tool, confirm with the customer, or tell."""

    id: str
    kind: Literal["ask", "tool", "confirm", "tell"]
    say: str = ""
    slot: str = ""
    pattern: str = ""
    tool: str = ""
    args: dict[str, str] = {}
    then: str = ""
    otherwise: str = ""
    risk: Literal["read", "write"] = "read"


class Procedure(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A procedure in a process owner's words: when it applies, its steps, and when to give up."""

    id: str
    title: str
    intents: tuple[str, ...]
    steps: tuple[Step, ...]
    owner: str = ""
    give_up_after: int = 2
    give_up_say: str = ""


class Procedures(msgspec.Struct, frozen=True, gc=False):
    """The policy `agents.Procedures`: every procedure in force."""

    procedures: tuple[Procedure, ...] = ()


class Attempts(Fact, frozen=True, gc=False, omit_defaults=True):
    """How the agent is doing in this conversation: answers given, and how many in a row did not help."""

    answered: int = 0
    failed: int = 0
    last_cite: str = ""
    disclosed: bool = False


class Underway(Fact, frozen=True, gc=False, omit_defaults=True):
    """A procedure under way: the step it waits at, tries at that step, and slots as positions of the turns that filled
    them with (start, end): no personal text."""

    procedure: str
    step: str
    tries: int = 0
    slots: dict[str, tuple[int, int, int]] = {}
    done: bool = False
    result: str = ""


class ApprovalAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """The agent asks a rep for one approval and carries on when it is given; it counts as the rep's load."""

    approval: str
    action: str
    why: str
    note: Personal[str] = ""


class ApprovalGiven(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep's answer to an approval that was asked."""

    approval: str
    ok: bool
    rep: str
