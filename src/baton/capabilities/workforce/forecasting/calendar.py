"""Calendar: what of a day is known in advance and moves its volume, beside the weekday.

Bills and salaries come with the month, and what a closed day left undone comes the day after. Nothing here knows a country's
holidays: a closed day is one of the usual weekdays on which nothing was offered.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baton.capabilities.workforce.forecasting.series import Days, Numbers, weekdays

USUAL = 0.5
"""A weekday is a usual one where it was open in at least half of the weeks."""
MARKS = ("first of month", "second", "third", "last of month", "last but one", "mid-month", "after a closed day")


@dataclass(frozen=True)
class Calendar:
    """Which weekdays are usually open: `usual[weekday]`, Monday 0."""

    usual: NDArray[np.bool_]

    def marks(self, days: Days, before: Days) -> Numbers:
        """One row a day and one column for each of `MARKS`, 0 or 1; `before` are the open days that came earlier."""
        known = {int(day) for day in np.concatenate([before, days]).astype(np.int64)}
        return np.array([self._marks(day, known) for day in days], dtype=np.float64).reshape(len(days), len(MARKS))

    def _marks(self, day: np.datetime64, known: set[int]) -> list[float]:
        month = day.astype("datetime64[M]")
        start, end = month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]")
        gone, left = self._open_between(start, day + 1), self._open_between(day + 1, end)
        number = int((day - start).astype(int)) + 1
        yesterday = int(self._usual_before(day).astype(np.int64))
        is_after = yesterday not in known and min(known) < yesterday
        return [
            float(mark)
            for mark in (gone == 1, gone == 2, gone == 3, left == 0, left == 1, number in {15, 16}, is_after)
        ]

    def _open_between(self, start: np.datetime64, end: np.datetime64) -> int:
        return int(self.usual[weekdays(np.arange(start, end))].sum())

    def _usual_before(self, day: np.datetime64) -> np.datetime64:
        back = day - np.arange(1, 8)
        return np.datetime64(back[np.argmax(self.usual[weekdays(back)])])


def learned(days: Days) -> Calendar:
    """The calendar of a series of open days."""
    weeks = max(1.0, (days[-1] - days[0]).astype(int) / 7)
    return Calendar(np.bincount(weekdays(days), minlength=7) >= USUAL * weeks)
