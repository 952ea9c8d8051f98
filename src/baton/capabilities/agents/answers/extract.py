"""Extract: the whole sentences of a section that answer a question, and nothing else.

An answer is never written, only cut: a sentence stands in it as the article has it. Sentences that share words with the
question are kept, in their order, within `MOST_CHARACTERS`; the section's first sentence stays where none does.
"""

import re
from functools import lru_cache
from typing import Final

from baton.kernel.words import content_words

MOST_CHARACTERS: Final = 360
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[\"'“‘(]?[A-Z0-9€])|\n+")


@lru_cache(4096)
def sentences(section: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The sentences of a section with their content words."""
    found = (part.strip(" -*\t") for part in SENTENCE.split(section))
    return tuple((part, content_words(part)) for part in found if part)


def answer(section: str, question: str) -> str:
    """The sentences of `section` that answer `question`."""
    parts = sentences(section)
    if not parts or sum(len(part) for part, _ in parts) <= MOST_CHARACTERS:
        return " ".join(part for part, _ in parts)
    asked = content_words(question)
    ranked = sorted(range(len(parts)), key=lambda n: (-len(parts[n][1] & asked), n))
    kept: list[int] = []
    room = MOST_CHARACTERS
    for n in ranked:
        fits = len(parts[n][0]) + 1 <= room
        if not kept or (fits and (parts[n][1] & asked or n == kept[0] + 1)):
            kept.append(n)
            room -= len(parts[n][0]) + 1
    return " ".join(parts[n][0] for n in sorted(kept))
