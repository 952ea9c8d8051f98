"""The fast tier's weights from examples: fits on four fifths to calibrate, then on all of it to ship."""

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import sparse

from baton.engines.models.fast import Trained
from baton.engines.models.training import fit
from baton.engines.models.training.corpora import Example, share
from baton.engines.models.training.invented import SIGNALS

MOODS: Final = ("negative", "neutral", "positive")
STRENGTH: Final = {"intent": 1.0, "mood": 0.25, "frustration": 0.25}
KEEP_WORDS: Final = 14000
KEEP_PAIRS: Final = 16000
PARTS: Final = 5
LEAST_RIGHT: Final = 0.9
"""An intent is given only where held-out texts of that confidence were right at least this often."""

Report = dict[str, float]
Floats = npt.NDArray[np.float64]


def languages() -> dict[str, list[str]]:
    """Small words by language."""
    lines = (Path(__file__).parent / "languages.txt").read_text("utf-8").splitlines()
    return {line.split()[0]: line.split()[1:] for line in lines}


def train(examples: Sequence[Example], say: Callable[[str], None]) -> tuple[Trained, Report]:
    """Weights and figures on held-out texts (whole lines of invented phrases, texts of public corpora)."""
    small = [word for spoken in languages().values() for word in spoken]
    known = fit.vocabulary([e.text for e in examples], KEEP_WORDS, KEEP_PAIRS)
    for word in small:
        known.words.setdefault(word, known.size)
    known = _renumbered(known)
    say(f"{len(examples)} examples, {len(known.words)} words, {len(known.pairs)} pairs")
    x = fit.matrix([e.text for e in examples], known)
    report: Report = {"examples": len(examples)}
    names, columns, bias = [], [], []
    tables, exps, floor = [], {}, 0
    for name, classes in (("intent", None), ("mood", list(MOODS))):
        head, exps[name], floor_here = _softmax_head(name, examples, x, report, say)
        floor = floor_here if name == "intent" else floor
        order = classes or head.classes
        at = [head.classes.index(c) for c in order]
        names += [f"{name}:{c}" for c in order]
        columns += list(_whole(head.weights[:, at]).T)
        bias += _whole(head.bias[at]).tolist()
    for name in SIGNALS:
        head, scores = _signal_head(name, examples, x, report, say)
        names.append(name)
        columns.append(_whole(head.weights[:, 0]))
        bias += _whole(head.bias).tolist()
        tables.append(scores)
    for name, column in _counting(known).items():
        names.append(name)
        columns.append(column)
        bias.append(-fit.UNIT // 4 if name.startswith("language:") and name != "language:en" else 0)
    weights = np.clip(np.array(columns), -32000, 32000).astype("<i2")
    pairs = np.array(list(known.pairs), dtype="<u4")
    trained = Trained(
        words="\n".join(known.words), pairs=pairs.tobytes(), weights=weights.tobytes(), heads=names, bias=bias,
        scores=np.array(tables, dtype="<u2").tobytes(), intent_exp=exps["intent"].astype("<u4").tobytes(),
        mood_exp=exps["mood"].astype("<u4").tobytes(), intent_floor=floor, signals=list(SIGNALS),
    )  # fmt: skip
    return trained, report


def write(trained: Trained, path: Path) -> None:
    """The weights as one compressed file; the same weights give the same bytes."""
    path.write_bytes(zlib.compress(msgspec.msgpack.encode(trained), 9))


def _renumbered(known: fit.Vocabulary) -> fit.Vocabulary:
    """Rows of words first, then rows of pairs."""
    words = {word: n for n, word in enumerate(known.words, 1)}
    return fit.Vocabulary(words, {pair: n for n, pair in enumerate(known.pairs, len(words) + 1)})


def _whole(weights: Floats) -> npt.NDArray[np.int64]:
    """Whole numbers of 1/256 logit; what is too small to matter is 0, which keeps the file small."""
    whole = np.rint(weights * fit.UNIT).astype(np.int64)
    return np.where(np.abs(whole) <= 3, 0, whole)


def _chosen(name: str, examples: Sequence[Example]) -> tuple[list[int], list[str], Floats, npt.NDArray[np.bool_]]:
    """Lines, labels, weights and held-out marks of the examples that know `name`."""
    at = [n for n, e in enumerate(examples) if name in e.known]
    labels = [str(examples[n].known[name]) for n in at]
    held = np.array([share(examples[n].group, PARTS) == 0 for n in at])
    return at, labels, np.array([examples[n].weight for n in at]), held


def _softmax_head(
    name: str, examples: Sequence[Example], x: sparse.csr_matrix, report: Report, say: Callable[[str], None]
) -> tuple[fit.Head, npt.NDArray[np.uint32], int]:
    at, labels, weight, held = _chosen(name, examples)
    mine, kept = x[at], [label for label, out in zip(labels, held, strict=True) if not out]
    trial = fit.fit(mine[~held], kept, weight[~held], STRENGTH[name])
    logits = mine[held] @ trial.weights + trial.bias
    truth = np.array([trial.classes.index(label) for label, out in zip(labels, held, strict=True) if out])
    warm = fit.temperature(logits, truth)
    shares = np.exp(logits / warm - (logits / warm).max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    right = (shares.argmax(axis=1) == truth).astype(float)
    floor = _floor(shares.max(axis=1), right)
    answered = shares.max(axis=1) * 1000 >= floor
    report |= {
        f"{name}_accuracy": round(float(right.mean()), 4),
        f"{name}_accuracy_answered": round(float(right[answered].mean()), 4),
        f"{name}_abstained": round(float(1 - answered.mean()), 4),
        f"{name}_ece": round(fit.ece(shares.max(axis=1), right), 4),
        f"{name}_held_out": int(held.sum()),
    }
    if name == "intent":
        own = np.array([examples[n].group.startswith("intents/") for n, out in zip(at, held, strict=True) if out])
        report["intent_accuracy_own"] = round(float(right[own].mean()), 4)
    say(f"{name}: {report}")
    return fit.fit(mine, labels, weight, STRENGTH[name]), fit.exponentials(warm), floor


def _floor(confidence: Floats, right: Floats) -> int:
    """The least permille at which texts of about that confidence are right more often than not, and all above LEAST_RIGHT."""
    for floor in range(300, 900, 10):
        above = confidence * 1000 >= floor
        near = above & (confidence * 1000 < floor + 100)
        if right[above].mean() >= LEAST_RIGHT and (not near.any() or right[near].mean() >= 0.5):
            return floor
    return 900


def _signal_head(
    name: str, examples: Sequence[Example], x: sparse.csr_matrix, report: Report, say: Callable[[str], None]
) -> tuple[fit.Head, npt.NDArray[np.uint16]]:
    at, labels, weight, held = _chosen(name, examples)
    mine = x[at]
    strength = STRENGTH.get(name, 1.0)
    trial = fit.fit(mine[~held], [v for v, out in zip(labels, held, strict=True) if not out], weight[~held], strength)
    scores = (mine[held] @ trial.weights + trial.bias)[:, 0]
    truth = np.array([float(v) for v, out in zip(labels, held, strict=True) if out])
    slope, offset = fit.platt(scores, truth)
    chance = 1 / (1 + np.exp(-(slope * scores + offset)))
    report[f"{name}_auroc"] = round(auroc(chance, truth), 4)
    report[f"{name}_ece"] = round(fit.ece(np.maximum(chance, 1 - chance), ((chance >= 0.5) == truth).astype(float)), 4)
    say(f"{name}: auroc {report[f'{name}_auroc']} of {int(truth.sum())} in {len(truth)}")
    return fit.fit(mine, labels, weight, strength), fit.table(slope, offset)


def auroc(scores: Floats, truth: Floats) -> float:
    """Chance that a true one scores above a false one, ties counting half (Mann and Whitney 1947)."""
    order = np.argsort(scores, kind="stable")
    values, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    del order, values
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[inverse]
    good = float(truth.sum())
    bad = len(truth) - good
    return float((ranks[truth == 1].sum() - good * (good + 1) / 2) / (good * bad)) if good and bad else 0.5


def _counting(known: fit.Vocabulary) -> dict[str, npt.NDArray[np.int64]]:
    """Heads that count: small words by language, and questions or further issues in one turn."""
    columns: dict[str, npt.NDArray[np.int64]] = {}
    for name, spoken in languages().items():
        column = np.zeros(known.size, dtype=np.int64)
        column[[known.words[word] for word in spoken]] = fit.UNIT
        columns[f"language:{name}"] = column
    questions = np.zeros(known.size, dtype=np.int64)
    for word in ("?", "also", "additionally", "secondly", "furthermore"):
        if word in known.words:
            questions[known.words[word]] = fit.UNIT
    columns["questions"] = questions
    return columns
