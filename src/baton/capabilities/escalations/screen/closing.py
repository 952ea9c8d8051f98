"""Closing a task: by its owner or an administrator, once."""

from fastapi import Request

from baton.capabilities.escalations.events import DataTaskClosed, How
from baton.capabilities.escalations.reading.tasks import Task, tasks
from baton.capabilities.escalations.screen.shown import may_close
from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff


def reader(app: App, request: Request) -> tuple[Staff, bool]:
    """Who asks for tasks, and whether they see everybody's: a rep sees their own."""
    staff = app.staff(request)
    if app.may(staff, "open", "performance"):
        return staff, True
    return app.allow(request, "open", "desk"), False


async def close(app: App, staff: Staff, task: str, how: How) -> Task:
    """Close it; raises where it is not theirs, or not open."""
    found = next((t for t in await tasks(app) if t.task == task), None)
    if found is None or not (may_close(staff, found) or app.may(staff, "open", "performance")):
        raise not_found()
    if not may_close(staff, found):
        raise BatonError("not_the_owner", 403, f"Only {found.owner_name} or an administrator can close this task.")
    if found.state != "open":
        raise Conflict("not_open", "This task is not open; nothing was changed. Load the page again.")
    await app.committer.append(found.stream, DataTaskClosed(staff.id, how), by=f"rep/{staff.id}")
    return found
