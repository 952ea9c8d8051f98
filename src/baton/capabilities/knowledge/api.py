"""Knowledge over HTTP: search with citations, articles, and the gaps."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import func, select

from baton.capabilities.knowledge.articles.fit import good
from baton.capabilities.knowledge.events import Article, Articles
from baton.capabilities.knowledge.tables import GAPS, USE
from baton.kernel.errors import BatonError
from baton.web.app import App

DAY_MS: Final = 86_400_000
MOST_WORDS: Final = 2000


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


class Results(BaseModel):
    """The sections that answer, best first; none where nothing is good enough."""

    results: list[Result]


class SectionShown(BaseModel):
    """A numbered section."""

    number: int
    title: str
    text: str


class ArticleListed(BaseModel):
    """An article without its text. `found` and `answered` count the days asked for."""

    id: str
    title: str
    owner: str
    review_on: str
    state: str
    language: str
    intents: list[str]
    sections: int
    found: int = 0
    answered: int = 0


class ArticlesListed(BaseModel):
    """Every article in force."""

    articles: list[ArticleListed]


class ArticleShown(BaseModel):
    """An article with its sections."""

    id: str
    title: str
    owner: str
    team: str
    review_on: str
    reviewed_on: str
    state: str
    language: str
    intents: list[str]
    sections: list[SectionShown]


class Gap(BaseModel):
    """What was asked about an intent, and how often nothing good enough was found. An empty intent was not understood."""

    intent: str
    asked: int
    nothing_found: int


class Gaps(BaseModel):
    """Gaps, the largest first."""

    gaps: list[Gap]


Days = Annotated[int, Query(ge=1, le=3660, description="How many days back, UTC days.")]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/knowledge", tags=["knowledge"])

    @routes.get("/search", response_model=Results)
    async def search(
        request: Request, q: Annotated[str, Query(min_length=1, max_length=MOST_WORDS, description="What is asked.")]
    ) -> Results:
        """The sections that answer a question, with citations: what an agent would rest on."""
        app.allow(request, "open", "knowledge")
        return Results(results=found(app, q))

    @routes.get("/articles", response_model=ArticlesListed)
    async def articles(request: Request, days: Days = 30) -> ArticlesListed:
        """Every article in force, with how often it was found and used."""
        app.allow(request, "open", "knowledge")
        used = await use(app, days)
        listed = [_listed(a, used.get(a.id, (0, 0))) for a in app.policy(Articles).articles]
        return ArticlesListed(articles=listed)

    @routes.get("/articles/{id}", response_model=ArticleShown)
    async def article(request: Request, id: str) -> ArticleShown:
        """One article with its sections."""
        app.allow(request, "open", "knowledge")
        known = next((a for a in app.policy(Articles).articles if a.id == id), None)
        if known is None:
            raise BatonError("not_found", 404, "There is no such article. Look it up in the list of articles.")
        return _shown(known)

    @routes.get("/gaps", response_model=Gaps)
    async def gaps(request: Request, days: Days = 30) -> Gaps:
        """What was asked in vain, by intent."""
        app.allow(request, "open", "knowledge")
        return Gaps(gaps=await lacking(app, days))

    return routes


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


def _listed(article: Article, used: tuple[int, int]) -> ArticleListed:
    return ArticleListed(
        id=article.id, title=article.title, owner=article.owner, review_on=article.review_on, state=article.state,
        language=article.language, intents=list(article.intents), sections=len(article.sections), found=used[0], answered=used[1],
    )  # fmt: skip


def _shown(article: Article) -> ArticleShown:
    sections = [SectionShown(number=s.number, title=s.title, text=s.text) for s in article.sections]
    return ArticleShown(
        id=article.id, title=article.title, owner=article.owner, team=article.team, review_on=article.review_on,
        reviewed_on=article.reviewed_on, state=article.state, language=article.language, intents=list(article.intents),
        sections=sections,
    )  # fmt: skip
