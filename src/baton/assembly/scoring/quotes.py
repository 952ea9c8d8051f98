"""`baton eval quotes`: are quotes kept as often as they say, and how far off are they, beside the simple rules, on days whose truth is known.

Days in three parts: weights are learned on the first, what a promise is multiplied by on the second, all is scored on the third. Learning sees
only what a contact centre sees: who gave up tells no wait. Scoring sees those who never give up.
"""

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np

from baton.assembly.scoring.airline import QUEUES, day, reps
from baton.assembly.scoring.asked_again import Asked, asked_of
from baton.assembly.scoring.seen_waits import Seen, waits_of
from baton.capabilities.individual.quoting import keeping, pooled
from baton.capabilities.individual.quoting.laws import Law, fitted, mean_ms
from baton.capabilities.individual.quoting.line import Floats, rows, rules_ms
from baton.capabilities.individual.quoting.named import by_hand, level, named
from baton.capabilities.individual.quoting.pooled import BASE_MS, Waited, Weights, foretold, heaviness
from baton.engines.twin import simulate
from baton.kernel.queueing import ABANDONED, FIFO, SERVED, Run
from baton.kernel.stats import wilson

Say = Callable[[str], None]
Figures = dict[str, object]
NOMINAL: Final = 800
LEAST: Final = 2000
"""Quotes of an hour or a queue below which its kept rate says nothing and is not among the worst."""
SIMPLE: Final = {"queue_length": 3, "head_of_line": 4, "last_waited": 5}
"""Where the simple predictors stand among the rules."""
PARTS: Final = (0.25, 0.6)
DAYS_MOST: Final = 100_000
LAW_DAYS: Final = 20
NAMED_DAYS: Final = 2400
"""Days on which somebody asks for a rep by name, at most: each such quote is worked out by itself."""


class Kept(NamedTuple):
    """A scored quote: its queue and hour, and whether the wait was no longer than told."""

    queue: str
    hour: int
    kept: bool


def quotes(seed: int, days: int, say: Say) -> Figures:
    """The figures over so many days."""
    everybody, known = reps(), _known([_run(seed, n) for n in range(LAW_DAYS)])
    waits: tuple[list[Seen], ...] = ([], [], [])
    asked: tuple[list[Asked], ...] = ([], [], [])
    for n in range(days):
        run, part = _run(seed, n), sum(n >= int(days * cut) for cut in PARTS)
        waits[part].extend(waits_of(run, everybody, known.handle_ms, known.patience_ms))
        if n % max(1, days // NAMED_DAYS) == 0:
            asked[part].extend(asked_of(run, everybody, known.laws, seed * DAYS_MOST + n))
        if n % 200 == 199:
            say(f"{n + 1} of {days} days")
    return {"nominal": NOMINAL / 1000, **_pooled(waits), **_named(asked[1], asked[2], known), "days": days}


def _run(seed: int, number: int) -> Run:
    return simulate(day(seed * DAYS_MOST + number), FIFO, [seed * DAYS_MOST + number])[0]


class _Known(NamedTuple):
    """What a contact centre knows before: laws of handle times, and by queue their mean and the mean patience."""

    laws: dict[str, Law]
    handle_ms: list[int]
    patience_ms: list[int]


def _known(runs: Sequence[Run]) -> _Known:
    """From some days: handle times of who was served; all time waited by who may give up, over the number who did."""
    took: dict[str, list[int]] = {queue: [] for queue in QUEUES}
    waited, left = [0.0] * len(QUEUES), [0] * len(QUEUES)
    for run in runs:
        for own, queue in enumerate(QUEUES):
            served = (run.kind // 2 == own) & (run.state == SERVED)
            took[queue] += np.rint(1000 * (run.ended_s - run.started_s)[served]).astype(int).tolist()
            waited[own] += float(run.wait_s[run.kind == 2 * own].sum())
            left[own] += int(((run.kind == 2 * own) & (run.state == ABANDONED)).sum())
    found = fitted(took)
    return _Known(
        found,
        [mean_ms(found[q]) for q in QUEUES],
        [round(1000 * w / max(1, n)) for w, n in zip(waited, left, strict=True)],
    )


def _pooled(parts: tuple[list[Seen], ...]) -> Figures:
    """Quotes for whoever comes first: learned on the first part, calibrated on the second, scored on the third."""
    learning, calibrating = ([each.waited for each in part if not each.steady] for part in parts[:2])
    scored = [each.waited for each in parts[2] if each.steady]
    weights = pooled.weighed(learning)
    likely, took = pooled.foretold(scored, weights), np.array([each.wait_ms for each in scored], dtype=np.float64)
    simple = {name: _rmse(rules, took) for name, rules in _simple(scored).items()}
    best = min(simple, key=lambda name: simple[name])
    return {
        **_kept_by(scored, likely, _factors(calibrating, weights)),
        "rmse": round(_rmse(likely, took) / 1000, 1), "rmse_best_simple": round(simple[best] / 1000, 1), "best_simple": best,
        "rmse_ratio": round(_rmse(likely, took) / simple[best], 4), "n": len(scored),
        "kept_if_who_left_is_ignored": _naive_kept(calibrating, weights, scored, likely),
    }  # fmt: skip


def _factors(waits: Sequence[Waited], weights: dict[str, Weights], heavy: Floats | None = None) -> dict[str, int]:
    heavy = heaviness(waits) if heavy is None else heavy
    base = foretold(waits, weights) + BASE_MS
    ratios = [(w.queue, w.hour, w.wait_ms / b, h) for w, b, h in zip(waits, base.tolist(), heavy.tolist(), strict=True)]
    return keeping.factors(ratios, NOMINAL)


def _within(scored: Sequence[Waited], likely: Floats, factors: dict[str, int]) -> list[bool]:
    told = zip(scored, (likely + BASE_MS).tolist(), strict=True)
    return [w.wait_ms <= (keeping.factor(factors, w.queue, w.hour) or 1000) * base / 1000 for w, base in told]


def _kept_by(scored: Sequence[Waited], likely: Floats, factors: dict[str, int]) -> Figures:
    kept = [Kept(w.queue, w.hour, k) for w, k in zip(scored, _within(scored, likely, factors), strict=True)]
    of = wilson(sum(k.kept for k in kept), len(kept))
    return {
        "kept": round(of.value, 4), "kept_interval": [round(of.low, 4), round(of.high, 4)],
        "worst_hour_gap": _worst(kept, "hour"), "worst_queue_gap": _worst(kept, "queue"),
    }  # fmt: skip


def _naive_kept(
    calibrating: Sequence[Waited], weights: dict[str, Weights], scored: Sequence[Waited], likely: Floats
) -> float:
    """What it would come to if whoever gave up were left out as if they had never been."""
    heavy = np.array([float(each.answered) for each in calibrating])
    return round(float(np.mean(_within(scored, likely, _factors(calibrating, weights, heavy)))), 4)


def _worst(kept: Sequence[Kept], by: Literal["hour", "queue"]) -> float:
    """The largest distance between the kept rate of an hour (or a queue) with quotes enough and what was promised."""
    groups: dict[object, list[bool]] = {}
    for each in kept:
        groups.setdefault(getattr(each, by), []).append(each.kept)
    return round(
        max((abs(sum(of) / len(of) - NOMINAL / 1000) for of in groups.values() if len(of) >= LEAST), default=0), 4
    )


def _simple(scored: Sequence[Waited]) -> dict[str, Floats]:
    rules = rules_ms(rows([each.line for each in scored]))
    return {name: rules[:, at] for name, at in SIMPLE.items()}


def _rmse(told: Floats, took: Floats) -> float:
    return float(np.sqrt(np.mean((told - took) ** 2)))


def _named(calibrating: Sequence[Asked], scored: Sequence[Asked], known: _Known) -> Figures:
    """Quotes for one rep: what a promise is multiplied by is learned on the second part; the usual way beside it."""
    offered = [each for each in calibrating if named(each.desk, NOMINAL) is not None]
    levels = [(each.queue, each.hour, level(each.desk, each.wait_ms), 1.0) for each in offered]
    factors = keeping.factors(levels, NOMINAL)
    kept, naive = [], []
    for each in scored:
        quote = named(each.desk, keeping.factor(factors, each.queue, each.hour) or NOMINAL)
        if quote is not None:
            kept.append(Kept(each.queue, each.hour, each.wait_ms is not None and each.wait_ms <= quote.within_ms))
            naive.append(each.wait_ms is not None and each.wait_ms <= _usual_way(each, known))
    of = wilson(sum(k.kept for k in kept), len(kept))
    return {
        "named_kept": round(of.value, 4), "named_kept_interval": [round(of.low, 4), round(of.high, 4)],
        "named_naive_kept": round(sum(naive) / max(1, len(naive)), 4), "named_worst_hour_gap": _worst(kept, "hour"),
        "named_worst_queue_gap": _worst(kept, "queue"), "named_n": len(kept), "named_not_offered": len(scored) - len(kept),
    }  # fmt: skip


def _usual_way(asked: Asked, known: _Known) -> int:
    middle = sum(known.handle_ms) // len(known.handle_ms)
    return by_hand(asked.desk.held, middle, len(asked.desk.ahead))
