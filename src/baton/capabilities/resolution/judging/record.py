"""The system of record as evidence: a change counts when it is what was asked for, not a step on the way to it.

In a procedure that is when the procedure came to its end, its own check of the record included: a code that was sent, or a change that the
check did not find, resolves nothing. Elsewhere every write counts, except what can be taken back at once (`reversible`), such as a notice.
"""

from msgspec.structs import replace

from baton.capabilities.lake.events import ToolCalled
from baton.capabilities.resolution.events import Evidence
from baton.kernel.conversation import ActionDone

CAME_TO_IT = frozenset({"done", "late_done"})


def seen_in_the_record(event: ActionDone | ToolCalled, now: Evidence) -> Evidence | None:
    """The evidence with what came of an act, or None where the act says nothing of the record."""
    if event.ok is None or not _writes(event):
        return None
    if not event.ok:
        return replace(now, record_failed=True, failures=now.failures + 1)
    if isinstance(event, ActionDone) and event.args.get("procedure"):
        return replace(now, record_failed=False, prepared=now.prepared + 1)
    if isinstance(event, ActionDone) and event.args.get("risk") == "reversible":
        return None
    return replace(now, record_changed=True, record_failed=False, changes=now.changes + 1)


def as_asked(now: Evidence, result: str) -> Evidence:
    """The evidence when the procedure that changed something is over: its changes count where it came to its end."""
    if result not in CAME_TO_IT:
        return replace(now, prepared=0)
    return replace(now, record_changed=True, changes=now.changes + now.prepared, prepared=0)


def _writes(event: ActionDone | ToolCalled) -> bool:
    return event.writes if isinstance(event, ToolCalled) else event.args.get("risk", "write") != "read"
