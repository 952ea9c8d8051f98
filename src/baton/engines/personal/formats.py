"""Personal values that a check digit or a fixed format gives away: cards, IBANs, e-mail, telephone, and the like; spoken too."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from baton.engines.personal.spoken import LEAST_WORDS, OTHER_BEFORE, number_words, said, spoken_ibans
from baton.kernel.cover import Found, Kind, cards_in, ibans_in, luhn

_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?![\w-])")
_URL: Final = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"']{2,300}[^\s<>\"'.,;:!?)\]]"
    r"|(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,6}(?:com|org|net|io|co|gov|edu|info|biz|me|app|dev|uk|de|es|fr|eu|ai)(?:/[^\s<>\"']*[^\s<>\"'.,;:!?)\]])?(?![\w@.-])",
    re.IGNORECASE,
)
_SSN: Final = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])")
_SSN_BARE: Final = re.compile(
    r"(?:\bssn\b|social\s+security)[^\d]{0,24}((?!000|666|9\d\d)\d{3}[- ]?(?!00)\d{2}[- ]?(?!0000)\d{4})(?!\d)",
    re.IGNORECASE,
)
_IPV4: Final = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)")
_IPV6: Final = re.compile(
    r"(?<![:\w])(?:[0-9a-f]{1,4}:){2,7}(?::|[0-9a-f]{1,4}|(?::[0-9a-f]{1,4}){1,6})(?![:\w])|(?<![:\w])(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?![:\w])",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"(?<![\w.+/-])(?:(?:\+|00)\d{1,3}[\s.-]?(?:\(0?\d{1,4}\)[\s.-]?)?(?:\d{1,5}[\s.-]?){1,5}\d{2,5}"
    r"|\(\d{2,5}\)[\s.-]?\d{2,4}(?:[\s.-]?\d{2,5}){1,3}|\d{3}[\s.-]\d{3}[\s.-]\d{4}|\d{5}[\s-]\d{5,6}|0\d{1,4}[\s./-]\d{2,4}(?:[\s.-]?\d{2,5}){1,3}"
    r"|0\d{9,10}|[2-9]\d{9})(?:\s?(?:x|ext\.?)\s?\d{1,5})?(?![\w-]*\d)",
    re.IGNORECASE,
)
_PHONE_SAID: Final = re.compile(
    r"\b(?:call|phone|telephone|tel|mobile|cell|ring|reach|answering|whatsapp|text|sms|registered|contact)\b"
    r"(?:(?!\b(?:booking|order|flight|card|account|reference|ticket|case|invoice)\b)[^\d\n]){0,30}(?<![\w.+-])(\d[\d ./-]{5,14}\d)(?![\w.-]*\d)",
    re.IGNORECASE,
)
"""Local numbers have no shape of their own: 7 to 10 digits after a word for telephoning."""
_ID: Final = re.compile(
    r"\b(?:driver'?s?\s+licen[cs]e|driving\s+licen[cs]e|passport|pasaporte|dni|nie|personalausweis|reisepass|f[uü]hrerschein|passeport|"
    r"permis\s+de\s+conduire|carte\s+d'identit[eé]|national\s+id|identity\s+card)"
    r"(?:\s+(?:number|no|num|nummer|n[uú]mero|numéro|id))?[\s.:#]*(?:(?:is|es|ist|est|lautet)[\s:]+)?"
    r"((?=[a-z -]{0,6}\d)[a-z\d](?:[ -]?[a-z]?\d){3,17}[a-z]?)(?![\w-]*\d)",
    re.IGNORECASE,
)
"""Papers of identity have no shape of their own: digits, with letters among them, after the word."""
_WRITTEN: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    *(("ssn", _SSN), ("ssn", _SSN_BARE), ("id", _ID), ("ip", _IPV4), ("phone", _PHONE), ("phone", _PHONE_SAID)),
)
_OLD_CARD: Final = re.compile(r"(?<![\w+-])(?:5[0678]|6\d)\d{10}(?![\w-])")
"""Maestro numbers of 12 digits: on a screen one too many is hidden rather than one too few."""
_AFTER_A_WORD: Final = (_SSN_BARE, _ID, _PHONE_SAID)
_DIGIT: Final = re.compile(r"\d")


def fixed(text: str) -> list[Found]:
    """Personal values of a fixed format or with a check digit, in order, none inside another.

    Where two overlap the surer kind stands: check digits before formats, formats before what is only spoken.
    """
    taken: list[Found] = []
    for each in _all(text):
        at = bisect_left(taken, each.start, key=_start)
        before = at and taken[at - 1].end > each.start
        after = at < len(taken) and taken[at].start < each.end
        if not before and not after and _long_enough(each, text):
            taken.insert(at, each)
    return taken


def _all(text: str) -> Iterator[Found]:
    """Everything that looks like a personal value, the surest kind first."""
    digits = _DIGIT.search(text) is not None
    numbers = digits or number_words(text) >= LEAST_WORDS
    if numbers:
        yield from spoken_ibans(text)
        yield from (card for card, _ in cards_in(text))
    if digits:
        yield from ibans_in(text)
        yield from (f for f in _matches("card", _OLD_CARD, text) if luhn(text[f.start : f.end]))
    if "@" in text:
        yield from _matches("email", _EMAIL, text)
    if "." in text:
        yield from _matches("url", _URL, text)
    for kind, pattern in _WRITTEN if digits else ():
        yield from _matches(kind, pattern, text)
    if text.count(":") > 1:
        yield from _matches("ip", _IPV6, text)
    yield from said(text, numbers)


def _matches(kind: Kind, pattern: re.Pattern[str], text: str) -> Iterator[Found]:
    group = 1 if pattern in _AFTER_A_WORD else 0
    return (Found(kind, *match.span(group)) for match in pattern.finditer(text))


def _start(found: Found) -> int:
    return found.start


def _long_enough(found: Found, text: str) -> bool:
    """A written phone number has 7 to 15 digits (ITU-T E.164); digits in one piece after "order" or "item" are none."""
    if found.kind != "phone" or not text[found.end - 1].isdigit():
        return True
    value = text[found.start : found.end]
    if value.isdigit() and OTHER_BEFORE.search(text, max(0, found.start - 80), found.start):
        return False
    digits = sum(map(str.isdigit, value))
    return 7 <= digits <= 16 or (digits < 7 and text[found.start].isalpha())
