"""Named: words of a turn that are somebody's name, however much they look like a word for a person.

"My name is Mensah" and "Kofi Mensah, booking HA4821" ask for nobody, nor does "Ich heiße Berater". A name is told by the
words before it, by a name beside it, or by the language around it, of which it cannot be a slip.
"""

import re
from collections.abc import Container, Sequence
from itertools import pairwise
from typing import Final

from baton.engines.models.hearing.foreign import small_words
from baton.engines.models.hearing.kinds import OTHER, Token, folded, is_known
from baton.engines.models.hearing.slips import slip_of, tongues
from baton.engines.models.words import words

_GIVES: Final = re.compile(
    r"(?:\b(?:name|surname)(?: is|'s)|\b(?:name|surname) ?[:=]|\bin the name of|\bunder the name(?: of)?|\bi am called"
    r"|\b(?:me llamo|(?:mi|el) (?:nombre|apellido) es|a nombre de)|\b(?:nombre|apellidos?) ?[:=]"
    r"|\b(?:name ist|hei(?:ß|ss)e|auf den namen|nachname(?: ist)?)|\bauf den nachnamen"
    r"|\b(?:m'appelle|nom(?: de famille)? est|au nom de)|\bnom ?[:=])\W{1,3}",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_BESIDE: Final = re.compile(r"[ \-\u2010.]{1,2}")
_NO_NAME: Final = frozenset("a an the not no un una una ein eine einen une le la".split())


def without_names(text: str, said: Sequence[Token], cues: Container[str]) -> list[Token]:
    """The row of a turn's words in which a name says nothing. `cues` are the kinds that could matter."""
    given = _given(text)
    return [
        token._replace(kind=OTHER) if token.kind in cues and _is_name(text, token, said, given) else token
        for token in said
    ]


def _is_name(text: str, token: Token, said: Sequence[Token], given: Container[int]) -> bool:
    if token.start in given:
        return True
    word = folded(text[token.start : token.end])
    if is_known(word) or not slip_of(word):
        return False
    return _beside_a_name(text, token, said) or _of_another_language(text, word)


def _given(text: str) -> frozenset[int]:
    """Where the words begin that a turn gives as a name: one of any case, and those with a capital that follow."""
    found: list[int] = []
    for match in _GIVES.finditer(text.replace("\u2019", "'")):
        at, first = match.end(), True
        while (word := _WORD.match(text, at)) and (word[0][0].isupper() or (first and word[0].lower() not in _NO_NAME)):
            found.append(word.start())
            after = _BESIDE.match(text, word.end())
            if after is None:
                break
            at, first = after.end(), False
    return frozenset(found)


def _beside_a_name(text: str, token: Token, said: Sequence[Token]) -> bool:
    """Whether a word with a capital stands right beside another of no kind: "Kofi Mensah"."""
    if not _capital(text, token):
        return False
    for one, other in pairwise(said):
        if token in (one, other) and _BESIDE.fullmatch(text, one.end, other.start):
            beside = one if token == other else other
            if beside.kind == OTHER and _capital(text, beside):
                return True
    return False


def _capital(text: str, token: Token) -> bool:
    word = text[token.start : token.end]
    return word[0].isupper() and not word.isupper()


def _of_another_language(text: str, word: str) -> bool:
    """Whether the words around it are of languages of which it is no slip."""
    own = tongues(word)
    if not own:
        return False
    around = set(words(text)) - {word}
    spoken = {language for language, small in small_words().items() if not around.isdisjoint(small)}
    return bool(spoken) and spoken.isdisjoint(own)
