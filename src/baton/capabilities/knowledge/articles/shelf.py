"""The shelf: which sections answer a question, how often articles are found and used, and what was asked in vain."""

from typing import Final

from pydantic import BaseModel, Field
from sqlalchemy import func, select

from baton.capabilities.knowledge.articles.fit import good
from baton.capabilities.knowledge.events import Articles
from baton.capabilities.knowledge.tables import GAPS, USE
from baton.web.app import App

DAY_MS: Final = 86_400_000


class Result(BaseModel):
    """A section that answers, with its citation. `score` is in permille."""

    cite: str = Field(examples=["art-12#2"])
    article: str
    section: int
    title: str
    section_title: str
    text: str
    score: int
    owner: str
    review_on: str


class Gap(BaseModel):
    """What was asked about an intent, and how often nothing good enough was found. An empty intent was not understood."""

    intent: str
    asked: int
    nothing_found: int


def found(app: App, text: str) -> list[Result]:
    """The sections that answer `text` now."""
    articles, models = app.policy(Articles), app.committer.models
    results = []
    for hit in good(text, models.search(text), articles, models.judge(text)):
        passage = articles.passage(hit.cite)
        if passage is not None:
            about, section = passage.article, passage.section
            results.append(
                Result(
                    cite=hit.cite, article=hit.article, section=hit.section, title=about.title, section_title=section.title,
                    text=section.text, score=hit.score, owner=about.owner, review_on=about.review_on,
                )
            )  # fmt: skip
    return results


async def use(app: App, days: int) -> dict[str, tuple[int, int]]:
    """How often each article was found and used in the last `days`."""
    since = app.clock.now_ms() // DAY_MS - days
    query = (
        select(USE.c.article, func.sum(USE.c.found).label("found"), func.sum(USE.c.answered).label("answered"))
        .where(USE.c.day > since)
        .group_by(USE.c.article)
    )
    rows = await app.store.rows(query)
    return {str(row["article"]): (int(str(row["found"] or 0)), int(str(row["answered"] or 0))) for row in rows}


async def lacking(app: App, days: int) -> list[Gap]:
    """What was asked in vain in the last `days`, the most first."""
    since = app.clock.now_ms() // DAY_MS - days
    query = (
        select(
            GAPS.c.intent, func.sum(GAPS.c.asked).label("asked"), func.sum(GAPS.c.nothing_found).label("nothing_found")
        )
        .where(GAPS.c.day > since)
        .group_by(GAPS.c.intent)
    )
    found_ = [Gap.model_validate(dict(row)) for row in await app.store.rows(query)]
    return sorted(found_, key=lambda gap: (-gap.nothing_found, gap.intent))
