"""What the system of record of Halcyon Air holds, as plain frozen values. Money is in cents, times in milliseconds since the epoch."""

from typing import Literal

import msgspec

Level = Literal["blue", "silver", "gold"]
Fare = Literal["light", "standard", "flex"]
FlightState = Literal["scheduled", "delayed", "cancelled", "flown"]
BookingState = Literal["confirmed", "flown", "cancelled"]
RefundState = Literal["asked", "approved", "sent", "returned"]
Way = Literal["card", "transfer"]
Plan = Literal["team", "business", "enterprise"]
BagState = Literal["looked_for", "found", "on_the_way", "with_the_driver", "delivered", "lost"]


class Customer(msgspec.Struct, frozen=True):
    """An invented customer."""

    id: str
    name: str
    email: str
    phone: str
    city: str
    language: str
    level: Level
    points: int
    since_year: int
    company_id: str = ""

    @property
    def first_name(self) -> str:
        """What a friend calls them."""
        return self.name.split(" ", maxsplit=1)[0]

    @property
    def last_name(self) -> str:
        """The name on the booking."""
        return self.name.rsplit(" ", maxsplit=1)[-1]


class Account(msgspec.Struct, frozen=True):
    """What opens the app. `password_version` rises by one with each reset, so that a reset can be verified."""

    account_id: str
    customer_id: str
    email: str
    password_version: int
    locked: bool
    two_steps: bool

    @property
    def email_masked(self) -> str:
        """`ana.ruiz@example.com` as `a***@example.com`."""
        name, _, domain = self.email.partition("@")
        return f"{name[:1]}***@{domain}"


class Flight(msgspec.Struct, frozen=True):
    """One departure."""

    flight_id: str
    number: str
    origin: str
    destination: str
    departs_at_ms: int
    minutes: int
    km: int
    state: FlightState
    delay_min: int


class Booking(msgspec.Struct, frozen=True):
    """One traveller on one flight."""

    code: str
    customer_id: str
    flight_id: str
    fare: Fare
    seat: str
    paid_cents: int
    state: BookingState
    checked_in: bool
    booked_at_ms: int


class Refund(msgspec.Struct, frozen=True):
    """Money going back. `way` is how it was paid."""

    refund_id: str
    code: str
    cents: int
    state: RefundState
    asked_at_ms: int
    sent_at_ms: int | None
    way: Way


class Bag(msgspec.Struct, frozen=True):
    """A bag that did not come."""

    file_number: str
    code: str
    customer_id: str
    state: BagState
    place: str
    reported_at_ms: int
    expected_at_ms: int


class Corporate(msgspec.Struct, frozen=True):
    """A company with a plan, paid by the month. `ended_month` is empty while it runs."""

    company_id: str
    name: str
    plan: Plan
    started_month: str
    ended_month: str = ""


class MonthlyRevenue(msgspec.Struct, frozen=True):
    """What one company paid for one month (`2026-10`): the rows NRR and GRR are counted from."""

    company_id: str
    month: str
    cents: int
