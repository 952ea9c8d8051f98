"""Meanings: what articles and procedures say, as sentence vectors, and what a question is near to.

Everything is made ahead, beside the turns: a text is read once by the slow tier and its vector kept in a file under the hash of
the text, so that a changed article costs its own sentences and a start costs none. A question's own vector is then compared with all
of them: 1,300 vectors take a tenth of a millisecond. What comes out is whole numbers in permille, which are logged with the
answer; nothing is compared again when the log is replayed.

Beside what the company wrote stand things that people ask of any company and that it may have written nothing about
(`strange.txt`). A question that is nearer to one of those than to any section is most likely not answered by a section.
"""

import logging
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal
from zipfile import BadZipFile

import msgspec
import numpy as np
import numpy.typing as npt

from baton.engines.models.slow import MODEL_SHA256, SIZE

FILE: Final = "meanings.npz"
"""Where a home keeps the vectors."""
NEAREST: Final = 8
ACTS: Final = 3
CLOSELY: Final = 4
"""How many times as many as are told of are compared sentence by sentence."""
TOO_ALIKE: Final = 0.7
"""A strange question as near as this to something written is not strange here."""
Vectors = npt.NDArray[np.float32]
Kind = Literal["section", "act"]
log = logging.getLogger(__name__)


class Known(msgspec.Struct, frozen=True):
    """A section or a procedure: all of it as one text, each sentence with its titles, and questions as customers put them."""

    name: str
    kind: Kind
    whole: str = ""
    sentences: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything of it that has a vector: the whole first."""
        return (*((self.whole,) if self.whole else ()), *self.sentences, *self.asked)


class Nearness(msgspec.Struct, frozen=True):
    """How near a question is to a section or a procedure, in permille of the cosine: to the whole, to the nearest question, to each sentence."""

    name: str
    whole: int
    asked: int
    sentences: tuple[int, ...] = ()


class Near(msgspec.Struct, frozen=True):
    """What a question is near to, the nearest first; `strange` is how near it is to what no section is about."""

    sections: tuple[Nearness, ...]
    acts: tuple[Nearness, ...]
    strange: int


class Meanings:
    """The vectors of what is known now. `path` is the file they are kept in between starts; without one they are made at each."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._vectors: dict[bytes, Vectors] = _kept(path) if path else {}
        self._known: tuple[Known, ...] = ()
        self._todo: list[str] = []
        self._strange = strange()
        self._matrix: Vectors | None = None

    def learn(self, known: Iterable[Known]) -> None:
        """This is what is known from now on. Texts of one length are read together, which is quicker."""
        self._known, self._matrix = tuple(each for each in known if each.texts), None
        self._todo = [text for text in dict.fromkeys(self._texts()) if _hash(text) not in self._vectors]
        self._todo.sort(key=len)

    def missing(self, most: int) -> list[str]:
        """Texts that have no vector yet, at most so many; none where nothing is known."""
        return self._todo[:most]

    def keep(self, texts: Sequence[str], vectors: Vectors) -> None:
        """These are the vectors of these texts. They are rounded, so that one that was kept is one that was made."""
        for text, vector in zip(texts, vectors, strict=True):
            self._vectors[_hash(text)] = vector.astype(np.float16).astype(np.float32)
        done = set(texts)
        self._todo = [text for text in self._todo if text not in done]
        if self.ready and self._path:
            try:
                _keep(self._path, {_hash(text): self._vectors[_hash(text)] for text in self._texts()})
            except OSError as error:
                log.warning(
                    "meanings could not be kept and are read again at the next start: why=%s", type(error).__name__
                )

    @property
    def ready(self) -> bool:
        """Whether every text has its vector; not where nothing is known."""
        return bool(self._known) and not self._todo

    def near(self, vector: Vectors) -> Near | None:
        """What a question with this vector is near to; None before all vectors are there."""
        if self._matrix is None:
            if not self.ready:
                return None
            self._matrix = np.stack([self._vectors[_hash(text)] for text in self._texts()])
            self._starts = np.cumsum([0, *(len(each.texts) for each in self._known)])
            self._odd = self._really_strange()
        sims = self._matrix @ vector
        odd = sims[self._starts[-1] :][self._odd]
        return Near(
            self._nearest("section", sims, NEAREST),
            self._nearest("act", sims, ACTS),
            _permille(odd.max()) if len(odd) else 0,
        )

    def _nearest(self, kind: Kind, sims: Vectors, most: int) -> tuple[Nearness, ...]:
        """The nearest of a kind; only those whose nearest text is among the nearest are looked at closely."""
        best = np.maximum.reduceat(sims, self._starts[:-1])
        mine = [n for n in np.argsort(-best, kind="stable").tolist() if self._known[n].kind == kind][: CLOSELY * most]
        told = [_nearness(self._known[n], sims[self._starts[n] : self._starts[n + 1]]) for n in mine]
        return tuple(sorted(told, key=_height, reverse=True)[:most])

    def _texts(self) -> Iterable[str]:
        for each in self._known:
            yield from each.texts
        if self._known:
            yield from self._strange

    def _really_strange(self) -> npt.NDArray[np.intp]:
        """Which of the strange questions are about nothing that is written here."""
        matrix, first = self._matrix, sum(len(each.texts) for each in self._known)
        if matrix is None:
            return np.zeros(0, np.intp)
        closest = (matrix[first:] @ matrix[:first].T).max(axis=1, initial=-1.0)
        return np.flatnonzero(closest < TOO_ALIKE)


def strange() -> tuple[str, ...]:
    """What people ask of any company, of which most wrote nothing."""
    lines = files(__package__).joinpath("strange.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def _nearness(known: Known, sims: Vectors) -> Nearness:
    whole = 1 if known.whole else 0
    until = whole + len(known.sentences)
    return Nearness(
        known.name,
        _permille(sims[0]) if whole else 0,
        _permille(sims[until:].max(initial=0.0)),
        tuple(_permille(each) for each in sims[whole:until]),
    )


def _height(near: Nearness) -> int:
    """What is surely among the nearest: the sum that ranks without words (knowledge.articles.meant)."""
    told = max((near.whole, *near.sentences))
    return told + 3 * max(near.asked, told)


def _permille(cosine: np.float32) -> int:
    return max(0, round(1000 * float(cosine)))


def _hash(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16, key=MODEL_SHA256.encode()).digest()


def _keep(path: Path, vectors: dict[bytes, Vectors]) -> None:
    """Write beside and put in place, so that a kill leaves the old file or the new one."""
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        np.savez(
            file,
            names=np.frombuffer(b"".join(vectors), dtype=np.uint8),
            vectors=np.stack(list(vectors.values())).astype(np.float16),
        )
    beside.replace(path)


def _kept(path: Path) -> dict[bytes, Vectors]:
    """What the file holds; nothing where there is none, or none that can be read."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            raw, vectors = file["names"].tobytes(), file["vectors"].astype(np.float32)
    except (OSError, ValueError, KeyError, BadZipFile):
        return {}
    names = [raw[n : n + 16] for n in range(0, len(raw), 16)]
    if len(names) != len(vectors) or vectors.shape[1:] != (SIZE,):
        return {}
    return dict(zip(names, vectors, strict=True))
