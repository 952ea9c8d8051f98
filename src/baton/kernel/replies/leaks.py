"""Leaks: what no sentence of an AI may carry, whatever it rests on: foreign links, pictures, contact data nobody gave, hidden data, asking for secrets."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

_PICTURE: Final = re.compile(
    r"!\[|<\s*(?:img|svg|iframe|object|embed|script|link|style|video|audio|source|picture)\b|\bdata:\w+/", re.IGNORECASE
)
_LINK: Final = re.compile(
    r"(?P<url>(?:https?|ftp|wss?)\s*:\s*//[^\s<>\"')\]]+)"
    r"|(?P<bare>(?<![@\w.-])(?:[\w-]+\s?(?:\.|\[\.\]|\(\.\)| dot )\s?)+(?:com|org|net|io|co|app|dev|info|biz|xyz|top|site|online|shop|link|click|me|ly|gg|ru|cn|tk|example|de|fr|es|uk|eu)\b(?:/[^\s<>\"')\]]*)?)",
    re.IGNORECASE,
)
_SCHEME: Final = re.compile(r"\b(?:javascript|vbscript|file|data)\s*:", re.IGNORECASE)
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DIGITS: Final = re.compile(r"(?<![\w.,])\+?\d(?:[\s().-]?\d){7,}(?!\w)")
_DATE: Final = re.compile(r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})\b")
_ENCODED: Final = re.compile(
    r"(?<![\w/+=-])(?=[\w/+=-]*\d)(?=[\w/+=-]*[A-Za-z])[A-Za-z0-9+/=_-]{25,}|(?<!\w)(?:%[0-9A-Fa-f]{2}){4,}|(?<!\w)(?:[0-9A-Fa-f]{2}[\s:]){8,}"
)
_SECRET: Final = re.compile(
    r"\b(?:tell|give|send|share|type|enter|provide|confirm|reply with|what(?:'s| is))\b[^.?!]{0,40}\b(?:your|the)\s(?:\w+\s){0,2}?(?:password|passcode|pin|cvv|cvc|security code|card number|one[- ]time code|otp|secret answer)\b",
    re.IGNORECASE,
)
_ORDERS: Final = re.compile(
    r"\b(?:ignore|disregard|forget)\b[^.?!]{0,30}\b(?:previous|earlier|above|all|your)\b[^.?!]{0,20}\b(?:instructions?|rules|prompts?|messages?)\b"
    r"|\bsystem prompt\b|\bas an ai language model\b|<\|?(?:system|im_start|assistant)\|?>",
    re.IGNORECASE,
)


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
    if _SCHEME.search(plain) or any(not _own(found, allowed) for found in _LINK.finditer(plain)):
        yield "foreign_link"
    known = _squeezed(" ".join(allowed.repeats))
    if any(_squeezed(found) not in known for found in _MAIL.findall(plain)):
        yield "unknown_address"
    if any(_squeezed(found) not in known for found in _DIGITS.findall(_DATE.sub(" ", plain))):
        yield "unknown_number"
    if any(_squeezed(found) not in known for found in _ENCODED.findall(_LINK.sub(" ", plain))):
        yield "hidden_data"
    if _SECRET.search(plain):
        yield "asks_for_a_secret"
    if _ORDERS.search(plain):
        yield "planted_order"


def plainly(text: str) -> str:
    """The text as a reader sees it: compatible letters made one (NFKC), what cannot be seen taken out."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")


def _own(found: re.Match[str], allowed: Allowed) -> bool:
    written = re.sub(r"\s*(?:\[\.\]|\(\.\)| dot )\s*", ".", found[0], flags=re.IGNORECASE)
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
