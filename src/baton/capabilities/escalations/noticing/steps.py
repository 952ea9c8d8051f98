"""Steps: what a procedure wants at each, and what was missing when it gave up."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.agents.events import Procedure, Procedures, Step, Underway
from baton.capabilities.escalations.events import StepReached
from baton.kernel.conversation import ActionDone
from baton.kernel.stream import Stream

GAVE_UP = "give_up"
NOT_FOUND = "not_found"


def reached(underway: Underway, stream: Stream) -> Iterator[StepReached]:
    """Where the procedure rests now; where it gave up, what it lacked at the step before."""
    procedure = stream.policy(Procedures).of(underway.procedure)
    if procedure is None or (underway.done and underway.step != GAVE_UP):
        return
    known, step = stream.facts.get(StepReached), procedure.step(underway.step)
    if underway.step == GAVE_UP:
        if (
            known is not None
            and known.procedure == procedure.id
            and not known.lacks
            and _lacked(known, procedure, stream)
        ):
            yield replace(known, lacks=True)
    elif step is not None:
        now = StepReached(procedure.id, step.id, wanted(step))
        if now != known:
            yield now


def wanted(step: Step) -> str:
    """The field a step wants: the slot it asks for, or the record its tool looks up; nothing where it wants none."""
    if step.kind == "ask":
        return step.slot
    return f"{step.tool}_record" if step.kind == "tool" and step.tool else ""


def _lacked(known: StepReached, procedure: Procedure, stream: Stream) -> bool:
    """Whether it gave up for want of the field: the customer could not give it, or no record was found by it."""
    step = procedure.step(known.step)
    if step is None or not known.field:
        return False
    event = stream.entry.event
    looked_in_vain = isinstance(event, ActionDone) and event.ok is False and event.detail == NOT_FOUND
    return step.kind == "ask" or looked_in_vain
