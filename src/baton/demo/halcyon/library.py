"""The 40 knowledge articles: markdown with a TOML head and numbered sections that an answer can cite."""

import re
from datetime import date
from functools import cache

import msgspec

from baton.demo.halcyon.files import texts_in, typed

HEAD = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n+# [^\n]+\n(.*)\Z", re.DOTALL)
SECTION = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)


class Section(msgspec.Struct, frozen=True):
    """One numbered section; 0 is what stands before the first number."""

    number: int
    title: str
    text: str


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of an article besides its words. `owner` is a rep or staff handle; dates are whole days."""

    id: int
    title: str
    owner: str
    team: str
    audience: str
    state: str
    language: str
    intents: tuple[str, ...]
    reviewed: date
    review_by: date
    asked: dict[str, tuple[str, ...]] = {}
    """Questions that a section answers, by its number, as customers put them."""


class Article(msgspec.Struct, frozen=True):
    """One article. `markdown` is the body without its head and title."""

    head: Head
    markdown: str
    sections: tuple[Section, ...]

    def section(self, number: int) -> Section:
        """The section of that number. Raises `KeyError` when there is none."""
        for section in self.sections:
            if section.number == number:
                return section
        raise KeyError(f"article {self.head.id} has no section {number}")


@cache
def articles() -> tuple[Article, ...]:
    """All articles, by id."""
    found = (parse(name, text) for name, text in texts_in("articles", ".md"))
    return tuple(sorted(found, key=lambda article: article.head.id))


@cache
def article(number: int) -> Article:
    """The article of that id. Raises `KeyError` when there is none."""
    for found in articles():
        if found.head.id == number:
            return found
    raise KeyError(f"no article {number}")


def parse(name: str, text: str) -> Article:
    """One markdown file as an article. Raises `ValueError` when the head or the title is missing."""
    match = HEAD.match(text)
    if match is None:
        raise ValueError(f"{name!r} needs a head between +++ lines, then a title")
    return Article(typed(match[1], Head), match[2].strip(), _sections(match[2]))


def _sections(markdown: str) -> tuple[Section, ...]:
    pieces = SECTION.split(markdown)
    intro = pieces[0].strip()
    numbered = zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True)
    sections = [Section(int(number), title, text.strip()) for number, title, text in numbered]
    return (Section(0, "", intro), *sections) if intro else tuple(sections)
