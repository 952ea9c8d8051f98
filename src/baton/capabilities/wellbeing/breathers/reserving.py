"""Reserving: who at work should get an easy conversation before the AI has it, if anybody is free."""

from baton.capabilities.routing.events import Place, Post, Queue
from baton.capabilities.wellbeing.events import Easing, ReserveDue
from baton.kernel.facts import Facts

TRAINEE = 2
"""Whose every skill is at most at this level, of 5, learns."""


def due(facts: Facts, now_ms: int) -> ReserveDue | None:
    """Why and for whose skills an easy conversation may go to people: a free rep after a breather, else a free trainee.

    Nobody else may be waiting: a reserve never makes a line longer.
    """
    if any(place.state == "waiting" for place in facts.all(Place)):
        return None
    free = [p for p in facts.all(Post) if p.presence == "available" and not p.lost_ms and not p.held + p.offered]
    eased = {each.rep for each in facts.all(Easing) if each.until_ms > now_ms}
    rested = next((post for post in free if post.rep in eased), None)
    if rested is not None:
        return ReserveDue("breather", rested.skills)
    learner = next((post for post in free if post.levels and max(post.levels) <= TRAINEE), None)
    return ReserveDue("trainee", learner.skills) if learner is not None else None


def queue_of(intent: str, queues: tuple[Queue, ...], skills: tuple[str, ...]) -> Queue | None:
    """The queue of an intent, where one of these skills serves it."""
    found = next((queue for queue in queues if intent in queue.intents), None)
    return found if found is not None and (not found.skill or found.skill in skills) else None
