"""Alerts: only what somebody must do now, in words, worst first."""

from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from baton.capabilities.routing.assigning.fitting import at_work, is_able
from baton.capabilities.routing.assigning.room import is_free
from baton.capabilities.routing.events import Place
from baton.capabilities.routing.screen.floor import Talk
from baton.capabilities.routing.screen.seen import Seen
from baton.capabilities.routing.screen.words import listed, plural
from baton.web.asked import in_words

LONG_MS: Final = 300_000
LONG_WORDS: Final = "5 minutes"
KEPT_MS: Final = 1_800_000
"""How long an alert stays taken, or done with, after somebody said so."""


class Alert(msgspec.Struct, frozen=True):
    """What must be done now: what is wrong, what may help, and the conversation to begin with.

    `newest_ms` is since when it is so for the last it is about; `owner` who took it, and `is_mine` is told by the page; `rep` asks for help.
    """

    id: str
    kind: Literal["bad", "warn"]
    title: str
    text: str
    conversation: str = ""
    newest_ms: int = 0
    owner: str = ""
    staff: str = ""
    rep: str = ""


def alerts(seen: Seen) -> tuple[Alert, ...]:
    """One for each rep who asks for help, each queue in which somebody waits too long or cannot be served, and one where nobody of
    the AI may speak; those somebody is done with are left out.
    """
    found = [_owned(alert, seen) for alert in _all(seen)]
    return tuple(alert for alert in found if alert is not None)


def _all(seen: Seen) -> tuple[Alert, ...]:
    by_queue: dict[str, list[Place]] = {}
    for place in seen.waiting:
        by_queue.setdefault(place.queue, []).append(place)
    found = [alert for queue, line in by_queue.items() for alert in _queue(queue, line, seen)]
    found.sort(key=lambda a: (a.kind, a.id))
    return (*_helps(seen), *found, *_ai(seen))


def _owned(alert: Alert, seen: Seen) -> Alert | None:
    """The alert with who took it; None where somebody is done with all it is about."""
    said = next((o for o in seen.floor.led.owned if o.alert == alert.id), None)
    if said is None or said.state == "open" or seen.now_ms - said.at_ms > KEPT_MS:
        return alert
    if said.state == "taken":
        return replace(alert, owner=said.name, staff=said.staff)
    return None if alert.newest_ms <= said.until_ms else alert


def _helps(seen: Seen) -> list[Alert]:
    talks = {t.key: t for t in seen.talks}
    return [
        Alert(
            f"help-{h.conversation}", "bad", f"{seen.name(h.rep)} asks for help: {_need(talks[h.conversation])}.",
            "They hold the conversation. Whisper to them, join, or take it.", h.conversation, h.asked_ms, rep=h.rep,
        )
        for h in sorted(seen.floor.led.helps, key=lambda h: h.asked_ms) if h.conversation in talks
    ]  # fmt: skip


def _need(talk: Talk) -> str:
    return (in_words(talk.intent or "") or "not yet clear what is wanted").lower()


def _queue(queue: str, line: list[Place], seen: Seen) -> list[Alert]:
    long = [p for p in line if seen.now_ms - p.since_ms > LONG_MS]
    able = [p for p in at_work(seen.floor.posts) if seen.serves(p, queue)]
    key = line[0].conversation.partition("/")[2]
    if not able:
        title = f"{seen.title(queue)}: {plural(len(line), 'customer waits', 'customers wait')} and nobody who serves it is at work."
        return [
            Alert(
                f"nobody-{queue}",
                "bad",
                title,
                "Move somebody to it, move the work, or take the longest.",
                key,
                line[-1].since_ms,
            )
        ]
    if not long:
        return []
    title = (
        f"{seen.title(queue)}: {plural(len(long), 'customer has', 'customers have')} waited longer than {LONG_WORDS}."
    )
    return [Alert(f"long-{queue}", "bad", title, _help(queue, line[0], seen), key, long[-1].since_ms + LONG_MS)]


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
