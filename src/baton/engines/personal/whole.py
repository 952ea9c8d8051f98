"""Names and addresses made whole: the other half of a double name, the town between a street and its postcode."""

import re
from collections.abc import Sequence
from typing import Final

from baton.engines.personal.tagger import Tagged

_HYPHENS: Final = ("-", "\u2010", "\u2011")
_JOINED: Final = re.compile(r"(?:[-\u2010\u2011][^\W\d_]+)+")
"""What is tied to a name by a hyphen."""
_TIED: Final = re.compile(r"(?:[^\W\d_]{1,24}[-\u2010\u2011]){1,3}\Z")
_BETWEEN: Final = re.compile(r"(?:[\s,.]+[A-ZÀ-Þ\u0391-\u03a9\u0410-\u042f]\w*){0,6}[\s,.]+")
"""Words with a capital, line ends and commas: the towns, states and countries of an address."""
_DATE: Final = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+\d{1,2}(?:st|nd|rd|th)?\b[\s,.]*",
    re.IGNORECASE,
)
_ABOARD: Final = re.compile(r"(?:seat|gate|row|terminal|platform|carriage)\s+\w{1,4}", re.IGNORECASE)
"""Where somebody sits or leaves from."""
LEAST: Final = 3
"""Words after a date that may be an address: fewer are a seat or a gate."""
LONGEST: Final = 80
"""Characters between two parts of one address, at most."""


def whole(text: str, tagged: Sequence[Tagged]) -> list[Tagged]:
    """The same names and addresses with what belongs to them, in order, none inside another."""
    found: list[Tagged] = []
    tagged = [kept for each in tagged if (kept := _undated(text, each))]
    for n, each in enumerate(tagged):
        free = tagged[n + 1].start if n + 1 < len(tagged) else len(text)
        one = _double(text, each, found[-1].end if found else 0, free) if each.what == "name" else each
        if one.what == "address" and found and found[-1].what == "address" and _tied(text[found[-1].end : one.start]):
            found[-1] = Tagged("address", found[-1].start, one.end)
        else:
            found.append(one)
    return found


def _undated(text: str, each: Tagged) -> Tagged | None:
    """A date is no address, and is no part of the one after it; a seat is none either."""
    if each.what == "address" and _ABOARD.fullmatch(text, each.start, each.end):
        return None
    date = _DATE.match(text, each.start, each.end) if each.what == "address" else None
    if date is None:
        return each
    return Tagged("address", date.end(), each.end) if len(text[date.end() : each.end].split()) >= LEAST else None


def _double(text: str, name: Tagged, taken: int, free: int) -> Tagged:
    """A name with what hyphens tie to it, between what is found before and after it."""
    after = _JOINED.match(text, name.end, free)
    tied = text.endswith(_HYPHENS, taken, name.start)
    before = _TIED.search(text, max(taken, name.start - LONGEST), name.start) if tied else None
    return Tagged("name", before.start() if before else name.start, after.end() if after else name.end)


def _tied(gap: str) -> bool:
    return len(gap) <= LONGEST and _BETWEEN.fullmatch(gap) is not None
