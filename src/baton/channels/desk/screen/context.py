"""The right pane: who the customer is to us, what is understood of their need, and what knowledge says about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from baton.capabilities.complexity.events import Complexity
from baton.capabilities.empathy.events import PersonNeeded
from baton.capabilities.knowledge.events import Articles, Found
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.resolution.tables import CONTACTS, NEEDS
from baton.capabilities.sentiment.events import Mood
from baton.channels.chat.events import Preferences
from baton.channels.desk.screen import words
from baton.channels.desk.screen.agreed import Agreed, agreed
from baton.channels.desk.screen.memory import Habit, remembered
from baton.kernel.ports import Hit
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.board import named
from baton.web.reader import Told
from baton.web.staff import Staff

WINDOW_MS: Final = 7 * 86_400_000
MOST: Final = 6
SNIPPET: Final = 220


@dataclass(frozen=True)
class Earlier:
    """An earlier contact. `href` is empty where this rep may not open it."""

    at_ms: int
    channel: str
    need: str
    by: str
    outcome: str
    href: str


@dataclass(frozen=True)
class Article:
    """A section found: how it is cited, its article and title, its text and how it begins, its score in permille."""

    cite: str
    article: str
    title: str
    text: str
    begins: str
    score: int


@dataclass(frozen=True)
class Context:
    """Everything beside the conversation."""

    key: str
    verified: tuple[str, str]
    earlier: tuple[Earlier, ...]
    need: str
    need_state: str
    need_since_ms: int
    intent: str
    confidence: int
    runner_up: str
    moods: tuple[int, ...]
    mood: str
    level: str
    overridden: bool
    hard_by: tuple[str, ...]
    found: tuple[Article, ...]
    wishes: tuple[str, ...] = ()
    habits: tuple[Habit, ...] = ()
    agreed: Agreed | None = None

    @property
    def topic(self) -> str:
        """What tells of news of it."""
        return f"conversation/{self.key}"


async def context(app: App, staff: Staff, stream: Stream, told: Sequence[Told]) -> Context:
    """What is known beside a conversation."""
    intent, mood, level = stream.facts.get(Intent), stream.facts.get(Mood), stream.facts.get(Complexity)
    known, label = stream.policy(Articles), intent.label if intent else ""
    need = await _need(app, stream, label)
    return Context(
        key=stream.key, verified=words.VERIFIED[stream.started.verified if stream.started else "anonymous"],
        earlier=await _earlier(app, staff, stream), need=words.need_of(label), need_state=str(need.get("state", "")),
        need_since_ms=int(str(need.get("first_ms", 0))), intent=words.need_of(label), confidence=intent.confidence if intent else 0,
        runner_up=words.plain(intent.runner_up) if intent else "", moods=_moods(told), mood=words.mood_of(mood.score) if mood else "",
        level=level.level if level else "", overridden=level.overridden if level else False,
        hard_by=tuple(words.harder_by(r) for r in level.reasons) if level else (),
        found=articles(known, _answering(stream)) or _for_intent(known, label),
        wishes=tuple(_wishes(stream.facts.get(Preferences) or Preferences())), habits=await remembered(app, stream),
        agreed=await agreed(app, stream),
    )  # fmt: skip


def searched(app: App, query: str) -> tuple[Article, ...]:
    """The sections that answer a rep's own words."""
    hits: Sequence[Hit] = app.committer.models.search(query)
    return articles(app.policy(Articles), [(f"{h.article}#{h.section}", h.score) for h in hits])


def articles(known: Articles, cites: Sequence[tuple[str, int]]) -> tuple[Article, ...]:
    """Sections by their citations and scores, those in force, at most six."""
    made = []
    for cite, score in cites[:MOST]:
        passage = known.passage(cite)
        if passage is not None:
            text = passage.section.text.strip()
            begins = text if len(text) <= SNIPPET else text[:SNIPPET].rsplit(" ", 1)[0] + "\N{HORIZONTAL ELLIPSIS}"
            made.append(Article(cite, passage.article.title, passage.section.title, text, begins, score))
    return tuple(made)


def _answering(stream: Stream) -> list[tuple[str, int]]:
    """What was found for the customer's words, unless those only asked for a person."""
    found, needed = stream.facts.get(Found), stream.facts.get(PersonNeeded)
    if found is None or (needed is not None and needed.reason == "asked" and needed.position == found.position):
        return []
    return [(hit.cite, hit.score) for hit in found.hits]


def _wishes(asked: Preferences) -> Iterator[str]:
    if asked.plain:
        yield "plain words"
    if asked.one_at_a_time:
        yield "one question at a time"
    if asked.language:
        yield words.language_of(asked.language)


def _for_intent(known: Articles, intent: str) -> tuple[Article, ...]:
    """The first sections of the articles that were written for an intent: where nothing was found for the words themselves."""
    serve = [a for a in known.articles if intent and intent in a.intents and a.sections]
    return articles(known, [(f"{a.id}#{a.sections[0].number}", 0) for a in serve])[:3]


def _moods(told: Sequence[Told]) -> tuple[int, ...]:
    return tuple(event.score for _, caused in told for event in caused if isinstance(event, Mood))


async def _earlier(app: App, staff: Staff, stream: Stream) -> tuple[Earlier, ...]:
    customer = stream.started.customer if stream.started else ""
    if not customer:
        return ()
    since = app.clock.now_ms() - WINDOW_MS
    query = (
        select(CONTACTS.c.conversation, CONTACTS.c.intent, CONTACTS.c.channel, CONTACTS.c.path, CONTACTS.c.verdict, CONTACTS.c.started_ms)
        .where(CONTACTS.c.customer == customer, CONTACTS.c.started_ms >= since, CONTACTS.c.conversation != stream.key)
        .order_by(CONTACTS.c.started_ms.desc())
        .limit(MOST)
    )  # fmt: skip
    return tuple([await _one(app, staff, row) for row in await app.store.rows(query)])


async def _one(app: App, staff: Staff, row: Mapping[str, object]) -> Earlier:
    key = str(row["conversation"])
    may = app.may(staff, "open", "conversations") and await app.may_see(staff, named(key))
    path, verdict = str(row["path"]), str(row["verdict"])
    return Earlier(
        int(str(row["started_ms"])), str(row["channel"]), words.need_of(str(row["intent"] or "")), words.PATHS.get(path, path),
        words.VERDICTS.get(verdict, words.plain(verdict)), f"/conversations/{key}" if may else "",
    )  # fmt: skip


async def _need(app: App, stream: Stream, intent: str) -> Mapping[str, object]:
    """The newest need of this customer about the same thing; empty where this is the first contact about it."""
    customer = stream.started.customer if stream.started else ""
    if not customer or not intent:
        return {}
    query = (
        select(NEEDS.c.state, NEEDS.c.first_ms)
        .where(NEEDS.c.customer == customer, NEEDS.c.intent == intent, func.coalesce(NEEDS.c.merged_into, "") == "")
        .order_by(NEEDS.c.last_ms.desc())
        .limit(1)
    )
    rows = await app.store.rows(query)
    return rows[0] if rows else {}
