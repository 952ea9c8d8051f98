"""Pooled: how long until anybody is there, weighed from what each rule says, learned from waits that ended either way.

Who was answered tells how long it took; who gave up tells only that it would have taken longer. So each answered wait stands for all like it that were
cut short: it weighs 1 / P(patience > wait), with patience exponential at its maximum-likelihood mean (inverse probability of
censoring, Robins and Rotnitzky 1992). Without it, long waits are missing and quotes are too short.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from baton.capabilities.individual.quoting.line import RULES, Floats, Line, Whole, behind_ms, rows, rules_ms
from baton.capabilities.individual.quoting.quote import ANSWER_MS, Quote, quote_of

LEAST: Final = 300
"""Fewer answered waits of a queue than these teach no weights."""
HEAVIEST: Final = 50.0
"""No answered wait stands for more than so many."""
RIDGE: Final = 0.003
SURE_PERMILLE: Final = 842
"""Standard deviations, in permille, above the mean that 80 % of a normal law lie below: the promise where nothing is calibrated yet."""
BASE_MS: Final = 30_000
"""Added before a promise is scaled, so that the shortest waits have room."""
Weights = tuple[int, ...]


class Waited(msgspec.Struct, frozen=True, gc=False):
    """A wait that is over: its queue, the hour in which it began, what the customer found, how long it was, and whether they were answered."""

    queue: str
    hour: int
    line: Line
    wait_ms: int
    answered: bool


def patience_ms(waits: Sequence[Waited]) -> int:
    """The mean patience: all time waited over the number who gave up (maximum likelihood of an exponential that is cut short)."""
    gave_up = sum(not each.answered for each in waits)
    return sum(each.wait_ms for each in waits) // gave_up if gave_up else 0


def heaviness(waits: Sequence[Waited]) -> Floats:
    """How many each stands for: 0 for who gave up, 1 / P(patience > wait) for who was answered."""
    means: dict[str, int] = {}
    for queue in {each.queue for each in waits}:
        means[queue] = patience_ms([each for each in waits if each.queue == queue])
    return np.array([_heavy(each, means[each.queue]) for each in waits])


def _heavy(waited: Waited, mean_ms: int) -> float:
    if not waited.answered:
        return 0.0
    return float(min(HEAVIEST, np.exp(waited.wait_ms / mean_ms))) if mean_ms else 1.0


def weighed(waits: Sequence[Waited]) -> dict[str, Weights]:
    """The weights of `RULES` in parts of a million, for each queue with enough waits: weighted ridge regression of the wait on the rules."""
    heavy = heaviness(waits)
    found: dict[str, Weights] = {}
    for queue in sorted({each.queue for each in waits}):
        chosen = [n for n, each in enumerate(waits) if each.queue == queue and each.answered]
        if len(chosen) >= LEAST:
            rules = rules_ms(rows([waits[n].line for n in chosen]))
            took = np.array([waits[n].wait_ms for n in chosen], dtype=np.float64)
            found[queue] = _solved(rules, took, heavy[chosen])
    return found


def _solved(rules: Floats, took: Floats, heavy: Floats) -> Weights:
    """Ridge on standardised rules; the constant alone is not drawn to nothing."""
    centre, spread = rules[:, 1:].mean(axis=0), rules[:, 1:].std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    table = np.column_stack([np.ones(len(rules)), (rules[:, 1:] - centre) / spread])
    square = table.T @ (table * heavy[:, None]) + RIDGE * heavy.sum() * np.diag([0.0] + [1.0] * (table.shape[1] - 1))
    slopes = np.linalg.solve(square, table.T @ (heavy * took))
    plain = slopes[1:] / spread
    return tuple(round(1_000_000 * w) for w in (slopes[0] - plain @ centre, *plain))


def foretold_ms(table: Whole, weights: Weights | None) -> Floats:
    """The likely wait of each line, by its queue's weights, or by QL_a alone where none are learned."""
    if weights is None or len(weights) != len(RULES):
        return np.maximum(ANSWER_MS, behind_ms(table[:, 0], *table[:, 2:5].T)[0])
    return np.maximum(ANSWER_MS, rules_ms(table) @ np.array(weights, dtype=np.float64) / 1_000_000)


def foretold(waits: Sequence[Waited], weights: Mapping[str, Weights]) -> NDArray[np.float64]:
    """The likely wait of each of `waits`, milliseconds."""
    told = np.zeros(len(waits))
    for queue in {each.queue for each in waits}:
        chosen = [n for n, each in enumerate(waits) if each.queue == queue]
        told[chosen] = foretold_ms(rows([waits[n].line for n in chosen]), weights.get(queue))
    return told


def pooled(line: Line, weights: Weights | None, factor_permille: int | None) -> Quote:
    """What to tell who joins at `line`. Without calibration the promise is QL_a's mean and .84 of its standard deviations."""
    table = rows([line])
    likely = float(foretold_ms(table, weights)[0])
    if factor_permille is None:
        _, spread = behind_ms(table[:, 0], *table[:, 2:5].T)
        return quote_of(likely, likely + SURE_PERMILLE * float(spread[0]) / 1000)
    return quote_of(likely, factor_permille * (likely + BASE_MS) / 1000)
