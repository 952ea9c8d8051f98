"""Read models of escalations: the same for live, generated and imported conversations."""

from baton.capabilities.escalations.events import DataTask, Escalated, StepReached
from baton.capabilities.escalations.noticing.passing import turns_heard, version_of
from baton.capabilities.escalations.tables import ESCALATIONS, PARTS, STEPS, TASKS
from baton.capabilities.lake.events import Labelled
from baton.kernel.conversation import Ended
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables, Value

VERSION = "agent_version"
"""What imported history calls the label that tells which version of its AI served."""


def escalated(event: Escalated, stream: Stream, tables: Tables) -> None:
    """From AI to a person: when, why, at which turn, and where its procedure stood."""
    tables.put(
        ESCALATIONS, {"conversation": stream.key, "epoch": event.epoch}, position=stream.entry.position, at_ms=stream.now_ms,
        reason=event.reason, queue=event.queue, agent=event.agent, intent=event.intent, turn=event.turn,
        procedure=event.procedure, step=event.step, field=event.field,
    )  # fmt: skip
    if event.count == 1:
        _part(event.agent, event.turn, stream, tables)


def ended(event: Ended, stream: Stream, tables: Tables) -> None:
    """A conversation the AI kept to its end; one that it passed on was counted then."""
    spoke = stream.said("agent")
    if spoke and stream.facts.get(Escalated) is None:
        _part(spoke[-1].who, turns_heard(stream), stream, tables)


def versions(event: Labelled, stream: Stream, tables: Tables) -> None:
    """Which version served, as imported history tells."""
    if event.what == VERSION:
        tables.put(PARTS, {"conversation": stream.key}, version=event.text_label)


def steps(event: StepReached, stream: Stream, tables: Tables) -> None:
    """A step was reached."""
    key: dict[str, Value] = {"conversation": stream.key, "procedure": event.procedure, "step": event.step}
    tables.put(STEPS, key, field=event.field)


def tasks(event: DataTask, stream: Stream, tables: Tables) -> None:
    """A task as it stands."""
    tables.put(
        TASKS, {"task": stream.key}, procedure=event.procedure, title=event.title, field=event.field, owner=event.owner,
        state=event.state, lacked=event.lacked, last_ms=event.times[-1] if event.times else 0, opened=event.opened,
        opened_ms=event.opened_ms, closed_ms=event.closed_ms, closed_by=event.closed_by, how=event.how,
    )  # fmt: skip


def _part(agent: str, turns: int, stream: Stream, tables: Tables) -> None:
    known: dict[str, Value] = {"agent": agent, "turns": turns, "over_ms": stream.now_ms}
    if stream.live:
        known["version"] = version_of(agent, stream)
    tables.put(PARTS, {"conversation": stream.key}, **known)
