"""What the screen shows of articles and gaps: who owns what, what is due for review, what is asked in vain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

from sqlalchemy import func, select

from baton.capabilities.knowledge.articles.shelf import DAY_MS, lacking, use
from baton.capabilities.knowledge.events import Article, Articles
from baton.capabilities.knowledge.tables import USE
from baton.kernel.stats import wilson
from baton.web.app import App
from baton.web.asked import in_words
from baton.web.formats import interval

DAYS: Final = 30
SOON_DAYS: Final = 30
Due = Literal["", "overdue", "soon", "unset"]


@dataclass(frozen=True)
class Listed:
    """An article in the list. `due`: overdue, soon (within thirty days), unset, or empty; counts are of thirty days."""

    id: str
    title: str
    state: str
    owner: str
    review_on: str
    due: Due
    language: str
    intents: tuple[str, ...]
    found: int
    used: int


@dataclass(frozen=True)
class Gap:
    """An intent in which questions found nothing: how many, of how many, and the articles there are for it."""

    intent: str
    title: str
    asked: int
    nothing: int
    permille: int
    within: str
    articles: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Gaps:
    """The gaps, largest first; what was not understood at all is told apart."""

    rows: tuple[Gap, ...]
    unclear_asked: int
    unclear_nothing: int


async def listed(app: App) -> list[Listed]:
    """Every article, by its number."""
    used, names, today = await use(app, DAYS), names_of(app), today_of(app)
    found = [_listed(a, used.get(a.id, (0, 0)), names, today) for a in app.policy(Articles).articles]
    return sorted(found, key=lambda a: _number(a.id))


def _number(id: str) -> tuple[int, str]:
    digits = "".join(letter for letter in id if letter.isdigit())
    return int(digits or 0), id


def _listed(article: Article, used: tuple[int, int], names: Mapping[str, str], today: date) -> Listed:
    owner = names.get(article.owner) or in_words(article.owner.replace(".", " "))
    return Listed(
        article.id, article.title, article.state, owner, article.review_on, due_of(article, today), article.language,
        article.intents, *used,
    )  # fmt: skip


def due_of(article: Article, today: date) -> Due:
    """Whether an article is due for review."""
    try:
        review = date.fromisoformat(article.review_on)
    except ValueError:
        return "unset"
    if review < today:
        return "overdue"
    return "soon" if (review - today).days <= SOON_DAYS else ""


async def used_sections(app: App, article: str) -> dict[int, tuple[int, int]]:
    """How often each section was found and cited in thirty days."""
    since = app.clock.now_ms() // DAY_MS - DAYS
    u = USE.c
    sums = (func.sum(u.found).label("found"), func.sum(u.answered).label("answered"))
    query = select(u.section, *sums).where(u.article == article, u.day > since).group_by(u.section)
    rows = await app.store.rows(query)
    return {int(str(r["section"])): (int(str(r["found"] or 0)), int(str(r["answered"] or 0))) for r in rows}


async def gaps(app: App) -> Gaps:
    """What was asked in vain in thirty days."""
    serving: dict[str, list[tuple[str, str]]] = {}
    for article in app.policy(Articles).articles:
        for intent in article.intents:
            serving.setdefault(intent, []).append((article.id, article.title))
    found = await lacking(app, DAYS)
    rows = []
    for gap in found:
        if not gap.intent or not gap.nothing_found:
            continue
        share = wilson(gap.nothing_found, gap.asked)
        within = interval(round(1000 * share.low), round(1000 * share.high), 0)
        about = tuple(serving.get(gap.intent, ()))
        rows.append(
            Gap(
                gap.intent, in_words(gap.intent), gap.asked, gap.nothing_found, round(1000 * share.value), within, about
            )
        )
    unclear = next((g for g in found if not g.intent), None)
    return Gaps(tuple(rows), unclear.asked if unclear else 0, unclear.nothing_found if unclear else 0)


def names_of(app: App) -> dict[str, str]:
    """Everyone of the staff by id."""
    return {staff.id: staff.name for staff in app.accounts.everyone()}


def today_of(app: App) -> date:
    """Today, UTC."""
    return datetime.fromtimestamp(app.clock.now_ms() / 1000, UTC).date()
