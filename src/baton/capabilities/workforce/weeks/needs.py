"""Needs: the reps each queue needs in each half hour of a week, from what is expected.

Reps serve several queues, so people are counted for all contacts as one pool and shared out by work: reps with two skills
already keep nearly the service level of reps with all (Wallace and Whitt 2005, "A Staffing Algorithm for Call Centers with Skill-Based
Routing"). Counting each queue alone would ask for about twice as many where queues are small.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from baton.capabilities.workforce.forecasting.ahead import fitted
from baton.capabilities.workforce.forecasting.series import LEAST_DAYS, Numbers
from baton.capabilities.workforce.reading.workload import Offered, local, queues_of, series_of, where
from baton.capabilities.workforce.scheduling.counting import SLOTS
from baton.capabilities.workforce.scheduling.people import HALF_HOUR_MIN, WEEK_DAYS
from baton.capabilities.workforce.staffing.needed import Aim, needed
from baton.capabilities.workforce.staffing.pace import pace

Counts = NDArray[np.int64]
FULL_WEEK = (WEEK_DAYS, SLOTS)
LEAST = 0.25
"""Contacts of all queues in a half hour below which nobody is planned: whoever comes is offered a callback."""


@dataclass(frozen=True)
class Asked:
    """What a week is worked out from: contacts before `today`, the queues that may be served, the aim of them all, and whose clock."""

    found: Sequence[Offered]
    queues: frozenset[str]
    zone: str
    today: date
    monday: date
    aim: Aim


def needs(asked: Asked) -> dict[str, Counts]:
    """Reps needed by queue: [day of the week, half hour]. Days before `today` and queues nobody serves are left out."""
    past = [
        r
        for r in asked.found
        if not r.kept and r.queue in asked.queues and local(r.at_ms, asked.zone).date() < asked.today
    ]
    expected = {queue: expected_of(where(past, queue), asked) for queue in queues_of(past)}
    paces = {queue: pace(where(past, queue)) for queue in expected}
    work = {queue: contacts * paces[queue].handle_s for queue, contacts in expected.items()}
    contacts, all_work = sum(expected.values(), np.zeros(FULL_WEEK)), sum(work.values(), np.zeros(FULL_WEEK))
    if not contacts.any():
        return {}
    contacts = np.where(contacts < LEAST, 0.0, contacts)
    pool = replace(pace(past), handle_s=float(all_work.sum() / sum(each.sum() for each in expected.values())))
    people = needed(contacts, HALF_HOUR_MIN, pool, asked.aim).people.astype(np.int64)
    return shared_out(people, work)


def expected_of(found: Sequence[Offered], asked: Asked) -> Numbers:
    """Contacts of a queue in each half hour of the week; none where its history is too short for a forecast."""
    laid = np.zeros(FULL_WEEK)
    days = [asked.monday + timedelta(days=n) for n in range(WEEK_DAYS)]
    if len({local(row.at_ms, asked.zone).date() for row in found}) < LEAST_DAYS:
        return laid
    series = series_of(found, asked.zone, HALF_HOUR_MIN)
    known = fitted(series)
    first = series.minutes[0] // HALF_HOUR_MIN
    open_days = [n for n, day in enumerate(days) if day >= asked.today and known.calendar.usual[n]]
    if open_days:
        ahead = known.ahead(np.array([days[n] for n in open_days], "datetime64[D]"))
        laid[open_days, first : first + len(series.minutes)] = ahead.middle
    return laid


def shared_out(people: Counts, work: Mapping[str, Numbers]) -> dict[str, Counts]:
    """People of each half hour by queue, in proportion to work, whole and with the same sum (largest remainders)."""
    names = list(work)
    shares = np.array([work[name] for name in names])
    exact = people * shares / np.maximum(shares.sum(axis=0), 1e-9)
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(np.argsort(-(exact - whole), axis=0, kind="stable"), axis=0)
    whole += (order < people - whole.sum(axis=0)) & (shares > 0)
    return {name: whole[n] for n, name in enumerate(names) if whole[n].any()}
