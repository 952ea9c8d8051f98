"""The company as it says it is: queues, hours, agents, dispositions, pay; and what is secretly true of it (`truths`)."""

from datetime import datetime
from functools import cache
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from baton.demo.halcyon.files import text_of, typed

Intent = Literal[
    "booking_new", "booking_change", "booking_cancel", "refund_status", "refund_request", "bag_delayed", "bag_lost",
    "seat_change", "check_in", "password_reset", "account_locked", "loyalty_points", "invoice_request", "corporate_plan",
    "special_assistance", "bereavement_fare", "flight_status", "complaint", "card_payment_problem", "travel_documents",
    "pet_travel", "other",
]  # fmt: skip
INTENTS: tuple[Intent, ...] = get_args(Intent)


class ServiceLevel(msgspec.Struct, frozen=True):
    """`percent` of customers reach a person within `within_s` seconds."""

    percent: int
    within_s: int


class Hours(msgspec.Struct, frozen=True):
    """When people serve a queue, local time, as `HH:MM-HH:MM` or `closed`."""

    weekdays: str
    weekend: str


class Queue(msgspec.Struct, frozen=True):
    """A queue, the intents that arrive there and those that go to a person first."""

    id: str
    name: str
    intents: tuple[Intent, ...]
    service_level: ServiceLevel
    hours: Hours
    person_first: tuple[Intent, ...] = ()


class Agent(msgspec.Struct, frozen=True):
    """An AI agent. `owner` is the rep who answers for it; it serves in these `queues` alone, or everywhere where it names none."""

    id: str
    name: str
    version: int
    purpose: str
    owner: str
    queues: tuple[str, ...] = ()


class Disposition(msgspec.Struct, frozen=True):
    """How a rep may close a conversation."""

    id: str
    name: str


class Company(msgspec.Struct, frozen=True):
    """Halcyon Air."""

    name: str
    notice: str
    currency: str
    time_zone: str
    sites: tuple[str, ...]
    employers: tuple[str, ...]
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    pay_cents_per_hour: dict[str, int]
    queue: tuple[Queue, ...]
    agent: tuple[Agent, ...]
    disposition: tuple[Disposition, ...]


class Gap(msgspec.Struct, frozen=True):
    """A subject that no article answers. `answer` is what experienced reps say."""

    id: str
    intent: Intent
    title: str
    share_permille: int
    questions: tuple[str, ...]
    answer: str


class Duplicate(msgspec.Struct, frozen=True):
    """Articles about the same subject; `contradicts` is empty when they agree."""

    articles: tuple[int, int]
    contradicts: str


class Stale(msgspec.Struct, frozen=True):
    """An article past its review date, and what is wrong in it."""

    article: int
    wrong: str


class Incident(msgspec.Struct, frozen=True):
    """Something that broke `day` days before the end, and how many times more needs it caused."""

    id: str
    day: int
    from_hour: int
    hours: int
    intents: tuple[Intent, ...]
    factor: float
    told_customers: bool
    cause: str


class JourneyStep(msgspec.Struct, frozen=True):
    """One contact of a fixed journey, `hours` before the end, with an agent or a rep."""

    hours: int
    channel: Literal["chat", "voice", "email", "messaging"]
    by: str
    ended: Literal["left_in_silence", "gave_up"]


class Journey(msgspec.Struct, frozen=True):
    """A customer whose way through the company is fixed; `code` is the booking, or empty for any."""

    email: str
    intent: Intent
    persona: Literal["patient", "angry", "confused", "vulnerable", "machine"]
    code: str
    steps: tuple[JourneyStep, ...]


class Coaching(msgspec.Struct, frozen=True):
    """A coaching `day` days before the end, and what it truly changed from then on, in permille: `met` is added, `pace` multiplies."""

    rep: str
    topic: str
    day: int
    met: int
    pace: int


class RepTruth(msgspec.Struct, frozen=True):
    """How one rep differs at equal work, in permille."""

    pace: int
    met: int
    uses_ai: int
    edits: int
    ai_helps: int


class Truths(msgspec.Struct, frozen=True):
    """What the product must find out by itself."""

    gap: tuple[Gap, ...]
    duplicate: tuple[Duplicate, ...]
    stale: tuple[Stale, ...]
    incident: tuple[Incident, ...]
    journey: tuple[Journey, ...]
    coaching: tuple[Coaching, ...]
    rep: dict[str, RepTruth]


@cache
def company() -> Company:
    """Halcyon Air as its files say."""
    return typed(text_of("company.toml"), Company)


@cache
def truths() -> Truths:
    """What is secretly true. Only tests and evaluations read it."""
    return typed(text_of("truth.toml"), Truths)


@cache
def queue_of(intent: Intent) -> Queue:
    """The queue where an intent arrives."""
    return next(queue for queue in company().queue if intent in queue.intents)


def rep_truth(rep_id: str, days_before: float) -> RepTruth:
    """How a rep differs, `days_before` the end: coaching counts from its day on."""
    truth = truths().rep[rep_id]
    for coaching in truths().coaching:
        if coaching.rep == rep_id and days_before < coaching.day:
            met, pace = truth.met + coaching.met, truth.pace * coaching.pace // 1000
            truth = msgspec.structs.replace(truth, met=met, pace=pace)
    return truth


def is_open(queue: Queue, at_ms: int) -> bool:
    """Whether people serve the queue at that time."""
    local = datetime.fromtimestamp(at_ms / 1000, ZoneInfo(company().time_zone))
    hours = queue.hours.weekend if local.weekday() >= 5 else queue.hours.weekdays
    if hours == "closed":
        return False
    opens, closes = hours.split("-")
    return opens <= f"{local:%H:%M}" < closes
