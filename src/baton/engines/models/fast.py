"""The fast tier: what one turn says, from word and word-pair weights, in tens of microseconds.

All heads are columns of one matrix. Weights are whole numbers (1/256 of a logit) kept in float64, so a sum is exact in
any order and a text scores the same alone or in any batch (DESIGN.md, rules 12 and 16). Confidences come from tables
of whole numbers, so they are the same on every machine too.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, cast

import msgspec
import numpy as np
import numpy.typing as npt

from baton.engines.models import phrases
from baton.engines.models.judged import Judged, Solved
from baton.engines.models.words import words

WEIGHTS: Final = Path(__file__).parent / "weights" / "fast.msgpack.z"
HALF: Final = 4096
"""Tables run from -HALF to HALF - 1: 16 logits either way."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SCRIPTS: Final = (
    (0x0370, 0x03FF, "el"),
    (0x0400, 0x04FF, "ru"),
    (0x0590, 0x05FF, "he"),
    (0x0600, 0x06FF, "ar"),
    (0x0900, 0x097F, "hi"),
    (0x0E00, 0x0E7F, "th"),
    (0x3040, 0x30FF, "ja"),
    (0xAC00, 0xD7AF, "ko"),
    (0x4E00, 0x9FFF, "zh"),
)


class Trained(msgspec.Struct, frozen=True):
    """The file of weights: vocabulary, one column per head, tables from score to permille."""

    words: str
    pairs: bytes
    weights: bytes
    heads: list[str]
    bias: list[int]
    scores: bytes
    intent_exp: bytes
    mood_exp: bytes
    intent_floor: int
    """Permille below which an intent is not given."""
    signals: list[str]
    """Heads with a table in `scores`, in order."""


class FastTier:
    """Judges texts. `version` names the weights: facts keep it, and a text and a version give one answer for ever."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        raw = path.read_bytes()
        trained = msgspec.msgpack.decode(zlib.decompress(raw), type=Trained)
        self.version = f"fast-{hashlib.sha256(raw).hexdigest()[:12]}"
        self.heads = trained.heads
        names = trained.words.split("\n")
        self._row = {word: n for n, word in enumerate(names, 1)}
        self._base = len(names) + 1
        pairs = np.frombuffer(trained.pairs, dtype="<u4").reshape(-1, 2)
        self._pair = {a * self._base + b: self._base + n for n, (a, b) in enumerate(pairs.tolist())}
        self._weights: Floats = (
            np.frombuffer(trained.weights, dtype="<i2").reshape(len(trained.heads), -1).T.astype(np.float64)
        )
        self._weights = np.ascontiguousarray(self._weights)
        self._bias: Floats = np.array(trained.bias, dtype=np.float64)
        self._signals = np.array([trained.heads.index(name) for name in trained.signals])
        self._tables: Ints = (
            np.frombuffer(trained.scores, dtype="<u2").reshape(len(trained.signals), -1).astype(np.int64)
        )
        self._intents = _span(trained.heads, "intent:")
        self._moods = _span(trained.heads, "mood:")
        self._languages = _span(trained.heads, "language:")
        self._intent_names = [name.removeprefix("intent:") for name in trained.heads[self._intents]]
        self._intent_names[self._intent_names.index("none")] = ""
        self._language_names = [name.removeprefix("language:") for name in trained.heads[self._languages]]
        self._questions = trained.heads.index("questions")
        self._intent_exp: Ints = np.frombuffer(trained.intent_exp, dtype="<u4").astype(np.int64)
        self._mood_exp: Ints = np.frombuffer(trained.mood_exp, dtype="<u4").astype(np.int64)
        self._floor = trained.intent_floor
        self._signal_rows = np.arange(len(trained.signals))

    def judge(self, text: str) -> Judged:
        """One text; the same as in any batch."""
        return self.judge_many((text,))[0]

    def judge_many(self, texts: Sequence[str]) -> list[Judged]:
        """Each text as understood, in order. Costs 12 to 60 microseconds of CPU a text."""
        if not texts:
            return []
        found = [words(text) for text in texts]
        scores = self._sums(found)
        signals = self._tables[self._signal_rows, _index(scores[:, self._signals])].tolist()
        columns = zip(
            texts, found, signals, self._mood(scores), self._intent(scores), self._language(texts, scores),
            (scores[:, self._questions] // 256).tolist(), strict=True,
        )  # fmt: skip
        return [self._judged(*column) for column in columns]

    def scores(self, texts: Sequence[str]) -> Ints:
        """Raw sums, one row per text and one column per head, in 1/256 of a logit."""
        return self._sums([words(text) for text in texts])

    def _rows(self, found: Iterable[str]) -> list[int]:
        """Rows of the matrix for one text; a word never seen has none."""
        get, pair, base = self._row.get, self._pair.get, self._base
        alone = [get(word, 0) for word in found]
        rows = [row for a, b in pairwise(alone) if (row := pair(a * base + b))]
        rows += alone
        return rows

    def _sums(self, found: Sequence[Iterable[str]]) -> Ints:
        rows: list[int] = []
        starts: list[int] = []
        for each in found:
            starts.append(len(rows))
            rows += self._rows(each)
        taken = self._weights.take(rows, axis=0)
        return cast(Ints, (np.add.reduceat(taken, starts, axis=0) + self._bias).astype(np.int64))

    def _mood(self, scores: Ints) -> list[int]:
        """-1000 to 1000: chance of a positive minus chance of a negative mood."""
        negative, _, positive = (shares := _shares(scores[:, self._moods], self._mood_exp)).T
        return cast(list[int], ((positive - negative) * 1000 // shares.sum(axis=1)).tolist())

    def _intent(self, scores: Ints) -> Iterator[tuple[int, int, int, int]]:
        """(best, second, permille of best, permille of second) by column."""
        shares = _shares(scores[:, self._intents], self._intent_exp)
        total = shares.sum(axis=1)
        lines = np.arange(len(shares))
        best = shares.argmax(axis=1)
        top = shares[lines, best] * 1000 // total
        shares[lines, best] = -1
        second = shares.argmax(axis=1)
        return zip(
            best.tolist(), second.tolist(), top.tolist(), (shares[lines, second] * 1000 // total).tolist(), strict=True
        )

    def _language(self, texts: Sequence[str], scores: Ints) -> list[str]:
        columns = scores[:, self._languages]
        best = columns.argmax(axis=1).tolist()
        known = columns.max(axis=1).tolist()
        return [
            _script(text) or (self._language_names[n] if top > 0 else "")
            for text, n, top in zip(texts, best, known, strict=True)
        ]

    def _judged(
        self, text: str, found: list[str], signals: list[int], mood: int, intent: tuple[int, int, int, int], language: str,
        questions: int,
    ) -> Judged:  # fmt: skip
        frustration, person, distress, yes, no, affirms, denies, small = signals
        span = phrases.asks_person(text, found)
        hurt = phrases.shows_distress(text, found)
        best, second, top, next_best = intent
        name = self._intent_names[best]
        sure = top >= self._floor
        given = name if sure else ""
        return Judged(
            mood=mood,
            frustration=frustration,
            asks_person=max(person, phrases.SURE) if span else person,
            distress=max(distress, phrases.SURE) if hurt else distress,
            intent=given,
            intent_confidence=top,
            intent_runner_up=self._intent_names[second] if sure else name,
            intent_margin=top - next_best,
            unsure=not sure,
            confirms=_solved(yes, no),
            affirms=affirms >= 500,
            denies=denies >= 500,
            small_talk=small >= 500,
            language=language,
            questions=questions or (1 if given else 0),
            asks_person_span=span or (_whole(text) if person >= 500 else None),
            distress_span=hurt or (_whole(text) if distress >= 500 else None),
        )


def _span(heads: list[str], prefix: str) -> slice:
    """Columns whose name begins with `prefix`; they lie side by side."""
    at = [n for n, name in enumerate(heads) if name.startswith(prefix)]
    return slice(at[0], at[-1] + 1)


def _index(scores: Ints) -> Ints:
    return np.clip(scores + HALF, 0, 2 * HALF - 1)


def _shares(scores: Ints, exp: Ints) -> Ints:
    """Softmax in whole numbers: `exp` of how far each column lies below the best."""
    below = scores.max(axis=1, keepdims=True) - scores
    return cast(Ints, exp[np.minimum(below, len(exp) - 1)])


def _solved(yes: int, no: int) -> Solved:
    if max(yes, no) < 500:
        return "none"
    return "yes" if yes > no else "no"


def _whole(text: str) -> tuple[int, int]:
    return (0, len(text))


def _script(text: str) -> str:
    """The language of a script that few languages share, from its first such letter; "" for Latin letters."""
    if text.isascii():
        return ""
    for letter in text[:200]:
        code = ord(letter)
        for low, high, name in _SCRIPTS:
            if low <= code <= high:
                return name
    return ""
