"""Made up: numbers, links and addresses of a text that none of what is known has. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
LINK: Final = re.compile(
    r"(?:https?:|www\.|mailto:|tel:|!?\[[^\]]*\]\()\S*|\b[\w.+-]+@[\w-]+\.\w+|\b(?:[\w-]+\.)+(?:com|net|org|io|eu|[a-z]{2})\b(?:/\S*)?",
    re.IGNORECASE,
)
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")


def made_up_links(text: str, known: Sequence[str]) -> list[str]:
    """Links and addresses of `text` that none of `known` has."""
    there = "\n".join(known).casefold()
    links = (found[0].rstrip(".,;:!?)") for found in LINK.finditer(text))
    return [link for link in links if link.casefold() not in there]


def made_up_numbers(text: str, known: Sequence[str]) -> list[str]:
    """Numbers of `text` that none of `known` has."""
    numbers = frozenset(_numbers("\n".join(known)))
    return [number for number in _numbers(LINK.sub(" ", text)) if number not in numbers]


def parts_of(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in (found.strip() for found in SENTENCE.split(text)) if part]


def _numbers(text: str) -> Iterator[str]:
    for found in NUMBER.finditer(text):
        yield found[0].replace(",", "").lstrip("0") or "0"
