"""Sums over all rows of tags of a linear chain: how far a fit is from the truth, and which way is better (forward and backward)."""

from typing import Final, cast

import numpy as np
import numpy.typing as npt

from baton.engines.personal.tagger import NEVER, TAGS

Floats = npt.NDArray[np.float32]
Tags = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]
FIRST: Final = np.array([NEVER if tag.endswith("goes on") else 0 for tag in TAGS], dtype=np.float32)


def slope(scores: Floats, truth: Tags, mask: Mask, changes: Floats) -> tuple[Floats, Floats, float]:
    """Slopes of the negative log-likelihood by score and by change, and its value.

    `scores` is texts x words x tags, `mask` tells which words are there; `changes` is from tag x to tag.
    """
    ahead, behind = _ahead(scores, mask, changes), _behind(scores, mask, changes)
    total = _summed(ahead[:, -1], 1)
    by_score = np.exp(ahead + behind - total[:, None, None]) * mask[:, :, None]
    by_change = np.zeros_like(changes)
    for n in range(scores.shape[1] - 1):
        onward = (scores[:, n + 1] + behind[:, n + 1])[:, None, :]
        pair = np.exp(ahead[:, n, :, None] + changes + onward - total[:, None, None])
        by_change += (pair * mask[:, n + 1, None, None]).sum(axis=0)
    rows, columns = np.nonzero(mask)
    gold = truth[rows, columns]
    by_score[rows, columns, gold] -= 1.0
    follows = mask[:, 1:]
    before, after = truth[:, :-1][follows], truth[:, 1:][follows]
    np.subtract.at(by_change, (before, after), 1.0)
    won = float(scores[rows, columns, gold].sum()) + float(changes[before, after].sum())
    return by_score, by_change, float(total.sum()) - won


def _ahead(scores: Floats, mask: Mask, changes: Floats) -> Floats:
    """Logarithms of sums over what came before each word, itself included; kept where a text is over."""
    ahead = np.zeros_like(scores)
    ahead[:, 0] = scores[:, 0] + FIRST
    for n in range(1, scores.shape[1]):
        on = _summed(ahead[:, n - 1, :, None] + changes, 1) + scores[:, n]
        ahead[:, n] = np.where(mask[:, n, None], on, ahead[:, n - 1])
    return ahead


def _behind(scores: Floats, mask: Mask, changes: Floats) -> Floats:
    """Logarithms of sums over what comes after each word."""
    behind = np.zeros_like(scores)
    for n in range(scores.shape[1] - 2, -1, -1):
        onward = (scores[:, n + 1] + behind[:, n + 1])[:, None, :]
        behind[:, n] = np.where(mask[:, n + 1, None], _summed(changes + onward, 2), 0.0)
    return behind


def _summed(values: Floats, axis: int) -> Floats:
    top = values.max(axis=axis, keepdims=True)
    return cast(Floats, np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis))
