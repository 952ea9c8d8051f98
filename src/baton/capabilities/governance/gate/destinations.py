"""Destinations: arguments that say where something goes. A customer's word alone sends nothing there: anybody could have told them to."""

import re
from typing import Final

NAMES: Final = frozenset(
    "email mail phone mobile tel iban recipient recipients cc bcc address url uri link callback webhook".split()
)
WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""The words of a name, however it joins them: `ship_to_address`, `shippingAddress`, `callbackURL`."""
INNER: Final = re.compile(r'"([^"\\]{1,64})":')
"""A name within an argument that has parts."""
SHAPES: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.\w|[a-z][a-z\d+.-]{1,15}:/?/?\S|\bwww\.\S|(?:\+|\b00)\d[\d ()-]{6,}|\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,}",
    re.IGNORECASE,
)
"""A mail address, a link, a telephone number with its country, an IBAN."""


def leads(name: str, value: str) -> bool:
    """Whether an argument says where something goes, by its name, by that of a part of it, or by what it looks like."""
    return any(map(_names_one, (name, *INNER.findall(value)))) or bool(SHAPES.search(value))


def _names_one(name: str) -> bool:
    words = {name.lower(), *(word.lower() for word in WORDS.findall(name))}
    return not NAMES.isdisjoint(word.removesuffix(ending) for word in words for ending in ("", "s", "es"))
