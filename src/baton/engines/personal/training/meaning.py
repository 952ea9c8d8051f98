"""What words mean: classes of words that mean like things, and words that are nobody's name, by MiniLM's vectors of lone words."""

import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from baton.engines.models.slow import SIZE, SlowTier, lone_words
from baton.engines.personal.training.invented import names

NARROW: Final = 512
WIDE: Final = 64
PARTS: Final = 100
"""Principal components of the vectors that classes are made of."""
NOBODY: Final = 0.05
"""How likely a word may be a name and still be plain: at this bound .986 of names that the estimate did not see are kept apart."""
LEAST: Final = 2
"""How often a plain word stands in small letters in real texts, at least."""
SEED: Final = 1
CALLED: Final = frozenset(
    "ace al amber april art august baron bill brandy buck buddy candy carol chance charity chase cherry chip chuck clay cliff crystal daisy "
    "dale dawn dean dolly don drew duke dusty earl ed faith fern frank gene ginger glen grace guy hal harmony hazel heath heather holly hope "
    "hunter iris ivy jade jay joy june junior king lance lark lily major mark mason max may melody mercy mick miles nick olive opal pat "
    "patience pearl penny prince queen rain ray reed rich river rob robin rocky rose ruby rusty sage sandy skip sky sonny star stormy sue "
    "summer sunny taylor violet wade will willow".split()
)
"""Words that people are called by too, whether a list of names has them or not."""
_LATIN: Final = "\u0250"
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_BEGINS: Final = '.!?\n"'

Floats = npt.NDArray[np.float32]
Say = Callable[[str], None]


class Meaning(NamedTuple):
    """Words with the narrow and the wide class of each, and words that are nobody's name: `seen` in real texts, or known to be like them."""

    words: list[str]
    narrow: list[int]
    wide: list[int]
    seen: frozenset[str]
    plain: frozenset[str]


def meaning(data: Path, say: Say) -> Meaning:
    """Classes of the words that MiniLM knows whole, and plain words; the same data give the same ones."""
    words = [word for word in lone_words() if _WORD.fullmatch(word) and max(word) < _LATIN]
    vectors = _vectors(words)
    seen = frozenset(_in_small_letters(data) - names())
    plain = (seen | _like(seen, words, vectors) | trade()) - CALLED
    say(f"{len(words)} words in {NARROW} and {WIDE} classes; {len(plain)} are plain, {len(seen)} of them seen")
    return Meaning(words, *_classes(vectors), seen, plain)


def trade() -> frozenset[str]:
    """Words and abbreviations of customer service, as in the file."""
    return frozenset(Path(__file__).with_name("trade.txt").read_text("utf-8").lower().split())


def _vectors(words: list[str]) -> Floats:
    """What a word is after the second, the fourth and the last block, each of length one."""
    read = SlowTier().read(words)
    inner = np.stack([states[1:-1].mean(axis=0) for states in read.states])
    return np.hstack([_unit(part) for part in (inner[:, :SIZE], inner[:, SIZE:], read.vectors)])


def _unit(part: Floats) -> Floats:
    return np.asarray(part / np.linalg.norm(part, axis=1, keepdims=True), dtype=np.float32)


def _classes(vectors: Floats) -> tuple[list[int], list[int]]:
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.decomposition import PCA

    apart = [vectors[:, at : at + SIZE] for at in range(0, vectors.shape[1], SIZE)]
    parts: Any = PCA(PARTS, random_state=SEED).fit_transform(
        np.hstack([_unit(part - part.mean(axis=0)) for part in apart])
    )
    found = [
        MiniBatchKMeans(many, random_state=SEED, n_init=3, batch_size=4096, max_iter=60).fit(parts).labels_.tolist()
        for many in (NARROW, WIDE)
    ]
    return found[0], found[1]


def _like(seen: frozenset[str], words: list[str], vectors: Floats) -> set[str]:
    """Words that are more like plain ones than like names."""
    from sklearn.linear_model import LogisticRegression

    known = names()
    at = [n for n, word in enumerate(words) if (word in seen) != (word in known)]
    judge: Any = LogisticRegression(C=3, max_iter=300, class_weight="balanced")
    judge.fit(vectors[at], [words[n] in known for n in at])
    chances = judge.predict_proba(vectors)[:, 1]
    return {word for word, name in zip(words, chances, strict=True) if name < NOBODY and word not in known}


def _in_small_letters(data: Path) -> set[str]:
    """Words of real texts that are written small, and seldom with a capital inside a sentence."""
    small, great = Counter[str](), Counter[str]()
    for text in _texts(data):
        for match in _WORD.finditer(text):
            if match[0].islower():
                small[match[0]] += 1
            elif match.start() > 1 and text[match.start() - 2] not in _BEGINS:
                great[match[0].lower()] += 1
    return {word for word, many in small.items() if many >= LEAST and 2 * great[word] <= many}


def _texts(data: Path) -> Iterator[str]:
    """Texts in which nearly nobody is named: comments with masked names, requests, articles."""
    with gzip.open(data / "emotion/goemotions_train.tsv.gz", "rt", encoding="utf-8") as lines:
        yield from (line.split("\t")[0] for line in lines)
    with (data / "intents/banking77_train.csv").open(encoding="utf-8", newline="") as rows:
        yield from (row["text"] for row in csv.DictReader(rows))
    known = json.loads((data / "intents/clinc150_train_val.json").read_text("utf-8"))
    yield from (text for split in ("train", "oos_train") for text, _ in known.get(split, []))
    with (data / "tau/banking/kb.jsonl").open(encoding="utf-8") as articles:
        yield from (json.loads(line)["content"] for line in articles)
