"""The slow tier's frustration: attention over tokens, taught by the fast tier's examples of it."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from baton.engines.models.attention import AttentionHead
from baton.engines.models.training.attention import Reads, as_head, fit_attention, logits, tokens
from baton.engines.models.training.corpora import Example, share
from baton.engines.models.training.figures import auroc, calibration
from baton.engines.models.training.fit import platt
from baton.engines.models.training.invented import held_out, is_invented

PARTS: Final = 10
"""One text, or line of invented phrases, in so many is held out: it calibrates the head and is what the figures are of."""
FELT: Final = {"intents": 0.5, "signals": 3.0}
"""Weight of invented phrases: a Reddit comment is seldom about being kept waiting."""

FEWER: Final = 3
"""One calm text of service talk in so many is taken: there are many, and they are alike."""

Report = dict[str, float]
Say = Callable[[str], None]


def train(examples: Sequence[Example], states: Reads, say: Say) -> tuple[AttentionHead, Report]:
    """The head, fitted on nine tenths and calibrated on the rest, and its figures there."""
    chosen = [e for e in examples if "frustration" in e.known and _taken(e)]
    say(f"tokens of {len(chosen)} texts")
    known = tokens([e.text for e in chosen], states)
    marks = np.array([float(e.known["frustration"]) for e in chosen])
    held = np.array([held_out(e, PARTS) for e in chosen])
    weights = fit_attention(known, marks, np.array([_weight(e) for e in chosen]), np.flatnonzero(~held))
    scores, truth = logits(weights, known, np.flatnonzero(held)), marks[held]
    own = np.array([is_invented(e) for e, out in zip(chosen, held, strict=True) if out])
    slope, offset = platt(scores, truth)
    told = calibration(1 / (1 + np.exp(-(slope * scores + offset))), truth)
    report = {
        "frustration_auroc": round(auroc(scores, truth), 4),
        "frustration_auroc_invented": round(auroc(scores[own], truth[own]), 4),
        "frustration_auroc_public": round(auroc(scores[~own], truth[~own]), 4),
        "frustration_ece": round(told.ece, 4),
        "frustration_held_out": len(truth),
    }
    say(f"frustration: auroc {report['frustration_auroc']} of {len(truth)} held-out texts")
    return as_head(weights, slope, offset), report


def _taken(example: Example) -> bool:
    """Whatever is upset or says no request (GoEmotions and signals), and some of the calm requests."""
    return bool(example.known["frustration"]) or "intent" not in example.known or share(example.text, FEWER) == 0


def _weight(example: Example) -> float:
    return FELT[example.group.split("/")[0]] if is_invented(example) else 1.0
