"""Aftermath: what came of the invented promises, and what a reviewer answers about drawn needs. By the truth of the stories, which itself stays out of the log.

Most reps say that they kept a promise, some late, a few forget to; a broken one is admitted about every other time. The reviewer reads 3 of 5 drawn needs.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Literal

import msgspec

from baton.capabilities.resolution.events import ProbeAnswered, Promised, PromiseSettled
from baton.demo.halcyon.story import Story
from baton.demo.people import accounts

HOUR_MS = 3_600_000
FORGOTTEN, LATE, ADMITTED, READ, UNSURE = 8, 26, 45, 60, 5
"""Of 100."""


class Told(msgspec.Struct, frozen=True):
    """Something that was said later, and when."""

    at_ms: int
    event: PromiseSettled | ProbeAnswered


class Begun(msgspec.Struct, frozen=True):
    """A contact that a need may begin with: when it ended, and whether the need was met in the end."""

    ended_ms: int
    met: bool


def settled(story: Story, promised: Iterable[Promised], end_ms: int) -> list[Told]:
    """What the rep says came of the promises given in this story; nothing where it is not due, or nobody says."""
    promise = story.promise
    if promise is None or promise.kept is None or not story.rep:
        return []
    drawn = _drawn("promise", story.id)
    state: Literal["kept", "broken"] = "kept" if promise.kept else "broken"
    if promise.kept and drawn >= LATE:
        at_ms = max(story.ended_ms + HOUR_MS, promise.due_ms - (1 + drawn % 9) * HOUR_MS)
    elif promise.kept and drawn >= FORGOTTEN:
        at_ms = promise.due_ms + (2 + drawn) * HOUR_MS
    elif not promise.kept and drawn < ADMITTED:
        at_ms = promise.due_ms + 26 * HOUR_MS
    else:
        return []
    said = [PromiseSettled(each.deed, state, story.rep, at_ms) for each in promised if each.by == "rep"]
    return [Told(at_ms, each) for each in said if at_ms < end_ms]


def answered(conversation: str, begun: Begun, end_ms: int) -> Told | None:
    """What the reviewer answers about a drawn need that began with this conversation; None where they have not read it."""
    drawn = _drawn("probe", conversation)
    at_ms = begun.ended_ms + (2 + drawn % 18) * HOUR_MS
    if drawn >= READ or at_ms >= end_ms:
        return None
    met: Literal["yes", "no", "cannot_tell"] = "yes" if begun.met else "no"
    return Told(at_ms, ProbeAnswered("cannot_tell" if drawn < UNSURE else met, "reviewer", reviewer()))


def reviewer() -> str:
    """The analyst's id."""
    return next(account.email for account in accounts() if account.role == "analyst").partition("@")[0]


def _drawn(what: str, name: str) -> int:
    return int.from_bytes(blake2b(f"{what}/{name}".encode(), digest_size=4).digest(), "big") % 100
