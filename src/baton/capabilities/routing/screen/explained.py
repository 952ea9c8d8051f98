"""Explained: who made a change, when, why, and how far it reached, read from the log."""

from dataclasses import dataclass

from baton.capabilities.floor.events import Covered
from baton.capabilities.routing.events import Lent, TakenOver
from baton.capabilities.routing.screen.changes import SWITCH, Change, Revision, changes, told
from baton.capabilities.routing.screen.seen import Seen
from baton.web.app import App
from baton.web.refusals import not_found


@dataclass(frozen=True)
class Why:
    """One change. `reach` tells what it applies to."""

    position: int
    at_ms: int
    text: str
    who: str
    reason: str
    conversation: str = ""
    reach: str = ""


async def why_of(app: App, seen: Seen, revisions: list[Revision], position: int) -> Why:
    """The change at a position of the log; 404 where there is none."""
    for revision in revisions:
        if revision.position == position:
            at_once = revision.policy == SWITCH
            reach = (
                "It reached every open conversation at once."
                if at_once
                else "It holds for conversations that began after it."
            )
            who = seen.name(revision.author) if revision.author else ""
            return Why(position, revision.at_ms, told(revision, seen), who, revision.why, reach=reach)
    line = next((c for c in changes(seen, []).shown if c.position == position), None)
    if line is None:
        raise not_found()
    reason = await _reason(app, line)
    return Why(position, line.at_ms, line.text, line.who, reason, line.conversation)


async def _reason(app: App, line: Change) -> str:
    """What was said for it: when a conversation was taken over, a rep lent, or cover bought."""
    stream = line.stream or f"conversation/{line.conversation}"
    for entry, _ in await app.reader.told(stream, line.position - 1):
        if entry.position != line.position:
            continue
        if isinstance(entry.event, TakenOver | Lent):
            return entry.event.reason
        return entry.event.why if isinstance(entry.event, Covered) else ""
    return ""
