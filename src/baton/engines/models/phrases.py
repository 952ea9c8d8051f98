"""Phrases nobody may miss: signs of distress.

A linear head forgets wordings it has not seen; these patterns do not. Each looks only at texts that hold one of its
words, which costs a few lookups, and gives the span that is the evidence. English, Spanish and German, in `phrases.toml`.
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
_THING_DIED: Final = _pattern(
    r"\b(?:phone|battery|laptop|tablet|charger|screen|app|site|website|wifi|internet|connection|line|call|chat|watch|computer)"
    r" (?:has |just |is |went |have )*(?:died|dead|dying)\b",
    {},
)


def shows_distress(text: str, found: Iterable[str]) -> Span | None:
    """The span that shows distress, bereavement or danger, or None."""
    return _DISTRESS.find(text, found)


def only_thing_died(text: str) -> bool:
    """Whether what died is a device or a line."""
    return _THING_DIED.search(text, 0, READ) is not None
