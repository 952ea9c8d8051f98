"""`baton bench understand`: turns a CPU-second of the fast tier with everything it says, and of the cascade that asks the transformer where words are unsure."""

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from baton.demo.stories import history
from baton.demo.world import END_MS
from baton.engines.models.fast import FastTier
from baton.engines.models.slow import SlowTier

BATCH = 128
SINGLES = 500
ASKED_AT_MOST = 400
"""Unsure texts that are timed; the rest are taken to cost the same."""
Figures = dict[str, float]


def bench_understand(path: Path | None, repeats: int, say: Callable[[str], None]) -> Figures:
    """Over the customers' turns of a file, one a line, or of six invented days; the best of `repeats`, since others may use the machine.

    The cascade asks about every unsure turn: an upper bound of what it costs, as live traffic asks only where it can change what is done.
    """
    texts = _read(path) if path else _invented()
    say(f"{len(texts)} turns")
    fast, slow = FastTier(), SlowTier()
    batch_s = min(_spent(lambda: _all(fast, texts)) for _ in range(repeats))
    single_ms = statistics.median(1000 * _spent(partial(fast.judge, text)) for text in texts[:SINGLES])
    judged = [each for n in range(0, len(texts), BATCH) for each in fast.judge_many(texts[n : n + BATCH])]
    unsure = [text for text, each in zip(texts, judged, strict=True) if each.unsure]
    timed = unsure[:ASKED_AT_MOST]
    slow.judge_many(timed[:1] or ["hello"])
    each_s = min(_spent(lambda: slow.judge_many(timed)) for _ in range(repeats)) / max(1, len(timed))
    return {
        "turns_per_cpu_s": round(len(texts) / batch_s),
        "single_ms": round(single_ms, 4),
        "cascade_turns_per_cpu_s": round(len(texts) / (batch_s + each_s * len(unsure))),
        "slow_tier_share": round(len(unsure) / len(texts), 4),
        "slow_text_ms": round(1000 * each_s, 2),
        "turns": len(texts),
    }


def _all(fast: FastTier, texts: Sequence[str]) -> None:
    for n in range(0, len(texts), BATCH):
        fast.judge_many(texts[n : n + BATCH])


def _spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _read(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _invented() -> list[str]:
    return [turn.text for story in history(3, 6, end_ms=END_MS) for turn in story.turns if turn.role == "customer"]
