"""Volume: contacts of months to come, as a level and a trend that is believed only as far as history shows it.

The trend is the slope of log weekly totals (least squares), shrunken towards none by a prior of 1 % a month; its standard error grows
where weeks hang together, by their first autocorrelation. Months of the year are not told apart: that takes two years of history.
"""

from dataclasses import dataclass
from math import exp, sqrt
from typing import Final

import numpy as np

from baton.capabilities.workforce.forecasting.series import Numbers

WEEKS_A_MONTH: Final = 52.1775 / 12
PRIOR_A_MONTH: Final = 0.01
FEWEST_WEEKS: Final = 8
LAST_WEEKS: Final = 8
Z_80: Final = 1.2816


@dataclass(frozen=True)
class Volume:
    """Contacts a week now, growth a month as a logarithm with its standard error, and that of the level; `weeks` tell it."""

    weekly: float
    growth: float
    growth_error: float
    level_error: float
    weeks: int

    def scale(self, month: int) -> tuple[float, float, float]:
        """Contacts of a month to come (1: the next) over those of now: the middle and the 80 % interval."""
        middle, reach = self.growth * month, Z_80 * sqrt(self.level_error**2 + (self.growth_error * month) ** 2)
        return exp(middle), exp(middle - reach), exp(middle + reach)


def volume(weekly: Numbers) -> Volume:
    """From totals of whole weeks, the oldest first; weeks without contacts are left out."""
    totals = weekly[weekly > 0]
    if len(totals) == 0:
        return Volume(0.0, 0.0, PRIOR_A_MONTH, 0.0, 0)
    now = float(totals[-LAST_WEEKS:].mean())
    noise = float(np.log(totals).std(ddof=1)) if len(totals) > 2 else 0.1
    level_error = noise / sqrt(min(len(totals), LAST_WEEKS))
    if len(totals) < FEWEST_WEEKS:
        return Volume(now, 0.0, PRIOR_A_MONTH, level_error, len(totals))
    slope, error = _slope(np.log(totals))
    weight = PRIOR_A_MONTH**2 / (PRIOR_A_MONTH**2 + error**2)
    return Volume(now, weight * slope, sqrt(weight) * error, level_error, len(totals))


def _slope(logs: Numbers) -> tuple[float, float]:
    """Growth a month and its standard error."""
    months = np.arange(len(logs)) / WEEKS_A_MONTH
    about = months - months.mean()
    slope = float(about @ logs / (about @ about))
    left = logs - logs.mean() - slope * about
    hang = float(np.clip(left[1:] @ left[:-1] / max(left @ left, 1e-12), 0.0, 0.9))
    spread = float(left @ left) / max(1, len(logs) - 2)
    return slope, sqrt(spread / float(about @ about) * (1 + hang) / (1 - hang))
