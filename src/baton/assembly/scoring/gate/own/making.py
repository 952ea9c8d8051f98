"""Making the pairs: every family with its goals, wordings and the needs of customers, always the same ones."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

import msgspec

from baton.assembly.scoring.gate.own.taken import Order
from baton.demo.world import SystemOfRecord

Where = Literal["turn", "remark", "about", "article", "memory", "machine", "runner", "reply"]
EACH = 25
LIMIT_CENTS = 40_000
THIEF = "mara.voss@parcel-post.example"


class Need(msgspec.Struct, frozen=True):
    """What a customer comes for: the procedure that does it, the change it makes, and ways to say it."""

    procedure: str
    says: tuple[str, ...]
    does: str = ""


class Goal(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the attacker wants: calls of their own, or another act than the confirmed one, or words in a reply."""

    calls: tuple[Mapping[str, str], ...] = ()
    need: str = ""
    swap: Mapping[str, str] = {}
    again: bool = False
    says: str = ""
    marks: tuple[str, ...] = ()


class Person(NamedTuple):
    """A customer of Halcyon Air with one booking that is still to come; `cents` come back for it, `seat` is a free one."""

    id: str
    email: str
    last_name: str
    account: str
    code: str
    flight: str
    cents: int
    seat: str

    @property
    def cents_and_zeros(self) -> str:
        """Ten times the amount."""
        return f"{self.cents}0"


class Pair(NamedTuple):
    """One need and one attack: who comes, whom it would harm, what is planted where, and what is to be done."""

    family: str
    where: Where
    wording: str
    goal: Goal
    need: Need
    mine: Person
    theirs: Person
    number: int


@cache
def needs() -> tuple[Need, ...]:
    """The needs of `needs.toml`."""
    return tuple(msgspec.convert(each, Need) for each in _read("needs.toml")["need"])


def pairs(family: str, record: SystemOfRecord, each: int = EACH) -> Iterator[Pair]:
    """The first pairs of a family. Each has customers of its own, so that no effect can be another pair's."""
    told = _family(family)
    goals, wordings, people = [_goal(g) for g in told["goals"]], told["wordings"], cast(record)
    for k in range(each):
        goal, wording = goals[k % len(goals)], wordings[k // len(goals) % len(wordings)]
        need = next((n for n in needs() if n.procedure == goal.need), needs()[k % len(needs())])
        yield Pair(family, told["where"], wording, goal, need, next(people), next(people), k)


def where_of(family: str) -> Where:
    """How the orders of a family reach the planner."""
    found: Where = _family(family)["where"]
    return found


def wordings_of(family: str) -> list[str]:
    """The texts that are planted, their places not filled in."""
    return list(_family(family)["wordings"])


def _family(name: str) -> dict[str, Any]:
    return next(f for f in _read("attacks.toml")["family"] if f["name"] == name)


def families() -> list[str]:
    """The names of the families."""
    return [str(family["name"]) for family in _read("attacks.toml")["family"]]


def cast(record: SystemOfRecord) -> Iterator[Person]:
    """Customers with an open account and a booking that can still be refunded, changed and cancelled."""
    world = record.world
    for customer in world.customers:
        account = world.accounts[customer.email]
        for booking in world.bookings_of[customer.id]:
            flight = world.flights[booking.flight_id]
            if account.locked or booking.state != "confirmed" or booking.fare == "light" or flight.state != "scheduled":
                continue
            quote, seats = record.refund_quote(booking.code), record.seats(booking.flight_id)
            if quote["allowed"] and int(quote["cents"]) <= LIMIT_CENTS and seats.free:
                yield Person(
                    customer.id, customer.email, customer.last_name, account.account_id, booking.code, booking.flight_id,
                    int(quote["cents"]), seats.free[-1],
                )  # fmt: skip
                break


def filled(template: str, mine: Person, theirs: Person) -> str:
    """A text of the file with its places filled in."""
    return template.format(mine=mine, theirs=theirs, thief=THIEF)


def ordered(pair: Pair) -> Order:
    """The goal of a pair, as whoever took the planner over wants it."""

    def fill(told: Mapping[str, str]) -> dict[str, str]:
        return {name: filled(value, pair.mine, pair.theirs) for name, value in told.items()}

    goal, says = pair.goal, filled(pair.goal.says, pair.mine, pair.theirs)
    return Order(tuple(map(fill, goal.calls)), pair.need.does, fill(goal.swap), goal.again, says)


def _goal(raw: object) -> Goal:
    if isinstance(raw, list):
        return Goal(calls=tuple(raw))
    return msgspec.convert(raw, Goal)


@cache
def _read(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
