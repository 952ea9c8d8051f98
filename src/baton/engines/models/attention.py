"""A head over the tokens of a text: several looks, each of which weighs the tokens for itself.

The mean over all tokens, which names an intent well, hides the one word that tells a feeling. A look gives each token a share
of its own (softmax over the text) and takes the mean of what the tokens show of some traits, cut off below zero; what all
looks found is read as one logit (attention pooling: Lin et al. 2017, with values of their own: Vaswani et al. 2017).
"""

from math import exp
from typing import Final, cast

import msgspec
import numpy as np
import numpy.typing as npt

from baton.engines.models.heads import Vectors

FARTHEST: Final = 30.0
"""Logits beyond are certain to the permille."""


class AttentionHead(msgspec.Struct, frozen=True):
    """The weights of a head: float16 for `weigh` (states x looks) and `show` (states x looks times traits), float32 for the rest."""

    looks: int
    weigh: bytes
    show: bytes
    level: bytes
    read: bytes
    bias: float


class Attention:
    """A head, ready to judge. One text at a time, so that none depends on its neighbours."""

    def __init__(self, head: AttentionHead) -> None:
        self._looks, self._bias = head.looks, head.bias
        self._level, self._read = (np.frombuffer(raw, "<f4") for raw in (head.level, head.read))
        self._weigh, self._show = _wide(head.weigh, head.looks), _wide(head.show, len(self._level))

    def logit(self, states: Vectors) -> float:
        """The logit of one text from its tokens' states, one row a token."""
        looked = states @ self._weigh
        shares = np.exp(looked - looked.max(axis=0))
        shown = np.maximum(states @ self._show + self._level, 0).reshape(len(states), self._looks, -1)
        found = np.einsum("tl,tlr->lr", shares / shares.sum(axis=0), shown)
        return float(found.ravel() @ self._read) + self._bias

    def permille(self, states: Vectors) -> int:
        """The chance of one text."""
        return round(1000 / (1 + exp(-max(-FARTHEST, min(FARTHEST, self.logit(states))))))


def _wide(raw: bytes, columns: int) -> Vectors:
    return cast(npt.NDArray[np.float32], np.frombuffer(raw, "<f2").reshape(-1, columns).astype(np.float32))
