"""Personal values as they are said aloud and written down by speech recognition: "double seven", "john dot smith at gmail dot com"."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from baton.kernel.cover import Digits, Found, Kind, iban_checks, runs_in

LEAST_WORDS: Final = 3
"""Number words below which no number is spoken."""
_NUMBER: Final = re.compile(
    r"\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)\b", re.IGNORECASE
)
_PHONE_BEFORE: Final = re.compile(
    r"\b(?:call|phone|telephone|tel|mobile|cell|ring|reach|whatsapp|text|sms|contact|landline|callback|plus|my\s+number)\b[^.!?\n]{0,45}$",
    re.IGNORECASE,
)
_PHONE_AFTER: Final = re.compile(
    r"\W{0,3}(?:is|'s)\s+(?:my|the|our)\s+(?:phone|mobile|cell|number|home|work)\b", re.IGNORECASE
)
_SSN_BEFORE: Final = re.compile(r"\b(?:ssn|social\s+security|social)\b[^.!?\n]{0,30}$", re.IGNORECASE)
OTHER_BEFORE: Final = re.compile(
    r"\b(?:booking|order|flight|account|reference|ticket|case|invoice|confirmation|reservation|tracking|member|membership|serial|item|"
    r"id|street|address|live|zip)\b[^.!?\n\d]{0,30}$",
    re.IGNORECASE,
)
"""What a number is that is no telephone number, by the word before it."""
_PIECE: Final = (
    r"(?:[a-z\d]|zero|oh|one|two|three|four|five|six|seven|eight|nine|double\s\w+|triple\s\w+|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
)
_JOIN: Final = r"(?:dot|underscore|dash|hyphen|minus|plus|punto|punkt|point|tiret|guion|guión|unterstrich|bindestrich)"
_AT: Final = r"(?:at|at\s+sign|arroba|ät|arobase|klammeraffe)"
_DOT: Final = r"(?:dot|punto|punkt|point)"
_ENDS: Final = r"(?:com|net|org|edu|gov|info|biz|io|co|de|es|fr|at|ch|uk|us|ca|eu|mx|me)"
_EMAIL: Final = re.compile(
    rf"\b(?:{_PIECE}\s){{0,30}}[^\W_]{{1,40}}(?:\s{_JOIN}\s(?:{_PIECE}\s){{0,10}}[^\W_]{{1,40}}){{0,5}}(?:\s{_PIECE}){{0,8}}"
    rf"\s{_AT}\s(?:[^\W_]{{1,30}}\s){{1,3}}{_DOT}\s{_ENDS}(?:\s{_DOT}\s{_ENDS})?\b",
    re.IGNORECASE,
)
_SAYS_AT: Final = re.compile(rf"\s{_AT}\s[^\n]{{1,80}}?\s{_DOT}\s{_ENDS}(?:\s{_DOT}\s{_ENDS})?\b", re.IGNORECASE)
_BEFORE_AT: Final = 200
_IBAN: Final = re.compile(rf"\b[a-z]\W[a-z]\W(?:{_PIECE}\W){{12,45}}{_PIECE}\b", re.IGNORECASE)
_LETTER: Final = re.compile(r"\b[a-z]\b", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[a-z]", re.IGNORECASE)


def number_words(text: str) -> int:
    """Number words in the text."""
    return sum(1 for _ in _NUMBER.finditer(text))


def said(text: str, numbers: bool) -> Iterator[Found]:
    """Spoken e-mail addresses; where the text has `numbers`, spoken social security and telephone numbers too."""
    yield from _emails(text)
    if numbers:
        yield from _numbers(text)


def _emails(text: str) -> Iterator[Found]:
    at = 0
    for end in _SAYS_AT.finditer(text):
        from_ = max(at, end.start() - _BEFORE_AT)
        if match := _EMAIL.search(text, from_, end.end()):
            yield Found("email", match.start(), match.end())
            at = match.end()


def spoken_ibans(text: str) -> Iterator[Found]:
    """Letters and digits one by one whose check digits hold; the longest such row counts."""
    for match in _IBAN.finditer(text):
        pieces = [(m.start(), m.end(), m.group()) for m in _LETTER.finditer(match[0])]
        pieces += [
            (piece.start, piece.end, piece.digits)
            for run in runs_in(match[0])
            for piece in run
            if not _LETTER.fullmatch(match[0], piece.start, piece.end)
        ]
        pieces.sort()
        for many in range(len(pieces), 0, -1):
            if iban_checks("".join(part for _, _, part in pieces[:many])):
                yield Found("iban", match.start(), match.start() + pieces[many - 1][1])
                break


def _numbers(text: str) -> Iterator[Found]:
    for run in runs_in(text):
        if any(_LETTERS.match(text, piece.start) for piece in run) and (kind := _kind(text, run)):
            yield Found(kind, run[0].start, run[-1].end)


def _kind(text: str, run: Sequence[Digits]) -> Kind | None:
    """What a spoken number is, by its length and the words before it."""
    many = sum(len(piece.digits) for piece in run)
    before = text[max(0, run[0].start - 80) : run[0].start]
    if many == 9 and _SSN_BEFORE.search(before):
        return "ssn"
    if 7 <= many <= 15 and (_PHONE_BEFORE.search(before) or _PHONE_AFTER.match(text, run[-1].end)):
        return "phone"
    return "phone" if 10 <= many <= 12 and not OTHER_BEFORE.search(before) else None
