"""Membership: the AI on duty as a member of a queue, for a class of its conversations, when no person came in time."""

from baton.capabilities.governance.events import serving
from baton.capabilities.routing.events import Place, Queue, Routing
from baton.kernel.conversation import Due
from baton.kernel.stream import Stream

MAY = "agent_may"
NOT_ASKED = ("person_first", "no_agent")
"""Reasons for which a conversation waits though nobody asked for a person, nor is one needed: by rule, or because no AI was on."""


def may_take(place: Place, queue: Queue) -> bool:
    """Whether the queue lets the AI take conversations like this one; one in which nothing was said yet counts as easy."""
    level = place.level or "low"
    return place.reason in NOT_ASKED and level in queue.agent_levels and "#" not in place.conversation


def stay(place: Place) -> str:
    """How one stay in the queue is called, so that a timer of an earlier one moves nothing."""
    return f"{place.conversation}|{place.epoch}"


def taken_by_agent(due: Due, stream: Stream) -> tuple[Place, str] | None:
    """The place whose time has come, still waiting, and the agent that takes it; None where either is gone."""
    conversation, _, epoch = due.ref.rpartition("|")
    place, agent = stream.facts.slot(Place, conversation), serving(stream)
    if due.what != MAY or place is None or agent is None or place.state != "waiting" or str(place.epoch) != epoch:
        return None
    queue = next((queue for queue in stream.policy(Routing).queues if queue.id == place.queue), None)
    return (place, agent.id) if queue is not None and may_take(place, queue) else None
