"""Foreign: whether a turn is surely in a language for which nobody measured what a head misses.

Small words are counted (`foreign.txt`, in plain letters). A name or a word or two tell no language, so only a clear lead
over every measured language counts; where it is unclear, the head listens.
"""

from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Final

LEAST: Final = 3
"""Different small words that make a language sure."""
LEAD: Final = 2
"""How many more they must be than in any measured language."""


def foreign(found: Sequence[str], measured: Collection[str]) -> str:
    """The language the words are surely in, where it is none of the measured; "" otherwise."""
    said = set(found)
    counted = {language: len(said & small) for language, small in small_words().items()}
    best = max((language for language in counted if language not in measured), key=lambda name: counted[name])
    home = max((counted.get(language, 0) for language in measured), default=0)
    return best if counted[best] >= LEAST and counted[best] - home >= LEAD else ""


@cache
def small_words() -> dict[str, frozenset[str]]:
    """Small words by language, in plain letters."""
    lines = (Path(__file__).parent / "foreign.txt").read_text("utf-8").splitlines()
    return {line.split()[0]: frozenset(line.split()[1:]) for line in lines}
