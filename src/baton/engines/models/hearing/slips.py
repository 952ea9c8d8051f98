"""Slips: words that are one letter from a word for a person ("humna"), and whose slips they may be.

A slip is one letter missing, too many or wrong, or two side by side swapped; in a long word one may also have moved. Words
and surnames that are so near by chance are no slips.
"""

from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final

SHORTEST: Final = 4
"""Letters from which a word may be a slip of another."""
SHORT: Final = 8
"""Letters up to which a word for a person is near others by chance."""
_PERSON: Final = {
    "en": "human humans person people agent agents representative representatives operator operators advisor adviser"
    " supervisor manager someone somebody anyone anybody colleague colleagues specialist employee",
    "es": "persona humano agente alguien asesor operador representante supervisor",
    "de": "mensch menschen mitarbeiter berater jemand jemanden jemandem",
    "fr": "humain personne conseiller responsable agent",
}
_BEGIN: Final = frozenset(word[:2] for said in _PERSON.values() for word in said.split())
_END: Final = frozenset(word[-2:] for said in _PERSON.values() for word in said.split())
"""One slip leaves the two letters at one end as they are: most words are looked at no further."""
_NO_SLIPS: Final = frozenset(
    "college letter personal personnel personals gent prison humane agenda advise manage managed manages manger argent"
    " responsible parson parsons pearson pierson persson mensah menschel menschik hyman homan houman humann".split()
)
"""Words, and surnames that stand alone in many an answer."""
_NONE: Final[frozenset[str]] = frozenset()


def slip_of(word: str) -> str:
    """The word for a person that a word in plain letters is a slip of; "" for none."""
    return min(meant) if (meant := _meant(word)) else ""


def tongues(word: str) -> frozenset[str]:
    """The languages of which a word may be a slip, where it is one of a short word; empty where it is one of a long word."""
    meant = _meant(word)
    if any(len(each) > SHORT for each in meant):
        return frozenset()
    return frozenset(language for language, said in _PERSON.items() if not meant.isdisjoint(said.split()))


def _meant(word: str) -> AbstractSet[str]:
    if len(word) < SHORTEST or not (word[:2] in _BEGIN or word[-2:] in _END) or word in _NO_SLIPS:
        return _NONE
    left_of = _left_of()
    lefts = [left for left in _without_one(word) if left in left_of]
    if word in left_of:
        lefts.append(word)
    return {meant for left in lefts for meant in left_of[left] if _near(word, meant)} if lefts else _NONE


@cache
def _left_of() -> dict[str, tuple[str, ...]]:
    """What is left of a word for a person, whole or with one letter missing -> the words it may be."""
    found: dict[str, tuple[str, ...]] = {}
    for word in sorted({each for said in _PERSON.values() for each in said.split()}):
        for left in dict.fromkeys((word, *_without_one(word))):
            found[left] = (*found.get(left, ()), word)
    return found


def _near(word: str, meant: str) -> bool:
    """Whether two words of which the same is left are one letter apart; of long words that is not asked."""
    if len(word) < len(meant):
        return True
    if word[0] != meant[0]:
        return False
    return len(word) > len(meant) or len(meant) > SHORT or _one_wrong(word, meant)


def _one_wrong(word: str, meant: str) -> bool:
    """Whether words of one length differ in a letter, or in two side by side that are swapped."""
    apart = [n for n, (a, b) in enumerate(zip(word, meant, strict=True)) if a != b]
    if len(apart) <= 1:
        return True
    first, last = apart[0], apart[-1]
    return len(apart) == 2 and last == first + 1 and word[first] == meant[last] and word[last] == meant[first]


def _without_one(word: str) -> list[str]:
    return [word[:n] + word[n + 1 :] for n in range(len(word))]
