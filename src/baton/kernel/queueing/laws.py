"""Laws of durations: exponential, lognormal, or what was observed."""

from dataclasses import dataclass
from math import inf, isfinite

from baton.kernel.errors import BatonError


@dataclass(frozen=True)
class Exponential:
    """Without memory, of mean `mean_s`."""

    mean_s: float


@dataclass(frozen=True)
class Lognormal:
    """Of mean `mean_s` and coefficient of variation `cv`: the usual shape of handle times (Brown et al. 2005)."""

    mean_s: float
    cv: float


@dataclass(frozen=True)
class Empirical:
    """As observed: drawn from `values_s`, interpolated between neighbours in rank."""

    values_s: tuple[float, ...]

    @property
    def mean_s(self) -> float:
        """The mean of what was observed."""
        return sum(self.values_s) / len(self.values_s) if self.values_s else 0.0


Law = Exponential | Lognormal | Empirical


def checked_law(law: Law, of: str) -> None:
    """Refuse a law with a duration that is not positive. Raises BatonError `not_positive`."""
    values = law.values_s if isinstance(law, Empirical) else (law.mean_s,)
    if not values or any(not isfinite(value) or value <= 0 for value in values):
        wrong = next((value for value in values if not 0 < value < inf), None)
        raise BatonError(
            "not_positive", 422, f"{of} needs durations above 0 seconds, not {wrong!r}. Leave such rows out."
        )
    if isinstance(law, Lognormal) and not 0 < law.cv < inf:
        raise BatonError("not_positive", 422, f"{of} needs a coefficient of variation above 0, not {law.cv!r}.")
