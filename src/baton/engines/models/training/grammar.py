"""Invented phrases written as small grammars, grown into examples; the same file gives the same examples."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

HERE: Final = Path(__file__).parent
GROWN: Final = 14
"""Examples grown from one line at most."""

_CHOICE: Final = re.compile(r"\[([^\[\]]*)\]")
_SLOT: Final = re.compile(r"\{(\w+)\}")
_SLOTS: Final = {
    "city": "lisbon madrid oslo paris berlin rome new_york london vienna dublin porto athens chicago tokyo malaga zurich".split(),
    "date": "tomorrow monday friday the_5th may_12 next_week june 3rd_of_july saturday the_weekend december tonight".split(),
    "ref": "HX4K2P QW7T1Z ABC123 K9LM3X 7FH2QD".split(),
    "name": "maria lee john smith anna kowalski mr_brown fatima khan".split(),
    "num": "3 12 45 100 214 1187 40 8".split(),
}
_OPENERS: Final = (
    "",
    "",
    "",
    "",
    "",
    "hi, ",
    "hello ",
    "hello, ",
    "hey, ",
    "please help, ",
    "good morning, ",
    "ok so ",
    "um ",
    "yes, ",
    "sorry, ",
)
_CLOSERS: Final = ("", "", "", "", "", "", "?", ".", " please", " thanks", "!", ", can you help?", ". thank you")


class Grown(NamedTuple):
    """One example: its text, its section, the other labels of its line, and which line of its section it comes from."""

    text: str
    section: str
    also: tuple[str, ...]
    line: int


def grow(name: str, seed: int = 1) -> Iterator[Grown]:
    """Examples of `training/<name>.txt`. Whole lines are held out together, since examples of one line are near copies."""
    section = ""
    lines = Counter[str]()
    for number, raw in enumerate((HERE / f"{name}.txt").read_text("utf-8").splitlines()):
        if raw.startswith("# "):
            section = raw[2:].strip()
        elif raw.strip() and section and not raw.startswith("#"):
            body, _, also = raw.partition(" + ")
            for text in _expand(body, random.Random(f"{seed}/{name}/{number}")):
                yield Grown(text, section, tuple(also.split()), lines[section])
            lines[section] += 1


def _expand(body: str, chance: random.Random) -> list[str]:
    """Up to GROWN different texts of one line; the first few bare, the others with an opener and a closer."""
    texts: dict[str, None] = {}
    for n in range(GROWN * 2):
        text = " ".join(_fill(body, chance).split())
        if n >= 4:
            text = chance.choice(_OPENERS) + text + chance.choice(_CLOSERS)
        texts.setdefault(text)
        if len(texts) == GROWN:
            break
    return list(texts)


def _fill(body: str, chance: random.Random) -> str:
    while match := _CHOICE.search(body):
        body = body[: match.start()] + chance.choice(match.group(1).split("|")) + body[match.end() :]
    return _SLOT.sub(lambda slot: chance.choice(_SLOTS[slot.group(1)]).replace("_", " "), body)
