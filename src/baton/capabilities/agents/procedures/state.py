"""State: the procedure under way in a conversation, with all it knows."""

from typing import NamedTuple

from baton.capabilities.agents.events import BINDING, Gave, Procedure, Procedures, Step, Underway
from baton.capabilities.agents.procedures.confirm import bound
from baton.capabilities.agents.procedures.engine import ASK_APPROVAL, binding_step, confirming_step
from baton.capabilities.agents.procedures.slots import CARRIED, find, own_words
from baton.capabilities.agents.procedures.values import (
    Value,
    arguments,
    cents_of,
    origins,
    owner,
    price_of,
    values_of,
)
from baton.kernel.conversation import Args
from baton.kernel.ports import Claim
from baton.kernel.stream import Stream

Slots = dict[str, tuple[int, int, int]]


class State(NamedTuple):
    """A procedure, where it stands, and what is known in it."""

    procedure: Procedure
    underway: Underway
    known: dict[str, Value]

    @property
    def step(self) -> Step | None:
        """The step it rests at; None at an ending."""
        return self.procedure.step(self.underway.step)


def state_of(stream: Stream) -> State | None:
    """The procedure under way (or just over) here, or None."""
    underway = stream.facts.get(Underway)
    return with_underway(stream, underway) if underway else None


def with_underway(stream: Stream, underway: Underway) -> State | None:
    """The state as `underway` says it is."""
    procedure = stream.policy(Procedures).of(underway.procedure)
    if procedure is None:
        return None
    gave = stream.facts.all(Gave)
    return State(procedure, underway, values_of(procedure, underway, stream.turns, gave, stream.now_ms))


def already_said(procedure: Procedure, stream: Stream) -> Slots:
    """Slots the customer has filled before being asked, the newest turn first: nobody says a thing twice."""
    slots: Slots = {}
    for turn in reversed(stream.asking()):
        for slot in procedure.slots:
            span = find(slot, own_words(turn.text)) if slot.kind in CARRIED and slot.id not in slots else None
            if span:
                slots[slot.id] = (turn.position, *span)
    return slots


def act_args(state: State, step: Step, stream: Stream) -> Args:
    """What a decision to run `step` carries: labels, amounts, and the hash its confirmation must have."""
    args: Args = {"procedure": state.procedure.id, "step": step.id, "tool": step.tool, "risk": step.risk}
    if step.risk not in BINDING:
        return args
    grounds: Args = {
        "bound": bound_of(state, step, stream),
        "amount_cents": cents_of(step, state.known),
        "limit_cents": state.procedure.limit_cents,
        "approved": ASK_APPROVAL in state.underway.visits,
        "evidence": evidence_of(state, stream),
    }
    return {**args, **grounds}


def bound_of(state: State, step: Step, stream: Stream) -> str:
    """The hash of what `step` would do now."""
    customer = (stream.started.customer if stream.started else "") or stream.id
    return bound(step.tool, arguments(step, state.known), customer, price_before(state, step), salt_of(stream))


def salt_of(stream: Stream) -> str:
    """What hashes of this conversation are made with, so that they tell nothing once it is erased."""
    return stream.started.salt if stream.started else ""


def price_before(state: State, step: Step) -> str:
    """The price that the confirmation before `step` names, as digits."""
    confirm = confirming_step(state.procedure, step)
    return price_of(confirm.say, state.known)[0] if confirm else ""


def claim_for(state: State, step: Step, stream: Stream, agent: str) -> Claim:
    """On what grounds an agent runs `step` now. What was confirmed and approved the gate looks up by itself."""
    customer, known = stream.started.customer if stream.started else "", state.known
    return Claim(
        principal=agent, on_behalf_of=customer, evidence=evidence_of(state, stream), cents=cents_of(step, known),
        limit_cents=state.procedure.limit_cents, bound=bound_of(state, step, stream), origins=origins(step, known),
        owner=owner(known, customer), stream=stream.id, price=price_before(state, step), salt=salt_of(stream),
    )  # fmt: skip


def to_confirm(state: State) -> Step | None:
    """The act that the confirmation under way is for."""
    step = state.step
    return binding_step(state.procedure, step) if step is not None and step.kind == "confirm" else None


def evidence_of(state: State, stream: Stream) -> str:
    """How the customer was identified: `verified` on the channel, known to the `record`, or `none`."""
    if stream.started is not None and stream.started.verified == "verified":
        return "verified"
    return "record" if any("." in name for name in state.known) else "none"
