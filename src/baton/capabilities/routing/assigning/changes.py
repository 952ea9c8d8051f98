"""Changes: what becomes of a place and a post when an offer is made, taken, passed, or work ends."""

from msgspec.structs import replace

from baton.capabilities.routing.events import Pace, Passes, Place, Post, RepReady, Waiting

RECENT = 50
"""Conversations over which a queue's pace is averaged."""


def waiting(event: Waiting) -> Place:
    """A new place at the end of its line."""
    return Place(
        conversation=event.conversation, state="waiting", queue=event.queue, since_ms=event.since_ms, reason=event.reason,
        priority=event.priority, skill=event.skill, language=event.language, channel=event.channel, level=event.level,
        epoch=event.epoch,
    )  # fmt: skip


def back_in_line(place: Place, passed_by: str = "") -> Place:
    """An offer came to nothing: the place is kept, with its time."""
    passed = (*place.passed_by, passed_by) if passed_by else place.passed_by
    return replace(place, state="waiting", rep="", until_ms=0, passed_by=passed)


def ready(event: RepReady, before: Post | None, now_ms: int) -> Post:
    """A rep's post after a change of presence; what they hold stays, what is not said anew stays known."""
    same = before is not None and before.presence == event.presence
    came = event.presence == "available" and not same
    return Post(
        rep=event.rep, presence=event.presence, since_ms=before.since_ms if before and same else now_ms,
        name=event.name or (before.name if before else ""), skills=event.skills or (before.skills if before else ()),
        languages=event.languages or (before.languages if before else ()), capacity=event.capacity,
        held=before.held if before else 0, idle_since_ms=now_ms if came or before is None else before.idle_since_ms,
        reason=event.reason, offered=before.offered if before else 0,
    )  # fmt: skip


def offered(post: Post) -> Post:
    """One more offer on their desk."""
    return replace(post, offered=post.offered + 1)


def took(post: Post, now_ms: int) -> Post:
    """The offer is theirs now."""
    return replace(post, offered=max(0, post.offered - 1), held=post.held + 1, idle_since_ms=now_ms)


def let_go(post: Post, state: str, now_ms: int) -> Post:
    """What they were offered, or held, is gone."""
    if state == "offered":
        return replace(post, offered=max(0, post.offered - 1))
    return replace(post, held=max(0, post.held - 1), idle_since_ms=now_ms)


def unanswered(post: Post, now_ms: int) -> Post:
    """They did not answer in time: nobody sits there, so nothing more is sent."""
    presence = "away" if post.presence == "available" else post.presence
    return replace(
        post, offered=max(0, post.offered - 1), presence=presence, since_ms=now_ms, reason="offer_unanswered"
    )


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
