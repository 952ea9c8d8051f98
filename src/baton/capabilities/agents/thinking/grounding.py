"""Grounding: how far a sentence rests on the passages it cites. Pure, in whole numbers; the reply gate of governance judges again.

The share of its content words that a passage has, and nothing where it says a number, a link or an address that the passage does
not say, or denies what the passage's nearest sentence does not deny.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from baton.capabilities.knowledge.events import content_words

FLOOR: Final = 600
"""Permille from which a sentence rests on what it cites."""
NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
LINK: Final = re.compile(
    r"(?:https?:|www\.|mailto:|tel:|!?\[[^\]]*\]\()\S*|\b[\w.+-]+@[\w-]+\.\w+|\b(?:[\w-]+\.)+(?:com|net|org|io|eu|[a-z]{2})\b(?:/\S*)?",
    re.IGNORECASE,
)
DENIES: Final = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|neither|nor|cannot|without)\b|n['’]t\b", re.IGNORECASE
)
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")


def grounded(sentence: str, passages: Iterable[str]) -> int:
    """How far `sentence` rests on one of `passages`, in permille; 0 where it cites none."""
    return max((_by(sentence, passage) for passage in passages), default=0)


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


def _by(sentence: str, passage: str) -> int:
    said = content_words(sentence)
    if not said or made_up_links(sentence, [passage]) or made_up_numbers(sentence, [passage]):
        return 0
    denies = bool(DENIES.search(sentence))
    if any(bool(DENIES.search(part)) != denies for part in _nearest(said, passage)):
        return 0
    return 1000 * len(said & content_words(passage)) // len(said)


def _nearest(said: frozenset[str], passage: str) -> list[str]:
    """The sentences of a passage that share the most words with what was said."""
    shared = [(len(content_words(part) & said), part) for part in parts_of(passage)]
    most = max((share for share, _ in shared), default=0)
    return [part for share, part in shared if share == most]


def _numbers(text: str) -> Iterator[str]:
    for found in NUMBER.finditer(text):
        yield found[0].replace(",", "").lstrip("0") or "0"
