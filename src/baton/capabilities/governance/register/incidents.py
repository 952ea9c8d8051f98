"""Incidents: what went wrong with an AI system, what is done about it, by whom and until when. Texts are sealed on `register/<system>`."""

import msgspec
from sqlalchemy import select

from baton.capabilities.governance.events import IncidentAnswered, IncidentOpened
from baton.capabilities.governance.tables import INCIDENTS
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff


class Incident(msgspec.Struct, frozen=True):
    """An incident as it stands. `told` is what happened and then each step, with when and who, as far as its key is there."""

    incident: str
    system: str
    kind: str
    severity: str
    owner: str
    due_on: str
    conversation: str
    opened_ms: int
    closed_ms: int
    told: tuple[tuple[int, str, str], ...]


async def open_incident(app: App, staff: Staff, system: str, event: IncidentOpened) -> None:
    """Put it on the entry."""
    kept = msgspec.structs.replace(event, what=app.cover(event.what))
    await app.committer.append(f"register/{system}", kept, by=f"staff/{staff.id}", once=event.incident)


async def answer(app: App, staff: Staff, system: str, event: IncidentAnswered) -> None:
    """Say what is done about one that is open; raises 404 where there is none."""
    query = select(INCIDENTS.c.incident).where(INCIDENTS.c.incident == event.incident, INCIDENTS.c.system == system)
    if not await app.store.rows(query.where(INCIDENTS.c.closed_ms == 0)):
        raise not_found()
    kept = msgspec.structs.replace(event, action=app.cover(event.action))
    await app.committer.append(f"register/{system}", kept, by=f"staff/{staff.id}")


async def incidents_of(app: App, system: str) -> list[Incident]:
    """Those of a system, open ones first, the latest first."""
    rows = await app.store.rows(select(INCIDENTS).where(INCIDENTS.c.system == system))
    told = await _told(app, system) if rows else {}
    found = [
        Incident(
            str(row["incident"]), system, str(row["kind"]), str(row["severity"]), str(row["owner"]), str(row["due_on"]), str(row["conversation"]),
            int(str(row["opened_ms"])), int(str(row["closed_ms"])), tuple(told.get(str(row["incident"]), ())),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda i: (i.closed_ms > 0, -i.opened_ms))


async def _told(app: App, system: str) -> dict[str, list[tuple[int, str, str]]]:
    told: dict[str, list[tuple[int, str, str]]] = {}
    for entry, _ in await app.reader.told(f"register/{system}"):
        event = entry.event
        if isinstance(event, IncidentOpened | IncidentAnswered):
            text = event.what if isinstance(event, IncidentOpened) else event.action
            told.setdefault(event.incident, []).append((entry.happened_at_ms, entry.by.removeprefix("staff/"), text))
    return told
