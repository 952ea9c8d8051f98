"""Shape: how a day's contacts spread over its slots, by weekday, newer days counting for more."""

import numpy as np
from numpy.typing import NDArray

from baton.capabilities.workforce.forecasting.series import Numbers, Series

HALF_LIFE_DAYS = 40
OTHER_WEEKDAY = 0.05
"""How much a day of another weekday tells of this one's shape."""
PRIOR_CONTACTS = 1.0


def shape(series: Series, weekday: int) -> Numbers:
    """The share of each slot of a day of `weekday` that follows the series; shares sum to 1."""
    age = len(series.days) - 1 - np.arange(len(series.days))
    weights = 0.5 ** (age / HALF_LIFE_DAYS) * _alike(series.weekdays, weekday)
    spread = weights @ (series.counts / np.maximum(series.totals, 1.0)[:, None])
    return np.asarray(spread / spread.sum())


def _alike(weekdays: NDArray[np.int64], weekday: int) -> Numbers:
    return np.where(weekdays == weekday, 1.0, OTHER_WEEKDAY)
