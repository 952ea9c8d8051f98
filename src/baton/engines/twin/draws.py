"""Chance as a hash of (seed, class, the how-manieth contact of it, purpose): two policies meet the same customers (common random numbers).

SplitMix64 over the key (Steele, Lea and Flood 2014): a counter that is mixed, so any draw is had without those before.
"""

from typing import Final

import numpy as np

from baton.engines.twin.compiling import compiled
from baton.kernel.queueing.laws import Empirical, Exponential, Law
from baton.kernel.queueing.outcome import Floats

GAP: Final = 1
SERVICE: Final = 2
PATIENCE: Final = 3
BALK: Final = 4
CALLBACK: Final = 5
AI: Final = 6
AI_SERVICE: Final = 7
RESOLVES: Final = 8
INTERVAL: Final = 9
DAY: Final = 10
GOLDEN: Final = 0x9E3779B97F4A7C15


@compiled
def uniforms(key: np.uint64, count: int) -> Floats:
    """`count` numbers strictly between 0 and 1, the same for the same key; more of them begin with the same ones."""
    drawn = np.empty(count)
    for n in range(count):
        z = key + np.uint64(n + 1) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
        drawn[n] = (np.float64(z >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)
    return drawn


def uniform(seed: int, kind: int, purpose: int, count: int) -> Floats:
    """Draws of one purpose for the first `count` contacts of a class."""
    return uniforms(np.uint64(_mixed(_mixed(_mixed(seed) + kind) + purpose)), count)


def duration_s(law: Law, share: Floats) -> Floats:
    """The durations at these shares of a law: its quantile function."""
    if isinstance(law, Exponential):
        return np.multiply(-law.mean_s, np.log(share))
    if isinstance(law, Empirical):
        values = np.sort(np.asarray(law.values_s))
        return np.asarray(np.interp(share, (np.arange(len(values)) + 0.5) / len(values), values))
    from scipy.special import ndtri

    spread = np.log1p(law.cv**2)
    return np.asarray(law.mean_s * np.exp(np.sqrt(spread) * ndtri(share) - spread / 2), dtype=np.float64)


def gamma_factor(cv: float, share: Floats) -> Floats:
    """Gamma factors of mean 1 and coefficient of variation `cv`: a Poisson count of so varied a mean is negative binomial."""
    if cv == 0:
        return np.ones_like(share)
    from scipy.special import gammaincinv

    shape = cv**-2
    return np.asarray(gammaincinv(shape, share) / shape, dtype=np.float64)


def _mixed(value: int) -> int:
    z = (value + GOLDEN) & 0xFFFFFFFFFFFFFFFF
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return z ^ (z >> 31)
