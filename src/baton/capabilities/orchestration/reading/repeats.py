"""Repeats: how often a customer has put the same question, by its words and by saying so."""

import re
from collections.abc import Sequence
from functools import lru_cache

LOOK_BACK = 5
"""Earlier turns of the customer that are compared."""
SHORT = 12
"""Characters: a turn more than twice as long as another, and this, is not compared with it."""
TURNS_KEPT = 2048
"""Texts whose words are kept: each turn is compared with those before it."""
FEWEST = 3
"""Words: a shorter turn (`next`, `more details`) leads on and repeats nothing."""
SAME_PERMILLE = 600
"""Jaccard similarity of two turns' words from which they put the same question."""

_WORDS = re.compile(r"\w+").findall
_SAYS_SO = re.compile(
    r"\b(?:(?P<nth>second|third|fourth|fifth|sixth|tenth)\s+time"
    r"|(?:already|just)\s+(?:told|said|explained|gave|asked)|as\s+i\s+said|keep\s+(?:asking|repeating|telling)"
    r"|(?:asked|told|said|explained)\b.{0,30}\b(?:twice|three\s+times|many\s+times|again)"
    r"|ya\s+(?:se\s+)?lo\s+(?:he\s+)?(?:dij|dicho|expli)\w*|schon\s+(?:gesagt|erklärt|gefragt)|zum\s+(?:dritten|vierten)\s+mal)",
    re.IGNORECASE,
)
_HINTS = frozenset("time already just said asked told keep explained ya schon zum".split())
_NTH = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}


@lru_cache(TURNS_KEPT)
def content(text: str) -> frozenset[str]:
    """The words of a turn, without sign and case."""
    return frozenset(_WORDS(text.lower()))


def same_question(now: frozenset[str], earlier: frozenset[str]) -> bool:
    """Whether two turns share at least `SAME_PERMILLE` of all their words (Jaccard)."""
    both = len(now & earlier)
    return both > 0 and both * 1000 >= SAME_PERMILLE * (len(now) + len(earlier) - both)


def times_asked(text: str, earlier: Sequence[str], nothing: bool = False) -> int:
    """How often this question was put, this time included.

    `earlier` are the customer's turns before this one, oldest first; `nothing` says that this turn asks nothing (a
    plain yes, thanks), so that two of them are no repeat.
    """
    words = content(text)
    again = 0
    if not nothing and len(words) >= FEWEST:
        for each in earlier[-LOOK_BACK:]:
            alike = len(text) < 2 * len(each) + SHORT and len(each) < 2 * len(text) + SHORT
            again += alike and same_question(words, content(each))
    return max(1 + again, 1 if words.isdisjoint(_HINTS) else _told(text))


def _told(text: str) -> int:
    found = _SAYS_SO.search(text)
    if found is None:
        return 1
    return _NTH.get((found["nth"] or "").lower(), 2)
