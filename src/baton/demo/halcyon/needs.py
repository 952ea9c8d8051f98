"""A need: who wants what, about which booking, and how hard it truly is."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from baton.demo.halcyon.company import Gap, Intent, Journey, truths
from baton.demo.halcyon.demand import COMPLEXITIES, Asked, demand, needs_of_day
from baton.demo.halcyon.fleet import CITY
from baton.demo.halcyon.phrases import speaks
from baton.demo.halcyon.records import Booking, Customer
from baton.demo.halcyon.story import Channel, Complexity, Persona

if TYPE_CHECKING:
    from baton.demo.world import World

MACHINE_INTENTS = frozenset(
    {"booking_change", "booking_new", "refund_status", "refund_request", "flight_status", "invoice_request"}
)
PERSON_ONLY = frozenset({"bereavement_fare", "special_assistance", "complaint"})


class Need(msgspec.Struct, frozen=True):
    """What one customer wants solved. `slots` fills the templates: codes, names, amounts."""

    id: str
    at_ms: int
    customer: Customer
    persona: Persona
    intent: Intent
    language: str
    channel: Channel
    complexity: Complexity
    gap: Gap | None
    incident: str
    slots: dict[str, str]

    def subject(self) -> str:
        """What in the record it is about: a booking, an account, or a bag."""
        if self.intent in ("password_reset", "account_locked"):
            return self.slots["account_id"]
        return self.slots["code"]


def needs(world: "World", days: int, end_ms: int, per_day: float) -> Iterator[Need]:
    """Every need that begins in the last `days` days, in no order."""
    pools = Pools(world)
    for back in range(days):
        for n, asked in enumerate(needs_of_day(world.seed, back, end_ms, per_day)):
            yield pools.need(asked, random.Random(f"{world.seed}/need/{asked.at_ms}/{n}"))


class Pools:
    """Which customers can have which need: only who has a late bag asks for one. Those of fixed journeys have no other."""

    def __init__(self, world: "World") -> None:
        self.world = world
        fixed = {world.accounts[journey.email].customer_id for journey in truths().journey}
        refunded = (world.bookings[code] for code in world.refunds)
        self.anyone = tuple(customer for customer in world.customers if customer.id not in fixed)
        self.with_refund = tuple(booking for booking in refunded if booking.customer_id not in fixed)
        self.with_bag = tuple(bag for bag in world.bags.values() if bag.customer_id not in fixed)
        self.with_plan = tuple(customer for customer in self.anyone if customer.company_id)
        self.companies = {company.company_id: company.name for company in world.companies}

    def need(self, asked: Asked, chance: random.Random) -> Need:
        """The need behind one beginning."""
        customer, booking, file_number = self._who(asked.intent, chance)
        persona = _persona(chance, asked.intent)
        channel = _channel(chance, persona)
        speaker = customer.language if persona != "machine" and speaks(customer.language, asked.intent) else "en"
        gap = _gap(chance, asked.intent) if persona != "machine" and speaker == "en" and not asked.incident else None
        return Need(
            id=f"n{chance.getrandbits(48):012x}",
            at_ms=asked.at_ms,
            customer=customer,
            persona=persona,
            intent=asked.intent,
            language=speaker,
            channel=channel,
            complexity=_complexity(chance, asked.intent, persona, gap),
            gap=gap,
            incident=asked.incident,
            slots=self._slots(chance, customer, booking, file_number),
        )

    def fixed(self, journey: Journey, at_ms: int) -> Need:
        """The need of a fixed journey, in English so that everyone can read it."""
        chance = random.Random(f"{self.world.seed}/journey/{journey.email}")
        account = self.world.accounts[journey.email]
        customer = self.world.by_id[account.customer_id]
        booking = self.world.bookings.get(journey.code) or self.world.bookings_of[customer.id][0]
        file_number = next(
            (bag.file_number for bag in self.world.bags.values() if bag.customer_id == customer.id), "HA-48213"
        )
        return Need(
            id=f"n{chance.getrandbits(48):012x}",
            at_ms=at_ms,
            customer=customer,
            persona=journey.persona,
            intent=journey.intent,
            language="en",
            channel=journey.steps[0].channel,
            complexity="high",
            gap=None,
            incident="",
            slots=self._slots(chance, customer, booking, file_number),
        )

    def _who(self, intent: Intent, chance: random.Random) -> tuple[Customer, Booking, str]:
        world = self.world
        if intent in ("bag_delayed", "bag_lost"):
            bag = chance.choice(self.with_bag)
            return world.by_id[bag.customer_id], world.bookings[bag.code], bag.file_number
        if intent == "refund_status":
            booking = chance.choice(self.with_refund)
            return world.by_id[booking.customer_id], booking, "HA-48213"
        customer = chance.choice(self.with_plan if intent == "corporate_plan" else self.anyone)
        return customer, chance.choice(world.bookings_of[customer.id]), "HA-48213"

    def _slots(self, chance: random.Random, customer: Customer, booking: Booking, file_number: str) -> dict[str, str]:
        flight = self.world.flights[booking.flight_id]
        account = self.world.accounts[customer.email]
        refund = self.world.refunds.get(booking.code)
        cents = refund.cents if refund else booking.paid_cents
        origin, city = CITY[flight.origin], CITY[flight.destination]
        return {
            "code": booking.code,
            "flight": flight.number,
            "origin": origin,
            "city": city,
            "route": f"{origin} to {city}",
            "seat": booking.seat,
            "amount": f"€{cents / 100:,.2f}",
            "refund": refund.refund_id if refund else f"R{chance.randrange(10000, 99999)}",
            "file": file_number,
            "first": customer.first_name,
            "last": customer.last_name,
            "principal": customer.name,
            "email": customer.email,
            "masked": account.email_masked,
            "account_id": account.account_id,
            "points": f"{customer.points:,}",
            "company": self.companies.get(customer.company_id, "Kestrel Labs"),
            "days": str(chance.randrange(6, 25)),
            "hours": str(chance.randrange(3, 8)),
            "limit": str(chance.randrange(2, 9) * 100),
            "authority": chance.choice(("read only", "change up to limit", "full for this booking")),
        }


def weekday(at_ms: int, language: str) -> str:
    """The day of the week in the customer's language."""
    names = {
        "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    }
    return names[language][datetime.fromtimestamp(at_ms / 1000, UTC).weekday()]


def _persona(chance: random.Random, intent: Intent) -> Persona:
    weights = dict(demand().personas)
    if intent not in MACHINE_INTENTS:
        weights["machine"] = 0
    else:
        weights["machine"] *= 2
    if intent in PERSON_ONLY:
        weights["vulnerable"] *= 3
    if intent == "complaint":
        weights["angry"] *= 3
    return chance.choices(list(weights), list(weights.values()))[0]


def _channel(chance: random.Random, persona: Persona) -> Channel:
    if persona == "machine":
        return "chat" if chance.random() < 0.7 else "messaging"
    weights = demand().channels
    return chance.choices(list(weights), list(weights.values()))[0]


def _gap(chance: random.Random, intent: Intent) -> Gap | None:
    for gap in truths().gap:
        if gap.intent == intent and chance.randrange(1000) < gap.share_permille:
            return gap
    return None


def _complexity(chance: random.Random, intent: Intent, persona: Persona, gap: Gap | None) -> Complexity:
    low, medium, high = demand().intent[intent].mix
    if gap is not None:
        low, medium = low // 3, medium + low // 3
    if persona in ("vulnerable", "confused"):
        low, high = low * 8 // 10, high * 12 // 10
    return chance.choices(COMPLEXITIES, (low, medium, high))[0]
