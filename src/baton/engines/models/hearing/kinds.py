"""Kinds of words: a turn as a row of them, so that what is learned of "a human" holds for "un conseiller".

`kinds.txt` says which word is of which kind; a head may lay kinds of its own over them (`distress.txt`), there also by how
a word begins. A slip of the finger in a word for a person is taken for it (`slips.py`). Words of no kind are `_`.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from baton.engines.models.hearing.slips import SHORTEST, slip_of

OTHER: Final = "_"
JOIN: Final = "JOIN"
ANY_END: Final = "*"
DONE: Final = "DONE"
"""What happened: unknown English words in -ed, and common irregular pasts. A person who did something was met already."""
LONGEST: Final = 4000
"""Characters of a turn that are read: its need does not take more."""

_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_ELIDED: Final = frozenset("l d j m t s n c qu quelqu jusqu lorsqu".split())
_ENDS: Final = re.compile(r"[.!?;:\n\u2026]")
_PAUSES: Final = re.compile(r"[,()/\u2013\u2014]| - ")
_LONG_RUN: Final = re.compile(r"(.)\1{2,}")
_COMPOUNDS: Final = ("mitarbeiter", "mitarbeiterin", "mitarbeitern", "berater", "beraterin", "sachbearbeiter")
"""How German words for a person at work end, whatever they begin with."""

Break = Literal["", "may", "must"]


class Token(NamedTuple):
    """One kind, and where its word stands in the text. Before it a sentence must end (a full stop), or a clause may ("but")."""

    kind: str
    start: int
    end: int
    breaks: Break = ""


Kinds = Mapping[str, tuple[str, ...]]


@cache
def kinds_for(head: str) -> Kinds:
    """The kinds of words as a head reads them: those of all heads, and over them those of `<head>.txt`."""
    own = Path(__file__).parent / f"{head}.txt"
    return _written() | _read(own) if own.exists() else _written()


@cache
def _written() -> dict[str, tuple[str, ...]]:
    return _read(Path(__file__).parent / "kinds.txt")


def is_known(word: str) -> bool:
    """Whether a word in plain letters is of a kind for all heads, as it stands."""
    return word in _written()


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    kinds: dict[str, tuple[str, ...]] = {}
    for line in path.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        first, *rest = line.split()
        word, alone, kind = first.partition("=")
        if alone:
            kinds[word] = (kind, *rest)
        else:
            kinds.update((each if each.endswith(ANY_END) else folded(each), (first,)) for each in rest)
    return kinds | {ANY_END: ()} if any(each.endswith(ANY_END) for each in kinds) else kinds


def folded(word: str) -> str:
    """A word in plain letters: no accents, no apostrophes."""
    if word.isascii():
        return word.lower().replace("'", "")
    letters = unicodedata.normalize("NFKD", word.lower().replace("\u00df", "ss"))
    return "".join(c for c in letters if c.isalnum())


def tokens(text: str, known: Kinds | None = None) -> list[Token]:
    """The kinds of a text's words, in order; `known` says them, those of all heads where it is left out."""
    text, known = text[:LONGEST], known or _written()
    said: list[Token] = []
    last = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        breaks = _break(text, last, start) if said else ""
        for kind in _kinds_of(match.group(), known):
            said.append(Token(kind, start, end, breaks or ("may" if kind == JOIN else "")))
            breaks = ""
        last = end
    return said


def _break(text: str, start: int, end: int) -> Break:
    if _ENDS.search(text, start, end):
        return "must"
    return "may" if _PAUSES.search(text, start, end) else ""


def _kinds_of(word: str, kinds: Kinds) -> tuple[str, ...]:
    known = kinds.get(word)
    if known is not None:
        return known
    head, mark, rest = word.replace("\u2019", "'").partition("'")
    if mark and head.lower() in _ELIDED and rest not in {"t", "ll", "re", "ve"}:
        return (*_plain(folded(head), kinds), *_plain(folded(rest), kinds))
    return _plain(folded(word), kinds)


def _plain(word: str, kinds: Kinds) -> tuple[str, ...]:
    known = kinds.get(word)
    if known is None and word.isalpha():
        short = _LONG_RUN.sub(r"\1", word)
        known = kinds.get(short) or _begun(short, kinds) or kinds.get(slip_of(short))
    if known is None and word.endswith(_COMPOUNDS):
        return ("REP",)
    return known or ((DONE,) if len(word) > SHORTEST and word.endswith("ed") else (OTHER,))


def _begun(word: str, kinds: Kinds) -> tuple[str, ...] | None:
    """The kind of words that begin so (`desmay*`), the longest beginning first; None where no head has any."""
    if ANY_END not in kinds:
        return None
    ends = range(len(word), SHORTEST - 1, -1)
    return next((kinds[found] for end in ends if (found := word[:end] + ANY_END) in kinds), None)
