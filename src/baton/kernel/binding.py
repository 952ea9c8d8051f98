"""Binding: an act as one canonical text and its hash, so that a yes to one act is never a yes to another.

What is hashed is exactly what is run: types are told apart (`40000` is not `"40000"`, a list is not its only item), and
nothing is silently made equal. What could be read in two ways is refused instead of being normalised here: texts that
are not NFC, letters that look like others, invisible and direction-changing characters, one argument under two names,
amounts that are not plain digits. Whoever takes a text in makes it canonical with `clean`.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

import msgspec

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}", re.ASCII)
TOOL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./-]{0,127}", re.ASCII)
DIGITS: Final = re.compile(r"(?:0|[1-9][0-9]{0,14})", re.ASCII)
LETTERS: Final = re.compile(r"[^\W\d_]+")
SCRIPTS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Scripts whose letters pass for one another: no word may mix them."""
HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
SPACES: Final = frozenset("\n\t")
LONGEST, MOST, DEEPEST = 20_000, 64, 4
LARGEST: Final = 2**53 - 1
"""Beyond it a number is another one in JSON of some systems."""


class Unreadable(ValueError):
    """An act that can be read in two ways; the message says which part, and never quotes it."""


def clean(text: str) -> str:
    """A text as it may be bound: NFC, without what cannot be seen. What it still cannot be is refused later."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(c for c in composed if c in SPACES or unicodedata.category(c) not in HIDDEN)


def bound(tool: str, args: Mapping[str, object], customer: str, price: str, salt: str = "") -> str:
    """The hash of an act. `customer` is the pseudonym, or the conversation where the customer is anonymous.

    `salt` is the conversation's own, sealed: once it is erased, nobody can try out which address or number was meant.

    Raises:
        Unreadable: a part of it can be read in two ways.
    """
    if not TOOL.fullmatch(tool):
        raise Unreadable("the tool's name")
    raw = msgspec.json.encode([tool, _pairs(args, 0), customer, price])
    return blake2b(raw, digest_size=16, key=salt.encode()[:64]).hexdigest()


def cents_in(args: Mapping[str, object]) -> int:
    """The largest amount among the arguments, in cents: those named `cents` or `…_cents`. Raises `Unreadable`."""
    amounts = [_cents(value) for name, value in args.items() if name == "cents" or name.endswith("_cents")]
    return max(amounts, default=0)


def strict_json(raw: bytes | str) -> dict[str, object]:
    """An object of JSON whose names are all different, at every depth. Raises `Unreadable`."""
    try:
        found = json.loads(raw, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable("the JSON") from error
    if not isinstance(found, dict):
        raise Unreadable("the JSON, which is no object")
    return found


def _cents(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return value
    if isinstance(value, str) and DIGITS.fullmatch(value):
        return int(value)
    raise Unreadable("an amount, which is no whole number of cents")


def _pairs(args: Mapping[str, object], depth: int) -> list[object]:
    if len(args) > MOST or depth > DEEPEST:
        raise Unreadable("arguments, which are too many or too deep")
    folded = {name.lower().replace("-", "").replace("_", "") for name in args if NAME.fullmatch(name)}
    if len(folded) != len(args):
        raise Unreadable("the name of an argument")
    return [[name, _tagged(args[name], depth)] for name in sorted(args)]


def _tagged(value: object, depth: int) -> list[object]:
    if isinstance(value, str):
        return ["s", _seen(value)]
    if value is None or isinstance(value, bool):
        return ["b", value]
    if isinstance(value, int) and abs(value) <= LARGEST:
        return ["i", value]
    if isinstance(value, list | tuple) and len(value) <= MOST and depth < DEEPEST:
        return ["l", [_tagged(each, depth + 1) for each in value]]
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return ["m", _pairs(value, depth + 1)]
    raise Unreadable("the type of an argument")


def _seen(text: str) -> str:
    """The text, where what is seen is what is there."""
    if text.isascii() and text.isprintable():
        return text if len(text) <= LONGEST else _refuse("a text, which is too long")
    if len(text) > LONGEST or clean(text) != text:
        return _refuse("a text with what cannot be seen, or that is not NFC")
    if any(_poses(c) for c in text) or any(_mixed(word) for word in LETTERS.findall(text)):
        return _refuse("a text with letters that pass for others")
    return text


def _refuse(what: str) -> str:
    raise Unreadable(what)


def _poses(c: str) -> bool:
    """Whether a letter or digit is another way to write an ASCII one, such as a full-width or mathematical one."""
    if c.isascii() or unicodedata.category(c) not in {"Lu", "Ll", "Lm", "Nd", "Nl"}:
        return False
    plain = unicodedata.normalize("NFKC", c)
    return unicodedata.category(c) == "Nd" or (plain != c and any(p.isascii() and p.isalnum() for p in plain))


def _mixed(word: str) -> bool:
    found = {script for c in word for script in SCRIPTS if unicodedata.name(c, "").startswith(script)}
    return len(found) > 1


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name is given twice")
    return made


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")
