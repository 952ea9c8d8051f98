"""The fast tier's weights from examples: fits on four fifths to calibrate, then on all of it to ship."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import sparse

from baton.engines.models.fast import Trained
from baton.engines.models.training import fit
from baton.engines.models.training.corpora import Example, share
from baton.engines.models.training.figures import auroc, ece
from baton.engines.models.training.invented import SIGNALS, held_out, is_invented

MOODS: Final = ("negative", "neutral", "positive")
STRENGTH: Final = {"intent": 0.2, "mood": 0.2, "frustration": 0.2}
MEANING: Final = {"intent": 6.0, "mood": 2.0, "frustration": 2.0}
"""How far a head may lean on what words mean, beside the words themselves; 3 for the others."""
LESS: Final = {"other": 0.1, "none": 0.3}
"""Weight of a public example without a request of ours: there are many, and few who write to an airline ask for a recipe."""
FEWER: Final = 6
"""One in this many of those is taken for the intents."""
FELT: Final = {"intents": 1.0, "signals": 8.0}
"""Weight of invented phrases for mood and frustration: a Reddit comment is seldom about being kept waiting."""
KEEP_WORDS: Final = 15000
KEEP_PAIRS: Final = 15000
PARTS: Final = 5
LEAST_RIGHT: Final = 0.9
"""An intent is given only from a confidence where invented lines not seen in training were right this often. They are easier
than what others write; below it the slow tier may be asked."""

Report = dict[str, float]
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Material:
    """All examples as numbers: words and pairs, and what words share."""

    examples: Sequence[Example]
    known: fit.Vocabulary
    x: sparse.csr_matrix
    stemmed: sparse.csr_matrix
    meaning: sparse.csr_matrix

    def shared(self, name: str) -> sparse.csr_matrix:
        """What words share, as far as head `name` leans on it."""
        return sparse.hstack([self.stemmed, self.meaning * MEANING.get(name, 3.0)]).tocsr()


@dataclass(frozen=True)
class Known:
    """The examples that know one head: their lines, labels, weights, and which are held out."""

    at: list[int]
    labels: npt.NDArray[np.str_]
    weight: Floats
    held: Marks


@dataclass
class Columns:
    """Heads as they are fitted, one column each."""

    names: list[str]
    weights: list[npt.NDArray[np.int64]]
    bias: list[int]

    def add(self, name: str, weights: npt.NDArray[np.int64], bias: int) -> None:
        """One more head."""
        self.names.append(name)
        self.weights.append(weights)
        self.bias.append(bias)


def languages() -> dict[str, list[str]]:
    """Small words by language."""
    lines = (Path(__file__).parent / "languages.txt").read_text("utf-8").splitlines()
    return {line.split()[0]: line.split()[1:] for line in lines}


def material(examples: Sequence[Example], embed: Embed) -> Material:
    """Examples as numbers. `embed` gives the meaning of lone words."""
    found = fit.vocabulary([e.text for e in examples], KEEP_WORDS, KEEP_PAIRS)
    small = [word for spoken in languages().values() for word in spoken]
    words = {word: n for n, word in enumerate(dict.fromkeys([*found.words, *small]), 1)}
    known = fit.Vocabulary(words, {pair: n for n, pair in enumerate(found.pairs, len(words) + 1)})
    x = fit.matrix([e.text for e in examples], known)
    return Material(examples, known, x, *fit.kinship(known, embed(list(words)).astype(np.float64), x))


def train(examples: Sequence[Example], embed: Embed, say: Say) -> tuple[Trained, Report]:
    """Weights, and figures on held-out texts (whole lines of invented phrases, texts of public corpora)."""
    made = material(examples, embed)
    say(f"{len(examples)} examples, {len(made.known.words)} words, {len(made.known.pairs)} pairs")
    report: Report = {"examples": len(examples)}
    columns = Columns([], [], [])
    intent_exp, floor = _softmax_head("intent", made, columns, report)
    mood_exp, _ = _softmax_head("mood", made, columns, report)
    say(f"intent {report['intent_accuracy']}, mood {report['mood_accuracy']}")
    scores = [_signal_head(name, made, columns, report, say) for name in SIGNALS]
    _counting_heads(made.known, columns)
    trained = Trained(
        words="\n".join(made.known.words),
        pairs=np.array(list(made.known.pairs), dtype="<u4").tobytes(),
        weights=np.clip(np.array(columns.weights), -32000, 32000).astype("<i2").tobytes(),
        heads=columns.names,
        bias=columns.bias,
        scores=np.array(scores, dtype="<u2").tobytes(),
        intent_exp=intent_exp.astype("<u4").tobytes(),
        mood_exp=mood_exp.astype("<u4").tobytes(),
        intent_floor=floor,
        signals=list(SIGNALS),
    )
    return trained, report


def write(trained: Trained, path: Path) -> None:
    """The weights as one compressed file; the same weights give the same bytes."""
    path.write_bytes(zlib.compress(msgspec.msgpack.encode(trained), 9))


def _whole(weights: Floats) -> npt.NDArray[np.int64]:
    """Whole numbers of 1/256 logit; what is too small to matter is 0, which keeps the file small."""
    whole = np.rint(weights * fit.UNIT).astype(np.int64)
    return np.where(np.abs(whole) <= 4, 0, whole)


def _knowing(name: str, examples: Sequence[Example]) -> Known:
    at = [n for n, e in enumerate(examples) if name in e.known and _taken(name, e)]
    labels = np.array([str(examples[n].known[name]) for n in at])
    held = np.array([held_out(examples[n], PARTS) for n in at])
    weight = [_weight(name, examples[n], label) for n, label in zip(at, labels, strict=True)]
    return Known(at, labels, np.array(weight), held)


def _weight(name: str, example: Example, label: str) -> float:
    if not is_invented(example):
        return LESS.get(label, 1.0) if name == "intent" else 1.0
    return FELT[example.group.split("/")[0]] if name in ("mood", "frustration") else example.weight


def _taken(name: str, example: Example) -> bool:
    return (
        name != "intent"
        or is_invented(example)
        or example.known[name] not in LESS
        or share(f"taken {example.group}", FEWER) == 0
    )


def _softmax_head(name: str, made: Material, columns: Columns, report: Report) -> tuple[npt.NDArray[np.uint32], int]:
    """A head of several classes: its table of exponentials, and the permille from which its answer is given."""
    seen, shared = _knowing(name, made.examples), made.shared(name)
    mine = made.x[seen.at]
    trial = fit.fit(mine[~seen.held], shared, seen.labels[~seen.held].tolist(), seen.weight[~seen.held], STRENGTH[name])
    logits = mine[seen.held] @ trial.weights + trial.bias
    truth = np.array([trial.classes.index(label) for label in seen.labels[seen.held]])
    warm = fit.temperature(logits, truth)
    confidence, right = _confidence(logits / warm, truth)
    own = np.array([is_invented(made.examples[n]) for n in np.array(seen.at)[seen.held]])
    floor = _floor(confidence[own], right[own])
    _tell(name, confidence, right, floor, report)
    report[f"{name}_accuracy_invented"] = round(float(right[own].mean()), 4)
    report[f"{name}_accuracy_given_invented"] = round(_mean(right[own & (confidence * 1000 >= floor)]), 4)
    head = fit.fit(mine, shared, seen.labels.tolist(), seen.weight, STRENGTH[name])
    order = MOODS if name == "mood" else head.classes
    whole = _whole(head.weights)
    for label in order:
        n = head.classes.index(label)
        columns.add(f"{name}:{label}", whole[:, n], int(np.rint(head.bias[n] * fit.UNIT)))
    return fit.exponentials(warm), floor


def _confidence(logits: Floats, truth: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances = raised / raised.sum(axis=1, keepdims=True)
    return chances.max(axis=1), (chances.argmax(axis=1) == truth).astype(np.float64)


def _tell(name: str, confidence: Floats, right: Floats, floor: int, report: Report) -> None:
    given = confidence * 1000 >= floor
    report[f"{name}_accuracy"] = round(float(right.mean()), 4)
    report[f"{name}_accuracy_given"] = round(_mean(right[given]), 4)
    report[f"{name}_abstained"] = round(float(1 - given.mean()), 4)
    report[f"{name}_ece"] = round(ece(confidence, right), 4)
    report[f"{name}_held_out"] = len(right)


def _mean(values: Floats) -> float:
    """The mean, 0 of nothing."""
    return float(values.mean()) if len(values) else 0.0


def _floor(confidence: Floats, right: Floats) -> int:
    """The least permille from which answers are right often enough, and those close above it more often than not."""
    for floor in range(300, 900, 10):
        above = confidence * 1000 >= floor
        near = above & (confidence * 1000 < floor + 100)
        if _mean(right[above]) >= LEAST_RIGHT and (not near.any() or right[near].mean() >= 0.5):
            return floor
    return 900


def _signal_head(name: str, made: Material, columns: Columns, report: Report, say: Say) -> npt.NDArray[np.uint16]:
    """A yes/no head: its table from score to permille."""
    seen, shared, strength = _knowing(name, made.examples), made.shared(name), STRENGTH.get(name, 1.0)
    mine, out = made.x[seen.at], seen.held
    trial = fit.fit(mine[~out], shared, seen.labels[~out].tolist(), seen.weight[~out], strength)
    scores = (mine[out] @ trial.weights + trial.bias)[:, 0]
    truth = (seen.labels[out] == "1").astype(np.float64)
    slope, offset = fit.platt(scores, truth)
    chance = 1 / (1 + np.exp(-(slope * scores + offset)))
    report[f"{name}_auroc"] = round(auroc(chance, truth), 4)
    report[f"{name}_ece"] = round(ece(np.maximum(chance, 1 - chance), ((chance >= 0.5) == truth).astype(np.float64)), 4)
    say(f"{name}: auroc {report[f'{name}_auroc']}, {int(truth.sum())} of {len(truth)} held-out texts")
    head = fit.fit(mine, shared, seen.labels.tolist(), seen.weight, strength)
    columns.add(name, _whole(head.weights)[:, 0], int(np.rint(head.bias[0] * fit.UNIT)))
    return fit.table(slope, offset)


def _counting_heads(known: fit.Vocabulary, columns: Columns) -> None:
    """Heads that count: small words by language, and questions or further issues in one turn."""
    for name, spoken in languages().items():
        column = np.zeros(known.size, dtype=np.int64)
        column[[known.words[word] for word in spoken]] = fit.UNIT
        columns.add(f"language:{name}", column, 0 if name == "en" else -fit.UNIT // 4)
    questions = np.zeros(known.size, dtype=np.int64)
    further = ("?", "also", "additionally", "secondly", "furthermore")
    questions[[known.words[word] for word in further if word in known.words]] = fit.UNIT
    columns.add("questions", questions, 0)
