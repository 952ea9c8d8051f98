"""Destinations: arguments that say where something goes. A customer's word alone sends nothing there: anybody could have told them to."""

import re
from typing import Final

NAMES: Final = frozenset(
    "email mail phone mobile tel iban recipient recipients cc bcc address url uri link callback webhook".split()
)
SHAPES: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.\w|[a-z][a-z\d+.-]{1,15}:/?/?\S|\bwww\.\S|(?:\+|\b00)\d[\d ()-]{6,}|\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,}",
    re.IGNORECASE,
)
"""A mail address, a link, a telephone number with its country, an IBAN."""


def leads(name: str, value: str) -> bool:
    """Whether an argument says where something goes, by its name or by what it looks like."""
    low = name.lower()
    return low in NAMES or not NAMES.isdisjoint(re.split(r"[_-]", low)) or bool(SHAPES.search(value))
