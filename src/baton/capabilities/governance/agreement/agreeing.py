"""Agreeing: an accord for a site is written down with who agreed, from when on, until when, and why it changes what was."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from baton.capabilities.governance.agreement.measures import MEASURES
from baton.capabilities.governance.events import ROLES_SEE_REPS, Accord, Agreement, Term
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError
from baton.kernel.stream import policy_name
from baton.web.app import App
from baton.web.staff import Staff

NAME: Final = policy_name(Agreement)
_one_at_a_time: Final = asyncio.Lock()


class TermIn(BaseModel):
    """A measure of single reps, for whom, and how many days back (0: as far as the log goes)."""

    model_config = ConfigDict(extra="forbid")

    measure: str
    roles: list[str] = Field(max_length=10)
    days: int = Field(90, ge=0, le=3660)

    @field_validator("measure")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in MEASURES:
            raise ValueError(f"{value!r} is no measure. There are {', '.join(MEASURES)}.")
        return value

    @field_validator("roles")
    @classmethod
    def _may(cls, value: list[str]) -> list[str]:
        for role in value:
            if role not in ROLES_SEE_REPS:
                raise ValueError(
                    f"{role!r} may not be told of single reps. Choose from {', '.join(sorted(ROLES_SEE_REPS))}."
                )
        return sorted(set(value))


class AccordIn(BaseModel):
    """An accord as it was agreed. `from_day` and `until_day` are ISO dates, UTC; no `until_day` is open. `why` is kept in the log."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    site: str = Field("", max_length=80, pattern=r"^[^\x00\n]*$")
    terms: list[TermIn] = Field([], max_length=20)
    smallest_group: int = Field(5, ge=3, le=100)
    text: str = Field(min_length=3, max_length=8000, pattern=r"^[^\x00]*$")
    parties: str = Field(min_length=3, max_length=400, pattern=r"^[^\x00]*$")
    from_day: date
    until_day: date | None = None
    why: str = Field(min_length=3, max_length=500, pattern=r"^[^\x00]*$")


async def agree(app: App, staff: Staff, told: AccordIn) -> None:
    """Put it in force from its day on. What an accord before it said counts until then. Raises 422 for a day that has passed."""
    today = datetime.fromtimestamp(app.clock.now_ms() / 1000, UTC).date()
    if told.from_day < today:
        raise BatonError(
            "in_the_past", 422, f"{told.from_day.isoformat()!r} has passed. An agreement takes effect today or later."
        )
    if told.until_day is not None and told.until_day < told.from_day:
        raise BatonError("ends_before", 422, "It would end before it begins. Choose a later last day, or none.")
    until = _ms(told.until_day + timedelta(days=1)) if told.until_day else 0
    terms = tuple(Term(t.measure, tuple(t.roles), t.days) for t in told.terms if t.roles)
    from_ms = app.clock.now_ms() if told.from_day == today else _ms(told.from_day)
    accord = Accord(told.site, terms, told.smallest_group, told.text, told.parties, from_ms, until)
    async with _one_at_a_time:
        accords = (*app.policy(Agreement).accords, accord)
        body = msgspec.Raw(msgspec.json.encode(Agreement(accords)))
        revised = PolicyRevised(NAME, body, staff.id, app.reason(told.why))
        await app.committer.append(f"policy/{NAME}", revised, by=f"staff/{staff.id}")


def of_form(form: Mapping[str, object]) -> AccordIn:
    """What a form holds; raises 422 with what to put right."""
    terms = [
        {
            "measure": measure,
            "roles": [role for role in sorted(ROLES_SEE_REPS) if form.get(f"{measure}:{role}")],
            "days": str(form.get(f"{measure}:days") or "0"),
        }
        for measure in MEASURES
    ]
    plain = {
        name: str(form.get(name) or "") for name in ("site", "text", "parties", "from_day", "why", "smallest_group")
    }
    try:
        return AccordIn.model_validate({**plain, "until_day": str(form.get("until_day") or "") or None, "terms": terms})
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = " ".join(str(part) for part in first["loc"]).replace("_", " ")
        raise BatonError(
            "accord_invalid", 422, f"{where}: {first['msg']}. Nothing was saved; go back and put it right."
        ) from wrong


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
