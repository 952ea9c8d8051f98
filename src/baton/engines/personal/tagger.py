"""The tagger: which words are a person's name or a postal address, read off their looks and neighbours.

A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) over hashed features: weights are whole numbers
of 1/64 logit, so a text is tagged the same alone and in any batch. The best row of tags is found by Viterbi for all texts of
a batch at once; long texts are read in pieces, so that time stays linear.
"""

import zlib
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from baton.engines.personal.words import BUCKETS, Read, Spans, Vocabulary, read

WEIGHTS: Final = Path(__file__).parents[1] / "models" / "weights" / "pii.msgpack.z"
UNIT: Final = 64
TAGS: Final = ("out", "name begins", "name goes on", "address begins", "address goes on")
NEVER: Final = -(1 << 20)
PIECE: Final = 128
"""Words that are tagged together; a longer text is read in pieces of this length."""
BATCH: Final = 256
"""Texts whose features are in memory together."""

What = Literal["name", "address"]
Whole = npt.NDArray[np.int32]


class Weights(msgspec.Struct, frozen=True):
    """What was learned: one row of five weights a bucket, the change from tag to tag, and the frequent words.

    `lean` is taken from the score of "out": what is missed is worse than what is hidden for nothing. `lean_address` is given to
    the scores of an address. `meant` are words whose narrow and wide class is known (unsigned 16-bit numbers, first all narrow
    ones), `plain` words that are nobody's name; both in small letters with a space between.
    """

    weights: bytes
    changes: list[list[int]]
    frequent: list[str]
    lean: int = 0
    meant: str = ""
    classes: bytes = b""
    plain: str = ""
    lean_address: int = 0

    def vocabulary(self) -> Vocabulary:
        """What is known of words."""
        narrow, wide = np.frombuffer(self.classes, dtype="<u2").reshape(2, -1).tolist()
        classes = dict(zip(self.meant.split(), zip(narrow, wide, strict=True), strict=True))
        return Vocabulary(frozenset(self.frequent), classes)


class Tagged(msgspec.Struct, frozen=True, gc=False):
    """A name or an address at (start, end) in characters."""

    what: What
    start: int
    end: int


class Tagger:
    """Reads names and addresses. A pure function of (text, version)."""

    def __init__(self, known: Weights, version: str = "") -> None:
        self.version = version
        self._lean = np.array([-known.lean, 0, 0, known.lean_address, known.lean_address], dtype=np.int32)
        self._weights = np.frombuffer(known.weights, dtype="<i2").reshape(BUCKETS, len(TAGS))
        self._changes = np.array(known.changes, dtype=np.int32)
        self._vocabulary = known.vocabulary()
        self.plain = frozenset(known.plain.split())
        """Words that are nobody's name, in small letters."""
        self.usual = self._vocabulary.frequent | self.plain
        """These and the frequent ones, some of which are a name now and then."""

    @classmethod
    def read(cls, path: Path = WEIGHTS) -> "Tagger":
        """The tagger of a file of weights."""
        raw = path.read_bytes()
        known = msgspec.msgpack.decode(zlib.decompress(raw), type=Weights)
        return cls(known, f"pii-{sha256(raw).hexdigest()[:12]}")

    def tag(self, texts: Sequence[str]) -> list[list[Tagged]]:
        """Names and addresses of each text, in order, none inside another."""
        found: list[list[Tagged]] = []
        for at in range(0, len(texts), BATCH):
            found += self._tagged(read(texts[at : at + BATCH], self._vocabulary))
        return found

    def _tagged(self, said: Read) -> list[list[Tagged]]:
        scores = np.empty((len(said.rows), len(TAGS)), dtype=np.int32)
        for at in range(0, len(scores), 1 << 14):
            scores[at : at + (1 << 14)] = self._weights[said.rows[at : at + (1 << 14)]].sum(axis=1, dtype=np.int32)
        scores += self._lean
        pieces = [
            (start, min(start + PIECE, end))
            for begin, end in zip(said.starts, said.starts[1:], strict=False)
            for start in range(begin, end, PIECE)
        ]
        tags = best(scores, pieces, self._changes)
        return [spans_of(here, tags[start:]) for here, start in zip(said.spans, said.starts, strict=False)]


def best(scores: Whole, pieces: Sequence[tuple[int, int]], changes: Whole) -> list[int]:
    """The best row of tags of each piece (Viterbi 1967), all pieces side by side, the longest first."""
    tags = np.zeros(len(scores), dtype=np.int32)
    rows = sorted(pieces, key=lambda piece: piece[0] - piece[1])
    if not rows:
        return []
    begin = np.array([start for start, _ in rows])
    length = np.array([end - start for start, end in rows])
    first = np.where([tag.endswith("goes on") for tag in TAGS], NEVER, 0)
    total = scores[begin] + first
    came = np.zeros((length[0], len(rows), len(TAGS)), dtype=np.int8)
    for n in range(1, length[0]):
        going = int(np.searchsorted(-length, -n))
        reached = total[:going, :, None] + changes
        came[n, :going] = reached.argmax(axis=1)
        total[:going] = reached.max(axis=1) + scores[begin[:going] + n]
    last = total.argmax(axis=1)
    for n in range(length[0] - 1, -1, -1):
        going = int(np.searchsorted(-length, -n))
        tags[begin[:going] + n] = last[:going]
        last[:going] = came[n, np.arange(going), last[:going]]
    return [int(tag) for tag in tags]


def spans_of(words: Spans, tags: Sequence[int]) -> list[Tagged]:
    """Names and addresses from the tags of words."""
    found: list[Tagged] = []
    for (start, end), tag in zip(words, tags, strict=False):
        what: What = "name" if tag < 3 else "address"
        if tag in (1, 3):
            found.append(Tagged(what, start, end))
        elif tag and found:
            found[-1] = Tagged(what, found[-1].start, end)
    return found
