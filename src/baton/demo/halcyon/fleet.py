"""Routes and seat maps: 30 rows of six, rows 10 to 12 with more legroom."""

import random
from collections.abc import Iterable
from functools import cache

import msgspec

from baton.demo.halcyon.names import names

CITY = {
    "MAD": "Madrid", "BOS": "Boston", "LIS": "Lisbon", "LEJ": "Leipzig", "LHR": "London", "FRA": "Frankfurt", "VIE": "Vienna",
    "BCN": "Barcelona", "CDG": "Paris", "FNC": "Funchal", "CPH": "Copenhagen", "GRU": "Sao Paulo",
}  # fmt: skip
ROWS, LETTERS, LEGROOM_ROWS = range(1, 31), "ABCDEF", range(10, 13)


class Route(msgspec.Struct, frozen=True):
    """A flight number and when it flies each day, in minutes after midnight UTC."""

    number: int
    origin: str
    destination: str
    departs_min: int
    minutes: int
    km: int


@cache
def routes() -> tuple[Route, ...]:
    """Every number that flies daily, out and back."""
    found: list[Route] = []
    for flown in names().route:
        hour, minute = flown.departs.split(":")
        out_min = int(hour) * 60 + int(minute)
        back_min = (out_min + flown.minutes + 180) % 1440
        found.append(Route(flown.number, flown.origin, flown.destination, out_min, flown.minutes, flown.km))
        found.append(Route(flown.number + 1, flown.destination, flown.origin, back_min, flown.minutes, flown.km))
    return tuple(found)


class Seats(msgspec.Struct, frozen=True):
    """Which seats of one flight are taken."""

    taken: frozenset[str]

    @classmethod
    def sold(cls, seed: int, flight_id: str, booked: Iterable[str]) -> "Seats":
        """The map of a flight: seats of known bookings, and about 60 % sold to people who are not in this world."""
        chance = random.Random(f"{seed}/seats/{flight_id}")
        others = {seat for seat in every_seat() if chance.random() < 0.6}
        return cls(frozenset(others | set(booked)))

    @property
    def free(self) -> tuple[str, ...]:
        """Free seats, from the front."""
        return tuple(seat for seat in every_seat() if seat not in self.taken)


@cache
def every_seat() -> tuple[str, ...]:
    """All seats, `1A` to `30F`."""
    return tuple(f"{row}{letter}" for row in ROWS for letter in LETTERS)


def seat_price_cents(seat: str, *, free_choice: bool) -> int:
    """What a seat costs before check-in (article 21, section 2). `free_choice`: Flex fare or gold."""
    if free_choice:
        return 0
    if int(seat[:-1]) in LEGROOM_ROWS:
        return 1800
    return 400 if seat[-1] in "BE" else 600
