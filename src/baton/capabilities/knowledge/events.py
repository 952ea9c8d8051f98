"""What knowledge says: which sections answer what was asked. The articles themselves are a policy."""

from collections.abc import Iterable

import msgspec

from baton.kernel.events import Fact


class Section(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A numbered part of an article: what is cited. `asked` are questions it answers, as customers put them: found by, never said."""

    number: int
    title: str
    text: str
    asked: tuple[str, ...] = ()


class Article(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """An article: id, title, sections, owner, dates (ISO), state, who may read it, and the intents it serves."""

    id: str
    title: str
    sections: tuple[Section, ...]
    owner: str = ""
    review_on: str = ""
    state: str = "published"
    intents: tuple[str, ...] = ()
    language: str = "en"
    reviewed_on: str = ""
    audience: str = "customer"
    team: str = ""


class Passage(msgspec.Struct, frozen=True, gc=False):
    """A section together with the article it stands in."""

    article: Article
    section: Section

    @property
    def cite(self) -> str:
        """How it is cited: `art-31#1`."""
        return f"{self.article.id}#{self.section.number}"


class Articles(msgspec.Struct, frozen=True, gc=False):
    """The policy `knowledge.Articles`: every article in force, and the score in permille a section needs to be found."""

    articles: tuple[Article, ...] = ()
    floor: int = 300

    def passage(self, cite: str) -> Passage | None:
        """The section a citation names, or None where no such section is in force."""
        return passages(self).get(cite)

    def texts(self, cites: Iterable[str]) -> tuple[str, ...]:
        """The sections that citations name, each under its article's title: what a reply is judged by."""
        found = (self.passage(cite) for cite in cites)
        return tuple(f"{each.article.title}\n{each.section.text}" for each in found if each is not None)


class Cited(msgspec.Struct, frozen=True, gc=False):
    """A section found, with its score in permille."""

    article: str
    section: int
    score: int

    @property
    def cite(self) -> str:
        """How it is cited: `art-31#1`."""
        return f"{self.article}#{self.section}"


class Found(Fact, frozen=True, gc=False, omit_defaults=True):
    """The sections that answer the customer turn at `position` best, best first; empty where nothing was good enough.

    `intent` is what the turn was about when it was asked, so that a gap can be counted where it lies. `again` where a
    second look came later: this takes the place of what was found `before`, when the intent `was` another or open. `open` where words alone do not decide which
    section answers, so that a second look is worth it.
    """

    hits: tuple[Cited, ...] = ()
    position: int = 0
    intent: str = ""
    again: bool = False
    before: tuple[Cited, ...] = ()
    open: bool = False
    was: str = ""


_KEPT = 8
_passages: dict[int, tuple[Articles, dict[str, Passage]]] = {}


def passages(articles: Articles) -> dict[str, Passage]:
    """Every published section by its citation; worked out once for each version of the policy."""
    known = _passages.get(id(articles))
    if known is None or known[0] is not articles:
        by_cite = {p.cite: p for a in articles.articles if a.state == "published" for p in _of(a)}
        if len(_passages) >= _KEPT:
            _passages.clear()
        known = _passages[id(articles)] = (articles, by_cite)
    return known[1]


def _of(article: Article) -> list[Passage]:
    return [Passage(article, section) for section in article.sections]
