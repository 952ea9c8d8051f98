"""Tokens of a claim: words cut to their stems, numbers with what they count, and the words that turn a claim around."""

import re
from typing import Final, NamedTuple

from baton.kernel.words import content_words

_NUMBER: Final = re.compile(r"(?<![\w.])(?:[€$£]\s?)?\d[\d,.]*(?:\s?[%€$£]|(?:st|nd|rd|th)\b)?(?![a-z]*\d)(?![a-z]\b)")
_CODE: Final = re.compile(r"\b(?=\w*\d)(?=\w*[a-z])(?!\d+(?:st|nd|rd|th|h|am|pm|kg|km|cm|min)\b)\w{2,}\b")
"""A mix of letters and digits: a seat, a booking, a flight."""
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_SPELLED: Final = {
    word: n
    for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
        " eighteen nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100, "thousand": 1000, "half": 0.5}
_TIMES: Final = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_NAME: Final = re.compile(r"(?<![.!?]\s)(?<=\s)[A-Z][\w'-]*\b(?<!\bI)|\b[A-Z]{2,}\b|\b[A-Z][a-z]+(?=:)")
_FIRST: Final = re.compile(r"[A-Z]\w+")
"""Capitals within a sentence or before a colon: a name, a code, a menu's word."""
_LIGHT: Final = content_words(
    "take get got need give come tell keep hold still also just right please would want let usual"
)
_SKIPPED: Final = frozenset(
    "a an the of to in for per each about up working business full calendar next first last more at least most only another".split()
)
_UNITS: Final = {
    "min": "minute", "mins": "minute", "hrs": "hour", "h": "hour", "kilo": "kg", "kilos": "kg", "kilograms": "kg", "cents": "cent",
    "euros": "€", "euro": "€", "eur": "€", "dollars": "$", "percent": "%", "pounds": "£",
}  # fmt: skip
_NOT: Final = frozenset(
    "not no never none nothing nobody neither nor cannot without unless except cant dont doesnt didnt wont isnt arent wasnt"
    " werent shouldnt mustnt couldnt havent hasnt excluded impossible".split()
)
OPPOSITES: Final = (
    ({"free", "nothing", "gratis"}, {"cost", "costs", "charge", "fee", "pay", "priced"}),
    ({"before"}, {"after"}),
    ({"least", "minimum"}, {"most", "maximum"}),
    ({"all", "everything", "full", "whole"}, {"half", "part", "nothing", "only", "some"}),
    ({"always"}, {"never", "sometimes"}),
    ({"online"}, {"desk", "counter"}),
    ({"first"}, {"last"}),
    ({"more", "over", "above"}, {"less", "under", "below"}),
    ({"in"}, {"out"}),
    ({"automatic", "automatically", "itself"}, {"person", "somebody", "claim", "letter"}),
)
"""Pairs of which a sentence may say one and its source the other: then it says the contrary, not the same."""


class Count(NamedTuple):
    """A number of a text, and the word for what it counts (stem), empty where none follows."""

    value: float
    unit: str


class Tokens(NamedTuple):
    """What a sentence claims: content stems, numbers, how many words deny, its plain words, and what is written in capitals, its first word apart."""

    stems: frozenset[str]
    counts: tuple[Count, ...]
    denials: int
    words: frozenset[str]
    names: frozenset[str]
    first: frozenset[str]


def tokens(text: str) -> Tokens:
    """The tokens of a sentence."""
    plain = text.lower().replace("\u2019", "'")
    words = [word.replace("'", "") for word in _WORD.findall(plain)]
    kept = frozenset(word for word in words if word not in _SPELLED)
    stems = content_words(" ".join(sorted(kept))) - _LIGHT
    names = frozenset(name.lower() for name in _NAME.findall(text)) | frozenset(_CODE.findall(plain))
    begins = _FIRST.match(text.strip())
    first = frozenset({begins[0].lower()} if begins else ())
    return Tokens(stems, tuple(_counts(plain)), sum(word in _NOT for word in words), frozenset(words), names, first)


def _counts(plain: str) -> list[Count]:
    pieces = re.findall(rf"{_NUMBER.pattern}|{_WORD.pattern}|[,;:.!?()]", _CODE.sub(" ", plain))
    found: list[Count] = []
    for n, piece in enumerate(pieces):
        value = value_of(piece)
        if value is None:
            continue
        following = _TIMES.get(pieces[n + 1]) if n + 1 < len(pieces) else None
        if n and pieces[n - 1] in _SPELLED | {"a": 1} and piece in _TIMES:
            continue
        found.append(Count(value * (following or 1), _unit(piece, pieces[n + 1 : n + 5])))
    return found


def value_of(piece: str) -> float | None:
    """The value of a written or spelled number; None where it is none."""
    if piece in _SPELLED and piece != "one":
        return float(_SPELLED[piece])
    digits = re.sub(r"[^\d.,]|(?:st|nd|rd|th)$", "", piece).rstrip(".,")
    if not digits or not digits[0].isdigit():
        return None
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
        return float(re.sub(r"[.,]", "", digits))
    try:
        return float(digits.replace(",", "."))
    except ValueError:
        return None


def _unit(piece: str, after: list[str]) -> str:
    for sign in "€$£%":
        if sign in piece:
            return sign
    for word in after:
        if word in ",;:.!?()":
            return ""
        if word in _SKIPPED or word in _TIMES:
            continue
        if value_of(word) is not None:
            return ""
        unit = _UNITS.get(word, word)
        return unit if unit in "€$£%" else unit[:-1] if len(unit) > 3 and unit.endswith("s") else unit
    return ""
