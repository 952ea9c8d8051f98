"""Corporate plans and what they pay each month, so that net revenue retention can be counted."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

from baton.demo.halcyon.names import Names
from baton.demo.halcyon.records import Corporate, MonthlyRevenue, Plan

COMPANIES, MONTHS = 60, 24
PLANS: tuple[Plan, ...] = ("team", "business", "enterprise")
START_CENTS: dict[Plan, int] = {"team": 49_000, "business": 190_000, "enterprise": 640_000}


def months(now_ms: int, count: int = MONTHS) -> tuple[str, ...]:
    """The last `count` months, the newest last, as `2026-11`."""
    today = datetime.fromtimestamp(now_ms / 1000, UTC)
    last = today.year * 12 + today.month - 1
    return tuple(f"{n // 12}-{n % 12 + 1:02d}" for n in range(last - count + 1, last + 1))


def companies(chance: random.Random, names: Names, now_ms: int) -> tuple[Corporate, ...]:
    """60 companies; about a fifth began in these months, about one in seven ended."""
    span = months(now_ms)
    return tuple(_company(chance, n, names, span) for n in range(COMPANIES))


def revenue(chance: random.Random, of: tuple[Corporate, ...], now_ms: int) -> tuple[MonthlyRevenue, ...]:
    """A row for each company and month it paid: they grow, shrink, stay or leave."""
    return tuple(row for company in of for row in _rows(chance, company, months(now_ms)))


def _company(chance: random.Random, n: int, names: Names, span: tuple[str, ...]) -> Corporate:
    first = names.company_first[n % len(names.company_first)]
    last = names.company_last[(n * 7 + n // len(names.company_first)) % len(names.company_last)]
    started = 0 if chance.random() < 0.78 else chance.randrange(1, len(span) - 2)
    ends = chance.random() < 0.14
    ended = span[chance.randrange(started + 1, len(span))] if ends else ""
    plan = chance.choices(PLANS, (55, 33, 12))[0]
    return Corporate(f"k{chance.getrandbits(32):08x}", f"{first} {last}", plan, span[started], ended)


def _rows(chance: random.Random, company: Corporate, span: tuple[str, ...]) -> Iterator[MonthlyRevenue]:
    cents = START_CENTS[company.plan] * chance.randrange(90, 140) // 100
    for month in span:
        if month < company.started_month or (company.ended_month and month >= company.ended_month):
            continue
        turn = chance.random()
        if turn < 0.06:
            cents = cents * chance.randrange(108, 131) // 100
        elif turn < 0.09:
            cents = cents * chance.randrange(72, 95) // 100
        yield MonthlyRevenue(company.company_id, month, cents)
