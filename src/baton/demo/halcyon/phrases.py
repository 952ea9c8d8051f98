"""What is said in Halcyon Air: templates where `[a|b]` is one of them and `{slot}` is filled in."""

import random
import re
import tomllib
from collections.abc import Mapping
from functools import cache

from baton.demo.halcyon.files import text_of, texts_in

Table = Mapping[str, tuple[str, ...]]
CHOICE = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)\}")
FOREIGN = {"es": "spanish", "de": "german"}
MANNERS = frozenset({"customer", "agent", "rep", "machine", "done", "shall", "say", "hands_over"})


@cache
def book(language: str = "en") -> dict[str, Table]:
    """Every table of templates of a language: an intent or a manner, then the kind of sentence."""
    if language in FOREIGN:
        return _tables(text_of(f"phrases/{FOREIGN[language]}.toml"))
    tables: dict[str, Table] = {}
    for name, text in texts_in("phrases", ".toml"):
        if name.removesuffix(".toml") not in FOREIGN.values():
            tables |= _tables(text)
    return tables


def speaks(language: str, intent: str) -> bool:
    """Whether there are words for an intent in a language; if not, people write English."""
    return intent in book(language)


def expand(chance: random.Random, template: str, slots: Mapping[str, str]) -> str:
    """One sentence of a template: choices made, slots filled, spaces put right."""
    chosen = CHOICE.sub(lambda found: chance.choice(found[1].split("|")), template)
    filled = SLOT.sub(lambda found: slots[found[1]], chosen)
    return re.sub(r"\s+([,.!?])", r"\1", re.sub(r"\s{2,}", " ", filled)).strip()


class Voice:
    """Picks sentences for one conversation: never the same template twice while there are others."""

    def __init__(self, chance: random.Random, language: str, slots: Mapping[str, str]) -> None:
        self.chance, self.language, self.slots = chance, language, dict(slots)
        self._used: set[str] = set()

    def of(self, intent: str, kind: str) -> str:
        """A sentence about an intent, such as its `open` or `again`."""
        return self.from_template(self._fresh(book(self.language)[intent][kind]))

    def says(self, manner: str, kind: str) -> str:
        """A sentence of a manner, such as `customer`, `thanks`, in the language where it has one."""
        foreign = book(self.language).get("say", {}) if self.language in FOREIGN else {}
        key = "hands_over" if manner == "hands_over" else kind
        templates = foreign.get(key) or book("en")[manner][kind]
        return self.from_template(self._fresh(templates))

    def from_template(self, template: str) -> str:
        """A template as a sentence with this conversation's slots."""
        return expand(self.chance, template, self.slots)

    def _fresh(self, templates: tuple[str, ...]) -> str:
        new = [template for template in templates if template not in self._used]
        template = self.chance.choice(new or templates)
        self._used.add(template)
        return template


def _tables(text: str) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for name, found in tomllib.loads(text).items():
        tables[name] = {kind: tuple(said) for kind, said in found.items() if isinstance(said, list)}
        for kind, said in found.items():
            if isinstance(said, dict):
                tables[kind] = {inner: tuple(lines) for inner, lines in said.items()}
    return tables
