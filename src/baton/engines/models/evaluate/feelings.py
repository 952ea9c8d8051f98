"""`eval frustration`: displeasure in one text (GoEmotions), by words alone and by the tokens of the transformer."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from baton.engines.models.attention import Attention
from baton.engines.models.evaluate.baseline import baseline, chances
from baton.engines.models.evaluate.spread import auroc_spread
from baton.engines.models.evaluate.texts import emotions
from baton.engines.models.evaluate.words_head import words_head
from baton.engines.models.heads import Floats
from baton.engines.models.slow import SlowTier
from baton.engines.models.training.attention import as_head, fit_attention, logits, tokens
from baton.engines.models.training.corpora import DISPLEASED, share
from baton.engines.models.training.figures import auroc, average_precision, calibration
from baton.engines.models.training.fit import platt
from baton.kernel.errors import BatonError

Figures = dict[str, float]
Say = Callable[[str], None]
Marks = npt.NDArray[np.bool_]

PARTS: Final = 10
"""One text in so many is kept from the heads and calibrates them."""


class Judged(NamedTuple):
    """The texts asked about by one setting: chances, and the CPU seconds it took."""

    chances: Floats
    spent_s: float


def eval_frustration(train: Path, test: Path, say: Say = print) -> Figures:
    """Displeasure in one text (anger, annoyance, disappointment, disapproval, disgust): the slow tier's head beside words alone."""
    texts, marks = _displeased(train)
    asked, truth = _displeased(test)
    held = np.array([share(text, PARTS) == 0 for text in texts])
    _both(marks[held], train.name)
    tier = SlowTier(Path())
    say(f"{len(texts)} texts to learn from, {len(asked)} to judge")
    fast = _by_words(texts, marks, held, asked, tier)
    say(f"tokens of {len(texts) + len(asked)} texts")
    slow = _by_tokens(texts, marks, held, asked, tier)
    simple = chances(baseline(texts, [str(int(m)) for m in marks], 3.0), asked)[:, 1]
    return {
        **_told(slow, truth),
        **{f"fast_{name}": figure for name, figure in _told(fast, truth).items()},
        "baseline_auroc": round(auroc(simple, truth), 4),
        "baseline_average_precision": round(average_precision(simple, truth), 4),
        "n": len(truth),
    }


def _displeased(path: Path) -> tuple[list[str], Floats]:
    rows = list(emotions(path))
    return [_named(text) for text, _ in rows], np.array([float(bool(felt & DISPLEASED)) for _, felt in rows])


def _both(kept: Floats, name: str) -> None:
    """Raises where the texts that calibrate are all calm or all displeased."""
    if len(np.unique(kept)) < 2:
        raise BatonError(
            "one_class",
            422,
            f"{name!r} has too few texts of one kind to calibrate with. Give more, calm and displeased.",
        )


def _named(text: str) -> str:
    """What GoEmotions hid, as it would be read."""
    return text.replace("[NAME]", "john").replace("[RELIGION]", "religion")


def _by_words(texts: Sequence[str], marks: Floats, held: Marks, asked: Sequence[str], tier: SlowTier) -> Judged:
    learned = [text for text, out in zip(texts, held, strict=True) if not out]
    _, words = words_head(learned, [str(int(m)) for m in marks[~held]], tier.embed, 0.2, 2.0)
    kept = [text for text, out in zip(texts, held, strict=True) if out]
    slope, offset = platt(words(kept)[:, 1], marks[held])
    began = time.process_time()
    scores = words(asked)[:, 1]
    return Judged(1 / (1 + np.exp(-(slope * scores + offset))), time.process_time() - began)


def _by_tokens(texts: Sequence[str], marks: Floats, held: Marks, asked: Sequence[str], tier: SlowTier) -> Judged:
    known = tokens(texts, lambda some: tier.read(some).states)
    weights = fit_attention(known, marks, np.ones(len(texts)), np.flatnonzero(~held))
    kept = np.flatnonzero(held)
    head = Attention(as_head(weights, *platt(logits(weights, known, kept), marks[kept])))
    began = time.process_time()
    scores = np.array([head.logit(states) for states in tier.read(asked).states])
    return Judged(1 / (1 + np.exp(-scores)), time.process_time() - began)


def _told(judged: Judged, truth: Floats) -> Figures:
    low, high = auroc_spread(judged.chances, truth)
    return {
        "auroc": round(auroc(judged.chances, truth), 4), "auroc_low": low, "auroc_high": high,
        "average_precision": round(average_precision(judged.chances, truth), 4),
        **calibration(judged.chances, truth).figures(),
        "texts_per_cpu_s": round(len(truth) / max(judged.spent_s, 1e-9), 1),
    }  # fmt: skip
