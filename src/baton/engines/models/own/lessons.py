"""Lessons: what a process of the pool is asked to run to teach a head, in steps whose progress can be shown. Pure functions of their items."""

from collections.abc import Sequence
from functools import cache

import msgspec
import numpy as np

from baton.engines.models.fast import FastTier
from baton.engines.models.heads import Vectors
from baton.engines.models.own.intents import OwnTier, packed, unpacked
from baton.engines.models.own.learning import Embed, learn_intents
from baton.engines.models.own.measuring import Answered, Measured, asked, measure
from baton.engines.models.own.rows import Row
from baton.engines.models.slow import SIZE, SlowTier


class Lesson(msgspec.Struct, frozen=True):
    """The rows of one head: to learn from, and held out; and the label of what is about none of the others."""

    learned: list[Row]
    held: list[Row]
    out_of_scope: str = ""

    def texts(self) -> list[str]:
        """Every text once."""
        return list(dict.fromkeys(row.text for row in (*self.learned, *self.held)))


class Fitting(msgspec.Struct, frozen=True):
    """A lesson with the sentence vectors of its texts."""

    lesson: Lesson
    vectors: dict[str, Vectors]


class Measuring(msgspec.Struct, frozen=True):
    """The same with the file of the head that came of it, and of the one that is live; empty where it is the one that ships."""

    fitting: Fitting
    head: bytes
    live: bytes = b""


@cache
def _slow() -> SlowTier:
    return SlowTier()


def vectors_of(texts: Sequence[str]) -> Vectors:
    """Sentence vectors, one row a text."""
    return _slow().embed(texts)


def fitted(asked_for: Fitting) -> bytes:
    """The file of a head taught the lesson."""
    lesson = asked_for.lesson
    return packed(learn_intents(lesson.learned, _looked_up(asked_for), lesson.out_of_scope))


def measured(asked_for: Measuring) -> Measured:
    """Its figures beside the live head's and the simple one's."""
    lesson, embed = asked_for.fitting.lesson, _looked_up(asked_for.fitting)
    if asked_for.live:
        tier = OwnTier(unpacked(asked_for.live))
        live, known = asked(tier, embed), tuple(tier.labels)
    else:
        live, known = _shipped, FastTier().intents
    head = OwnTier(unpacked(asked_for.head))
    return measure(head, live, known, lesson.held, lesson.learned, embed, lesson.out_of_scope)


def _shipped(texts: Sequence[str]) -> Answered:
    """The head that ships, as it serves: the fast tier, and the slow one where words leave open what is wanted."""
    judged = FastTier().judge_many(texts)
    said = [(j.intent or j.intent_runner_up, bool(j.intent), j.intent_confidence) for j in judged]
    again = [n for n, each in enumerate(judged) if each.unsure]
    for n, guess in zip(again, _slow().judge_many([texts[n] for n in again]), strict=True):
        said[n] = (guess.intent or guess.intent_runner_up, bool(guess.intent), guess.intent_confidence)
    sure = np.array([confidence / 1000 for _, _, confidence in said])
    return Answered([best for best, _, _ in said], [given for _, given, _ in said], sure, 1 - sure)


def _looked_up(known: Fitting) -> Embed:
    return lambda texts: np.stack([known.vectors[text] for text in texts]) if texts else np.zeros((0, SIZE), np.float32)
