"""Understanding for escalations: steps of procedures, and on `case/…` streams the tasks for what was lacking."""

from collections.abc import Iterator

from baton.capabilities.agents.events import Procedures, Underway
from baton.capabilities.escalations.events import DataTask, DataTaskClosed, Escalated, FieldLacked, StepReached
from baton.capabilities.escalations.noticing import passing, steps, tasks
from baton.capabilities.routing.events import HandedOver
from baton.kernel.conversation import To
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream


def step_reached(underway: Underway, stream: Stream, facts: Facts) -> Iterator[StepReached]:
    """Where the procedure rests, and what it lacked where it gave up."""
    yield from steps.reached(underway, stream)


def escalated(event: HandedOver, stream: Stream, facts: Facts) -> Iterator[Escalated]:
    """The AI passed the baton to people."""
    if event.from_kind == "agent":
        yield passing.escalated(event, stream)


def lacked(event: Escalated, stream: Stream, facts: Facts) -> Iterator[To]:
    """A person takes over because the AI lacked a field: its owner hears of it."""
    if not event.field:
        return
    procedure = stream.policy(Procedures).of(event.procedure)
    owner, title = (procedure.owner, procedure.title) if procedure else ("", "")
    told = FieldLacked(stream.key, event.procedure, event.step, event.field, owner, title)
    yield To(tasks.stream_of(event.procedure, event.field), told)


def task_noted(event: FieldLacked, stream: Stream, facts: Facts) -> Iterator[DataTask]:
    """On the task's stream: once more, and perhaps once too often."""
    yield tasks.noted(event, facts.get(DataTask), stream.now_ms)


def task_closed(event: DataTaskClosed, stream: Stream, facts: Facts) -> Iterator[DataTask]:
    """The owner saw to it. Closing what is not open changes nothing."""
    task = facts.get(DataTask)
    if task is not None and task.state == "open":
        yield tasks.closed(event, task, stream.now_ms)
