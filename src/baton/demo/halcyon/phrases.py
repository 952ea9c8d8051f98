"""What is said in Halcyon Air: templates where `[a|b]` is one of them and `{slot}` is filled in.

Letters before `> ` say which openings a sentence belongs to, so that an answer fits the question: `sh> ` fits those marked s or h.
"""

import random
import re
import tomllib
from collections.abc import Mapping
from functools import cache

from baton.demo.halcyon.files import text_of, texts_in

Table = Mapping[str, tuple[str, ...]]
MARKED = re.compile(r"([a-z]{1,8})> (.*)", re.DOTALL)
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
        self._mark = ""

    def of(self, intent: str, kind: str) -> str:
        """A sentence about an intent, such as its `open` or `again`; after an opening, one that fits it where there is one."""
        templates = book(self.language)[intent][kind]
        return self.from_template(self._fresh(fitting(templates, self._mark)))

    @property
    def mark(self) -> str:
        """The letters of the opening that was chosen, empty when it has none."""
        return self._mark

    def opens(self, intent: str) -> str:
        """How a customer begins; what follows fits it."""
        template = self._fresh(book(self.language)[intent]["open"])
        marked = MARKED.match(template)
        self._mark = marked[1] if marked else ""
        return self.from_template(template)

    def beside(self, intent: str, kind: str) -> str:
        """A sentence about the intent that need not fit what was asked: how an AI answers when it does not help."""
        return self.from_template(self._fresh(book(self.language)[intent][kind]))

    def fits(self, templates: tuple[str, ...]) -> tuple[str, ...]:
        """Those of some templates that belong to how this conversation began."""
        return fitting(templates, self._mark)

    def says(self, manner: str, kind: str) -> str:
        """A sentence of a manner, such as `customer`, `thanks`, in the language where it has one."""
        foreign = book(self.language).get("say", {}) if self.language in FOREIGN else {}
        key = "hands_over" if manner == "hands_over" else kind
        templates = foreign.get(key) or book("en")[manner][kind]
        return self.from_template(self._fresh(templates))

    def from_template(self, template: str) -> str:
        """A template as a sentence with this conversation's slots."""
        marked = MARKED.match(template)
        return expand(self.chance, marked[2] if marked else template, self.slots)

    def _fresh(self, templates: tuple[str, ...]) -> str:
        new = [template for template in templates if template not in self._used]
        template = self.chance.choice(new or templates)
        self._used.add(template)
        return template


@cache
def fitting(templates: tuple[str, ...], mark: str) -> tuple[str, ...]:
    """Those that belong to an opening's mark; else those that fit all; else all."""
    marks = {template: MARKED.match(template) for template in templates}
    own = tuple(template for template, found in marks.items() if mark and found and mark in found[1])
    general = tuple(template for template, found in marks.items() if not found)
    return own or general or templates


def _tables(text: str) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for name, found in tomllib.loads(text).items():
        tables[name] = {kind: tuple(said) for kind, said in found.items() if isinstance(said, list)}
        for kind, said in found.items():
            if isinstance(said, dict):
                tables[kind] = {inner: tuple(lines) for inner, lines in said.items()}
    return tables
