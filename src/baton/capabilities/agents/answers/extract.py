"""Extract: the whole sentences of a section that answer a question, and nothing else.

An answer is never written, only cut: a sentence stands in it as the article has it. A short section is said whole. Of a long one,
sentences that share words with the question, or are near to it in meaning where that is known, are kept in their order, within
`MOST_CHARACTERS`; the section's first sentence stays where none does. A sentence that speaks of what the one before it names ("It
travels free.") is not said without that one, and one that begins a section so is said after the section's title.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from baton.kernel.words import content_words

MOST_CHARACTERS: Final = 360
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[\"'“‘(]?[A-Z0-9€])|\n+")
SHARED: Final = 100
"""A word shared with the question counts as much as a tenth of nearness in meaning."""
NEARLY: Final = 750
"""A sentence is said beside the best one from this share of its score, permille."""
_LEANS: Final = re.compile(
    r"\W*(?:it|its|they|their|them|this|that|these|those|he|she|both|then|otherwise|so|but|also|instead|either way|with it|after that"
    r"|for that|more when|the other)\b",
    re.IGNORECASE,
)
_FRAGMENT: Final = re.compile(
    r"(?:from|up to|at|in|within|under|until|for|not|by|on|with|after|before|during|above|over)\b", re.IGNORECASE
)


@lru_cache(4096)
def sentences(section: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The sentences of a section with their content words."""
    found = (part.strip(" -*\t") for part in SENTENCE.split(section))
    return tuple((part, content_words(part)) for part in found if part)


def answer(section: str, question: str, near: Sequence[int] = (), title: str = "", most: int = MOST_CHARACTERS) -> str:
    """The sentences of `section` that answer `question`.

    `near` is how near each sentence is to the question in meaning, in permille, where that is known. `title` is said first where
    what is said would not be understood without it.
    """
    parts = [part for part, _ in sentences(section)]
    kept = _kept(parts, _scores(section, question, near), most)
    text = " ".join(parts[n] for n in kept)
    return f"{title}: {text}" if title and kept and kept[0] == 0 and needs_a_title(text) else text


def needs_a_title(text: str) -> bool:
    """Whether a text begins with what cannot be understood alone."""
    return bool(_LEANS.match(text) or _FRAGMENT.match(text))


def _scores(section: str, question: str, near: Sequence[int]) -> list[int]:
    asked, parts = content_words(question), sentences(section)
    means = near if len(near) == len(parts) else (0,) * len(parts)
    return [SHARED * len(words & asked) + mean for (_, words), mean in zip(parts, means, strict=True)]


def _kept(parts: Sequence[str], scores: Sequence[int], most: int) -> list[int]:
    """Which sentences are said, in their order."""
    if sum(map(len, parts)) + len(parts) - 1 <= most:
        return list(range(len(parts)))
    kept: set[int] = set()
    ranked = sorted(range(len(parts)), key=lambda n: (-scores[n], n))
    best = scores[ranked[0]]
    for n in ranked:
        wanted = {n, *_leans_on(parts, n)}
        if not kept or (1000 * scores[n] >= NEARLY * best > 0 and _length(parts, kept | wanted) <= most):
            kept |= wanted
    return sorted(kept)


def _leans_on(parts: Sequence[str], n: int) -> list[int]:
    """The sentences before it that it speaks of."""
    found: list[int] = []
    while n > 0 and _LEANS.match(parts[n]):
        n -= 1
        found.append(n)
    return found


def _length(parts: Sequence[str], kept: set[int]) -> int:
    return sum(len(parts[n]) + 1 for n in kept) - 1
