"""Grounding: how far a sentence rests on its sources, in permille. Pure, in whole numbers, some microseconds a sentence.

A sentence is as well supported as its best place in the sources (a sentence, or two that stand together): the share of its
content words found there, cut down where a number is not there or counts something else, where one denies and the other
does not, and where they say contraries. Overlap alone would let "32 kg" pass for "23 kg"; it is printed as the baseline of
`baton eval grounding`.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from baton.kernel.replies.tokens import OPPOSITES, Count, Tokens, tokens

FLOOR: Final = 501
"""A sentence below it does not pass: more than half of it has to be there."""
WRONG_NUMBER: Final = 100
OTHER_UNIT: Final = 350
DENIED: Final = 450
CONTRARY: Final = 550
ELSEWHERE: Final = 100
OTHER_NAME: Final = 700
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_HEADING: Final = re.compile(r"^\W*(?:\d+\.\s*)?(?P<words>[^\n.!?:]{3,80})\n")
_COURTESY: Final = re.compile(
    r"^\W*(?:hello|hi|thanks?|thank you|you're welcome|of course|sure|certainly|great|okay|ok|one moment|just a moment|happy to help"
    r"|i can help|i'?ll help|let me|i(?:'m| am) (?:an ai|an assistant)|you are chatting with|is there anything|anything else|would you like|do you want"
    r"|shall i|may i|could you|can you (?:tell|give|send)|please (?:tell|give|let me know)|did (?:this|that) help|a person is always)\b",
    re.IGNORECASE,
)


def claims(sentence: str) -> bool:
    """Whether a sentence states anything: courtesies and questions do not."""
    plain = sentence.strip()
    if not plain or not any(c.isalpha() for c in plain):
        return False
    told = tokens(plain)
    return not (plain.endswith("?") or (_COURTESY.match(plain) and not told.counts))


def grounded(sentence: str, sources: Sequence[str]) -> int:
    """How far `sentence` rests on `sources` (whole passages), in permille; 1000 where it states nothing."""
    if not claims(sentence):
        return 1000
    said, read = tokens(sentence), _read(tuple(sources))
    return max((_support(said, place, read) for place in read.places), default=0)


def overlap(sentence: str, sources: Sequence[str]) -> int:
    """The simple baseline: the share of its content words that the sources have anywhere, in permille."""
    said = tokens(sentence).stems
    there = frozenset().union(*(tokens(source).stems for source in sources)) if sources else frozenset()
    return 1000 * len(said & there) // len(said) if said else 1000


class _Place(NamedTuple):
    """A sentence of a source with its heading, or two that stand together: `parts` of it, and all of it."""

    whole: Tokens
    parts: tuple[Tokens, ...]


class _Sources(NamedTuple):
    places: tuple[_Place, ...]
    stems: frozenset[str]
    names: frozenset[str]


@lru_cache(512)
def _read(sources: tuple[str, ...]) -> _Sources:
    found: list[_Place] = []
    for source in sources:
        heading = _HEADING.match(source)
        title = f"{heading['words']}: " if heading else ""
        parts = [
            part for part in SENTENCE.split(source[heading.end() if heading else 0 :]) if any(map(str.isalnum, part))
        ]
        alone = [tokens(title + part) for part in parts]
        found += [_Place(one, (one,)) for one in alone]
        found += [
            _Place(tokens(f"{title}{parts[n]} {parts[n + 1]}"), (alone[n], alone[n + 1])) for n in range(len(parts) - 1)
        ]
    stems = frozenset[str]().union(*(place.whole.stems for place in found))
    return _Sources(tuple(found), stems, frozenset[str]().union(*(place.whole.names for place in found)))


def _support(said: Tokens, place: _Place, sources: _Sources) -> int:
    here = len(said.stems & place.whole.stems)
    near = len((said.stems - place.whole.stems) & sources.stems)
    share = (1000 * here + ELSEWHERE * near) // len(said.stems) if said.stems else 1000
    for cut in _cuts(said, place, sources):
        share = share * cut // 1000
    return share


def _cuts(said: Tokens, place: _Place, sources: _Sources) -> Iterable[int]:
    nearest = max(place.parts, key=lambda part: len(part.stems & said.stems))
    for count in said.counts:
        yield _counted(count, nearest.counts)
    strange = (said.names | said.first & sources.names) - place.whole.names
    if strange:
        yield WRONG_NUMBER if any(any(map(str.isdigit, name)) for name in strange) else OTHER_NAME
    if bool(said.denials) != bool(place.whole.denials):
        yield DENIED
    words = place.whole.words
    for one, other in OPPOSITES:
        for mine, theirs in ((one, other), (other, one)):
            if said.words & mine and words & theirs and not words & mine and not said.words & theirs:
                yield CONTRARY


def _counted(count: Count, there: Sequence[Count]) -> int:
    same = [each for each in there if each.value == count.value]
    if not same:
        return WRONG_NUMBER
    if any(not each.unit or not count.unit or each.unit == count.unit for each in same):
        return 1000
    return OTHER_UNIT
