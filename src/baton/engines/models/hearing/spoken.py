"""Spoken: the language of a turn, from small words, further words that tell it (`spoken.txt`), and its letters.

The fast tier counts small words as columns of its matrix. Many of those stand in several languages ("un", "a", "me"), so a
short turn is told by the words beside them and by letters that few languages have. Where two languages are as likely,
none is named: a conversation keeps the language it has.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

WORD: Final = 256
"""What one word weighs, as in the columns."""
READ: Final = 400
"""Characters of a turn whose letters are read."""
MORE: Final = "+"
"""Ends a word that weighs more here than in the others that have it, so it is told beside its column."""
LEAD: Final = 65
"""How far the best must lead: more than English has from the start (a quarter of a word)."""
_LETTERS: Final = {
    "\u00f1\u00bf\u00a1": {"es": 2 * WORD},
    "\u00df": {"de": 2 * WORD},
    "\u00e4\u00f6\u00fc": {"de": WORD, "tr": WORD // 2},
    "\u00e7": {"fr": WORD, "pt": WORD, "tr": WORD},
    "\u00ea\u00e2": {"fr": WORD, "pt": WORD},
    "\u00ee\u00fb\u00eb\u0153\u00f4\u00ef": {"fr": WORD},
    "\u00e8\u00f9": {"fr": WORD, "it": WORD},
    "\u00e0": {"fr": WORD, "it": WORD, "pt": WORD // 2},
    "\u00e9": {"fr": WORD, "es": WORD * 3 // 4, "pt": WORD // 2},
    "\u00e1\u00ed\u00f3\u00fa": {"es": WORD, "pt": WORD // 2},
    "\u00e3\u00f5": {"pt": 2 * WORD},
    "\u00ec\u00f2": {"it": WORD},
    "\u0142\u0105\u0119\u017c\u015b\u017a\u0107\u0144": {"pl": 2 * WORD},
    "\u015f\u011f\u0131": {"tr": 2 * WORD},
}
"""Letters that tell a language, and how much. Alone they tell none: "M\u00fcller" may be written in any."""


class Spoken:
    """Names languages. `names` are the columns in order; `counts` says whether a column counts a word already."""

    def __init__(self, names: Sequence[str], counts: Callable[[str, str], bool]) -> None:
        self._names = names
        self._told: dict[str, tuple[int, ...]] = {}
        for line in (Path(__file__).parent / "spoken.txt").read_text("utf-8").splitlines():
            language, *said = line.split()
            for word in (each.removesuffix(MORE) for each in said if not counts(each, language)):
                self._told[word] = (*self._told.get(word, ()), names.index(language))
        self._letters = {
            letter: tuple((names.index(language), weight) for language, weight in told.items())
            for letters, told in _LETTERS.items()
            for letter in letters
        }

    def language(self, text: str, found: Sequence[str], counted: Sequence[int]) -> str:
        """The likeliest language of a text, or "". `found` is `words(text)`, `counted` the score of each column."""
        scores, told = list(counted), self._told
        for word in found:
            if word in told:
                for column in told[word]:
                    scores[column] += WORD
        best = max(scores)
        if best <= 0:
            return ""
        if not text.isascii():
            self._weigh_letters(text, scores)
            best = max(scores)
        at = scores.index(best)
        scores[at] = 0
        return self._names[at] if best - max(scores) >= LEAD else ""

    def _weigh_letters(self, text: str, scores: list[int]) -> None:
        for letter in self._letters.keys() & set(text[:READ].lower()):
            for column, weight in self._letters[letter]:
                scores[column] += weight
