"""Extract: the whole sentences of a section that answer a question, and nothing else.

An answer is never written, only cut: a sentence stands in it as the article has it. Sentences that share words with the
question are kept, in their order, within `MOST_CHARACTERS`; the section's first sentence stays where none does.
"""

import re
from functools import lru_cache
from typing import Final

MOST_CHARACTERS: Final = 360
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[\"'“‘(]?[A-Z0-9€])|\n+")
WORD: Final = re.compile(r"[^\W_]+")
STOP: Final = frozenset(
    "a an and are as at be but by can could do does for from had has have how i if in is it its me my no not of on or our so that the"
    " their them then there they this to was we were what when where which who why will with would you your am been did get got just"
    " please hi hello hey thanks thank need want like help about".split()
)
STEM: Final = 5


def stems(text: str) -> frozenset[str]:
    """The content words of a text, cut to five letters: enough to meet `refund` in `refunded`."""
    return frozenset(word[:STEM] for word in WORD.findall(text.lower()) if word not in STOP and len(word) > 1)


@lru_cache(4096)
def sentences(section: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The sentences of a section with their content words."""
    found = (part.strip(" -*\t") for part in SENTENCE.split(section))
    return tuple((part, stems(part)) for part in found if part)


def answer(section: str, question: str) -> str:
    """The sentences of `section` that answer `question`."""
    parts = sentences(section)
    if not parts or sum(len(part) for part, _ in parts) <= MOST_CHARACTERS:
        return " ".join(part for part, _ in parts)
    asked = stems(question)
    ranked = sorted(range(len(parts)), key=lambda n: (-len(parts[n][1] & asked), n))
    kept: list[int] = []
    room = MOST_CHARACTERS
    for n in ranked:
        fits = len(parts[n][0]) + 1 <= room
        if not kept or (fits and (parts[n][1] & asked or n == kept[0] + 1)):
            kept.append(n)
            room -= len(parts[n][0]) + 1
    return " ".join(parts[n][0] for n in sorted(kept))
