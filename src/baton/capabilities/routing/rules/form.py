"""The form: one queue, or what holds for all, as fields of a page, and back."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from baton.capabilities.routing.rules.bodies import QueueIn, RulesIn
from baton.kernel.errors import BatonError

Made = TypeVar("Made", bound=BaseModel)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LEVELS = (("low", "Easy"), ("medium", "Medium"), ("high", "Hard"))
POWERS = (
    ("1000", "Each second counts the same"), ("1500", "Slowly more"), ("2000", "In proportion to the wait"),
    ("2500", "Faster"), ("3000", "With the square of the wait"),
)  # fmt: skip
NUMBERS = {
    "target_s": "Answer within", "reserved": "Reps kept free", "overflow_after_s": "Ask other queues after",
    "deferred_target_s": "Email and tasks due after", "agent_after_s": "The AI takes after",
}  # fmt: skip
ALL = {
    "offer_s": "An offer stays", "wait_limit_s": "Offer a callback after", "starving_after_s": "First come, first served after",
    "grace_s": "A lost desk is waited for", "match_permille": "Weight of a perfect match", "affinity_permille": "Weight of the rep of last time",
    "fairness_permille": "Weight of a fair share of hard ones", "effect_permille": "Weight of a team known to meet more",
}  # fmt: skip


def with_queue(rules: RulesIn, id: str, form: FormData) -> RulesIn:
    """The rules with the queue `id` as the form has it; raises 422 and says which field is wrong."""
    fields: dict[str, object] = {
        "title": _text(form, "title"), "skill": _text(form, "skill"), "zone": _text(form, "zone") or "UTC",
        "opens_minute": minute(_text(form, "opens"), "Opens"), "closes_minute": minute(_text(form, "closes"), "Closes") or 1440,
        "closed_days": [day for day in range(7) if str(day) not in form.getlist("day")],
        "closed_dates": _text(form, "closed_dates").replace(",", " ").split(),
        "agent_levels": [str(level) for level in form.getlist("agent_level")],
        "overflow_to": [str(to) for to in form.getlist("overflow_to")],
        "urgency": {"weight_permille": _number(form, "weight_permille"), "power_permille": _number(form, "power_permille")},
        **{name: _number(form, name) for name in NUMBERS},
    }  # fmt: skip
    queues = [_made(QueueIn, {**queue.model_dump(), **fields}) if queue.id == id else queue for queue in rules.queues]
    return _made(RulesIn, {**rules.model_dump(), "queues": [queue.model_dump() for queue in queues]})


def with_all(rules: RulesIn, form: FormData) -> RulesIn:
    """The rules with what holds for all queues as the form has it."""
    return _made(RulesIn, {**rules.model_dump(), **{name: _number(form, name) for name in ALL}})


def minute(text: str, label: str) -> int:
    """Minutes since midnight of `08:30`; raises 422 for anything else."""
    hours, _, minutes = text.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        raise BatonError("routing_rules", 422, f"{label}: {text!r} is no time. Write it as 08:30. Nothing was changed.")
    return 60 * int(hours) + int(minutes)


def clock(at_minute: int) -> str:
    """`08:30`; midnight is 00:00 at either end of the day."""
    return f"{at_minute // 60 % 24:02d}:{at_minute % 60:02d}"


def open_on(queue: QueueIn) -> str:
    """When a queue is open, in words."""
    if (queue.opens_minute, queue.closes_minute) == (0, 1440):
        hours = "around the clock"
    else:
        hours = f"{clock(queue.opens_minute)} to {clock(queue.closes_minute)}"
    closed = [DAYS[day][:3] for day in sorted(queue.closed_days)]
    return f"{hours}, {queue.zone}" + (f", not {', '.join(closed)}" if closed else "")


def _made(kind: type[Made], body: Mapping[str, object]) -> Made:
    try:
        return kind.model_validate(body)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        label = {**NUMBERS, **ALL}.get(name, name.replace("_", " "))
        raise BatonError("routing_rules", 422, f"{label}: {first['msg'].lower()}. Nothing was changed.") from None


def _text(form: FormData, name: str) -> str:
    return str(form.get(name, "")).strip()


def _number(form: FormData, name: str) -> int:
    text = _text(form, name)
    if not text.isdecimal():
        label = {**NUMBERS, **ALL}.get(name, name.replace("_", " "))
        raise BatonError("routing_rules", 422, f"{label}: {text!r} is no whole number. Nothing was changed.")
    return int(text)
