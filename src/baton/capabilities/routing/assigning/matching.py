"""Matching: the next offer, among waiting conversations and free reps.

Conversations by priority, then the longest waiting; for each, the able rep with least in hand, then the longest idle.
It takes the first conversation that has a free and able rep, so one that needs a rare skill holds nobody else up.
"""

from collections.abc import Iterable, Sequence

import msgspec

from baton.capabilities.routing.assigning.hours import is_open
from baton.capabilities.routing.events import Place, Post, Queue

CHOICES = 3
"""Reps proposed for one conversation, so that near-ties can be left to chance."""


class Match(msgspec.Struct, frozen=True, gc=False):
    """A waiting conversation and the reps who could take it now, best first."""

    place: Place
    posts: tuple[Post, ...]


def best(places: Iterable[Place], posts: Sequence[Post], queues: Sequence[Queue], now_ms: int) -> Match | None:
    """The next conversation to offer, or None where nobody who waits meets a rep who is free."""
    free = [post for post in posts if is_free(post)]
    if not free:
        return None
    shut = {queue.id for queue in queues if not is_open(queue, now_ms)}
    for place in line(place for place in places if place.queue not in shut):
        found = [post for post in free if post.rep not in place.passed_by and is_able(post, place, posts)]
        if found:
            return Match(place, tuple(sorted(found, key=_rank)[:CHOICES]))
    return None


def line(places: Iterable[Place]) -> list[Place]:
    """Those who wait, next first."""
    return sorted((p for p in places if p.state == "waiting"), key=lambda p: (-p.priority, p.since_ms, p.conversation))


def is_free(post: Post) -> bool:
    """Available, with room for one more beside what they hold and are offered; approvals count."""
    return post.presence == "available" and post.held + post.offered < post.capacity


def is_able(post: Post, place: Place, posts: Sequence[Post]) -> bool:
    """Has the skill, and speaks the language, unless nobody at work who has the skill speaks it."""
    if place.skill and place.skill not in post.skills:
        return False
    if speaks(post, place.language):
        return True
    return not any(speaks(p, place.language) and (not place.skill or place.skill in p.skills) for p in at_work(posts))


def speaks(post: Post, language: str) -> bool:
    """Whether a rep speaks a language; one whose languages nobody noted speaks all."""
    return not language or not post.languages or language in post.languages


def at_work(posts: Iterable[Post]) -> list[Post]:
    """Reps who are at work, free or not, on a break or just away from the desk."""
    return [post for post in posts if post.presence != "offline"]


def value_permille(post: Post, first: Post, now_ms: int) -> int:
    """What an offer to `post` is worth beside the best one: how long they have been idle, where both hold as much."""
    if _load(post) != _load(first):
        return 0
    return 1000 * (now_ms - post.idle_since_ms + 1) // (now_ms - first.idle_since_ms + 1)


def _rank(post: Post) -> tuple[int, int, str]:
    return _load(post), post.idle_since_ms, post.rep


def _load(post: Post) -> int:
    return post.held + post.offered
