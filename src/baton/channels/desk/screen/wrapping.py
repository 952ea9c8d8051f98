"""Wrapping up: what the panel suggests, from the evidence there is, and what the rep then says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from baton.capabilities.agents.events import Underway
from baton.capabilities.complexity.events import Complexity, ComplexityOverridden
from baton.capabilities.resolution.events import Evidence
from baton.capabilities.routing.events import WrappedUp
from baton.channels.desk.screen import words
from baton.kernel.conversation import Ended
from baton.kernel.errors import BatonError
from baton.kernel.events import Event
from baton.kernel.stream import Stream

Met = Literal["yes", "no", "refused", "unknown"]
CLOSES: Final = time(18)
"""A promise with a date and no time is due at the end of that day's work."""


class Closing(BaseModel):
    """The form as it is sent."""

    disposition: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_]+$")
    need_met: Met
    promise: str = Field("", max_length=1000, pattern=r"^[^\x00]*$")
    due: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    complexity: Literal["", "low", "medium", "high"] = ""
    wrap_ms: int = Field(0, ge=0, le=86_400_000)


@dataclass(frozen=True)
class Panel:
    """What the panel opens with."""

    disposition: str
    need_met: Met
    evidence: tuple[str, ...]
    level: str
    tomorrow: str


def panel(stream: Stream, now_ms: int, zone: str) -> Panel:
    """The suggestion, which the rep may change in everything."""
    evidence, level = stream.facts.get(Evidence) or Evidence(), stream.facts.get(Complexity)
    met = _met(evidence)
    tomorrow = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(zone)) + timedelta(days=1)
    return Panel(
        _disposition(evidence, stream, met), met, tuple(_shown(evidence)), level.level if level else "", f"{tomorrow:%Y-%m-%d}"
    )  # fmt: skip


def said(form: Closing, rep: str, handle_ms: int, zone: str) -> list[Event]:
    """The events of a wrap-up that ends the conversation. Raises 422 where a promise has no date, or a date no promise."""
    due_ms = _due_ms(form, zone)
    events: list[Event] = [ComplexityOverridden(form.complexity, rep)] if form.complexity else []
    events.append(
        WrappedUp(rep, form.disposition, form.need_met, form.promise.strip(), due_ms, handle_ms, wrap_ms=form.wrap_ms)
    )
    events.append(Ended("closed_by_rep", rep))
    return events


def _due_ms(form: Closing, zone: str) -> int:
    if bool(form.promise.strip()) != bool(form.due):
        missing = "a date" if form.promise.strip() else "what was promised"
        raise BatonError(
            "promise_incomplete", 422, f"A promise needs {missing}. Nothing was closed; complete it or clear both."
        )
    if not form.due:
        return 0
    day = datetime.strptime(form.due, "%Y-%m-%d").replace(tzinfo=ZoneInfo(zone))
    return int(datetime.combine(day, CLOSES, day.tzinfo).timestamp() * 1000)


def _met(evidence: Evidence) -> Met:
    if evidence.denied or evidence.record_failed:
        return "no"
    if evidence.record_changed or evidence.confirmed:
        return "yes"
    return "refused" if evidence.refused else "unknown"


def _disposition(evidence: Evidence, stream: Stream, met: Met) -> str:
    if evidence.record_changed:
        return "solved"
    if met == "refused":
        return "refused_by_rule"
    if met == "no":
        return "not_solved"
    underway = stream.facts.get(Underway)
    acted = underway is not None and underway.result == "done"
    return "solved" if acted else "answered" if stream.said("rep") else "other_team"


def _shown(evidence: Evidence) -> Iterator[str]:
    if evidence.record_changed:
        yield "the record was changed as asked"
    if evidence.record_failed:
        yield "a change of the record did not work"
    if evidence.confirmed:
        yield "the customer said it is solved"
    if evidence.denied:
        yield "the customer said it is not solved"
    if evidence.refused:
        yield "the customer was told that it cannot be done"
    if evidence.last_mood <= -300:
        yield f"the customer's mood is low ({words.signed(evidence.last_mood)})"
