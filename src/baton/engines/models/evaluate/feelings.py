"""`eval frustration`: displeasure in one text (GoEmotions)."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from baton.engines.models.evaluate.baseline import baseline, chances
from baton.engines.models.evaluate.texts import emotions
from baton.engines.models.evaluate.words_head import words_head
from baton.engines.models.heads import Floats
from baton.engines.models.slow import SlowTier
from baton.engines.models.training.corpora import DISPLEASED, share
from baton.engines.models.training.figures import auroc, average_precision, ece

Figures = dict[str, float]
Say = Callable[[str], None]

MOST_VECTORS: Final = 12000
"""Training texts that also teach the sentence-vector head."""


def eval_frustration(train: Path, test: Path, say: Say = print) -> Figures:
    """Displeasure in one text (anger, annoyance, disappointment, disapproval, disgust): words and sentence vectors together."""
    texts, marks = _displeased(train)
    asked, truth = _displeased(test)
    embed = SlowTier(Path()).embed
    say(f"{len(texts)} texts to learn from, {len(asked)} to judge")
    _, words = words_head(texts, [str(int(m)) for m in marks], embed, 0.2, 2.0)
    some = [n for n, text in enumerate(texts) if share(text, max(1, len(texts) // MOST_VECTORS)) == 0]
    say(f"sentence vectors of {len(some) + len(asked)} texts")
    head = LogisticRegression(C=2.0, max_iter=300).fit(embed([texts[n] for n in some]), marks[some])
    began = time.process_time()
    fast = words(asked)[:, 1]
    middle = time.process_time()
    both = fast + head.decision_function(embed(asked))
    spent = time.process_time() - middle
    chance = _calibrated(both)
    simple = chances(baseline(texts, [str(int(m)) for m in marks], 3.0), asked)[:, 1]
    return _told(both, chance, truth, simple) | {
        "fast_auroc": round(auroc(fast, truth), 4),
        "texts_per_cpu_s": round(len(asked) / max(middle - began, 1e-9), 1),
        "slow_texts_per_cpu_s": round(len(asked) / max(spent, 1e-9), 1),
    }


def _displeased(path: Path) -> tuple[list[str], Floats]:
    rows = list(emotions(path))
    return [text for text, _ in rows], np.array([float(bool(felt & DISPLEASED)) for _, felt in rows])


def _calibrated(scores: Floats) -> Floats:
    """Two logits of one thing, added, are too sure by about half."""
    return 1 / (1 + np.exp(-scores / 2))


def _told(scores: Floats, chance: Floats, truth: Floats, simple: Floats) -> Figures:
    return {
        "auroc": round(auroc(scores, truth), 4),
        "average_precision": round(average_precision(scores, truth), 4),
        "ece": round(ece(chance, truth), 4),
        "baseline_auroc": round(auroc(simple, truth), 4),
        "baseline_average_precision": round(average_precision(simple, truth), 4),
        "n": len(truth),
    }
