"""A head over words, pairs and what words share, fitted to any labelled texts: the fast tier's method on other data."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse

from baton.engines.models.heads import Floats, Vectors
from baton.engines.models.training import fit
from baton.engines.models.training.tier import Embed


def words_head(
    texts: Sequence[str], labels: Sequence[str], embed: Embed, strength: float, meaning: float
) -> tuple[list[str], Callable[[Sequence[str]], Floats]]:
    """The classes, and a function from texts to logits, one column a class (of two classes too)."""
    known = fit.vocabulary(texts, 15000, 30000, least=2 if len(texts) > 2000 else 1)
    x = fit.matrix(texts, known)
    stemmed, meant = fit.kinship(known, embed(list(known.words)).astype(np.float64), x)
    shared = sparse.hstack([stemmed, meant * meaning]).tocsr()
    head = fit.fit(x, shared, list(labels), np.ones(len(texts)), strength)

    def logits(asked: Sequence[str]) -> Floats:
        scores: Floats = np.asarray(fit.matrix(asked, known) @ head.weights + head.bias)
        return np.hstack([np.zeros_like(scores), scores]) if scores.shape[1] == 1 else scores

    return head.classes, logits


def remembering(embed: Embed) -> Embed:
    """As `embed`, asking for each text once: heads fitted in turn share most of their words."""
    known: dict[str, Vectors] = {}

    def asked(texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, embed(new), strict=True))
        return np.array([known[text] for text in texts])

    return asked
