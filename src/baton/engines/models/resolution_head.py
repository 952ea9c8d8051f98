"""Whether a need was met: a calibrated chance from how a conversation ended, in whole numbers, without any stated outcome.

A logistic head over the words of the last turns (a turn counts for half of the one after it) and over what the record
shows: changes, failed changes, a handover, how long it took. It was fitted on simulated customers of one airline (see
the card). A conversation of a task it was fitted on is judged by the fold that never saw that task, so that no figure is
ever one of its own training; one whose words it does not know it does not judge.
"""

import hashlib
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from math import isqrt
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from baton.engines.models.words import words
from baton.kernel.ports import Ending, Met

WEIGHTS: Final = Path(__file__).parent / "weights" / "resolution.msgpack.z"
UNIT: Final = 256
"""Weights are whole numbers of 1/256 logit."""
ONE: Final = 1024
"""What 1.0 is, of a feature."""
RECENT: Final = (1024, 512, 256, 128)
"""What a word of the last turn counts for, of the one before it, and so on."""
SHARES: Final = {"served": 1024, "asked": 614}
"""How much the words of each side weigh together."""
FACT_SHARE: Final = 102
KNOWN_PERMILLE: Final = 780
"""Of the different words in the last two turns of who served, at least so many have to be known."""
FEWEST_WORDS: Final = 12
"""Fewer different words than this say nothing, however often they are said."""


class Side(msgspec.Struct, frozen=True):
    """The words of one side: names, rarity in 1/64 of a natural logarithm, and weights."""

    terms: str
    rarity: bytes
    weights: bytes


class Head(msgspec.Struct, frozen=True):
    """One fit: words of both sides, weights of the facts, and the score at which each permille begins."""

    served: Side
    asked: Side
    facts: tuple[int, ...]
    bias: int
    cuts: tuple[int, ...]


class Fitted(msgspec.Struct, frozen=True):
    """The file: the head for everyone, and for the groups it was fitted on (by hash) the fold that never saw them."""

    whole: Head
    folds: tuple[Head, ...]
    groups: dict[str, int]


def hashed(group: str) -> str:
    """How a group is named in the file."""
    return hashlib.sha256(group.encode()).hexdigest()[:16]


def facts_of(ending: Ending) -> tuple[int, ...]:
    """Turns, changes, none, failed ones, handed over, and so without a change; in 1/1024, bounded: no length speaks for ever."""
    turns = min(len(ending.asked), 20) * ONE // 20
    changed, failed = (min(n, 4) * ONE // 4 for n in (ending.changed, ending.failed))
    unchanged, handed = ONE * (not ending.changed), ONE * ending.handed_over
    return turns, changed, unchanged, failed, handed, min(unchanged, handed)


def recent_words(turns: Sequence[str]) -> dict[str, int]:
    """Different words of the last turns, later ones counting more; figures and marks of begin and end left out."""
    found: dict[str, int] = {}
    for weight, text in zip(RECENT, reversed(turns), strict=False):
        for word in set(words(text)):
            if word.isalpha() or word in "?!":
                found[word] = found.get(word, 0) + weight
    return found


class _Words:
    def __init__(self, side: Side) -> None:
        names = side.terms.split("\n") if side.terms else []
        rarity, weights = (np.frombuffer(raw, dtype="<i2").tolist() for raw in (side.rarity, side.weights))
        self._of = dict(zip(names, zip(rarity, weights, strict=True), strict=True))

    def score(self, turns: Sequence[str], share: int) -> int:
        """Weights times words, scaled so that many words together count no more than few."""
        known = [
            (n * rare, weight)
            for word, n in recent_words(turns).items()
            if word in self._of
            for rare, weight in [self._of[word]]
        ]
        length = isqrt(sum(n * n for n, _ in known)) or 1
        return sum(weight * (n * share // length) for n, weight in known)

    def known_permille(self, turns: Sequence[str]) -> int:
        """How many of the different words of the last two turns have a weight."""
        found = recent_words(turns[-2:])
        return 1000 * sum(word in self._of for word in found) // len(found) if len(found) >= FEWEST_WORDS else 0


class _Judge:
    def __init__(self, head: Head) -> None:
        self._head, self.served, self._asked = head, _Words(head.served), _Words(head.asked)

    def score(self, ending: Ending) -> int:
        """The score in 1/256 logit, before calibration."""
        counted = sum(w * x * FACT_SHARE // ONE for w, x in zip(self._head.facts, facts_of(ending), strict=True))
        said = self.served.score(ending.served, SHARES["served"]) + self._asked.score(ending.asked, SHARES["asked"])
        return self._head.bias + (counted + said) // ONE

    def permille(self, ending: Ending) -> int:
        """The calibrated chance."""
        return bisect_right(self._head.cuts, self.score(ending))


class ResolutionHead:
    """Estimates whether needs were met. `version` names the weights."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        raw = path.read_bytes()
        fitted = msgspec.msgpack.decode(zlib.decompress(raw), type=Fitted)
        self.version = f"resolution-{hashlib.sha256(raw).hexdigest()[:12]}"
        self._whole, self._folds, self._groups = _Judge(fitted.whole), [_Judge(f) for f in fitted.folds], fitted.groups

    def met(self, ending: Ending) -> Met:
        """The chance in permille; the model's name ends in `/fold…` where the group was held out."""
        fold = self._groups.get(hashed(ending.group)) if ending.group else None
        judge, name = (self._whole, self.version) if fold is None else (self._folds[fold], f"{self.version}/fold{fold}")
        if not ending.asked or judge.served.known_permille(ending.served) < KNOWN_PERMILLE:
            return Met()
        return Met(judge.permille(ending), name)


def score(head: Head, ending: Ending) -> int:
    """The score of one head, in 1/256 logit: what training calibrates."""
    return _Judge(head).score(ending)


def known_permille(head: Head, ending: Ending) -> int:
    """How well one head knows the words of an ending."""
    return _Judge(head).served.known_permille(ending.served)
