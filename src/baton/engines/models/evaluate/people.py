"""`eval person`: is asking for a person heard?"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from baton.engines.models.evaluate.texts import opened
from baton.engines.models.fast import FastTier

Say = Callable[[str], None]
OFFER_AT: Final = 500
"""Permille from which a person is offered: `asks` of the policy `empathy.Triggers`."""


def eval_person(phrases: Path, ordinary: Path, say: Say = print) -> dict[str, float]:
    """Share of phrases that bring an offer of a person, and of ordinary turns that bring a false one."""
    tier = FastTier()
    asked, other = _lines(phrases), _lines(ordinary)
    began = time.process_time()
    heard = [judged.asks_person >= OFFER_AT for judged in tier.judge_many(asked)]
    false = [judged.asks_person >= OFFER_AT for judged in tier.judge_many(other)]
    spent = time.process_time() - began
    say(f"{sum(heard)} of {len(asked)} heard, {sum(false)} false in {len(other)}")
    return {
        "offered": round(sum(heard) / max(1, len(asked)), 4),
        "false_offers": round(sum(false) / max(1, len(other)), 4),
        "baseline_offered": round(sum(map(_plain, asked)) / max(1, len(asked)), 4),
        "baseline_false_offers": round(sum(map(_plain, other)) / max(1, len(other)), 4),
        "texts_per_cpu_s": round((len(asked) + len(other)) / max(spent, 1e-9), 1),
        "n": len(asked) + len(other),
    }


def _plain(text: str) -> bool:
    """The baseline: a short list of words."""
    return any(word in text.lower() for word in ("human", "agent", "representative", "real person", "operator"))


def _lines(path: Path) -> list[str]:
    with opened(path) as lines:
        return [line.strip() for line in lines if line.strip()]
