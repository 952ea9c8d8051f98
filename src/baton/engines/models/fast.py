"""The fast tier: what one turn says, from word and word-pair weights, in tens of microseconds.

All heads are columns of one matrix. Weights are whole numbers (1/256 of a logit) kept in float64, so a sum is exact in
any order and a text scores the same alone or in any batch (DESIGN.md, rules 12 and 16). Confidences come from tables
of whole numbers, so they are the same on every machine too.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import isqrt
from pathlib import Path
from typing import Final, cast

import msgspec
import numpy as np
import numpy.typing as npt

from baton.engines.models import phrases
from baton.engines.models.hearing.foreign import foreign
from baton.engines.models.hearing.hearing import WEIGHTS as HEARD
from baton.engines.models.hearing.hearing import Heard, Hearing, heads_of
from baton.engines.models.hearing.spoken import Spoken
from baton.engines.models.judged import Judged, Solved
from baton.engines.models.words import words

WEIGHTS: Final = Path(__file__).parent / "weights" / "fast.msgpack.z"
HALF: Final = 4096
"""Tables run from -HALF to HALF - 1: 16 logits either way."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LONGEST: Final = 1024
SCALE: Final = np.array([2048, *(isqrt(2048 * 2048 // n) for n in range(1, LONGEST))], dtype=np.int64)
"""2 / sqrt(n) in 1/1024 for n words and pairs known: long turns are not surer for being long."""

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


_NOTHING: Final = Heard()
FEW: Final = 4
"""Texts up to which arrays cost more than they save."""
APART: Final = 250
"""Permille by which the best intent must lead: where two are close, asking is better than choosing."""

_Read = tuple[list[int], int, int, int, int, int, list[int], int]
"""Signals, mood, best and second intent and their permille, scores of the languages, questions."""


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


RULES: Final = b"2"
"""Goes up whenever the same weights hear something else: names, slips, languages."""
SURELY = 500
SAYS_LITTLE = 5
"""A few words ("no, stop", "I do not know") show distress only where they surely do; otherwise they say too little."""


class FastTier:
    """Judges texts. `version` names all weights: facts keep it, and a text and a version give one answer for ever.

    `weights` names its own file, `hearing` beside it is trained apart.
    """

    def __init__(self, path: Path = WEIGHTS) -> None:
        raw = path.read_bytes()
        trained = msgspec.msgpack.decode(zlib.decompress(raw), type=Trained)
        heard = HEARD.read_bytes()
        self.weights = f"fast-{hashlib.sha256(raw).hexdigest()[:12]}"
        self.version = f"fast-{hashlib.sha256(raw + heard + RULES).hexdigest()[:12]}"
        self._hearing = Hearing(heads_of(heard))
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
        self._bias: Ints = np.array(trained.bias, dtype=np.int64)
        self._learned = trained.heads.index("language:en")
        self._signals = np.array([trained.heads.index(name) for name in trained.signals])
        self._tables: Ints = (
            np.frombuffer(trained.scores, dtype="<u2").reshape(len(trained.signals), -1).astype(np.int64)
        )
        self._intents = _span(trained.heads, "intent:")
        self._moods = _span(trained.heads, "mood:")
        self._languages = _span(trained.heads, "language:")
        self._intent_names = [name.removeprefix("intent:") for name in trained.heads[self._intents]]
        self._nothing = self._intent_names.index("none")
        self._intent_names[self._nothing] = ""
        names = [name.removeprefix("language:") for name in trained.heads[self._languages]]
        self._spoken = Spoken(
            names, lambda word, name: bool(self._weights[self._row.get(word, 0), self._learned + names.index(name)])
        )
        self._questions = trained.heads.index("questions")
        self._intent_exp: Ints = np.frombuffer(trained.intent_exp, dtype="<u4").astype(np.int64)
        self._mood_exp: Ints = np.frombuffer(trained.mood_exp, dtype="<u4").astype(np.int64)
        self._floor = trained.intent_floor
        self._signal_rows = np.arange(len(trained.signals))
        self._signal_at: list[int] = self._signals.tolist()
        self._table_lists: list[list[int]] = self._tables.tolist()
        self._intent_list: list[int] = self._intent_exp.tolist()
        self._mood_list: list[int] = self._mood_exp.tolist()

    @property
    def intents(self) -> tuple[str, ...]:
        """The intents it can name."""
        return tuple(filter(None, self._intent_names))

    def judge(self, text: str) -> Judged:
        """One text; the same as in any batch."""
        return self.judge_many((text,))[0]

    def judge_many(self, texts: Sequence[str]) -> list[Judged]:
        """Each text as understood, in order. Costs 10 to 45 microseconds of CPU a text."""
        if not texts:
            return []
        found = [words(text) for text in texts]
        scores = self._sums(found)
        read = self._read_few(scores) if len(texts) <= FEW else self._read_many(scores)
        return [self._judged(text, each, one) for text, each, one in zip(texts, found, read, strict=True)]

    def scores(self, texts: Sequence[str]) -> Ints:
        """Raw sums, one row per text and one column per head, in 1/256 of a logit."""
        return self._sums([words(text) for text in texts])

    def _rows(self, found: Iterable[str]) -> list[int]:
        """Rows of the matrix for one text; a word never seen has none. Row 0 is all zeros and stands for an empty text."""
        get, pair, base = self._row.get, self._pair.get, self._base
        alone = [get(word, 0) for word in found]
        rows = [row for a, b in pairwise(alone) if (row := pair(a * base + b))]
        rows += [row for row in alone if row]
        return rows or [0]

    def _sums(self, found: Sequence[Iterable[str]]) -> Ints:
        rows: list[int] = []
        starts: list[int] = []
        sizes: list[int] = []
        for each in found:
            mine = self._rows(each)
            starts.append(len(rows))
            sizes.append(len(mine))
            rows += mine
        sums = np.add.reduceat(self._weights.take(rows, axis=0), starts, axis=0).astype(np.int64)
        scale = SCALE[np.minimum(sizes, LONGEST - 1)]
        sums[:, : self._learned] = sums[:, : self._learned] * scale[:, None] // 1024
        return cast(Ints, sums + self._bias)

    def _read_few(self, scores: Ints) -> list[_Read]:
        """As `_read_many`, without arrays: for a text or two, calls into numpy cost more than the work."""
        return [self._read_one(row) for row in scores.tolist()]

    def _read_one(self, row: list[int]) -> _Read:
        last = 2 * HALF - 1
        signals = [
            table[min(max(row[at] + HALF, 0), last)]
            for at, table in zip(self._signal_at, self._table_lists, strict=True)
        ]
        negative, neutral, positive = _few_shares(row[self._moods], self._mood_list)
        shares = _few_shares(row[self._intents], self._intent_list)
        total = sum(shares)
        top = max(shares)
        best = shares.index(top)
        shares[best] = -1
        next_best = max(shares)
        return (
            signals, (positive - negative) * 1000 // (negative + neutral + positive), best, shares.index(next_best),
            top * 1000 // total, next_best * 1000 // total, row[self._languages], row[self._questions] // 256,
        )  # fmt: skip

    def _read_many(self, scores: Ints) -> Iterator[_Read]:
        """What the columns of each row say."""
        signals = self._tables[self._signal_rows, np.clip(scores[:, self._signals] + HALF, 0, 2 * HALF - 1)]
        moods = _shares(scores[:, self._moods], self._mood_exp)
        shares = _shares(scores[:, self._intents], self._intent_exp)
        total, lines = shares.sum(axis=1), np.arange(len(shares))
        best = shares.argmax(axis=1)
        top = shares[lines, best] * 1000 // total
        shares[lines, best] = -1
        second = shares.argmax(axis=1)
        columns = (
            signals, (moods[:, 2] - moods[:, 0]) * 1000 // moods.sum(axis=1), best, second, top,
            shares[lines, second] * 1000 // total, scores[:, self._languages],
            scores[:, self._questions] // 256,
        )  # fmt: skip
        return zip(*(column.tolist() for column in columns), strict=True)

    def _judged(self, text: str, found: list[str], read: _Read) -> Judged:
        signals, mood, best, second, top, next_best, counted, questions = read
        frustration, _, _, yes, no, affirms, denies, small = signals
        language = "" if text.isascii() else _script(text)
        language = language or self._spoken.language(text, found, counted)
        heard, hurt = self._hearing.hear(text), phrases.shows_distress(text, found)
        asks, felt = heard.get("asks", _NOTHING), heard.get("distress", _NOTHING)
        if called := phrases.asks_person(text, found):
            asks = Heard(max(asks.permille, phrases.SURE), called)
        unheard = self._unheard(text, found)
        distress = 0 if unheard or phrases.only_forgot(text, found) else felt.permille
        if distress < SURELY and len(found) < SAYS_LITTLE:
            distress = 0
        name, sure = self._intent_names[best], top >= self._floor and top - next_best >= APART
        if not any(map(str.isalpha, text)):  # numbers, marks and emoji alone ask for nothing that could be named
            name, second, sure, yes, no = "", self._nothing, True, 0, 0
        given = name if sure else ""
        return Judged(
            mood=mood,
            frustration=frustration,
            asks_person=asks.permille,
            distress=max(distress, phrases.SURE) if hurt else distress,
            intent=given,
            intent_confidence=top,
            intent_runner_up=self._intent_names[second] if sure else name,
            intent_margin=top - next_best,
            unsure=not sure,
            confirms="none" if phrases.instructs(text, found) else _solved(yes, no),
            affirms=affirms >= 500,
            denies=denies >= 500,
            small_talk=small >= 500,
            language=unheard or language,
            questions=questions or (1 if given else 0),
            asks_person_span=asks.span if asks.permille >= 500 else None,
            distress_span=hurt or ((felt.span or (0, len(text))) if distress >= 500 else None),
            unheard=unheard,
        )

    def _unheard(self, text: str, found: list[str]) -> str:
        """The language of a text that is surely one in which distress was never measured."""
        measured = self._hearing.measured.get("distress", frozenset())
        return ("" if text.isascii() else _script(text)) or foreign(found, measured)


def _span(heads: list[str], prefix: str) -> slice:
    """Columns whose name begins with `prefix`; they lie side by side."""
    at = [n for n, name in enumerate(heads) if name.startswith(prefix)]
    return slice(at[0], at[-1] + 1)


def _few_shares(scores: list[int], exp: list[int]) -> list[int]:
    """As `_shares`, for one text."""
    best = max(scores)
    last = len(exp) - 1
    return [exp[min(best - score, last)] for score in scores]


def _shares(scores: Ints, exp: Ints) -> Ints:
    """Softmax in whole numbers: `exp` of how far each column lies below the best."""
    below = scores.max(axis=1, keepdims=True) - scores
    return cast(Ints, exp[np.minimum(below, len(exp) - 1)])


def _solved(yes: int, no: int) -> Solved:
    if max(yes, no) < 500:
        return "none"
    return "yes" if yes > no else "no"


def _script(text: str) -> str:
    """The language of a script that few languages share; "" for Latin letters. Japanese is told from Chinese by its kana."""
    found = {name for letter in text[:200] for low, high, name in _SCRIPTS if low <= ord(letter) <= high}
    return next((name for _, _, name in _SCRIPTS if name in found), "")
