"""Series: contacts offered by day and slot of the day. Forecasts are of what is offered, never of what was handled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from baton.kernel.errors import BatonError

Days = NDArray[np.datetime64]
Numbers = NDArray[np.float64]
DAY_MINUTES = 1440
LEAST_DAYS = 14
"""Fewer open days than two weeks say nothing of a week's shape."""


@dataclass(frozen=True)
class Series:
    """Offered contacts: `counts[day, slot]`, with the open days in order and the minute of the day at which each slot begins."""

    days: Days
    minutes: NDArray[np.int64]
    counts: Numbers
    step_min: int

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """Of each day, Monday 0."""
        return weekdays(self.days)

    @property
    def totals(self) -> Numbers:
        """Of each day."""
        return np.asarray(self.counts.sum(axis=1))

    def until(self, day: int) -> "Series":
        """The first `day` days alone."""
        return Series(self.days[:day], self.minutes, self.counts[:day], self.step_min)


def weekdays(days: Days) -> NDArray[np.int64]:
    """Of each day, Monday 0; 1970-01-01 was a Thursday."""
    return np.asarray((days.astype("datetime64[D]").astype(np.int64) + 3) % 7)


def gathered(times: Sequence[datetime], counts: Sequence[float], step_min: int = 30) -> Series:
    """Counts at local times put into slots of `step_min` minutes.

    A day without any contact is a closed day. Slots run from the first to the last in which anything was ever offered;
    a slot of an open day that no row names had no contacts.
    """
    if step_min < 1 or DAY_MINUTES % step_min:
        raise BatonError(
            "bad_step", 400, f"A step of {step_min!r} minutes does not divide a day. Take 5, 15, 30 or 60."
        )
    if any(count < 0 for count in counts):
        raise BatonError("negative_count", 400, f"{min(counts)!r} contacts cannot be offered. Counts are 0 or more.")
    kept = [(t, c) for t, c in zip(times, counts, strict=True) if c > 0]
    days = sorted({t.date() for t, _ in kept})
    if len(days) < LEAST_DAYS:
        raise BatonError(
            "short_history",
            400,
            f"{len(days)} days with contacts are too few to see a week's shape. Give {LEAST_DAYS} or more.",
        )
    return _laid_out(kept, days, step_min)


def _laid_out(rows: Sequence[tuple[datetime, float]], days: Sequence[date], step_min: int) -> Series:
    slots = np.array([(t.hour * 60 + t.minute) // step_min for t, _ in rows])
    at = {day: number for number, day in enumerate(days)}
    laid = np.zeros((len(days), int(slots.max() - slots.min()) + 1))
    np.add.at(laid, ([at[t.date()] for t, _ in rows], slots - slots.min()), [c for _, c in rows])
    minutes = np.arange(slots.min(), slots.max() + 1) * step_min
    return Series(np.array(days, "datetime64[D]"), minutes, laid, step_min)
