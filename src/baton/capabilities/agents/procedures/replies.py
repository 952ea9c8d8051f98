"""Replies: a plain yes or a plain no, read strictly. What cannot be undone rests on this, not on a model."""

import re
from typing import Final, Literal

YES: Final = frozenset(
    "yes yeah yep yup yea ok okay sure correct right exactly agreed confirm confirmed absolutely definitely"
    " si sí claro vale correcto confirmo adelante ja klar genau gerne richtig stimmt bestätige einverstanden".split()
)
REFUSES: Final = frozenset("no nope nah never don't dont nein nunca cancel stop keine kein".split())
NO: Final = REFUSES | frozenset(
    "not never don't dont nein nicht nunca cancel stop wait but keine kein falsch pero aber".split()
)
PHRASES: Final = re.compile(
    r"^(?:please do|go ahead|do it|please go ahead|do that|that'?s right|i confirm|i agree)\b", re.IGNORECASE
)
WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
MOST_WORDS: Final = 9


def reply(text: str) -> Literal["yes", "no", ""]:
    """`yes` or `no` where the text is nothing else, empty where it is anything that has to be asked again.

    A question, a condition or a long sentence is neither.
    """
    words = [w.replace("’", "'") for w in WORD.findall(text.lower())]
    if not words or len(words) > MOST_WORDS or "?" in text:
        return ""
    agreeing = words[0] in YES or bool(PHRASES.search(text.strip()))
    if agreeing and REFUSES.isdisjoint(words) and UNSURE.isdisjoint(words):
        return "yes"
    return "no" if words[0] in REFUSES else ""
