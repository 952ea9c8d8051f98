"""`eval intent` and `eval intent-fewshot`: words first, sentence vectors where words are unsure."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from baton.engines.models.evaluate.baseline import baseline, chances
from baton.engines.models.evaluate.texts import Labelled, labelled
from baton.engines.models.evaluate.words_head import remembering, words_head
from baton.engines.models.heads import Floats, Vectors, learn, softmax
from baton.engines.models.slow import SlowTier
from baton.engines.models.training import fit
from baton.engines.models.training.corpora import share
from baton.engines.models.training.figures import auroc, ece

Figures = dict[str, float]
Say = Callable[[str], None]

CALIBRATE: Final = 8
"""One in this many training texts sets temperatures and thresholds, and is then trained on too."""
SURE_RIGHT: Final = 0.99
"""Words answer alone where held-out texts of at least that confidence were right this often."""
GIVEN_RIGHT: Final = 0.95
"""An answer is given, not withheld, from a confidence where held-out texts were right this often."""


@dataclass(frozen=True)
class Cascade:
    """Words, then sentence vectors: classes, both heads, and when to ask the second and when to abstain."""

    classes: list[str]
    words: Callable[[Sequence[str]], Floats]
    vectors: LogisticRegression
    embed: Callable[[Sequence[str]], Vectors]
    words_warm: float
    both_warm: float
    ask: float
    give: float

    def judge(self, texts: Sequence[str]) -> tuple[Floats, int]:
        """Chances by class, and how many texts asked for sentence vectors."""
        first = softmax(self.words(texts) / self.words_warm)
        unsure = np.flatnonzero(first.max(axis=1) < self.ask)
        if len(unsure):
            some = [texts[n] for n in unsure.tolist()]
            first[unsure] = _both(first[unsure], self.vectors.predict_proba(self.embed(some)), self.both_warm)
        return first, len(unsure)


def eval_intent(train: Path, test: Path, out_of_scope: str | None = None, say: Say = print) -> Figures:
    """Accuracy, calibration, out-of-scope detection and speed of the cascade, and of the baseline in the same run."""
    learned, asked = labelled(train), labelled(test, "test")
    say(f"{len(learned.texts)} texts to learn from, {len(asked.texts)} to judge")
    cascade = fit_cascade(learned, SlowTier(Path()).embed, say)
    began = time.process_time()
    judged, slow = cascade.judge(asked.texts)
    spent = time.process_time() - began
    simple = baseline(*learned)
    simply = chances(simple, asked.texts)
    figures = _figures(judged, cascade.classes, asked, out_of_scope, cascade.give)
    plain = _figures(simply, [str(c) for c in simple.classes_], asked, out_of_scope, 0.0)
    return figures | {
        "texts_per_cpu_s": round(len(asked.texts) / max(spent, 1e-9), 1),
        "slow_tier_share": round(slow / len(asked.texts), 4),
        "baseline_accuracy": plain["accuracy"],
        "baseline_oos_auroc": plain["oos_auroc"],
        "n": len(asked.texts),
    }


def eval_intent_fewshot(train: Path, test: Path, shots: int, repeats: int = 5, say: Say = print) -> Figures:
    """Mean accuracy with `shots` examples per label over `repeats` draws, and the baseline's with the same examples."""
    learned, asked = labelled(train), labelled(test, "test")
    embed = SlowTier(Path()).embed
    say(f"sentence vectors of {len(asked.texts)} texts")
    wanted, truth = embed(asked.texts), np.array(asked.labels)
    right, simply = [], []
    for repeat in range(repeats):
        drawn = _drawn(learned, shots, repeat)
        head = learn(embed(drawn.texts), drawn.labels)
        right.append(float((np.array(head.labels)[head.chances(wanted).argmax(axis=1)] == truth).mean()))
        simply.append(float((baseline(*drawn).predict(asked.texts) == truth).mean()))
        say(f"draw {repeat + 1} of {repeats}: {right[-1]:.4f}, baseline {simply[-1]:.4f}")
    return {
        "accuracy": round(float(np.mean(right)), 4),
        "baseline_accuracy": round(float(np.mean(simply)), 4),
        "n": len(truth),
    }


def fit_cascade(learned: Labelled, embed: Callable[[Sequence[str]], Vectors], say: Say) -> Cascade:
    """Both heads on all texts; temperatures and thresholds from texts that a first pair of heads has not seen."""
    texts, labels, words_of = learned.texts, np.array(learned.labels), remembering(embed)
    held = np.array([share(text, CALIBRATE) == 0 for text in texts])
    vectors = embed(texts)
    kept = [text for text, out in zip(texts, held, strict=True) if not out]
    classes, words = words_head(kept, labels[~held].tolist(), words_of, 1.0, 4.0)
    sentence = LogisticRegression(C=20, max_iter=300).fit(vectors[~held], labels[~held])
    seen = held & np.isin(labels, classes)
    logits = words([text for text, out in zip(texts, seen, strict=True) if out])
    truth = np.searchsorted(classes, labels[seen])
    warm = fit.temperature(logits, truth)
    first = softmax(logits / warm)
    second = sentence.predict_proba(vectors[seen])
    mixed = fit.temperature(_logs(first) + _logs(second), truth)
    both = _both(first, second, mixed)
    ask = _threshold(first, truth, SURE_RIGHT)
    merged = np.where((first.max(axis=1) < ask)[:, None], both, first)
    say(f"held-out: words {_right(first, truth).mean():.4f}, with vectors {_right(merged, truth).mean():.4f}")
    classes, words = words_head(texts, labels.tolist(), words_of, 1.0, 4.0)
    sentence = LogisticRegression(C=20, max_iter=300).fit(vectors, labels)
    return Cascade(classes, words, sentence, embed, warm, mixed, ask, _threshold(merged, truth, GIVEN_RIGHT))


def _both(first: Floats, second: Floats, warm: float) -> Floats:
    """The geometric mean of two opinions, at a temperature."""
    return softmax((_logs(first) + _logs(second)) / warm)


def _logs(chances_by_class: Floats) -> Floats:
    return cast(Floats, np.log(np.maximum(chances_by_class, 1e-9)))


def _right(chances_by_class: Floats, truth: npt.NDArray[np.int64]) -> Floats:
    return cast(Floats, (chances_by_class.argmax(axis=1) == truth).astype(np.float64))


def _threshold(chances_by_class: Floats, truth: npt.NDArray[np.int64], wanted: float) -> float:
    """The least confidence from which answers are right as often as wanted."""
    confidence, right = chances_by_class.max(axis=1), _right(chances_by_class, truth)
    for least in np.arange(0.2, 1.0, 0.01):
        if (confidence >= least).any() and right[confidence >= least].mean() >= wanted:
            return float(least)
    return 1.0


def _figures(judged: Floats, classes: Sequence[str], asked: Labelled, out_of_scope: str | None, give: float) -> Figures:
    """In-scope accuracy is over texts with a known label; out of scope is told by its own class and by low confidence."""
    truth = np.array(asked.labels)
    inside = truth != out_of_scope
    names = np.array(classes)
    confidence = judged.max(axis=1)
    said = names[judged.argmax(axis=1)]
    outside = np.zeros(len(truth))
    if out_of_scope in classes:
        outside = judged[:, list(classes).index(out_of_scope or "")]
    elif out_of_scope is not None:
        said = np.where(confidence < give, out_of_scope, said)
    top = names[np.where(names == out_of_scope, -1.0, judged).argmax(axis=1)] if out_of_scope else said
    right = (said == truth).astype(np.float64)
    return {
        "accuracy": round(float(right.mean()), 4),
        "in_scope_accuracy": round(float((top == truth)[inside].mean()), 4),
        "oos_auroc": round(auroc(1 - confidence + outside, (~inside).astype(np.float64)), 4),
        "ece": round(ece(confidence[inside], (top == truth)[inside].astype(np.float64)), 4),
        "abstained": round(float((confidence < give).mean()), 4),
    }


def _drawn(learned: Labelled, shots: int, repeat: int) -> Labelled:
    """`shots` texts of each label, drawn by a fixed seed."""
    chance = random.Random(f"{shots}/{repeat}")
    by_label: dict[str, list[str]] = {}
    for text, label in zip(*learned, strict=True):
        by_label.setdefault(label, []).append(text)
    chosen = [
        (text, label)
        for label, texts in sorted(by_label.items())
        for text in chance.sample(texts, min(shots, len(texts)))
    ]
    return Labelled([text for text, _ in chosen], [label for _, label in chosen])
