"""Phrases nobody may miss: signs of distress, and a person asked for in so many words.

A linear head forgets wordings it has not seen; these patterns do not. Each looks only at texts that hold one of its
words, which costs a few lookups, and gives the span that is the evidence. In English, Spanish, German and, for asking,
French (`phrases.toml`).
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

SURE: Final = 950
"""Permille given to a text that matches a pattern."""
READ: Final = 2000
"""Characters of a text that are searched."""

Span = tuple[int, int]


class Phrases:
    """Patterns by the words they need."""

    def __init__(self, table: Iterable[dict[str, str]], parts: dict[str, str]) -> None:
        self._patterns: list[re.Pattern[str]] = []
        self._by_word: dict[str, list[int]] = {}
        for row in table:
            for word in row["words"].split():
                self._by_word.setdefault(word, []).append(len(self._patterns))
            self._patterns.append(_pattern(row["says"], parts))

    def find(self, text: str, found: Iterable[str]) -> Span | None:
        """The first span that says it, or None. `found` is `words(text)`."""
        by_word = self._by_word
        chosen = [n for word in found if word in by_word for n in by_word[word]]
        if not chosen:
            return None
        text = text[:READ].replace("\u2019", "'")
        matches = [match.span() for n in set(chosen) if (match := self._patterns[n].search(text))]
        return min(matches, default=None)


def _pattern(says: str, parts: dict[str, str]) -> re.Pattern[str]:
    """A pattern as written in `phrases.toml`. White space and marks are bounded, so that no text is slow to search."""
    for name, part in parts.items():
        says = says.replace(f"{{{name}}}", part)
    spaced = says.replace("~~", r"\W{1,9}").replace("~", r"\W{0,9}").replace(" ", r"\s{1,9}")
    return re.compile(spaced, re.IGNORECASE)


_WRITTEN = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text("utf-8"))
_DISTRESS: Final = Phrases(_WRITTEN["distress"], _WRITTEN["parts"])
_ASKS: Final = Phrases(_WRITTEN["asks"], _WRITTEN["parts"])
_FORGOTTEN: Final = Phrases(_WRITTEN["forgotten"], _WRITTEN["parts"])
_INSTRUCTS: Final = Phrases(_WRITTEN["instructs"], _WRITTEN["parts"])


def shows_distress(text: str, found: Iterable[str]) -> Span | None:
    """The span that shows distress, bereavement or danger, or None."""
    return _DISTRESS.find(text, found)


def asks_person(text: str, found: Iterable[str]) -> Span | None:
    """The span that asks for a person, where the turn says nothing else; or None."""
    return _ASKS.find(text, found)


def only_forgot(text: str, found: Iterable[str]) -> bool:
    """Whether a turn says no more than that a password is forgotten."""
    return _FORGOTTEN.find(text, found) is not None


def instructs(text: str, found: Iterable[str]) -> bool:
    """Whether a turn tells the machine what to be or to write: it says nothing of whether the need is met."""
    return _INSTRUCTS.find(text, found) is not None
