"""Tasks as they are read: what the AI lacked, whose it is to supply, and how it stands."""

import msgspec
from sqlalchemy import select

from baton.capabilities.escalations.events import How, TaskState
from baton.capabilities.escalations.noticing.tasks import stream_of
from baton.capabilities.escalations.reading.slices import BETWEEN
from baton.capabilities.escalations.tables import TASKS
from baton.web.app import App

ORDER: dict[TaskState, int] = {"open": 0, "watched": 1, "closed": 2}
WORDS: dict[How, str] = {
    "supplied": "The AI can get it now",
    "not_asked_any_more": "The procedure does without it",
    "not_the_cause": "It was not why people were needed",
}


class Task(msgspec.Struct, frozen=True):
    """A field that was lacking. `owner` is who keeps the procedure, `owner_name` what they are called; `how` it was closed."""

    task: str
    procedure: str
    title: str
    field: str
    owner: str
    owner_name: str
    state: TaskState
    lacked: int
    last_ms: int
    opened: int
    opened_ms: int
    closed_ms: int
    closed_by: str
    how: str

    @property
    def value(self) -> str:
        """The field as the dimension `field` names it."""
        return f"{self.procedure}{BETWEEN}{self.field}"

    @property
    def stream(self) -> str:
        """The stream that owns it."""
        return stream_of(self.procedure, self.field)


async def tasks(app: App, owner: str = "") -> list[Task]:
    """Every task, or those of one owner: open ones first, those lacking most often on top."""
    names = {staff.id: staff.name for staff in app.accounts.everyone()}
    query = select(TASKS).where(TASKS.c.owner == owner) if owner else select(TASKS)
    rows = [
        {**row, "owner_name": names.get(str(row["owner"]), str(row["owner"]) or "nobody")}
        for row in await app.store.rows(query)
    ]
    return sorted(msgspec.convert(rows, list[Task]), key=lambda t: (ORDER[t.state], -t.lacked, t.task))
