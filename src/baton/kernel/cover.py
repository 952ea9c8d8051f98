"""Card data never reaches the log: payment card numbers and codes are covered before anything is appended.

A card number is 13 to 19 digits whose last digit checks (Luhn, ISO/IEC 7812-1), written or spoken, with spaces, dashes
or dots, in any script's digits. Phone numbers, IBANs, ticket numbers and booking codes are left alone. What else a screen
or an export may hide is found by `engines/personal`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Final, Literal

import msgspec

Kind = Literal["card", "code", "email", "phone", "iban", "ssn", "id", "ip", "url", "name", "address"]

Hides = Callable[[Sequence[str]], list[str]]
"""Hides personal values: each text with the kind of every value in its place, as `[name]`."""


class Found(msgspec.Struct, frozen=True, gc=False):
    """A value at (start, end) in characters of the text it was found in."""

    kind: Kind
    start: int
    end: int


class Covered(msgspec.Struct, frozen=True, gc=False):
    """A text that may be logged, and where in the original each covered value was."""

    text: str
    found: tuple[Found, ...] = ()


class Digits(msgspec.Struct, frozen=True, gc=False):
    """One written or spoken piece of a number."""

    digits: str
    start: int
    end: int


_UNITS: Final = {
    "zero": "0",
    "oh": "0",
    "o": "0",
    "nought": "0",
    "naught": "0",
    "nil": "0",
    "one": "1",
    "two": "2",
    "three": "3",
}
_UNITS.update({"four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9"})
_TEENS: Final = {
    name: str(n)
    for n, name in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 10
    )
}
_TENS: Final = {
    name: str(n) for n, name in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_TIMES: Final = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}

_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_PIECE: Final = re.compile(
    rf"\d+|\b(?:(?:{'|'.join(_TIMES)})[\s-]+(?:{_UNIT}|\d)|(?:{'|'.join(_TENS)})(?:[\s-]+(?:{_UNIT}))?|{'|'.join(_TEENS)}|{_UNIT})\b",
    re.IGNORECASE,
)
_GAP: Final = re.compile(
    r"(?:[\s.,\-_/*:|\u2010-\u2015\u2022\u00b7\u200b-\u200d\u2060\ufeff]{0,4}(?:(?:and|then|dash|space|uh|um|er)\b)?"
    r"[\s.,\-_\u200b]{0,3})",
    re.IGNORECASE,
)
_NO_DIGITS: Final = dict.fromkeys(range(48, 58))
_SPOKEN: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "zero", "eleven", "twelve")
_LEAST_DIGITS: Final = 13
_OLD_DIGITS: Final = 12
_LEAST_CODE: Final = 3
_LEAST_WORDS: Final = 4
"""Number words below which no card number is spoken: "quadruple one" and "twenty one" give more digits than words."""
_LENGTHS: Final = (16, 15, 19, 18, 17, 14, 13)
_ISSUED: Final = {
    13: re.compile(r"4|50|5[6-9]|6[037]"),
    14: re.compile(r"30[0-5]|3[689]|50|5[6-8]|6[037]"),
    15: re.compile(r"3[47]|1[0-9]|2014|2131|2149|50|5[6-8]|6[037]"),
    16: re.compile(r"[1-9]"),
    17: re.compile(r"[56]"),
    18: re.compile(r"[56]"),
    19: re.compile(r"[4-69]"),
}
"""How numbers of each length begin (ISO/IEC 7812 issuers); 16 digits that check are taken for a card whatever they begin with."""
_CARD_BEFORE: Final = re.compile(r"\b(?:card|maestro|tarjeta|karte|carte)\b[^\d.?!]{0,25}$", re.IGNORECASE)
"""Old Maestro numbers have 12 digits, as phone numbers may: they are taken for a card only right after the word."""
_ISSUED_INSIDE: Final = re.compile(r"4|5[0-9]|2[2-7]|3[0-9]|6[0-9]|9[67]|8[12]|1[0-9]")
_CODE_WORD: Final = re.compile(
    r"\b(?:cvv2?|cvc2?|cv2|cid|csc|cav2?|security\s+(?:code|number|digits)|card\s+(?:code|verification\s+(?:code|number|value))|"
    r"verification\s+value|three\s+digits?|3\s+digits?|c[oó]digo\s+de\s+seguridad|pr[uü]f(?:nummer|ziffer)|kartenpr[uü]fnummer|"
    r"code\s+on\s+the\s+back)\b[\s:=#-]*(?:(?:of|on|from|the|my|card|back|number|code|is|are|was|it's|its|es|ist|lautet|:)[\s:]+){0,6}",
    re.IGNORECASE,
)
_AFTER_CARD: Final = re.compile(
    r"\W{1,4}(?:(?:exp\w*|valid\w*|good\s+(?:thru|through))?\W{0,3}(?:thru\W+|until\W+)?\d{1,2}\s?[/.-]\s?\d{2,4}\W{1,4})?"
    r"(?:(?:and|with|the|code|cvv|cvc|is)\W+){0,4}(\d{3,4})(?![\w/.-]*\d)",
    re.IGNORECASE,
)
_CODE_HINTS: Final = (
    "cv",
    "csc",
    "cid",
    "cav",
    "code",
    "digit",
    "seguridad",
    "pr\u00fcf",
    "pruf",
    "security",
    "verification",
)
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{2,4}){2,8}(?:[ -]?[A-Z0-9]{1,3})?\b", re.IGNORECASE)


def cover(text: str) -> Covered:
    """The text without card numbers and card codes. Costs 1 to 3 microseconds where there are none."""
    digits = _written(text)
    lower = text.lower()
    spoken = _spoken(lower)
    if digits + spoken < _LEAST_CODE:
        return Covered(text)
    numbers = digits >= _OLD_DIGITS or spoken >= _LEAST_WORDS or digits + 2 * spoken >= _LEAST_DIGITS
    if not numbers and not any(hint in lower for hint in _CODE_HINTS):
        return Covered(text)
    cards = list(cards_in(text)) if numbers else []
    codes = [
        code for code in _codes(text, cards) if not any(c.start < code.end and code.start < c.end for c, _ in cards)
    ]
    if not cards and not codes:
        return Covered(text)
    marks = [(c, f"[card \u2022\u2022{last}]") for c, last in cards] + [(code, "[code]") for code in codes]
    marks.sort(key=lambda mark: mark[0].start)
    return Covered(replaced(text, marks), tuple(found for found, _ in marks))


def _written(text: str) -> int:
    """Digits in the text."""
    if text.isascii():
        return len(text) - len(text.translate(_NO_DIGITS))
    return sum(map(str.isdigit, text))


def _spoken(lower: str) -> int:
    """About how many number words the text holds: words inside longer words count too, so none is missed."""
    return sum([lower.count(word) for word in _SPOKEN if word in lower])


def replaced(text: str, marks: list[tuple[Found, str]]) -> str:
    """The text with each mark in the place of what was found, which must be in order and apart."""
    parts, at = [], 0
    for found, mark in marks:
        parts += [text[at : found.start], mark]
        at = found.end
    return "".join((*parts, text[at:]))


def cards_in(text: str) -> Iterator[tuple[Found, str]]:
    """Card numbers and their last four digits, left to right."""
    ibans = list(ibans_in(text))
    for run in runs_in(text):
        yield from _in_run(text, run, ibans)


def runs_in(text: str) -> Iterator[list[Digits]]:
    """Pieces of numbers with nothing but separators between them."""
    run: list[Digits] = []
    for match in _PIECE.finditer(text):
        piece = Digits(_digits(match.group()), match.start(), match.end())
        if run and not _GAP.fullmatch(text, run[-1].end, piece.start):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _digits(piece: str) -> str:
    """The digits of one written or spoken piece: "4111", "double four", "forty one", "eleven"."""
    if piece[0].isdigit():
        return "".join(str(unicodedata.digit(c, 0)) for c in piece)
    first, *rest = piece.lower().replace("-", " ").split()
    if first in _TIMES:
        return _digits(rest[0]) * _TIMES[first]
    if first in _TENS:
        return _TENS[first] + (_UNITS[rest[0]] if rest else "0")
    return _TEENS.get(first) or _UNITS[first]


def _in_run(text: str, run: list[Digits], ibans: list[Found]) -> Iterator[tuple[Found, str]]:
    digits = "".join(piece.digits for piece in run)
    offsets = [0, *accumulate(len(piece.digits) for piece in run)]
    at = 0
    while at < len(run):
        end = 0 if len(digits) - offsets[at] < _LEAST_DIGITS else _card_end(digits, offsets, at)
        if (
            not end
            and at == 0
            and len(digits) == _OLD_DIGITS
            and luhn(digits)
            and _CARD_BEFORE.search(text, 0, run[0].start)
        ):
            end = len(run)
        if not end or _is_phone(text, run[at]) or _within(run[at], ibans):
            at += 1
            continue
        yield Found("card", run[at].start, run[end - 1].end), digits[: offsets[end]][-4:]
        at = end


def _card_end(digits: str, offsets: list[int], at: int) -> int:
    """Where a card number that begins with piece `at` ends, or 0. The whole run counts first, then its parts."""
    start = offsets[at]
    if at == 0 and len(digits) in _ISSUED and _ISSUED[len(digits)].match(digits) and luhn(digits):
        return len(offsets) - 1
    if not _ISSUED_INSIDE.match(digits, start):
        return 0
    ends = {offset - start: n for n, offset in enumerate(offsets[at + 1 : at + 20], at + 1)}
    for length in _LENGTHS:
        if length in ends and _ISSUED[length].match(digits, start) and luhn(digits[start : start + length]):
            return ends[length]
    return 0


def _is_phone(text: str, first: Digits) -> bool:
    return text[max(0, first.start - 2) : first.start].rstrip("( ").endswith("+")


def _within(piece: Digits, ibans: list[Found]) -> bool:
    return any(iban.start <= piece.start < iban.end for iban in ibans)


def luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1 holds; all zeros do not count."""
    total = sum(map(int, digits[-1::-2])) + sum(sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return total % 10 == 0 and digits.strip("0") != ""


def _codes(text: str, cards: list[tuple[Found, str]]) -> Iterator[Found]:
    """Three or four digits, written or spoken, that follow a word for a card code, or follow a card number."""
    seen: set[int] = set()
    for match in _CODE_WORD.finditer(text):
        if (found := _three_or_four(text, match.end())) and found.start not in seen:
            seen.add(found.start)
            yield found
    for card, _ in cards:
        after = _AFTER_CARD.match(text, card.end)
        if after and after.start(1) not in seen:
            seen.add(after.start(1))
            yield Found("code", after.start(1), after.end(1))


def _three_or_four(text: str, at: int) -> Found | None:
    run: list[Digits] = []
    for match in _PIECE.finditer(text, at, at + 60):
        if not _GAP.fullmatch(text, run[-1].end if run else at, match.start()):
            break
        run.append(Digits(_digits(match.group()), match.start(), match.end()))
        if sum(len(piece.digits) for piece in run) >= 4:
            break
    if sum(len(piece.digits) for piece in run) in (3, 4):
        return Found("code", run[0].start, run[-1].end)
    return None


def ibans_in(text: str) -> Iterator[Found]:
    """IBANs whose check digits hold (ISO 13616: the number, first four moved to the end, letters as 10 to 35, is 1 mod 97)."""
    for match in _IBAN.finditer(text):
        if end := _iban_end(match.group()):
            yield Found("iban", match.start(), match.start() + end)


def _iban_end(candidate: str) -> int:
    """Length in characters of the longest part from the start that checks, or 0; a following word may have been taken along."""
    ends = [n for n in range(len(candidate), 0, -1) if n == len(candidate) or not candidate[n].isalnum()]
    for end in ends:
        plain = candidate[:end].replace(" ", "").replace("-", "").upper()
        if iban_checks(plain):
            return end
    return 0


def iban_checks(plain: str) -> bool:
    """Letters and digits are as many as an IBAN has, and its check digits hold."""
    if not (15 <= len(plain) <= 34 and plain.isascii() and plain.isalnum()):
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
