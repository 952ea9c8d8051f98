"""The world of Halcyon Air: customers, flights, bookings, refunds, bags and companies, the same for the same seed.

`World` is what was there before anyone spoke; `SystemOfRecord` is what has happened to it since.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property

import msgspec

from baton.demo.halcyon.fleet import CITY, Route, Seats, routes
from baton.demo.halcyon.names import Names, names
from baton.demo.halcyon.record import RecordError, SystemOfRecord
from baton.demo.halcyon.records import (
    Account,
    Bag,
    BagState,
    Booking,
    Corporate,
    Customer,
    Fare,
    Flight,
    FlightState,
    Level,
    MonthlyRevenue,
    Refund,
    RefundState,
    Way,
)
from baton.demo.halcyon.revenue import companies, revenue

__all__ = ["END_MS", "RecordError", "SystemOfRecord", "World"]

END_MS = 1_795_269_600_000  # 21 November 2026, 14:00 UTC: the demo's day when no clock is given
DAY_MS = 86_400_000
ANAS_REFUND = "QK7M2P"
STORM_DAY = -17
CUSTOMERS, BOOKINGS = 800, 1800
KNOWN = (
    ("Ana Ruiz", "MAD", "es", "gold"),
    ("Tom Becker", "FRA", "de", "silver"),
    ("Li Wei", "LHR", "en", "gold"),
    ("Owen Pratt", "LHR", "en", "blue"),
    ("Grace Mbeki", "LIS", "en", "blue"),
    ("Dora Hale", "BOS", "en", "silver"),
)
PRICE_CENTS: dict[Fare, int] = {"light": 5900, "standard": 9800, "flex": 17200}


class World:
    """The invented world of one seed, as it stands at `now_ms`. Everything is made when first asked for, always the same."""

    def __init__(self, seed: int = 7, now_ms: int = END_MS) -> None:
        self.seed, self.now_ms = seed, now_ms

    @cached_property
    def customers(self) -> tuple[Customer, ...]:
        """800 customers; the first six are the ones the documentation speaks of."""
        return tuple(_customers(self._chance("customers"), names(), [found.company_id for found in self.companies]))

    @cached_property
    def accounts(self) -> dict[str, Account]:
        """Accounts by e-mail address."""
        chance = self._chance("accounts")
        return {customer.email: _account(chance, customer) for customer in self.customers}

    @cached_property
    def flights(self) -> dict[str, Flight]:
        """Flights by id, from 35 days before to 35 days after `now_ms`."""
        return {flight.flight_id: flight for flight in self._flights()}

    @cached_property
    def bookings(self) -> dict[str, Booking]:
        """Bookings by their code of six letters and digits."""
        chance, flights = self._chance("bookings"), tuple(self.flights.values())
        made = (self._booking(chance, n, flights) for n in range(BOOKINGS))
        return {booking.code: booking for booking in (*made, *self._of_ana())}

    @cached_property
    def refunds(self) -> dict[str, Refund]:
        """Refunds by booking code."""
        chance = self._chance("refunds")
        cancelled = (booking for booking in self.bookings.values() if booking.state == "cancelled")
        made = {booking.code: self._refund(chance, n, booking) for n, booking in enumerate(cancelled)}
        returned = {"cents": 31_240, "state": "returned", "way": "card"}
        return made | {ANAS_REFUND: msgspec.structs.replace(made[ANAS_REFUND], **returned)}

    @cached_property
    def bags(self) -> dict[str, Bag]:
        """Bags that did not come, by file number."""
        chance = self._chance("bags")
        flown = [booking for booking in self.bookings.values() if booking.state == "flown"]
        picked = chance.sample(flown, k=min(160, len(flown)))
        made = (self._bag(chance, n, booking) for n, booking in enumerate(picked))
        return {bag.file_number: bag for bag in made}

    @cached_property
    def companies(self) -> tuple[Corporate, ...]:
        """60 companies with a plan, some of them ended."""
        return companies(self._chance("companies"), names(), self.now_ms)

    @cached_property
    def revenue(self) -> tuple[MonthlyRevenue, ...]:
        """Monthly recurring revenue of the last 24 months, one row for each company and month it paid."""
        return revenue(self._chance("revenue"), self.companies, self.now_ms)

    @cached_property
    def by_id(self) -> dict[str, Customer]:
        """Customers by id."""
        return {customer.id: customer for customer in self.customers}

    @cached_property
    def bookings_of(self) -> dict[str, tuple[Booking, ...]]:
        """Bookings by customer id, the latest flight first."""
        of: dict[str, list[Booking]] = {customer.id: [] for customer in self.customers}
        for booking in sorted(self.bookings.values(), key=lambda found: found.flight_id[-8:], reverse=True):
            of[booking.customer_id].append(booking)
        return {customer: tuple(found) for customer, found in of.items()}

    def seats(self, flight_id: str) -> Seats:
        """The seat map of a flight as it was sold."""
        booked = {b.seat for b in self.bookings.values() if b.flight_id == flight_id and b.state != "cancelled"}
        return Seats.sold(self.seed, flight_id, booked)

    def _chance(self, label: str) -> random.Random:
        return random.Random(f"{self.seed}/{label}")

    def _flights(self) -> Iterator[Flight]:
        chance = self._chance("flights")
        today = datetime.fromtimestamp(self.now_ms / 1000, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        for day in range(-35, 36):
            for route in routes():
                departs_at_ms = int((today + timedelta(days=day, minutes=route.departs_min)).timestamp() * 1000)
                yield _flight(chance, route, departs_at_ms, self.now_ms, day=day)

    def _booking(self, chance: random.Random, n: int, flights: tuple[Flight, ...]) -> Booking:
        customer = self.customers[n] if n < CUSTOMERS else chance.choice(self.customers)
        flight = chance.choice(flights)
        fare: Fare = chance.choices(("light", "standard", "flex"), (38, 45, 17))[0]
        cancelled = flight.state == "cancelled" or chance.random() < 0.09
        return Booking(
            code=_code(chance),
            customer_id=customer.id,
            flight_id=flight.flight_id,
            fare=fare,
            seat=f"{chance.randrange(13, 31)}{chance.choice('ABCDEF')}",
            paid_cents=PRICE_CENTS[fare] + flight.km * chance.randrange(3, 7),
            state="cancelled" if cancelled else "flown" if flight.departs_at_ms < self.now_ms else "confirmed",
            checked_in=flight.departs_at_ms < self.now_ms,
            booked_at_ms=min(flight.departs_at_ms, self.now_ms) - chance.randrange(1, 120 * 24) * DAY_MS // 24,
        )

    def _of_ana(self) -> tuple[Booking, Booking]:
        """Ana Ruiz's cancelled flight to Boston and her coming one to Lisbon, which the documentation speaks of."""
        first = Booking(
            code=ANAS_REFUND,
            customer_id=self.customers[0].id,
            flight_id=self._flight_on(418, -4),
            fare="standard",
            seat="18C",
            paid_cents=31_240,
            state="cancelled",
            checked_in=False,
            booked_at_ms=self.now_ms - 60 * DAY_MS,
        )
        coming = {"code": "HX4T9W", "flight_id": self._flight_on(733, 11), "seat": "21E", "state": "confirmed"}
        return first, msgspec.structs.replace(first, **coming)

    def _flight_on(self, number: int, day: int) -> str:
        return f"HA{number}-{datetime.fromtimestamp(self.now_ms / 1000, UTC) + timedelta(days=day):%Y%m%d}"

    def _refund(self, chance: random.Random, n: int, booking: Booking) -> Refund:
        asked_at_ms = min(self.flights[booking.flight_id].departs_at_ms, self.now_ms) - chance.randrange(1, 9) * DAY_MS
        states: tuple[RefundState, ...] = ("asked", "approved", "sent", "returned")
        state = chance.choices(states, (15, 20, 55, 10))[0]
        sent_at_ms = asked_at_ms + chance.randrange(1, 3) * DAY_MS if state in ("sent", "returned") else None
        cents = booking.paid_cents if booking.fare == "flex" else booking.paid_cents * chance.randrange(3, 10) // 10
        way: Way = "card" if chance.random() < 0.85 else "transfer"
        return Refund(f"R{10000 + n * 7}", booking.code, cents, state, asked_at_ms, sent_at_ms, way)

    def _bag(self, chance: random.Random, n: int, booking: Booking) -> Bag:
        reported_at_ms = self.flights[booking.flight_id].departs_at_ms + chance.randrange(4, 20) * DAY_MS // 24
        old = self.now_ms - reported_at_ms > 21 * DAY_MS
        states: tuple[BagState, ...] = ("looked_for", "found", "on_the_way", "with_the_driver", "delivered")
        state: BagState = (
            chance.choice(("delivered", "lost")) if old else chance.choices(states, (20, 20, 20, 10, 30))[0]
        )
        place = chance.choice(tuple(CITY.values()))
        expected_at_ms = self.now_ms + chance.randrange(6, 60) * DAY_MS // 24
        return Bag(
            f"HA-{48213 + n * 37}", booking.code, booking.customer_id, state, place, reported_at_ms, expected_at_ms
        )


def _customers(chance: random.Random, known: Names, company_ids: list[str]) -> Iterator[Customer]:
    seen: set[str] = set()
    for n in range(CUSTOMERS):
        name, city, language, level = KNOWN[n] if n < len(KNOWN) else _someone(chance, known)
        email = f"{name.lower().replace(' ', '.')}@example.com"
        email = email.replace("@", f"{n}@") if email in seen else email
        seen.add(email)
        yield Customer(
            id=f"c{chance.getrandbits(40):010x}",
            name=name,
            email=email,
            phone=f"+351 55 {chance.randrange(1000, 9999)} {chance.randrange(100, 999)}",
            city=CITY[city],
            language=language,
            level=_level(level),
            points={"blue": 400, "silver": 9000, "gold": 18000}[level] + chance.randrange(0, 4000),
            since_year=chance.randrange(2012, 2026),
            company_id=chance.choice(company_ids) if chance.random() < 0.12 else "",
        )


def _someone(chance: random.Random, known: Names) -> tuple[str, str, str, str]:
    city = chance.choice(tuple(CITY))
    local = {"MAD": "es", "BCN": "es", "LEJ": "de", "FRA": "de", "VIE": "de"}.get(city, "en")
    language = local if chance.random() < 0.4 else "en"
    level = chance.choices(("blue", "silver", "gold"), (74, 18, 8))[0]
    return f"{chance.choice(known.first)} {chance.choice(known.last)}", city, language, level


def _level(word: str) -> Level:
    return "gold" if word == "gold" else "silver" if word == "silver" else "blue"


def _account(chance: random.Random, customer: Customer) -> Account:
    return Account(
        account_id=f"a{chance.getrandbits(40):010x}",
        customer_id=customer.id,
        email=customer.email,
        password_version=chance.randrange(1, 5),
        locked=chance.random() < 0.03,
        two_steps=chance.random() < 0.25,
    )


def _flight(chance: random.Random, route: Route, departs_at_ms: int, now_ms: int, *, day: int) -> Flight:
    date = datetime.fromtimestamp(departs_at_ms / 1000, UTC)
    states: tuple[FlightState, ...] = ("scheduled", "delayed", "cancelled")
    storm = day == STORM_DAY and "LIS" in (route.origin, route.destination)
    state = chance.choices(states, (20, 10, 70) if storm else (93, 5, 2))[0]
    past = departs_at_ms < now_ms
    if (route.number, day) == (418, -4):
        state = "cancelled"
    return Flight(
        flight_id=f"HA{route.number}-{date:%Y%m%d}",
        number=f"HA {route.number}",
        origin=route.origin,
        destination=route.destination,
        departs_at_ms=departs_at_ms,
        minutes=route.minutes,
        km=route.km,
        state="flown" if past and state != "cancelled" else state,
        delay_min=chance.randrange(20, 260) if state == "delayed" else 0,
    )


def _code(chance: random.Random) -> str:
    return "".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=6))
