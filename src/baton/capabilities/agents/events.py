"""What agents say: attempts, procedures under way, approvals asked. Which agents and procedures there are is a policy."""

from collections.abc import Callable, Collection
from typing import Literal

import msgspec

from baton.capabilities.agents.procedures.shape import Case, Expect, Procedure, Risk, Scene, Slot, Step, WhatIf
from baton.capabilities.agents.thinking.amounts import Budget, Spent
from baton.capabilities.agents.trials.agents import Scenarios, TrialAsked, TrialDone, TrialFailed, VersionForced
from baton.kernel.conversation import Args
from baton.kernel.events import Event, Fact, Personal

__all__ = (
    "Case", "Expect", "Procedure", "Risk", "Scenarios", "Scene", "Slot", "Step", "TrialAsked", "TrialDone", "TrialFailed", "VersionForced",
    "WhatIf",
)  # fmt: skip

BINDING: frozenset[str] = frozenset({"write", "costly", "irreversible"})
"""Risks that need the customer's confirmation bound to the arguments."""
SPEAKS: frozenset[str] = frozenset(
    {"answer", "ask_back", "start_procedure", "next_step", "run_tool", "ask_approval", "close"}
    | {"think", "look_up", "reply", "fill_slots"}
)
"""Actions by which an agent speaks or acts: what the kill switch and the register forbid."""


class Agent(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """An AI agent in force: its words, what it may do, and whether it may take turns at all.

    `approved` counts only where no register was ever in force (logs of 0.1): the register is what approves. `on` switches
    an approved one off and on; neither is part of its configuration.
    """

    id: str
    name: str
    version: str = "1"
    queues: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    approved: bool = False
    on: bool = True
    disclosure: str = "You are chatting with an AI assistant. A person is always one tap away."
    answer_floor: int = 350
    model: str = ""
    thinks: Literal["unsure", "first"] = "unsure"
    budget: Budget = Budget()

    @property
    def label(self) -> str:
        """The version by name: `assistant@42`."""
        return f"{self.id}@{self.version}"

    def may(self, procedure: str) -> bool:
        """Whether it may carry out this procedure; one that names none may carry out all."""
        return not self.procedures or procedure in self.procedures


class Canary(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A version of an agent that a share of its new conversations gets, by chance, to be compared with the one in force."""

    agent: str
    version: str
    permille: int


class Drawn(Fact, frozen=True, gc=False, omit_defaults=True):
    """Which version of an agent serves this conversation to its end, where two compete, and by which chance (permille); `against` is the other."""

    agent: str
    version: str
    permille: int
    against: str = ""
    canary: bool = False


class Agents(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `agents.Agents`: the agents in force. The first that is on and has an approval in force serves.

    `versions` are other versions of them, which take turns only as a canary; `canaries` are at most one an agent.
    """

    agents: tuple[Agent, ...] = ()
    versions: tuple[Agent, ...] = ()
    canaries: tuple[Canary, ...] = ()

    def of(self, id: str, version: str = "") -> Agent | None:
        """The version in force of an agent, or another one of it."""
        made = (a for a in (*self.agents, *(self.versions if version else ())) if a.id == id)
        return next((a for a in made if not version or a.version == version), None)

    def canary(self, id: str) -> Canary | None:
        """The canary of an agent."""
        return next((c for c in self.canaries if c.agent == id), None)

    def serving(
        self, stopped: Collection[str], in_force: Callable[[Agent], bool], drawn: Drawn | None = None, came_in: str = ""
    ) -> Agent | None:  # fmt: skip
        """The agent that may speak, or None: then a person is offered. `stopped` are ids, `id@version`, or `*` for all.

        `in_force` is the register's word on a version as it is configured now (`governance.events.serving` asks it). Where a version
        was `drawn` here, that agent speaks in it or not at all. `came_in` is the queue by which the customer came in: an agent that
        names queues serves in these alone, and there before those that name none.
        """
        if "*" in stopped:
            return None
        here = [a for a in self.agents if a.on and (not a.queues or came_in in a.queues)]
        if len(here) > 1:
            here.sort(key=lambda a: not a.queues)
        for agent in here:
            made = self.of(agent.id, drawn.version) if drawn is not None and drawn.agent == agent.id else agent
            if made and (not stopped or {agent.id, made.label}.isdisjoint(stopped)) and in_force(made):
                return made
        return None


class Procedures(msgspec.Struct, frozen=True, gc=False):
    """The policy `agents.Procedures`: every procedure in force."""

    procedures: tuple[Procedure, ...] = ()

    def of(self, id: str) -> Procedure | None:
        """The procedure of that id."""
        return next((p for p in self.procedures if p.id == id), None)

    def serving(self, intent: str) -> Procedure | None:
        """The first procedure made for an intent."""
        return next((p for p in self.procedures if intent in p.intents), None) if intent else None


class DraftFile(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A procedure file that somebody still works on, as text; `source` is what it was made from."""

    id: str
    title: str
    text: str
    source: str = ""
    author: str = ""


class Drafts(msgspec.Struct, frozen=True, gc=False):
    """The policy `agents.Drafts`: files that are not in force. No decision reads it."""

    drafts: tuple[DraftFile, ...] = ()


class Heard(Fact, frozen=True, gc=False, omit_defaults=True):
    """What the customer turn at `position` does in the talk: labels, so that deciding need not read it.

    `general` is a question about rules rather than about the customer's own case; `again` repeats an earlier turn;
    `fell` means that the customer's mood fell clearly with it; `intent` is the model's label of this turn alone,
    `guess` its best guess where it is not sure of any; `near` are the nearest sections, however far, for an agent with a mind.
    `how` asks for the way to do it; `procedure` is what a second look found it to be about, and `wants` whether to do or to tell of it, as plain words or a second look have it.
    """

    act: Literal["greeting", "thanks", "bye", "solved", "unsolved", "yes", "no", "small_talk", "identity", "says"]
    position: int
    question: bool = False
    general: bool = False
    again: bool = False
    fell: bool = False
    intent: str = ""
    guess: str = ""
    language: str = ""
    near: tuple[str, ...] = ()
    how: bool = False
    procedure: str = ""
    wants: Literal["", "act", "answer"] = ""


class Attempts(Fact, frozen=True, gc=False, omit_defaults=True):
    """How the agent is doing in this conversation: answers given, and how many in a row did not help.

    `asked` is how often in a row it had to ask back, `last` what it did last, `agent` which one it was,
    `offered` the procedure it has just offered to carry out, or the section it has offered to tell of.
    """

    answered: int = 0
    failed: int = 0
    last_cite: str = ""
    disclosed: bool = False
    asked: int = 0
    last: str = ""
    agent: str = ""
    offered: str = ""


class Underway(Fact, frozen=True, gc=False, omit_defaults=True):
    """A procedure under way: the step it waits at, tries at that step, and slots as positions of the turns that filled
    them with (start, end): no personal text.

    `notes` are the ids of what is to be said before the step's own words, `visits` how often each what-if came up,
    `waits` how many turns came while a tool ran, `back` where an approval leads, `priced` the confirmation whose price is
    looked up again. `result` of one that is over: `done`,
    `refused`, `stopped` (by the customer), `ended` (nothing to do), `unknown` (a tool's outcome), `handed_over`, or `late_` with
    what a tool answered after the handover.
    """

    procedure: str
    step: str
    tries: int = 0
    slots: dict[str, tuple[int, int, int]] = {}
    done: bool = False
    result: str = ""
    notes: tuple[str, ...] = ()
    visits: dict[str, int] = {}
    waits: int = 0
    back: str = ""
    priced: str = ""


class Gave(Fact, frozen=True, gc=False, omit_defaults=True):
    """What a tool gave in the procedure under way, under the name a step saves it by. Sealed: it may name a person."""

    saved_as: str
    found: Personal[Args] = {}

    @property
    def slot(self) -> str:
        """One per name."""
        return self.saved_as


class Unsettled(Fact, frozen=True, gc=False, omit_defaults=True):
    """An act whose outcome nobody knew: the record is asked until it tells, or a person says. `settled`: `done` or `not_done`.

    `key` is the act's; `bound` the hash of what it did, for the record is only asked while that can be said again. `missed` is
    how often in a row the record did not show it.
    """

    key: str
    procedure: str
    step: str
    tool: str
    bound: str = ""
    since_ms: int = 0
    asked: int = 0
    missed: int = 0
    settled: str = ""
    by: str = ""

    @property
    def slot(self) -> str:
        """One for each act."""
        return self.key


class OutcomeTold(Event, frozen=True, gc=False, omit_defaults=True):
    """Somebody of the staff looked and says what came of an act whose outcome nobody knew."""

    key: str
    done: bool
    staff: str


class Confirmation(Fact, frozen=True, gc=False, omit_defaults=True):
    """What the customer was asked to confirm: one act, bound to a hash of (tool, arguments, customer, price).

    Single use and short-lived: it counts from `given` until it was `used` or `until_ms` has passed. `position` is the
    turn that said yes, `channel` who appended that turn.
    """

    bound: str
    tool: str
    until_ms: int
    given: bool = False
    position: int = 0
    channel: str = ""
    used: bool = False

    def allows(self, bound: str, now_ms: int) -> bool:
        """Whether it covers the act of this hash now."""
        return self.given and not self.used and now_ms <= self.until_ms and bound == self.bound and bool(bound)


class Thought(Fact, frozen=True, gc=False, omit_defaults=True):
    """One call to a model that thinks: labels and numbers, no text. `outcome` is `ok` or what went wrong, `cost_micros` is in
    micro-units of the currency, `served` the model that the server says answered, `prompt` the hash of the instructions.
    """

    model: str
    provider: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int = 0
    ms: int = 0
    outcome: str = "ok"
    purpose: str = "turn"
    agent: str = ""
    version: str = ""
    served: str = ""
    finish: str = ""
    attempt: int = 1
    prompt: str = ""


class Idea(Fact, frozen=True, gc=False, omit_defaults=True):
    """What the model proposes for the turn at `position` once it was read and judged, or `why` there is nothing to propose.

    `said` are the sentences that rest on what they cite (`grounded` permille, the weakest), `dropped` those that did not; `supports`
    is how far each sentence of the model does, in permille and in its order, said or not; `slots` are places in the customer's
    turns; `args` are of the tool, `found` is what tools gave, by `tool:NAME`. `spent` is what all thinking here has taken,
    `round` how often the model was asked for this turn.
    """

    position: int
    kind: Literal["answer", "passage", "start", "fill", "look_up", "ask", "hand_over", "again", "none"] = "none"
    why: str = ""
    procedure: str = ""
    tool: str = ""
    cites: tuple[str, ...] = ()
    grounded: int = 0
    dropped: int = 0
    slots: dict[str, tuple[int, int, int]] = {}
    said: Personal[str] = ""
    args: Personal[Args] = {}
    found: Personal[dict[str, Args]] = {}
    spent: Spent = Spent()
    round: int = 0
    supports: tuple[int, ...] = ()


class ApprovalAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """The agent asks a rep for one approval and carries on when it is given; it counts as the rep's load.

    `bound` is the hash of the act: the approval is for these arguments and this price and for no others.
    """

    approval: str
    action: str
    why: str
    note: Personal[str] = ""
    conversation: str = ""
    queue: str = ""
    bound: str = ""


class AwaitsApproval(Fact, frozen=True, gc=False, omit_defaults=True):
    """The conversation waits for a rep's answer to this approval; `given` once there is one."""

    approval: str
    given: bool = False


class ApprovalGiven(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep's answer to an approval that was asked."""

    approval: str
    ok: bool
    rep: str
