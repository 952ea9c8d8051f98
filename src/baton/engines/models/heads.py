"""Linear heads on sentence vectors, learned with numpy alone: a handful of examples per label is enough."""

from collections.abc import Sequence
from typing import Final, cast

import msgspec
import numpy as np
import numpy.typing as npt

STEPS: Final = 400
DECAY: Final = 2e-5
"""Weight of the squared weights in the loss; vectors have length one, so little is right (Banking77, 5 and 10 shots)."""

Vectors = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


class IntentHead(msgspec.Struct, frozen=True):
    """Weights by label, and the least permille at which an intent is given."""

    labels: list[str]
    weights: bytes
    bias: bytes
    floor: int

    def chances(self, vectors: Vectors) -> Floats:
        """Chance of each label, one row a text (softmax)."""
        weights = np.frombuffer(self.weights, dtype="<f4").reshape(-1, len(self.labels)).astype(np.float64)
        return softmax(vectors.astype(np.float64) @ weights + np.frombuffer(self.bias, dtype="<f4").astype(np.float64))


def softmax(logits: Floats) -> Floats:
    """Chances from logits, by row."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return cast(Floats, raised / raised.sum(axis=1, keepdims=True))


def packed(labels: Sequence[str], weights: Floats, bias: Floats, floor: int = 0) -> IntentHead:
    """A head from its weights, one column a label."""
    return IntentHead(list(labels), weights.astype("<f4").tobytes(), bias.astype("<f4").tobytes(), floor)


def learn(vectors: Vectors, labels: Sequence[str], floor: int = 0) -> IntentHead:
    """A head from examples: multinomial logistic regression by accelerated gradient (Nesterov 1983), from zero, so repeatable."""
    names = sorted(set(labels))
    x = np.hstack([vectors.astype(np.float64), np.full((len(labels), 1), 0.3)])
    at = {name: n for n, name in enumerate(names)}
    wanted = np.zeros((len(labels), len(names)))
    wanted[np.arange(len(labels)), [at[label] for label in labels]] = 1.0
    rate = 1.0 / (0.5 * float(np.linalg.eigvalsh(x.T @ x / len(x))[-1]) + DECAY)
    weights = ahead = np.zeros((x.shape[1], len(names)))
    for step in range(STEPS):
        slope = x.T @ (softmax(x @ ahead) - wanted) / len(x) + DECAY * ahead
        stepped = ahead - rate * slope
        ahead = stepped + step / (step + 3) * (stepped - weights)
        weights = stepped
    return packed(names, weights[:-1], weights[-1] * 0.3, floor)
