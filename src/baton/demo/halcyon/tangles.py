"""What makes a case hard, in the customer's own words: partner airlines, names that differ, a second thing, a flight tomorrow.

A case that is truly harder has more of it, though not always, and an easy one sometimes has it too; not all of it is said at once.
The words are drawn apart from everything else, so that the rest of a story stays as it is.
"""

import random
from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from baton.demo.halcyon.manner import as_written
from baton.demo.halcyon.needs import Need
from baton.demo.halcyon.phrases import book, expand
from baton.demo.halcyon.serving import Coming
from baton.demo.halcyon.story import Complexity, Line

HOW_MANY: dict[Complexity, tuple[float, ...]] = {
    "low": (0.86, 0.99),
    "medium": (0.18, 0.82, 0.98),
    "high": (0.04, 0.2, 0.64),
}
"""Chance of at most no, one, two of them; the same draw for a need in all its contacts, so that what gets harder shows more."""
SAYS_AT_ONCE = 0.75
SHORTEST = 15
"""Characters: a shorter turn answers, agrees or thanks, and nothing is added to it."""


def tangles(need: Need, complexity: Complexity, contact: int = 1) -> tuple[str, ...]:
    """The sentences about what makes this case hard, in the order in which they come up: the same things in every contact, put anew."""
    chance, words = random.Random(f"tangles/{need.id}"), random.Random(f"tangles/{need.id}/{contact}")
    many, table = bisect_right(HOW_MANY[complexity], chance.random()), book(need.language)["tangled"]
    if need.persona == "machine":
        return tuple(words.sample(table["machine"], k=many))
    kinds = chance.sample(sorted(table.keys() - {"machine"}), k=3)
    said = [expand(words, words.choice(table[kind]), need.slots) for kind in kinds]
    return tuple(said[:many])


def tangled(coming: Coming, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of one contact with what the customer mentions along the way; their last one never has any of it."""
    need, own = coming.need, [n for n, line in enumerate(lines) if line.role in ("customer", "machine")]
    left = list(tangles(need, coming.complexity, coming.contact))
    chance, told = random.Random(f"tangled/{need.id}/{coming.contact}"), list(lines)
    if chance.random() >= SAYS_AT_ONCE:
        own = own[1:]
    for n in own[:-1] or own[:1]:
        if left and len(lines[n].text) >= SHORTEST:
            said = with_more(chance, need, coming.channel, lines[n].text, left.pop(0))
            told[n] = msgspec.structs.replace(lines[n], text=said)
    return tuple(told)


def with_more(chance: random.Random, need: Need, channel: str, text: str, more: str) -> str:
    """A turn as this customer writes it, with one more sentence; in a letter it stands above the name."""
    if need.persona == "machine":
        return f"{text} {more}"
    written = as_written(chance, more, need.persona, "chat" if channel == "email" else channel, 0, "", need.language)
    body, gap, name = text.rpartition("\n\n") if channel == "email" else (text, "", "")
    body, name = (body, name) if gap else (text, "")
    return f"{body}{'' if body.rstrip()[-1] in '.?!' else '.'} {written}{gap}{name}"
