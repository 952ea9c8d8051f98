"""The routes of the knowledge screen. HTML only; data is under /api/knowledge."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from baton.capabilities.knowledge.articles.shelf import found
from baton.capabilities.knowledge.events import Articles
from baton.capabilities.knowledge.screen.shown import (
    DAYS,
    Listed,
    due_of,
    gaps,
    listed,
    names_of,
    today_of,
    used_sections,
)
from baton.web.app import App
from baton.web.asked import in_words
from baton.web.refusals import not_found

SCREEN: Final = "knowledge"
HERE: Final = "capabilities/knowledge"
Text = Annotated[str, Query(max_length=2000)]
Short = Annotated[str, Query(max_length=120)]


def routes(app: App) -> APIRouter:
    """The routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/knowledge")
    async def articles(
        request: Request, q: Text = "", review: Short = "", intent: Short = "", owner: Short = ""
    ) -> Response:
        """The articles; with a question, first the sections that answer it."""
        app.allow(request, "open", SCREEN)
        every = await listed(app)
        shown = [a for a in every if _wanted(a, review, intent, owner)]
        results = found(app, q.strip()) if q.strip() else []
        return app.page(
            request, f"{HERE}/page.html", view="articles", q=q.strip(), results=results, owners=names_of(app), articles=shown, total=len(every), days=DAYS,
            overdue=sum(a.due == "overdue" for a in every), filters=_filters(every, review, intent, owner),
        )  # fmt: skip

    @router.get("/knowledge/gaps")
    async def board(request: Request) -> Response:
        """What was asked in vain."""
        app.allow(request, "open", SCREEN)
        return app.page(request, f"{HERE}/page.html", view="gaps", gaps=await gaps(app), days=DAYS, filters=[])

    @router.get("/knowledge/articles/{id}")
    async def one(request: Request, id: str) -> Response:
        """One article, to be read."""
        app.allow(request, "open", SCREEN)
        article = next((a for a in app.policy(Articles).articles if a.id == id), None)
        if article is None:
            raise not_found()
        owner = names_of(app).get(article.owner) or in_words(article.owner.replace(".", " "))
        return app.page(
            request, f"{HERE}/page.html", view="article", article=article, owner=owner, due=due_of(article, today_of(app)),
            used=await used_sections(app, id), days=DAYS, filters=[], intents=[in_words(i) for i in article.intents],
        )  # fmt: skip

    return router


def _wanted(article: Listed, review: str, intent: str, owner: str) -> bool:
    return review in ("", article.due) and (not intent or intent in article.intents) and owner in ("", article.owner)


def _filters(every: list[Listed], review: str, intent: str, owner: str) -> list[dict[str, object]]:
    intents = sorted({i for a in every for i in a.intents})
    owners = sorted({a.owner for a in every if a.owner})
    due = [
        ("", "Any review date"),
        ("overdue", "Review overdue"),
        ("soon", "Review within 30 days"),
        ("unset", "No review date"),
    ]
    return [
        {"name": "review", "label": "Review", "options": due, "value": review},
        {
            "name": "intent",
            "label": "Need",
            "options": [("", "All needs"), *((i, in_words(i)) for i in intents)],
            "value": intent,
        },
        {"name": "owner", "label": "Owner", "options": [("", "All owners"), *((o, o) for o in owners)], "value": owner},
    ]
