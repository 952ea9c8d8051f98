"""Words of a turn, as every head of the fast tier sees them; the same at training and at run time."""

import re
import unicodedata
from typing import Final

START: Final = "<"
END: Final = ">"
MOST_WORDS: Final = 400
"""Words of one turn that are read; a turn may hold a megabyte, its need does not."""
MOST_CHARACTERS: Final = 4000

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ASCII: Final[dict[int, str | None]] = {
    **dict.fromkeys(range(128), " "),
    **{ord(c): c for c in _LETTERS + "?!"},
    **{ord(c.upper()): c for c in _LETTERS},
    **{ord(c): "0" for c in "0123456789"},
    ord("'"): None,
}
"""What each ASCII character becomes; a table for ASCII alone is the fastest way through a text."""
_SYMBOL: Final = re.compile(r"([^\w\s'?!])")
_ADDRESS: Final = re.compile(r"\S*@\S*")
_MARKS: Final = re.compile(r"[?!]+")


def folded(text: str) -> str:
    """The text in plain letters: accents dropped, curly quotes straight, symbols such as emoji set apart by spaces."""
    plain = text.replace("\u2019", "'").replace("\u2018", "'").replace("\u00bf", " ").replace("\u00a1", " ")
    plain = plain.replace("\u00df", "ss")
    letters = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return _SYMBOL.sub(r" \1 ", letters).lower()


def words(text: str) -> list[str]:
    """Lower-case words without apostrophes, digits as 0, "?", "!" and "!!" as words of their own, between < and >."""
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS]
    if not text.isascii():
        text = folded(text)
    if "@" in text:
        text = _ADDRESS.sub(" ", text)  # the words of an address say nothing of its owner
    plain = text.translate(_ASCII)
    if "?" in plain or "!" in plain:
        plain = _MARKS.sub(_apart, plain)
    found = plain.split()[:MOST_WORDS]
    if len(text) > 7 and text.isupper():
        found.append("!!")
    return [START, *found, END]


def _apart(marks: re.Match[str]) -> str:
    """Marks as words: any run with "?" is one "?", a lone "!" is "!", more of them "!!"."""
    run = marks.group()
    if "?" in run:
        return " ? !! " if "!" in run else " ? "
    return " ! " if len(run) == 1 else " !! "
