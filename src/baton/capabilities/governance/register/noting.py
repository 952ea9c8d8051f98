"""Noting: an incident as somebody opens it, and what they say of it later."""

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from baton.capabilities.governance.events import IncidentAnswered, IncidentOpened
from baton.capabilities.governance.register.incidents import answer, open_incident
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.staff import Staff

KINDS: Final = (
    ("wrong_act", "Wrong act or answer"),
    ("complaint", "Complaint"),
    ("kill_switch", "Stopped by the switch"),
    ("refused_act", "Acts refused"),
    ("other", "Other"),
)
SEVERITIES: Final = (("low", "Low"), ("serious", "Serious"), ("critical", "Critical"))
Text = Annotated[str, Field(min_length=3, max_length=4000, pattern=r"^[^\x00]*$")]


class IncidentIn(BaseModel):
    """An incident: what happened, who sees to it, and until which day (ISO date)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    kind: Literal["kill_switch", "wrong_act", "complaint", "refused_act", "other"]
    severity: Literal["low", "serious", "critical"]
    owner: str = Field(min_length=1, max_length=200)
    due_on: str = Field(min_length=10, max_length=10)
    what: Text
    conversation: str = Field("", max_length=200, pattern=r"^[\w/-]*$")

    @field_validator("due_on")
    @classmethod
    def _a_day(cls, value: str) -> str:
        return date.fromisoformat(value).isoformat()


async def note(app: App, staff: Staff, system: str, **told: str) -> str:
    """Open an incident; its id. Raises 422 where something is missing or wrong."""
    try:
        read = IncidentIn.model_validate(told)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise BatonError(
            "incident_invalid", 422, f"{first['loc'][0]}: {first['msg']}. Nothing was kept; go back and put it right."
        ) from wrong
    return await opened(app, staff, system, read)


async def opened(app: App, staff: Staff, system: str, told: IncidentIn) -> str:
    """The same, of what was checked."""
    if all(told.owner != each.id for each in app.accounts.everyone()):
        raise BatonError("no_such_owner", 422, f"Nobody here is {told.owner!r}. Choose somebody with an account.")
    made = IncidentOpened(incident=app.chance.token(9), **told.model_dump())
    await open_incident(app, staff, system, made)
    return made.incident


async def say(app: App, staff: Staff, system: str, incident: str, action: str, *, closed: bool) -> None:
    """What is done, or that it is over."""
    if len(action.strip()) < 3:
        raise BatonError("incident_invalid", 422, "Say in a few words what is done. Nothing was kept.")
    await answer(app, staff, system, IncidentAnswered(incident, action.strip(), closed))
