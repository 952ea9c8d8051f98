"""Hosts: where a text would lead its reader, however it is written: links, bare names, spelled dots, numbers, marked-up text."""

import re
from collections.abc import Iterator
from typing import Final

TLDS: Final = (
    "com|org|net|io|co|app|dev|info|biz|xyz|top|site|online|shop|link|click|me|ly|gg|ru|cn|tk|example|de|fr|es|uk|eu"
)
LINK: Final = re.compile(
    r"(?P<url>(?:[a-z][a-z\d+.-]{1,15}|\bmailto)\s*:\s*//[^\s<>\"')\]]+)"
    rf"|(?P<bare>(?<![@\w.-])(?:[\w-]{{1,63}}\s?(?:\.|[\[({{](?:\.|dot|punkt|punto)[\])}}]| dot )\s?){{1,8}}(?:{TLDS})\b(?![@\w-])(?:/[^\s<>\"')\]]*)?)"
    r"|(?P<name>(?<![@\w.-])(?:[\w-]{2,63}\.){1,8}(?-i:[a-z]{2,24}|[A-Z]{2,24})\b(?![@\w-])(?:/[^\s<>\"')\]]*)?)",
    re.IGNORECASE,
)
"""A link with its scheme, a name under a well-known top level with its dots written in any way, any name with plain dots."""
SPELLED: Final = re.compile(
    r"(?<![\w-])[\w-]{2,63} (?:punto|punkt|point) (?:com|net|org|info|io|eu|example)\b|(?<!\b\w\s)(?:\b\w\s){3,40}\.\s(?:\w\s){1,12}\w\b",
    re.IGNORECASE,
)
NUMBERED: Final = re.compile(
    r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|\[[\da-f]*:[\da-f:.]+\]|\b(?:[\da-f]{1,4}:){3,}[\da-f]{0,4}|\b[\da-f]{1,4}::[\da-f:]*", re.IGNORECASE
)  # fmt: skip
SCHEME: Final = re.compile(r"\b(?:javascript|vbscript|file|data|tel|sms|blob)\s*:\S", re.IGNORECASE)
MARKED: Final = re.compile(r"\]\(\s*(?!https?://)|\]\[\w|^\s*\[\w+\]:\s", re.IGNORECASE | re.MULTILINE)
"""A link of Markdown to a place of the page, of its host or of a list below: a plain link says where it leads."""


def unplain(text: str) -> bool:
    """Whether a text leads somewhere in a way in which nobody writes an address that may be read."""
    return any(pattern.search(text) for pattern in (SPELLED, NUMBERED, SCHEME, MARKED))


def links(text: str) -> Iterator[re.Match[str]]:
    """Every link and name of a host."""
    return LINK.finditer(text)
