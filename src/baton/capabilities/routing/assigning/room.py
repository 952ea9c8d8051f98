"""Room: how many more conversations a rep could take, who is kept free for what is rare, and who is soon free."""

from collections.abc import Iterable, Sequence

from baton.capabilities.routing.assigning.fitting import is_skilled
from baton.capabilities.routing.events import Place, Post, Queue

SOON_MS = 20_000
"""How long a rep who closes a conversation counts as soon free."""


def taken(post: Post) -> int:
    """Places used by live conversations, held or offered; work that yields to them counts for none."""
    return max(post.taken, post.held + post.offered - post.deferred)


def room(post: Post) -> int:
    """Places left for live conversations."""
    return max(0, post.capacity - taken(post))


def is_free(post: Post) -> bool:
    """Available, at their desk, with room for one more live conversation beside what they hold and are offered; approvals count."""
    return post.presence == "available" and not post.lost_ms and room(post) > 0


def is_soon_free(post: Post, now_ms: int) -> bool:
    """Closing a conversation since a moment ago, with room as soon as they are done."""
    return post.presence == "wrap_up" and now_ms - post.since_ms < SOON_MS and room(post) > 0


def has_room_for(post: Post, place: Place) -> bool:
    """Room for this one: as many places as it takes, all of them, or, for work that yields, nothing of the kind in hand."""
    if place.due_ms:
        return not post.deferred and room(post) > 0
    return room(post) >= place.places if place.places else taken(post) == 0


def needed(post: Post, place: Place) -> int:
    """How many of the rep's places a conversation takes."""
    if place.due_ms:
        return 0
    return place.places or max(1, post.capacity)


def kept_free(posts: Iterable[Post], queues: Iterable[Queue]) -> dict[str, str]:
    """The free reps who are kept for a queue's skill, by reservation: of those who have it, who could do least else."""
    kept: dict[str, str] = {}
    free = sorted((post for post in posts if is_free(post)), key=lambda post: (len(post.skills), post.rep))
    for queue in queues:
        if queue.reserved and queue.skill:
            skilled = [post.rep for post in free if queue.skill in post.skills and post.rep not in kept]
            kept.update(dict.fromkeys(skilled[: queue.reserved], queue.skill))
    return kept


def emptying(posts: Sequence[Post], waiting: Iterable[Place]) -> set[str]:
    """Reps who are given nothing more until they are empty, one for each of `waiting`, which need a whole rep: who holds least."""
    chosen: set[str] = set()
    for place in waiting:
        able = [
            post for post in posts
            if post.presence == "available" and post.rep not in chosen and is_skilled(post, (place.skill,))
        ]  # fmt: skip
        if able:
            chosen.add(min(able, key=lambda post: (taken(post), post.rep)).rep)
    return chosen
