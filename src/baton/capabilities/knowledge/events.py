"""What knowledge says: which sections answer what was asked. The articles themselves are a policy."""

import msgspec

from baton.kernel.events import Fact


class Section(msgspec.Struct, frozen=True, gc=False):
    """A numbered part of an article: what is cited."""

    number: int
    title: str
    text: str


class Article(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """An article: id, title, sections, owner, review date (ISO), state, and the intents it serves."""

    id: str
    title: str
    sections: tuple[Section, ...]
    owner: str = ""
    review_on: str = ""
    state: str = "published"
    intents: tuple[str, ...] = ()
    language: str = "en"


class Articles(msgspec.Struct, frozen=True, gc=False):
    """The policy `knowledge.Articles`: every article in force."""

    articles: tuple[Article, ...] = ()


class Cited(msgspec.Struct, frozen=True, gc=False):
    """A section found, with its score in permille."""

    article: str
    section: int
    score: int


class Found(Fact, frozen=True, gc=False, omit_defaults=True):
    """The sections that answer the last customer turn best, best first; empty where nothing was good enough."""

    hits: tuple[Cited, ...] = ()
    position: int = 0
