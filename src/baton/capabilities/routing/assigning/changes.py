"""Changes: what becomes of a place and a post when an offer is made, taken, passed, or work ends."""

from msgspec.structs import replace

from baton.capabilities.routing.assigning.fitting import USUAL_LEVEL
from baton.capabilities.routing.assigning.room import needed, taken
from baton.capabilities.routing.events import Pace, Passes, Place, Post, Queue, RepReady, Routing, Waiting

RECENT = 50
"""Conversations over which a queue's pace is averaged."""


def waiting(event: Waiting, rules: Routing) -> Place:
    """A new place at the end of its line; deferrable work gets the time by which it is to be taken."""
    queue = next((queue for queue in rules.queues if queue.id == event.queue), Queue(event.queue, event.queue))
    deferrable = event.channel in rules.deferrable
    return Place(
        conversation=event.conversation, state="waiting", queue=event.queue, since_ms=event.since_ms, reason=event.reason,
        priority=event.priority, skill=event.skill, language=event.language, channel=event.channel, level=event.level,
        epoch=event.epoch, last_rep=event.last_rep, not_before_ms=event.not_before_ms,
        due_ms=event.since_ms + 1000 * queue.deferred_target_s if deferrable else 0,
        not_for=event.not_for, intent=event.intent, passed_by=never(event.not_for), places=1 if deferrable else rules.places.get(event.channel, 1),
    )  # fmt: skip


def never(rep: str) -> tuple[str, ...]:
    """Who is never offered it, as if they had passed it."""
    return (rep,) if rep else ()


def back_in_line(place: Place, passed_by: str = "") -> Place:
    """An offer came to nothing: the place is kept, with its time."""
    passed = (*place.passed_by, passed_by) if passed_by else place.passed_by
    return replace(place, state="waiting", rep="", until_ms=0, passed_by=passed, chance_permille=1000)


def ready(event: RepReady, before: Post | None, now_ms: int) -> Post:
    """A rep's post after a change of presence; what they hold stays, what is not said anew stays known."""
    same = before is not None and before.presence == event.presence
    came = event.presence == "available" and not same
    post = before or Post(event.rep, event.presence, now_ms, idle_since_ms=now_ms)
    skills, levels = _with_levels(event.skills) if event.skills else (post.skills, post.levels)
    return replace(
        post, presence=event.presence, since_ms=post.since_ms if same else now_ms, name=event.name or post.name,
        skills=skills, levels=levels, languages=event.languages or post.languages, capacity=event.capacity,
        idle_since_ms=now_ms if came else post.idle_since_ms, reason=event.reason, lost_ms=0,
    )  # fmt: skip


def _with_levels(skills: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Skills and their levels of `refunds:4`; no levels where none is told."""
    parts = [skill.partition(":") for skill in skills]
    if not any(level for _, _, level in parts):
        return skills, ()
    levels = (min(5, max(1, int(level))) if level.isdecimal() else USUAL_LEVEL for _, _, level in parts)
    return tuple(name for name, _, _ in parts), tuple(levels)


def offered(post: Post, place: Place) -> Post:
    """One more offer on their desk."""
    return replace(
        post, offered=post.offered + 1, taken=taken(post) + needed(post, place), deferred=post.deferred + _defers(place)
    )


def took(post: Post, place: Place, now_ms: int) -> Post:
    """The offer is theirs."""
    return replace(
        post, offered=max(0, post.offered - 1), held=post.held + 1, idle_since_ms=now_ms, served=post.served + 1,
        hard=post.hard + (place.level == "high"),
    )  # fmt: skip


def let_go(post: Post, place: Place, now_ms: int) -> Post:
    """What they were offered, or held, is gone."""
    left = replace(
        post, taken=max(0, taken(post) - needed(post, place)), deferred=max(0, post.deferred - _defers(place))
    )
    if place.state == "offered":
        left = replace(left, offered=max(0, post.offered - 1))
    else:
        left = replace(left, held=max(0, post.held - 1), idle_since_ms=now_ms)
    return left if left.held + left.offered else replace(left, taken=0, deferred=0)


def _defers(place: Place) -> int:
    return int(place.due_ms > 0)


def unanswered(post: Post, place: Place, now_ms: int) -> Post:
    """They did not answer in time: nobody sits there, so nothing more is sent."""
    presence = "away" if post.presence == "available" else post.presence
    return replace(let_go(post, place, now_ms), presence=presence, since_ms=now_ms, reason="offer_unanswered")


def counted(before: Passes | None, place: Place, unanswered: bool) -> Passes:
    """One more offer that this rep passed or left."""
    now = before or Passes(place.rep)
    return Passes(
        rep=now.rep, passed=now.passed + (not unanswered), unanswered=now.unanswered + unanswered,
        last="unanswered" if unanswered else "passed", level=place.level,
    )  # fmt: skip


def paced(before: Pace | None, place: Place, now_ms: int) -> Pace:
    """The queue's pace with one more conversation: a running mean over the last fifty, in whole numbers."""
    took_ms = max(0, now_ms - place.answered_ms)
    if before is None:
        return Pace(place.queue, took_ms)
    count = min(before.count + 1, RECENT)
    return Pace(place.queue, before.mean_ms + (took_ms - before.mean_ms) // count, count)
