"""Multinomial logistic regression by L-BFGS (Liu and Nocedal 1989), from zero and by numpy alone: the same rows give the same weights."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, cast

import numpy as np

from baton.engines.models.own.bags import Bag, Floats, Real

STEPS: Final = 100
REMEMBERED: Final = 10
ENOUGH: Final = 1e-3
"""Steps end where the slope has fallen to this share of the first."""
EDGE: Final = 0.3
"""The constant beside a vector of length one."""

Loss = Callable[[Real], tuple[float, Real]]


class Fitted(NamedTuple):
    """One column of weights a class; of words, also what their letter groups say."""

    weights: Floats
    bias: Floats
    parts: Floats = np.zeros((0, 0))


def one_of(labels: Sequence[str], classes: Sequence[str]) -> Floats:
    """One row a label: 1 in the column of its class."""
    at = {name: n for n, name in enumerate(classes)}
    wanted = np.zeros((len(labels), len(classes)))
    wanted[np.arange(len(labels)), [at[label] for label in labels]] = 1.0
    return wanted


def fit_words(x: Bag, spelled: Bag, wanted: Floats, decay: float) -> Fitted:
    """Weights of words and pairs; each is its own weight and what its letter groups add up to. In float32: twice as fast."""
    x, spelled, own, aim = x.halved(), spelled.halved(), x.width, wanted.astype(np.float32)
    back, shared_back = x.turned(), spelled.turned()

    def loss(weights: Real) -> tuple[float, Real]:
        scores = x.times(weights[:own] + spelled.times(weights[own:-1])) + weights[-1]
        lost, off = _log_loss(scores, aim)
        mine = back.times(off)
        slope = np.vstack([mine, shared_back.times(mine), off.sum(axis=0, keepdims=True)])
        return lost + decay / 2 * float(np.vdot(weights, weights)), slope + np.float32(decay) * weights

    found = lowest(loss, np.zeros((own + spelled.width + 1, wanted.shape[1]), dtype=np.float32))
    whole = found[:own] + spelled.times(found[own:-1])
    return Fitted(whole.astype(np.float64), found[-1].astype(np.float64), found[own:-1].astype(np.float64))


def fit_vectors(x: Floats, wanted: Floats, decay: float) -> Fitted:
    """Weights of dense vectors of length one."""
    edged, aim = np.hstack([x, np.full((len(x), 1), EDGE)]).astype(np.float32), wanted.astype(np.float32)

    def loss(weights: Real) -> tuple[float, Real]:
        lost, off = _log_loss(edged @ weights, aim)
        return lost + decay / 2 * float(np.vdot(weights, weights)), edged.T @ off + np.float32(decay) * weights

    found = lowest(loss, np.zeros((edged.shape[1], wanted.shape[1]), dtype=np.float32))
    return Fitted(found[:-1].astype(np.float64), (found[-1] * EDGE).astype(np.float64))


def lowest(loss: Loss, start: Real, steps: int = STEPS) -> Real:
    """The weights where `loss` (its value and slope) is least, or nearly."""
    at, (lost, slope) = start, loss(start)
    first = float(np.linalg.norm(slope))
    seen: deque[tuple[Real, Real, float]] = deque(maxlen=REMEMBERED)
    for _ in range(steps):
        way = _downhill(slope, seen)
        size, drop = (1.0 if seen else min(1.0, 1.0 / first)), float(np.vdot(way, slope))
        for _ in range(12):
            there = at + np.float32(size) * way
            value, steep = loss(there)
            if value <= lost + 1e-4 * size * drop:
                break
            size /= 2
        else:
            break
        moved, turned = there - at, steep - slope
        if (curved := float(np.vdot(moved, turned))) > 0:
            seen.append((moved, turned, 1 / curved))
        at, lost, slope = there, value, steep
        if float(np.linalg.norm(slope)) < ENOUGH * first:
            break
    return at


def _downhill(slope: Real, seen: deque[tuple[Real, Real, float]]) -> Real:
    """The direction that L-BFGS takes from what the last steps showed of the curvature."""
    way, weights = -slope, []
    for moved, turned, rho in reversed(seen):
        weights.append(rho * float(np.vdot(moved, way)))
        way = way - np.float32(weights[-1]) * turned
    if seen:
        _, turned, rho = seen[-1]
        way = way * np.float32(1 / (rho * float(np.vdot(turned, turned))))
    for moved, turned, rho in seen:
        way = way + moved * np.float32(weights.pop() - rho * float(np.vdot(turned, way)))
    return way


def _log_loss(scores: Real, wanted: Real) -> tuple[float, Real]:
    """Mean log loss, and its slope in the scores."""
    scores = scores - scores.max(axis=1, keepdims=True)
    raised = np.exp(scores)
    total = raised.sum(axis=1, keepdims=True)
    lost = float(np.log(total).mean() - (scores * wanted).sum() / len(wanted))
    return lost, cast(Real, (raised / total - wanted) / np.float32(len(wanted)))
