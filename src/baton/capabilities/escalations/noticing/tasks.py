"""Tasks: opened for the owner of a field once the AI lacked it often enough, and never twice while open.

The `case/…` stream of a procedure and field owns its task, so that no two are ever opened. History may come in any order: what
counts is whether `AFTER` of the times lie within `WITHIN_MS` of each other, all after the task was last closed.
"""

from hashlib import blake2b

from msgspec.structs import replace

from baton.capabilities.escalations.events import DataTask, DataTaskClosed, FieldLacked

AFTER = 3
WITHIN_DAYS = 7
WITHIN_MS = WITHIN_DAYS * 86_400_000
KEPT = 50
"""Times that are remembered; older ones only count."""


def stream_of(procedure: str, field: str) -> str:
    """The stream that owns the task of this procedure and field."""
    return f"case/data-{blake2b(f'{procedure}|{field}'.encode(), digest_size=8).hexdigest()}"


def noted(event: FieldLacked, task: DataTask | None, at_ms: int) -> DataTask:
    """It was lacking once more: the task as it is then, opened where that was once too often."""
    had = task or DataTask(event.procedure, event.field)
    times = tuple(sorted((*had.times, at_ms))[-KEPT:])
    now = replace(
        had, times=times, lacked=had.lacked + 1, owner=event.owner or had.owner, title=event.title or had.title
    )
    since = burst([t for t in times if t > had.closed_ms])
    if not since:
        return now
    if had.state == "open":
        return replace(now, opened_ms=min(had.opened_ms, since))
    return replace(now, state="open", opened=had.opened + 1, opened_ms=since)


def closed(event: DataTaskClosed, task: DataTask, at_ms: int) -> DataTask:
    """The owner saw to it; what was lacking before no longer counts."""
    return replace(task, state="closed", closed_ms=max(at_ms, *task.times), closed_by=event.by, how=event.how)


def burst(times: list[int]) -> int:
    """When it was first lacking for the `AFTER`-th time within the span; 0 where it never was. `times` are sorted."""
    pairs = zip(times, times[AFTER - 1 :], strict=False)
    return next((end for start, end in pairs if end - start <= WITHIN_MS), 0)
