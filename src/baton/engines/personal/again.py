"""Names said again: who is named once, and found there, is hidden wherever the name or a part of it stands."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from baton.kernel.cover import Found

LEAST: Final = 3
"""Letters of a part of a name that is looked for by itself."""
_PART: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]{2,})*")
_TIED: Final = re.compile(r"[\d_@]")
_BETWEEN: Final = frozenset(" -\u2010\u2011")


def words_in(name: str) -> list[str]:
    """The words of a name."""
    return _PART.findall(name)


def parts(names: Iterable[str], plain: Collection[str]) -> frozenset[str]:
    """What names are told again by: each of their words, as it is written, that is no plain word."""
    words = (part for name in names for part in words_in(name))
    return frozenset(word for word in words if len(word) >= LEAST and word.lower() not in plain)


def again(text: str, found: Sequence[Found], known: frozenset[str]) -> list[Found]:
    """All that was found and the known parts of names that stand elsewhere, in order, none inside another."""
    if not known:
        return list(found)
    return sorted([*found, *_elsewhere(text, found, known)], key=lambda each: each.start)


def _elsewhere(text: str, found: Sequence[Found], known: frozenset[str]) -> Iterator[Found]:
    """Parts of names outside of what was found; parts with a space or a hyphen between are one name."""
    open_: Found | None = None
    for start, end in _outside(text, found, known):
        if open_ and start - open_.end == 1 and text[open_.end] in _BETWEEN:
            open_ = Found("name", open_.start, end)
            continue
        if open_:
            yield open_
        open_ = Found("name", start, end)
    if open_:
        yield open_


def _outside(text: str, found: Sequence[Found], known: frozenset[str]) -> Iterator[tuple[int, int]]:
    at = 0
    for match in _PART.finditer(text):
        while at < len(found) and found[at].end <= match.start():
            at += 1
        apart = at == len(found) or match.end() <= found[at].start
        if apart and match[0] in known and _alone(text, match):
            yield match.span()


def _alone(text: str, match: re.Match[str]) -> bool:
    """Neither a digit nor an underscore is tied to the word: it is no part of a code."""
    return not _TIED.match(text, match.end()) and not _TIED.match(text, max(0, match.start() - 1), match.start())
