"""Erlang-C and Erlang-A: what a single queue does in the long run, exactly.

M/M/n and M/M/n+M: Poisson arrivals, exponential handle times, n reps, first come first served, and for Erlang-A an
exponential patience per contact (Palm 1957; Garnett, Mandelbaum and Reiman 2002; Mandelbaum and Zeltyn 2007). The
stationary distribution is summed outwards from its mode, so that nothing overflows at 2,000 reps or at three times the
load; what weighs less than 1e-18 of the mode is left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp, inf, isfinite, isnan, lgamma, log1p

from baton.kernel.errors import BatonError

NEGLIGIBLE = 1e-18
MOST_REPS = 100_000
LONGEST_QUEUE = 1_000_000


@dataclass(frozen=True)
class Waiting:
    """What contacts of a single queue meet. Shares are of all who arrive, from 0 to 1.

    `waited` had to wait at all; `mean_wait_s` is over everybody, `asa_s` over who was answered; `service_level` was answered
    within the target; `occupancy` is the share of rep time that is handle time.
    """

    waited: float
    mean_wait_s: float
    asa_s: float
    abandoned: float
    service_level: float
    occupancy: float


NEVER = Waiting(1.0, inf, inf, 0.0, 0.0, 1.0)
"""Without abandonment, as much work as reps or more: the queue grows without end."""


def erlang_c(per_s: float, handle_s: float, reps: int, target_s: float) -> Waiting:
    """M/M/n without abandonment: `per_s` contacts a second, of `handle_s` seconds each, for `reps` reps.

    P(wait) = p_n / (1 - A / n) with A = per_s * handle_s; service level 1 - P(wait) exp(-(n - A) T / handle_s) (Erlang 1917).
    Where A >= n nobody is ever answered in the long run: `NEVER`. Raises BatonError on figures that are not positive.
    """
    _checked(per_s, handle_s, inf, reps, target_s)
    load = per_s * handle_s
    if load >= reps:
        return NEVER
    waited = 1 / (1 + (1 - load / reps) * (_inverse_blocking(load, reps) - 1))
    left = (reps - load) / handle_s
    mean_s = waited / left
    return Waiting(waited, mean_s, mean_s, 0.0, 1 - waited * exp(-left * target_s), load / reps)


def erlang_a(per_s: float, handle_s: float, patience_s: float, reps: int, target_s: float) -> Waiting:
    """M/M/n+M: as `erlang_c`, and each contact leaves after an exponential patience of mean `patience_s`.

    Who meets j ahead in the queue and is patient waits the sum of exponentials with rates n mu + i theta, i = 0..j, so that
    exp(-theta V) is Beta(n mu / theta, j + 1): all figures are finite sums of it. An infinite patience is Erlang-C.
    """
    _checked(per_s, handle_s, patience_s, reps, target_s)
    if patience_s == inf:
        return erlang_c(per_s, handle_s, reps, target_s)
    weights = _weights(per_s, handle_s, patience_s, reps)
    total = sum(weights.values())
    ahead = {state - reps: weight / total for state, weight in weights.items() if state >= reps}
    queued = sum((j * p for j, p in ahead.items()), 0.0)
    abandoned = queued / patience_s / per_s
    at_once = sum(w for state, w in weights.items() if state < reps) / total
    within, wait_s = _answered(ahead, reps / handle_s, 1 / patience_s, target_s)
    answered = 1 - abandoned
    return Waiting(
        waited=sum(ahead.values(), 0.0), mean_wait_s=queued / per_s, asa_s=wait_s / answered if answered > 0 else inf,
        abandoned=abandoned, service_level=min(1.0, at_once + within), occupancy=per_s * answered * handle_s / reps,
    )  # fmt: skip


def fewest_reps(per_s: float, handle_s: float, patience_s: float, target_s: float, service_level: float) -> int:
    """The smallest number of reps whose Erlang-A service level reaches `service_level`, a share below 1.

    It grows with the number of reps, so doubling and halving finds it.
    """
    if not 0 < service_level < 1:
        raise BatonError("no_level", 422, f"A service level lies between 0 and 1, not at {service_level!r}.")
    high = max(1, int(per_s * handle_s))
    while erlang_a(per_s, handle_s, patience_s, high, target_s).service_level < service_level:
        high *= 2
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        reached = erlang_a(per_s, handle_s, patience_s, middle, target_s).service_level >= service_level
        low, high = (low, middle) if reached else (middle, high)
    return high


def _checked(per_s: float, handle_s: float, patience_s: float, reps: int, target_s: float) -> None:
    for name, value in (("contacts a second", per_s), ("handle time", handle_s), ("patience", patience_s)):
        if isnan(value) or value <= 0 or (value == inf and name != "patience"):
            raise BatonError("not_positive", 422, f"Give a positive {name}, not {value!r}.")
    if not 1 <= reps <= MOST_REPS:
        raise BatonError("no_reps", 422, f"Give from 1 to {MOST_REPS} reps, not {reps!r}.")
    if not isfinite(target_s) or target_s < 0:
        raise BatonError("no_target", 422, f"Give a target of 0 seconds or more, not {target_s!r}.")


def _inverse_blocking(load: float, reps: int) -> float:
    """1 / Erlang-B of `reps`, by I_k = 1 + I_(k-1) k / A; infinite where nobody is ever blocked."""
    inverse = 1.0
    for k in range(1, reps + 1):
        inverse = 1 + inverse * k / load
    return inverse


def _weights(per_s: float, handle_s: float, patience_s: float, reps: int) -> dict[int, float]:
    """Stationary weights by number in the system, 1 at the mode."""

    def leave(state: int) -> float:
        return min(state, reps) / handle_s + max(0, state - reps) / patience_s

    mode = int(per_s * handle_s)
    if mode >= reps:
        mode = reps + int((per_s - reps / handle_s) * patience_s)
    if mode - reps > LONGEST_QUEUE:
        message = (
            f"At a patience of {patience_s!r} s about {mode - reps} would wait. Give more reps or a shorter patience."
        )
        raise BatonError("endless_queue", 422, message)
    weights = dict(_walk(mode, 1, lambda state: per_s / leave(state + 1)))
    return weights | dict(_walk(mode, -1, lambda state: leave(state) / per_s))


def _walk(mode: int, step: int, ratio: Callable[[int], float]) -> Iterator[tuple[int, float]]:
    state, weight = mode, 1.0
    while weight > NEGLIGIBLE and state >= 0:
        yield state, weight
        weight *= ratio(state)
        state += step


def _answered(ahead: dict[int, float], serve: float, leave: float, target_s: float) -> tuple[float, float]:
    """Of who waits: the share answered within the target, and the seconds waited by who is answered, per arrival.

    Exits before one's own within T are negative binomial with a = serve / leave (+ 1 given that oneself stays) and success
    probability exp(-leave T): who has j ahead is answered in time where there are more than j of them.
    """
    a, x = serve / leave + 1, -leave * target_s
    within = wait_s = exits = mean_s = 0.0
    for j in range(max(ahead, default=-1) + 1):
        exits += _negative_binomial(j, a, x) if target_s else float(j == 0)
        mean_s += 1 / (serve + (j + 1) * leave)
        stays = ahead.get(j, 0.0) * serve / (serve + (j + 1) * leave)
        within += stays * max(0.0, 1 - exits)
        wait_s += stays * mean_s
    return within, wait_s


def _negative_binomial(k: int, a: float, log_success: float) -> float:
    return exp(lgamma(a + k) - lgamma(a) - lgamma(k + 1) + a * log_success + k * log1p(-exp(log_success)))
