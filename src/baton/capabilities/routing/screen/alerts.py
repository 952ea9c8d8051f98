"""Alerts: only what somebody must do now, in words, worst first."""

from typing import Final, Literal

import msgspec

from baton.capabilities.routing.assigning.fitting import at_work, is_able
from baton.capabilities.routing.assigning.room import is_free
from baton.capabilities.routing.events import Place
from baton.capabilities.routing.screen.seen import Seen
from baton.capabilities.routing.screen.words import listed, plural

LONG_MS: Final = 300_000
LONG_WORDS: Final = "5 minutes"


class Alert(msgspec.Struct, frozen=True):
    """What must be done now: what is wrong, what may help, and the conversation to begin with."""

    id: str
    kind: Literal["bad", "warn"]
    title: str
    text: str
    conversation: str = ""


def alerts(seen: Seen) -> tuple[Alert, ...]:
    """One for each queue in which somebody waits too long or cannot be served, and one where nobody of the AI may speak."""
    by_queue: dict[str, list[Place]] = {}
    for place in seen.waiting:
        by_queue.setdefault(place.queue, []).append(place)
    found = [alert for queue, line in by_queue.items() for alert in _queue(queue, line, seen)]
    found.sort(key=lambda a: (a.kind, a.id))
    return (*found, *_ai(seen))


def _queue(queue: str, line: list[Place], seen: Seen) -> list[Alert]:
    long = [p for p in line if seen.now_ms - p.since_ms > LONG_MS]
    able = [p for p in at_work(seen.floor.posts) if seen.serves(p, queue)]
    key = line[0].conversation.partition("/")[2]
    if not able:
        title = f"{seen.title(queue)}: {plural(len(line), 'customer waits', 'customers wait')} and nobody who serves it is at work."
        return [Alert(f"nobody-{queue}", "bad", title, "Take the longest, or ask somebody to come online.", key)]
    if not long:
        return []
    title = (
        f"{seen.title(queue)}: {plural(len(long), 'customer has', 'customers have')} waited longer than {LONG_WORDS}."
    )
    return [Alert(f"long-{queue}", "bad", title, _help(queue, line[0], seen), key)]


def _help(queue: str, first: Place, seen: Seen) -> str:
    """Who could take the first in line, or who has room elsewhere."""
    posts = list(seen.floor.posts)
    free = [p for p in posts if is_free(p) and p.rep not in first.passed_by]
    able = [p for p in free if is_able(p, first, posts)]
    if able:
        return f"{listed([seen.name(p.rep) for p in able[:3]])} could take it; it is being offered."
    if free:
        others = listed([seen.name(p.rep) for p in free[:3]])
        return f"Nobody of {seen.title(queue)} has room. {others} {'has' if len(free) == 1 else 'have'} room in other queues."
    return "Nobody has room anywhere. Take the longest yourself."


def _ai(seen: Seen) -> list[Alert]:
    serving = [a for a in seen.agents if a.approved and a.on]
    if not serving or not all({"*", a.id} & set(seen.stopped) for a in serving):
        return []
    return [
        Alert(
            "stopped",
            "warn",
            "Every AI agent is stopped.",
            "Each customer goes to a person until one is started again.",
        )
    ]
