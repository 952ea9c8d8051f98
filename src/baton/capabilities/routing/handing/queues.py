"""Queues: which one takes a conversation, and how urgent it is."""

from baton.capabilities.agents.events import Agent
from baton.capabilities.governance.events import serving
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.events import Queue, Routing
from baton.kernel.stream import Stream

GENERAL = Queue("general", "General")
"""The queue of an organisation that has none yet."""
OTHER = "other"
"""The intent of what fits no other: its queue takes whoever nobody understands yet."""
PRIORITY = {
    "bereavement": 100,
    "distress": 100,
    "legal": 40,
    "person_first": 40,
    "transferred": 20,
    "reassigned": 20,
    "owner_lost": 60,
    "consult": 60,
}
"""Who goes before others in line, by the reason a person is needed."""


def queue_for(stream: Stream, reason: str = "", asked: str = "") -> Queue:
    """The queue asked for; else by reason, by intent, where the customer came in, for anything other; else the first."""
    queues = stream.policy(Routing).queues
    intent = stream.facts.get(Intent)
    label = intent.label if intent else ""
    came_in = stream.started.queue if stream.started else ""
    tests = (
        lambda q: q.id == asked,
        lambda q: reason in q.reasons,
        lambda q: bool(label) and label in q.intents,
        lambda q: q.id == came_in,
        lambda q: OTHER in q.intents,
    )
    for test in tests:
        found = next((queue for queue in queues if test(queue)), None)
        if found is not None:
            return found
    return queues[0] if queues else GENERAL


def named(stream: Stream, id: str) -> Queue:
    """The queue with this id; one without rules where policy knows none."""
    return next(
        (queue for queue in stream.policy(Routing).queues if queue.id == id), Queue(id or "general", id or "General")
    )


def person_first(stream: Stream) -> Queue | None:
    """The queue this conversation goes to at once, by its intent or where it came in."""
    queues = stream.policy(Routing).queues
    intent = stream.facts.get(Intent)
    label = intent.label if intent else ""
    if label:
        for queue in queues:
            if label in queue.person_first_intents or (queue.person_first and label in queue.intents):
                return queue
    came_in = stream.started.queue if stream.started else ""
    return next((queue for queue in queues if queue.person_first and queue.id == came_in), None)


def agent_on_duty(stream: Stream) -> Agent | None:
    """The AI agent that serves: the first that is approved, on, and not stopped here."""
    return serving(stream)
