"""The slow tier's heads: intents by logistic regression on sentence vectors, frustration by attention over tokens.

Both learn from the fast tier's examples.
"""

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from sklearn.linear_model import LogisticRegression

from baton.engines.models.heads import Floats, IntentHead, packed, softmax
from baton.engines.models.slow import SlowHeads
from baton.engines.models.training import fit
from baton.engines.models.training.corpora import Example, share
from baton.engines.models.training.figures import ece
from baton.engines.models.training.invented import held_out, is_invented
from baton.engines.models.training.tier import LEAST_RIGHT, PARTS, Embed, Report, Say

FEWER: Final = 12
PUBLIC_WEIGHT: Final = 0.6
"""Of a public example without a request of ours."""


def train(examples: Sequence[Example], embed: Embed, say: Say) -> tuple[IntentHead, Report]:
    """The head, and figures on held-out texts (whole lines of invented phrases, texts of public corpora)."""
    chosen = [e for e in examples if "intent" in e.known and _taken(e)]
    say(f"{len(chosen)} sentence vectors")
    vectors = embed([e.text for e in chosen]).astype(np.float64)
    labels = np.array([str(e.known["intent"]) for e in chosen])
    weight = np.array(
        [e.weight if is_invented(e) or e.known["intent"] not in ("other", "none") else PUBLIC_WEIGHT for e in chosen]
    )
    held = np.array([held_out(e, PARTS) for e in chosen])
    trial = _fit(vectors[~held], labels[~held], weight[~held])
    logits = trial.decision_function(vectors[held])
    truth = np.searchsorted(trial.classes_, labels[held])
    warm = fit.temperature(logits, truth)
    chances = softmax(logits / warm)
    own = np.array([is_invented(e) for e, out in zip(chosen, held, strict=True) if out])
    confidence, right = chances.max(axis=1), (chances.argmax(axis=1) == truth).astype(np.float64)
    floor = next(
        f
        for f in (*range(200, 900, 10), 900)
        if f == 900 or right[own & (confidence * 1000 >= f)].mean() >= LEAST_RIGHT
    )
    model = _fit(vectors, labels, weight)
    return packed([str(c) for c in model.classes_], model.coef_.T / warm, model.intercept_ / warm, floor), {
        "held_out": len(truth),
        "intent_accuracy": round(float(right.mean()), 4),
        "intent_accuracy_invented": round(float(right[own].mean()), 4),
        "intent_accuracy_given_invented": round(float(right[own & (confidence * 1000 >= floor)].mean()), 4),
        "intent_abstained_invented": round(float((confidence[own] * 1000 < floor).mean()), 4),
        "intent_ece": round(ece(confidence, right), 4),
    }


def write(heads: SlowHeads, path: Path) -> None:
    """The heads as one compressed file."""
    path.write_bytes(zlib.compress(msgspec.msgpack.encode(heads), 9))


def _fit(vectors: Floats, labels: np.ndarray[tuple[int], np.dtype[np.str_]], weight: Floats) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=300).fit(vectors, labels, sample_weight=weight)


def _taken(example: Example) -> bool:
    return (
        is_invented(example)
        or example.known["intent"] not in ("other", "none")
        or share(f"slow {example.group}", FEWER) == 0
    )
