"""Passing: what stood where when the AI gave the baton to people."""

from baton.capabilities.agents.events import Agents, Drawn, Underway
from baton.capabilities.escalations.events import Escalated, StepReached
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.events import HandedOver
from baton.kernel.conversation import Holder
from baton.kernel.stream import Stream

CUSTOMERS = ("customer", "machine")


def escalated(event: HandedOver, stream: Stream) -> Escalated:
    """The escalation, with the turn, the intent and the step it followed."""
    facts = stream.facts
    before, intent, at = facts.get(Escalated), facts.get(Intent), _where(stream)
    return Escalated(
        event.reason, event.queue, event.from_who, turns_heard(stream), _stay(stream), before.count + 1 if before else 1,
        intent.label if intent else "", at.procedure, at.step, at.field if at.lacks else "",
    )  # fmt: skip


def turns_heard(stream: Stream) -> int:
    """How many turns the customer has said by now."""
    return len(stream.said(*CUSTOMERS))


def version_of(agent: str, stream: Stream) -> str:
    """The version of an agent that serves here, as the register says; history says its own."""
    drawn = stream.facts.get(Drawn)
    if drawn is not None and drawn.agent == agent:
        return drawn.version
    register = stream.policy(Agents).agents if stream.live else ()
    return next((a.version for a in register if a.id == agent), "")


def _where(stream: Stream) -> StepReached:
    """The step of the procedure under way; none where the last one is over."""
    at, underway = stream.facts.get(StepReached), stream.facts.get(Underway)
    is_over = underway is not None and underway.done
    return at if at is not None and not is_over else StepReached("", "")


def _stay(stream: Stream) -> int:
    """The epoch of the stay with the AI that ends here, whether or not the baton has already been passed."""
    holder = stream.facts.get(Holder)
    if holder is None:
        return 0
    return holder.epoch - 1 if holder.kind == "queue" else holder.epoch
