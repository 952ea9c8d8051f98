"""What the company wrote, as its search and its meanings know it: sections by words, sections and procedures by meaning."""

from collections.abc import Iterator

from baton.capabilities.agents.answers.extract import sentences
from baton.capabilities.agents.events import Procedures
from baton.capabilities.knowledge.events import Articles, Section
from baton.engines.meanings import Known
from baton.engines.models.search import Passage


def passages(articles: Articles) -> list[Passage]:
    """Every section for the search by words: the questions that customers ask of it count as its text."""
    return [
        Passage(a.id, s.number, f"{a.title}. {s.title}", " ".join((s.text, *s.asked)))
        for a in articles.articles
        for s in a.sections
    ]


def known(articles: Articles, procedures: Procedures) -> Iterator[Known]:
    """Every published section and every procedure for the search by meaning."""
    for article in articles.articles:
        if article.state == "published":
            for section in article.sections:
                yield _section(article.id, f"{article.title}. {section.title}", section)
    for procedure in procedures.procedures:
        yield Known(procedure.id, "act", asked=(procedure.title, *procedure.asked))


def _section(article: str, titles: str, section: Section) -> Known:
    titles = titles.strip(" .")
    parts = tuple(f"{titles}. {part}" for part, _ in sentences(section.text))
    return Known(f"{article}#{section.number}", "section", f"{titles}. {section.text}", parts, section.asked)
