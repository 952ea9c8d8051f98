"""Explained: who made a change, when, why, and how far it reached, read from the log."""

from dataclasses import dataclass

from baton.capabilities.routing.events import TakenOver
from baton.capabilities.routing.screen.changes import SWITCH, Revision, changes, told
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
    reason = await _reason(app, line.conversation, position)
    return Why(position, line.at_ms, line.text, line.who, reason, line.conversation)


async def _reason(app: App, conversation: str, position: int) -> str:
    """What was said when a conversation was taken over."""
    for entry, _ in await app.reader.told(f"conversation/{conversation}"):
        if entry.position == position and isinstance(entry.event, TakenOver):
            return entry.event.reason
    return ""
