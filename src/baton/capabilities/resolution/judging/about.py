"""What a conversation is about, for matching it with others of the same customer: its references, its words, and whether it says it is not the first.

References (a booking code, a flight, an amount) and words are kept as hashes, sealed under the customer's key: enough to see that two contacts share
them, and gone with the customer.
"""

import re
from collections.abc import Iterable, Sequence
from zlib import crc32

import msgspec

from baton.kernel.conversation import Turn

MOST_WORDS, MOST_MARKS, STEM = 80, 24, 6
_REFERENCES = (
    re.compile(r"\b(?=[A-Z0-9]*[A-Z])[A-Z0-9]{6}\b"),
    re.compile(r"\b[A-Z]{1,3}[- ]?\d{2,6}\b"),
    re.compile(r"\b\d+[.,]\d{2}\b"),
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]{4,}")
_SAYS_LITTLE = frozenset(
    "this that with have from your what when they there their would could about which will been were some them then than just like okay please thank thanks know want"
    " need tell name last first hello good well really here only very much more also into over because does dont didnt cannot cant before after again still yes sorry"
    " make time back said says call told nicht eine einen habe haben wird sind noch schon bitte danke oder auch aber para esta este como pero tengo quiero gracias hola"
    " pour avec vous dans mais bonjour merci".split()
)
_RETURNS = re.compile(
    r"\b(?:again|still|already|second time|third time|fourth time|last time|as i (?:said|wrote)|i (?:wrote|called|rang|chatted|e?mailed|messaged|was told|was promised|asked)|you (?:said|promised|told|wrote)"
    r"|(?:nothing|never) (?:came|arrived|happened)|nobody|not there|haven'?t heard|same (?:thing|problem|as)|didn'?t (?:work|arrive|come)|schon|wieder|immer noch|noch nicht|otra vez|todavía"
    r"|ya (?:escrib|llam)|encore|toujours pas)",
    re.IGNORECASE,
)  # fmt: skip


class About(msgspec.Struct, frozen=True):
    """Hashes of references (the kind above 32 bits) and of words, and whether the customer says that they came before."""

    marks: tuple[int, ...] = ()
    words: tuple[int, ...] = ()
    returning: bool = False


def about(turns: Sequence[Turn]) -> About:
    """What these turns are about: the customer's words, and the references that either side gives."""
    asked = [turn.text for turn in turns if turn.role in {"customer", "machine"}]
    marks = sorted({mark for turn in turns for mark in _marks(turn.text)})[:MOST_MARKS]
    return About(tuple(marks), tuple(_words(asked)), any(_RETURNS.search(text) for text in asked))


def _marks(text: str) -> Iterable[int]:
    for kind, reference in enumerate(_REFERENCES, 1):
        for found in reference.finditer(text):
            yield (kind << 32) + crc32(re.sub(r"[- ]", "", found[0]).encode())


def _words(texts: Sequence[str]) -> list[int]:
    """The first different words that say something, by their stems."""
    stems: dict[str, None] = {}
    for text in texts:
        stems |= dict.fromkeys(w[:STEM] for w in _WORD.findall(text[:4000].lower()) if w not in _SAYS_LITTLE)
    return sorted(crc32(stem.encode()) for stem in list(stems)[:MOST_WORDS])
