"""Fitting the tagger: the likelihood of a linear-chain conditional random field, climbed by AdaGrad (Duchi et al. 2011)."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from baton.engines.personal.tagger import NEVER, TAGS, UNIT, Weights
from baton.engines.personal.training.chain import Floats, Mask, slope
from baton.engines.personal.training.invented import Labelled
from baton.engines.personal.training.meaning import Meaning
from baton.engines.personal.words import BUCKETS, OWN, Read, Vocabulary, read

EPOCHS: Final = 8
RATE: Final = 0.4
DECAY: Final = 1e-6
TOGETHER: Final = 512
UNSEEN: Final = 0.3
"""Share of words whose own letters are hidden while fitting, so that neighbours and shapes are learned too."""
ALONE: Final = 0.1
"""Share of words whose neighbours are hidden in the other passes, so that a name is known where nothing announces it."""
LOOSE: Final = (0.15, 0.25)
"""Share of what is known of a word's neighbours that is hidden in passes of the one and of the other kind (Sutton et al. 2006):
no wording is leant on alone, so other wordings are read better."""
OFTEN: Final = 12
OTHERWISE: Final = 0.7
"""A frequent word stands outside names at least this often."""
NOTHING: Final = Meaning([], [], [], frozenset(), frozenset())
"""What is known of words by who knows none."""
MOST_WORDS: Final = 100
SEED: Final = 11
LEAN: Final = 36
"""Of 64 a logit, chosen for an earlier fit on document templates apart from those of the figures: the most recall at which .95 of what was found was right."""
LEAN_ADDRESS: Final = 24
"""Of 64 a logit, chosen on a third of the document templates, apart from the fit, and on chats of MultiDoGO's development split."""


def fitted(
    texts: Sequence[Labelled], say: Callable[[str], None], known: Meaning = NOTHING, epochs: int = EPOCHS
) -> Weights:
    """Weights from labelled texts and what is known of words; the same of both give the same weights."""
    frequent = frequent_words(texts)
    empty = Weights(b"", [], sorted(frequent), LEAN, *_packed(known), LEAN_ADDRESS)
    said = read([each.text for each in texts], empty.vocabulary())
    truth = np.concatenate([tags_of(each, here) for each, here in zip(texts, said.spans, strict=True)])
    say(f"{len(texts)} texts, {len(truth)} words, {len(frequent)} frequent ones")
    weights, changes = _climbed(said, truth, epochs, say)
    whole = np.clip(np.rint(weights * UNIT), -32768, 32767).astype("<i2")
    moves = [[int(each) for each in row] for row in np.rint(np.where(_allowed(), changes * UNIT, NEVER))]
    return msgspec.structs.replace(empty, weights=whole.tobytes(), changes=moves)


def _packed(known: Meaning) -> tuple[str, bytes, str]:
    classes = np.array([known.narrow, known.wide], dtype="<u2")
    return " ".join(known.words), classes.tobytes(), " ".join(sorted(known.plain))


def frequent_words(texts: Sequence[Labelled]) -> frozenset[str]:
    """Words that are seen often, and mostly outside names: they may be cues."""
    seen, named = Counter[str](), Counter[str]()
    for each, here in zip(texts, read([t.text for t in texts], Vocabulary()).spans, strict=True):
        for (start, end), tag in zip(here, tags_of(each, here), strict=True):
            word = each.text[start:end].lower()
            seen[word] += 1
            named[word] += tag in (1, 2)
    return frozenset(
        w for w, n in seen.items() if n >= OFTEN and not w[0].isdigit() and named[w] <= n * (1 - OTHERWISE)
    )


def tags_of(each: Labelled, words: Sequence[tuple[int, int]]) -> npt.NDArray[np.int8]:
    """The tag of each word: which value it lies in, and whether it is the first of it."""
    tags = np.zeros(len(words), dtype=np.int8)
    for start, end, what in each.marks:
        inside = [n for n, (a, b) in enumerate(words) if a < end and start < b]
        if inside:
            first = 1 if what == "name" else 3
            tags[inside] = first + 1
            tags[inside[0]] = first
    return tags


def _allowed() -> Mask:
    """Which tag may follow which: a value goes on only where one of its kind is under way."""
    allowed = np.ones((len(TAGS), len(TAGS)), dtype=np.bool_)
    allowed[[0, 3, 4], 2] = False
    allowed[[0, 1, 2], 4] = False
    return allowed


class _Climb:
    """AdaGrad over one array, and the mean of where it was in the second half of the way."""

    def __init__(self, shape: tuple[int, int], begin: float) -> None:
        self.at: Floats = np.zeros(shape, dtype=np.float32)
        self.mean: Floats = np.zeros(shape, dtype=np.float32)
        self._squares: Floats = np.full(shape, begin, dtype=np.float32)
        self._counted = 0

    def step(self, slope: Floats, settled: bool) -> None:
        """One step against the slope."""
        self._squares += slope * slope
        self.at -= RATE * slope / np.sqrt(self._squares)
        if settled:
            self._counted += 1
            self.mean += (self.at - self.mean) / self._counted


def _climbed(said: Read, truth: npt.NDArray[np.int8], epochs: int, say: Callable[[str], None]) -> tuple[Floats, Floats]:
    """Weights by feature and by change. Every second pass hides the letters of some words."""
    chance = np.random.default_rng(SEED)
    every, hidden = _features(said, chance)
    weights, changes = _Climb((BUCKETS, len(TAGS)), 1e-2), _Climb((len(TAGS), len(TAGS)), 1e-1)
    batches = list(_batches(said))
    for epoch in range(epochs):
        lost = 0.0
        for number in chance.permutation(len(batches)):
            at, mask = batches[number]
            part = (every if epoch % 2 else hidden)[at[mask]]
            scores = np.zeros((*at.shape, len(TAGS)), dtype=np.float32)
            scores[mask] = part @ weights.at
            allowed = np.where(_allowed(), changes.at, NEVER)
            by_score, by_change, loss = slope(scores, np.where(mask, truth[at], 0), mask, allowed)
            lost += loss
            weights.step(part.T @ by_score[mask] / len(at) + DECAY * weights.at, epoch >= epochs // 2)
            changes.step(by_change / np.float32(len(at)), epoch >= epochs // 2)
        say(f"pass {epoch + 1} of {epochs}: {lost / len(truth):.4f} nats a word")
    return weights.mean, changes.mean


def _features(said: Read, chance: np.random.Generator) -> tuple[Any, Any]:
    """One sparse row a word: with the neighbours of some hidden; with the letters of some (itself, last three, last four)."""
    from scipy import sparse

    n, wide = said.rows.shape
    starts = np.arange(0, n * wide + 1, wide)
    ones = np.ones(n * wide, dtype=np.float32)
    every = sparse.csr_matrix((ones, said.rows.ravel().astype(np.int32), starts), shape=(n, BUCKETS))
    hidden = every.copy()
    for column, share in ((0, UNSEEN), (6, UNSEEN / 2), (7, UNSEEN / 2)):
        hidden.data.reshape(n, wide)[chance.random(n) < share, column] = 0.0
    every.data.reshape(n, wide)[chance.random(n) < ALONE, OWN:] = 0.0
    for rows, share in zip((every, hidden), LOOSE, strict=True):
        beside = rows.data.reshape(n, wide)[:, OWN:]
        beside[chance.random(beside.shape, dtype=np.float32) < share] = 0.0
    return every, hidden


def _batches(said: Read) -> Iterator[tuple[npt.NDArray[np.int64], Mask]]:
    """Texts of like length together: the word numbers of each, and which of them are there."""
    pieces = [
        (start, min(start + MOST_WORDS, end))
        for begin, end in zip(said.starts, said.starts[1:], strict=False)
        for start in range(begin, end, MOST_WORDS)
    ]
    pieces.sort(key=lambda piece: piece[1] - piece[0])
    for at in range(0, len(pieces), TOGETHER):
        here = pieces[at : at + TOGETHER]
        longest = max(end - start for start, end in here)
        number = np.array([start for start, _ in here])[:, None] + np.arange(longest)
        mask = number < np.array([end for _, end in here])[:, None]
        yield np.where(mask, number, 0), mask
