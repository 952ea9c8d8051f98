"""Leaks: what no sentence of an AI may carry, whatever it rests on: foreign links, pictures, contact data nobody gave, hidden data, asking for secrets."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

from baton.kernel.replies.hosts import links, unplain
from baton.kernel.replies.secrets import asks_for_a_secret, names_a_secret, orders

_PICTURE: Final = re.compile(
    r"!\[|<\s*/?\s*(?:a|b|i|u|p|div|span|br|hr|font|center|table|form|input|button|img|svg|iframe|object|embed|script|link|style|meta|base|video|audio|source|picture|math)\b[^<>]*>?|\bdata:\w+/",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|(?<![\w.@])@\w{3,}")
_DIGITS: Final = re.compile(r"(?<!\w-)(?<![\w.,])\+?\d(?:[\s().-]?\d){6,}(?!\w)|\b(?:0|1-)?[89]00[- ]?[A-Z]{5,}\b")
_DATE: Final = re.compile(r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})\b")
_WORDS_OF_DIGITS: Final = (
    "oh zero one two three four five six seven eight nine double triple null eins zwei drei vier fünf sechs sieben acht neun"
    " cero uno dos tres cuatro cinco seis siete ocho nueve zéro un deux trois quatre cinq sept huit neuf"
)
_SAID_DIGITS: Final = re.compile(rf"(?:\b(?:{'|'.join(_WORDS_OF_DIGITS.split())})\b[\s,-]*){{6,}}", re.IGNORECASE)
_ENCODED: Final = re.compile(
    r"(?<![\w/+=-])(?=[\w/+=-]*\d)(?=[\w/+=-]*[A-Za-z])[A-Za-z0-9+/=_-]{25,}|(?<!\w)(?:%[0-9A-Fa-f]{2}){4,}|(?<!\w)(?:[0-9A-Fa-f]{2}[\s:]){8,}"
    r"|(?<![\w/+=-])(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])\w{12,}(?![\w-])"
)
_MONEY: Final = re.compile(
    r"[€$£]\s?\d|\d[\d.,]*\s?(?:€|\$|£|(?:eur|euros?|usd|dollars?|pounds?|gbp|chf|franken|francs?|dólares|livres)\b)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_DOTS: Final = str.maketrans({"。": ".", "‐": "-", "‑": "-", "‒": "-"})
_MOST_UNSEEN: Final = 3
"""Characters that cannot be seen and that a text may need: a joiner, a soft hyphen. More of them say something."""
_FEW: Final = 2


class Allowed(msgspec.Struct, frozen=True):
    """What a reply may carry: hosts of the company, and texts whose contact data and links may be repeated (what the
    customer said themselves, their record, published articles).
    """

    hosts: frozenset[str] = frozenset()
    repeats: tuple[str, ...] = ()


def leaks(text: str, allowed: Allowed) -> Iterator[str]:
    """Why `text` may not be said: labels, none where it may."""
    plain = unquote(plainly(text))
    if _PICTURE.search(plain):
        yield "picture"
    known = _squeezed(" ".join(allowed.repeats))
    if _leads_elsewhere(plain, allowed):
        yield "foreign_link"
    if any(_squeezed(found) not in known for found in _MAIL.findall(plain)):
        yield "unknown_address"
    if any(_squeezed(found) not in known for found in _numbers(plain)):
        yield "unknown_number"
    encoded = (found[0] for found in _ENCODED.finditer(plain) if not _linked(found[0], plain))
    if _hides(text) or any(_squeezed(found) not in known for found in encoded):
        yield "hidden_data"
    if asks_for_a_secret(plain):
        yield "asks_for_a_secret"
    if orders(plain):
        yield "planted_order"


def beside_prose(text: str) -> bool:
    """Whether a text of a record has a contact or an amount among its words, or speaks of a secret: somebody wrote it to be read.

    An address or number that stands alone is a value; an amount is said from a field that is one.
    """
    plain = plainly(text)
    if names_a_secret(plain):
        return True
    rest = _DIGITS.sub(" ", _MAIL.sub(" ", _DATE.sub(" ", plain)))
    contact = rest != _DATE.sub(" ", plain) or bool(_SAID_DIGITS.search(plain))
    return (contact or bool(_MONEY.search(plain))) and len(_WORD.findall(_MONEY.sub(" ", rest))) >= _FEW


def plainly(text: str) -> str:
    """The text as a reader sees it: compatible letters made one (NFKC), what cannot be seen taken out."""
    composed = unicodedata.normalize("NFKC", text).translate(_DOTS)
    return "".join(c for c in composed if not _unseen(c))


def _unseen(c: str) -> bool:
    return unicodedata.category(c) == "Cf" or 0xFE00 <= ord(c) <= 0xFE0F or 0xE0000 <= ord(c) <= 0xE01EF


def _hides(text: str) -> bool:
    unseen = [c for c in text if _unseen(c) and not c.isspace()]
    return any(ord(c) >= 0xE0000 for c in unseen) or sum(c not in "\u200d\ufe0f" for c in unseen) > _MOST_UNSEEN


def _leads_elsewhere(plain: str, allowed: Allowed) -> bool:
    kept = plain
    for known in allowed.repeats:
        kept = kept.replace(known, " ")
    return unplain(kept) or any(not _own(found, allowed) for found in links(plain))


def _linked(found: str, plain: str) -> bool:
    return any(found in link[0] for link in links(plain))


def _numbers(plain: str) -> Iterator[str]:
    yield from _DIGITS.findall(_DATE.sub(" ", plain))
    yield from (found[0] for found in _SAID_DIGITS.finditer(plain))


def _own(found: re.Match[str], allowed: Allowed) -> bool:
    written = re.sub(r"\s*(?:[\[({](?:\.|dot|punkt|punto)[\])}]| dot )\s*", ".", found[0], flags=re.IGNORECASE)
    written = re.sub(r"\s", "", written).rstrip(".,;:!")
    try:
        parts = urlsplit(written if "//" in written else f"https://{written}")
        host = (parts.hostname or "").encode("idna").decode().lower().rstrip(".")
    except (ValueError, UnicodeError):
        return False
    if parts.username or parts.scheme not in {"https", "http"}:
        return False
    if any(host == own or host.endswith(f".{own}") for own in allowed.hosts):
        return not parts.query
    return bool(written) and any(
        re.search(rf"(?<![\w.-]){re.escape(written)}(?![\w/-])", text) for text in allowed.repeats
    )


def _squeezed(text: str) -> str:
    return re.sub(r"[\s().-]", "", text).lower()
