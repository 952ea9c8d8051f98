"""Knowledge over HTTP: search with citations, articles, and the gaps."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from baton.capabilities.knowledge.articles.shelf import Gap, Result, found, lacking, use
from baton.capabilities.knowledge.events import Article, Articles
from baton.capabilities.knowledge.screen.routes import routes as pages
from baton.kernel.errors import BatonError
from baton.web.app import App

MOST_WORDS: Final = 2000


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

    both = APIRouter()
    both.include_router(routes)
    both.include_router(pages(app))
    return both


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
