"""Replies: a plain yes or a plain no, read strictly. What cannot be undone rests on this, not on a model."""

import re
from typing import Final, Literal

YES: Final = frozenset(
    "yes yeah yep yup yea ok okay sure correct right exactly agreed confirm confirmed absolutely definitely"
    " si sí claro vale correcto confirmo adelante ja klar genau gerne richtig stimmt bestätige einverstanden".split()
)
REFUSES: Final = frozenset("no nope nah never don't dont nein nunca cancel stop keine kein".split())
UNSURE: Final = frozenset("not wait but if nicht falsch pero aber wenn".split())
MIXED: Final = (YES - {"ok", "okay"}) | {"problem", "ahead", "do"}
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
    refusing = words[0] in REFUSES and MIXED.isdisjoint(words[1:])
    return "no" if refusing else ""
