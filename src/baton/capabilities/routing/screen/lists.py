"""Lists: the conversations and promises behind a number or a person, each with a way to watch it."""

from collections.abc import Iterable

import msgspec

from baton.capabilities.routing.screen.floor import Talk
from baton.capabilities.routing.screen.seen import Seen
from baton.capabilities.routing.screen.words import plural
from baton.web.asked import in_words
from baton.web.formats import day_time

WAITING, AI, PROMISES, PERSON = "waiting", "ai", "promises", "rep-"
SHOWN = 40
BREATHER = "breather"
"""That a break is one is the rep's own business."""


class Line(msgspec.Struct, frozen=True):
    """A conversation in a list: what it is about, who has it, since when; `says` instead of a time that ticks."""

    key: str
    need: str
    who: str
    since_ms: int
    says: str = ""
    name: str = ""


class Listing(msgspec.Struct, frozen=True):
    """What a drawer lists. `empty` says what would be there; `movable` whether its lines may be moved to another queue.

    Of a person: `rep`, the queues they may be moved to as (id, title), and until when they are moved already.
    """

    title: str
    about: str
    lines: tuple[Line, ...]
    empty: str
    movable: bool = False
    rep: str = ""
    lendable: tuple[tuple[str, str], ...] = ()
    lent_ms: int = 0


def listing(seen: Seen, what: str) -> Listing | None:
    """The list of that name; None where there is no such list."""
    if what == WAITING:
        return _waiting(seen)
    if what == AI:
        talks = sorted(seen.with_ai, key=lambda t: (t.started_ms or 0, t.key))
        about = f"{plural(len(talks), 'conversation')} an AI agent has now, the oldest first"
        return Listing(
            "AI conversations", about, _lines(talks, seen), "Conversations an AI agent has now are listed here."
        )
    if what == PROMISES:
        return _promises(seen)
    return _person(seen, what.removeprefix(PERSON)) if what.startswith(PERSON) else None


def _waiting(seen: Seen) -> Listing:
    talks = {t.key: t for t in seen.floor.talks}
    lines = []
    for place in seen.waiting:
        key = place.conversation.partition("/")[2]
        talk = talks.get(key)
        need = f"{in_words((talk.intent if talk else '') or '') or 'Not yet clear what is wanted'}, {place.channel}"
        offered = f", offered to {seen.name(place.rep)}" if place.state == "offered" else ""
        lines.append(Line(key, need, f"waits in {seen.title(place.queue)}{offered}", place.since_ms))
    about = f"{plural(len(lines), 'customer waits', 'customers wait')}, the longest first"
    return Listing(
        "Waiting now", about, tuple(lines[:SHOWN]), "Customers who wait for a person are listed here.", movable=True
    )


def _person(seen: Seen, rep: str) -> Listing | None:
    post = next((p for p in seen.floor.posts if p.rep == rep), None)
    if post is None:
        return None
    held = [t for t in seen.floor.talks if t.holder == "rep" and t.who == rep]
    about = f"{post.held + post.offered} of {post.capacity} places in use, {post.presence.replace('_', ' ')}"
    if post.reason and post.reason != BREATHER:
        about += f": {post.reason}"
    talks = sorted(held, key=lambda t: (t.since_ms or 0, t.key))
    lendable = tuple((q.id, q.title) for q in seen.queues.values() if q.skill and q.skill not in post.skills)
    lent_ms = next((o.until_ms for o in seen.floor.led.loans if o.rep == rep and o.until_ms > seen.now_ms), 0)
    return Listing(
        seen.name(rep), about, _lines(talks, seen), "What this person takes is listed here.", movable=True, rep=rep,
        lendable=lendable, lent_ms=lent_ms,
    )  # fmt: skip


def _promises(seen: Seen) -> Listing:
    lines = [
        Line(
            p.conversation, seen.title(p.queue or ""), f"{seen.name(p.rep)} has it", p.due_ms,
            f"{'was due' if p.due_ms < seen.now_ms else 'due'} {day_time(p.due_ms, seen.zone)}",
        )
        for p in seen.promises[:SHOWN]
    ]  # fmt: skip
    about = f"{plural(len(seen.promises), 'promise')} for today, next first. Whether one was kept is told by its need."
    return Listing("Promises due today", about, tuple(lines), "Promises with a date are listed here on their day.")


def _lines(talks: Iterable[Talk], seen: Seen) -> tuple[Line, ...]:
    found = []
    for talk in list(talks)[:SHOWN]:
        who = seen.agent(talk.who or "") if talk.holder == "agent" else seen.name(talk.who or "")
        need = f"{in_words(talk.intent or '') or 'Not yet clear what is wanted'}, {talk.channel or 'chat'}"
        found.append(Line(talk.key, need, who, talk.since_ms or talk.started_ms or seen.now_ms))
    return tuple(found)
