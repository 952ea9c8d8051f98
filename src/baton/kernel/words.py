"""Words: what a text is about, cut so that the forms of a word meet. No model, no language of its own."""

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_EMPTY = frozenset(
    "a an and are as at be but by can could do does for from had has have how i if in is it its me my no not of on or our so that the"
    " their them then there they this to was we were what when where which who why will with would you your am been did get got just"
    " please hi hello hey thanks thank need want like help about take bring give make know tell say go come see let"
    " much many long early late often cost costs please possible there's any some also still really difference between mean means"
    " question questions quick wonder wondering bye goodbye ok okay regards kind sorry find found look looked now one more thing".split()
)
_LETTERS = 5
TURNS_KEPT = 2048
"""Texts whose words are kept: a turn is compared with the few before it, by several who ask."""


@lru_cache(TURNS_KEPT)
def content_words(text: str) -> frozenset[str]:
    """The words of a text that carry its content, cut to five letters: enough for `refund` to meet `refunded`."""
    return frozenset(_cut(word) for word in _WORD.findall(text.lower()) if word not in _EMPTY and len(word) > 1)


def _cut(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"[:_LETTERS]
    plain = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    return plain[:_LETTERS]
