"""What a taught head is worth: figures on rows it has not seen, beside the simplest thing that works, before anybody switches."""

import time
from collections.abc import Sequence

import msgspec
import numpy as np

from baton.engines.models.own import bags
from baton.engines.models.own.bags import Floats
from baton.engines.models.own.fitting import fit_words, one_of
from baton.engines.models.own.intents import OwnIntents, OwnTier, Said
from baton.engines.models.own.learning import Embed
from baton.engines.models.own.rows import Row
from baton.engines.models.training.figures import auroc, calibration
from baton.kernel.stats import Estimate, wilson


class Scored(msgspec.Struct, frozen=True):
    """Figures on held-out rows. Accuracy counts the best guess of every row about one of the labels, given or not."""

    rows: int
    accuracy: Estimate
    given: Estimate
    """Right among the answers that were given."""
    abstained: float
    ece: float
    ece_low: float
    ece_high: float
    baseline: Estimate
    """The accuracy of TF-IDF with logistic regression, taught the same rows."""
    outside_auroc: float
    """How well texts about none of the labels are told; .5 where no row is one."""
    slow_share: float
    """Share of rows that asked the transformer when words may answer alone."""
    live_accuracy: Estimate
    """Accuracy of that cheaper setting."""
    texts_per_cpu_s: float
    live_texts_per_cpu_s: float


def score_intents(
    head: OwnIntents, held: Sequence[Row], learned: Sequence[Row], embed: Embed, out_of_scope: str = ""
) -> Scored:
    """`head`, taught `learned`, on rows it has not seen (`examine` keeps the two apart)."""
    tier, texts, labels = OwnTier(head), [row.text for row in held], [row.label for row in held]
    inside = np.array([label != out_of_scope for label in labels])
    began = time.process_time()
    live, asked = tier.judge(texts, embed)
    middle = time.process_time()
    thorough = tier.thorough(texts, embed(texts))
    ended = time.process_time()
    good = np.array([said.best == label for said, label in zip(thorough, labels, strict=True)], dtype=np.float64)
    sure = np.array([said.confidence / 1000 for said in thorough])
    given = np.array([bool(said.intent) for said in thorough])
    calibrated = calibration(sure[inside], good[inside])
    return Scored(
        rows=len(held),
        accuracy=share(good[inside]),
        given=share(good[given]),
        abstained=round(float(1 - given.mean()), 4) if len(held) else 0.0,
        **calibrated.figures(),
        baseline=share(simply(learned, held, out_of_scope)),
        outside_auroc=round(auroc(np.array([s.outside / 1000 for s in thorough]), (~inside).astype(np.float64)), 4),
        slow_share=round(asked / max(1, len(held)), 4),
        live_accuracy=share(_right(live, labels)[inside]),
        texts_per_cpu_s=round(len(held) / max(ended - middle, 1e-9), 1),
        live_texts_per_cpu_s=round(len(held) / max(middle - began, 1e-9), 1),
    )


def _right(said: Sequence[Said], labels: Sequence[str]) -> Floats:
    return np.array([each.best == label for each, label in zip(said, labels, strict=True)], dtype=np.float64)


def share(right: Floats) -> Estimate:
    """The share of ones, with its interval."""
    return wilson(int(right.sum()), len(right))


def simply(learned: Sequence[Row], held: Sequence[Row], out_of_scope: str) -> Floats:
    """1 for each row inside that TF-IDF with logistic regression gets right: words and pairs, whole words only."""
    rows = [row for row in learned if row.label != out_of_scope]
    asked = [row for row in held if row.label != out_of_scope]
    if not asked:
        return np.zeros(0)
    classes, texts = sorted({row.label for row in rows}), [row.text for row in rows]
    known = bags.know(texts)
    rarity = bags.rarity(texts, known)
    alone = known._replace(parts={})
    head = fit_words(
        bags.bag(texts, known, rarity),
        bags.spelled(alone),
        one_of([row.label for row in rows], classes),
        0.1 / len(rows),
    )
    scores = bags.bag([row.text for row in asked], known, rarity).times(head.weights) + head.bias
    truth = [row.label for row in asked]
    return np.array(
        [classes[n] == label for n, label in zip(scores.argmax(axis=1).tolist(), truth, strict=True)], dtype=np.float64
    )
