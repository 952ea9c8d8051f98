"""Teaching intents: three opinions from the rows, and temperatures and thresholds from rows they have not seen."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from baton.engines.models.heads import Vectors
from baton.engines.models.own import bags
from baton.engines.models.own.bags import Floats, Ints
from baton.engines.models.own.fitting import Fitted, fit_vectors, fit_words, one_of
from baton.engines.models.own.intents import UNIT, OwnIntents, neighbours, summed
from baton.engines.models.own.outside import Signs, fit_outside, signs
from baton.engines.models.own.rows import Row, same
from baton.engines.models.own.sure import chances, right, threshold, warmth
from baton.kernel.errors import BatonError

Embed = Callable[[Sequence[str]], Vectors]
Say = Callable[[str], None]
Marks = npt.NDArray[np.bool_]

WORDS_DECAY: Final = 3e-5
VECTORS_DECAY: Final = 6e-6
"""Weights of the squared weights in the loss, by five folds of Banking77's and HINT3's training rows."""
FOLDS: Final = 5
LARGE: Final = 4000
"""Rows from which one fold is held out to calibrate; below, each in turn."""
HIDDEN: Final = 3
"""Groups of labels; one is hidden while the head learns what it does not know, each in turn where rows are few."""
SURE_RIGHT: Final = 0.99
"""Words answer alone from a confidence where held-out rows were right this often."""
LEAST_SURE: Final = 0.9
"""However few and easy the held-out rows were, words below this confidence do not answer alone."""
GIVEN_RIGHT: Final = 0.95
"""An intent is given from a confidence where held-out rows were right this often."""
MOST_LABELS: Final = 1000


class Rows(NamedTuple):
    """Texts, their sentence vectors and labels."""

    texts: list[str]
    vectors: Floats
    labels: npt.NDArray[np.str_]

    def where(self, chosen: Marks) -> "Rows":
        """Some of them."""
        return Rows(
            [t for t, c in zip(self.texts, chosen, strict=True) if c], self.vectors[chosen], self.labels[chosen]
        )


class Taught(NamedTuple):
    """The three opinions fitted to some rows."""

    classes: list[str]
    known: bags.Known
    rarity: Floats
    words: Fitted
    vectors: Fitted
    examples: Floats
    example_labels: Ints


class Heard(NamedTuple):
    """What they say of other rows: scores of words and of vectors, chances of neighbours and how near those are."""

    words: Floats
    vectors: Floats
    near: Floats
    nearness: Floats

    def signs(self, warm: float) -> Floats:
        """What tells that a text is about none of the labels."""
        return signs(
            summed(self.words / warm, self.vectors, self.near), self.nearness, np.logaddexp.reduce(self.vectors, axis=1)
        )


def learn_intents(
    rows: Sequence[Row], embed: Embed, out_of_scope: str = "", say: Say = lambda line: None
) -> OwnIntents:
    """A head from rows that `examine` let through. `embed` (`SlowTier.embed`) is asked once for each text.

    `out_of_scope` is the label, if any, of rows about none of the others: they teach what to leave alone. Takes seconds
    for a thousand rows, a minute for ten thousand besides their vectors: run it in a pool process.
    """
    say(f"sentence vectors of {len(rows)} texts")
    every = Rows(
        [r.text for r in rows], embed([r.text for r in rows]).astype(np.float64), np.array([r.label for r in rows])
    )
    inside, beyond = every.where(every.labels != out_of_scope), every.where(every.labels == out_of_scope)
    count = len(set(inside.labels.tolist()))
    if not 2 <= count <= MOST_LABELS:
        raise BatonError("labels_refused", 422, f"{count} labels cannot be learned. Give 2 to {MOST_LABELS}.")
    heard, truth = _tried(inside)
    warm = warmth(heard.words, truth)
    three = summed(heard.words / warm, heard.vectors, heard.near)
    both = warmth(three, truth)
    first, merged = chances(heard.words / warm), chances(three / both)
    say(f"held-out rows: words alone {right(first, truth).mean():.4f}, all {right(merged, truth).mean():.4f}")
    ask, give = max(LEAST_SURE, threshold(first, truth, SURE_RIGHT)), threshold(merged, truth, GIVEN_RIGHT)
    return _as_file(teach(inside), warm, both, ask, give, fit_outside(_hidden(inside, beyond, warm)))


def teach(rows: Rows) -> Taught:
    """The three opinions from `rows`."""
    classes = sorted(set(rows.labels.tolist()))
    known = bags.know(rows.texts)
    rarity = bags.rarity(rows.texts, known)
    wanted = one_of(rows.labels.tolist(), classes)
    words = fit_words(bags.bag(rows.texts, known, rarity), bags.spelled(known), wanted, WORDS_DECAY)
    vectors = fit_vectors(rows.vectors, wanted, VECTORS_DECAY)
    return Taught(classes, known, rarity, words, vectors, rows.vectors, wanted.argmax(axis=1))


def hear(taught: Taught, rows: Rows) -> Heard:
    """What the three opinions say of rows."""
    said = bags.bag(rows.texts, taught.known, taught.rarity).times(taught.words.weights) + taught.words.bias
    vectors = rows.vectors @ taught.vectors.weights + taught.vectors.bias
    near = [neighbours(each, taught.example_labels, len(taught.classes)) for each in rows.vectors @ taught.examples.T]
    return Heard(np.asarray(said), vectors, np.array([n for n, _ in near]), np.array([s for _, s in near]))


def _tried(rows: Rows) -> tuple[Heard, Ints]:
    """Rows as heads that had not seen them hear them, over all classes, and where their label is."""
    classes = sorted(set(rows.labels.tolist()))
    parts = [_held(rows, held, classes) for held in _folds(rows)]
    heard = Heard(*(np.concatenate(column) for column in zip(*(part for part, _ in parts), strict=True)))
    return heard, np.searchsorted(classes, np.concatenate([labels for _, labels in parts]))


def _held(rows: Rows, held: Marks, classes: list[str]) -> tuple[Heard, npt.NDArray[np.str_]]:
    taught = teach(rows.where(~held))
    asked = rows.where(held & np.isin(rows.labels, taught.classes))
    heard, at = hear(taught, asked), np.searchsorted(classes, taught.classes)
    return heard._replace(
        words=_spread(heard.words, at, len(classes), -30.0),
        vectors=_spread(heard.vectors, at, len(classes), -30.0),
        near=_spread(heard.near, at, len(classes), 1e-9),
    ), asked.labels


def _spread(scores: Floats, at: Ints, width: int, nothing: float) -> Floats:
    """Columns of some classes as columns of all."""
    wide = np.full((len(scores), width), nothing)
    wide[:, at] = scores
    return wide


def _folds(rows: Rows) -> Iterator[Marks]:
    """Held-out parts that never move: all of them in turn, or one of many rows. Each leaves two labels to learn."""
    at = np.array([_part(text, FOLDS) for text in rows.texts])
    for fold in range(1 if len(at) >= LARGE else FOLDS):
        held = at == fold
        if len(set(rows.labels[~held].tolist())) >= 2 and np.isin(rows.labels[held], rows.labels[~held]).any():
            yield held


def _hidden(inside: Rows, beyond: Rows, warm: float) -> Signs:
    """Held-out rows of known labels, rows of labels hidden from the head, and rows known to be about none."""
    groups = _groups(sorted(set(inside.labels.tolist())))
    held = np.array([_part(text, FOLDS) == 0 for text in inside.texts])
    seen, out = [np.zeros((0, 3))], [np.zeros(0)]
    for group in groups[:1] if len(held) >= LARGE else groups:
        hidden = np.isin(inside.labels, group)
        if len(set(inside.labels[~hidden & ~held].tolist())) < 2:
            continue
        taught = teach(inside.where(~hidden & ~held))
        for n, rows in enumerate((inside.where(held & ~hidden), inside.where(held & hidden), beyond)):
            if rows.texts:
                seen.append(hear(taught, rows).signs(warm))
                out.append(np.full(len(rows.texts), float(n > 0)))
    return Signs(np.concatenate(seen), np.concatenate(out))


def _groups(labels: Sequence[str]) -> list[list[str]]:
    """Labels in groups of equal size, by a hash of their names."""
    shuffled = sorted(labels, key=lambda label: _part(f"hide {label}", 2**32))
    return [group for n in range(HIDDEN) if (group := shuffled[n::HIDDEN])]


def _part(text: str, parts: int) -> int:
    return int(hashlib.sha1(same(text).encode(), usedforsecurity=False).hexdigest(), 16) % parts


def _as_file(taught: Taught, warm: float, both: float, ask: float, give: float, outside: list[float]) -> OwnIntents:
    weights = np.rint(taught.words.weights * taught.rarity[:, None] * UNIT)
    return OwnIntents(
        labels=taught.classes,
        words="\n".join(taught.known.words),
        pairs=np.array(list(taught.known.pairs), dtype="<u4").tobytes(),
        parts="\n".join(taught.known.parts),
        word_weights=np.clip(weights, -32000, 32000).astype("<i2").tobytes(),
        word_bias=[int(b) for b in np.rint(taught.words.bias * UNIT)],
        part_weights=np.clip(np.rint(taught.words.parts[1:] * UNIT), -32000, 32000).astype("<i2").tobytes(),
        vector_weights=taught.vectors.weights.astype("<f4").tobytes(),
        vector_bias=taught.vectors.bias.astype("<f4").tobytes(),
        examples=taught.examples.astype("<f2").tobytes(),
        example_labels=taught.example_labels.astype("<u2").tobytes(),
        words_warm=warm,
        both_warm=both,
        ask=ask,
        give=give,
        outside=outside,
    )
