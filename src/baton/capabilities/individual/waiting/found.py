"""Found: a customer's place and one rep's desk, as the board has them, in the terms quotes are made of."""

from collections.abc import Sequence
from typing import Final

from baton.capabilities.individual.events import Flow, Learned, RepShift
from baton.capabilities.individual.quoting.laws import USUAL, Law, mean_ms
from baton.capabilities.individual.quoting.line import Line
from baton.capabilities.individual.quoting.named import Busy, Span
from baton.capabilities.routing.events import Pace, Place, Post
from baton.kernel.facts import Facts

HANDLE_MS: Final = 360_000
PATIENCE_MS: Final = 600_000
"""Six minutes of handle time and ten of patience where nothing was learned."""
GAP_MS: Final = 60_000
MEAL_MS: Final = 1_800_000
SERVING: Final = frozenset({"available", "wrap_up"})


def line_of(mine: Place, facts: Facts, learned: Learned, now_ms: int) -> Line | None:
    """What the customer finds; None where nobody at work could take it, or where a rep is free for them already."""
    able = [post for post in facts.all(Post) if post.presence != "offline" and _skilled(post, mine.skill)]
    waiting = [place for place in facts.all(Place) if _waits(place, mine, now_ms)]
    same = [place for place in waiting if place.queue == mine.queue and _before(place, mine)]
    serving = [post for post in able if post.presence in SERVING] or able
    if not able or _seats(serving) > len(same):
        return None
    flow, shared = facts.slot(Flow, mine.queue), {"", *(skill for post in able for skill in post.skills)}
    return Line(
        ahead=len(same), others=sum(p.queue != mine.queue and p.skill in shared for p in waiting),
        servers=max(1, sum(post.capacity for post in serving)), handle_ms=_handle_ms(mine.queue, facts, learned),
        patience_ms=learned.patience_ms.get(mine.queue, PATIENCE_MS),
        head_ms=max((now_ms - place.since_ms for place in same), default=0), last_ms=flow.last_ms if flow else 0,
        gap_ms=flow.gap_ms if flow else GAP_MS,
    )  # fmt: skip


def desk_of(post: Post, mine: Place, facts: Facts, learned: Learned, now_ms: int) -> Busy:
    """The rep's desk: what they hold or are offered and for how long, and who wants them and comes first."""
    places = facts.all(Place)
    held = [place for place in places if place.rep == post.rep and place.state in {"held", "offered"}]
    ahead = [
        place for place in places if place.wanted == post.rep and _waits(place, mine, now_ms) and _before(place, mine)
    ]
    away, ends_ms = _shift(post, facts, now_ms)
    whole = not mine.places or any(not place.places for place in held)
    return Busy(
        held=tuple((law_of(place.queue, learned), _lasted_ms(place, now_ms)) for place in held),
        places=1 if whole else max(1, post.capacity), ahead=tuple(law_of(place.queue, learned) for place in ahead),
        away=away, ends_ms=ends_ms,
    )  # fmt: skip


def _shift(post: Post, facts: Facts, now_ms: int) -> tuple[tuple[Span, ...], int | None]:
    """The rest of the rep's shift from now on: their meal, and when they go home; nothing where none is planned."""
    shifts = (s for s in facts.all(RepShift) if s.rep == post.rep and s.start_ms <= now_ms < s.end_ms)
    shift = next(shifts, None)
    if shift is None:
        return (), None
    meal = (shift.meal_ms - now_ms, shift.meal_ms + MEAL_MS - now_ms)
    return (meal,) if shift.meal_ms and meal[1] > 0 else (), shift.end_ms - now_ms


def rep_of(rep: str, mine: Place, facts: Facts) -> Post | None:
    """The rep of last time, where they are at work, at their desk and may serve this."""
    post = facts.slot(Post, rep) if rep else None
    if post is None or post.presence not in SERVING or post.lost_ms or not _skilled(post, mine.skill):
        return None
    return post


def law_of(queue: str, learned: Learned) -> Law:
    """How long conversations of this queue take; of all, or the usual, where that is not known."""
    return learned.laws.get(queue) or learned.laws.get("") or USUAL


def _handle_ms(queue: str, facts: Facts, learned: Learned) -> int:
    if learned.laws:
        return mean_ms(law_of(queue, learned))
    pace = facts.slot(Pace, queue)
    return max(1000, pace.mean_ms) if pace else HANDLE_MS


def _lasted_ms(place: Place, now_ms: int) -> int:
    return max(0, now_ms - place.answered_ms) if place.state == "held" and place.answered_ms else 0


def _waits(place: Place, mine: Place, now_ms: int) -> bool:
    """Waits as a live conversation that may be offered now, and is not this one."""
    return (
        place.state == "waiting"
        and place.conversation != mine.conversation
        and not place.due_ms
        and place.not_before_ms <= now_ms
    )


def _before(place: Place, mine: Place) -> bool:
    return (-place.priority, place.since_ms, place.conversation) < (-mine.priority, mine.since_ms, mine.conversation)


def _skilled(post: Post, skill: str) -> bool:
    return not skill or skill in post.skills


def _seats(posts: Sequence[Post]) -> int:
    return sum(
        max(0, p.capacity - max(p.taken, p.held + p.offered - p.deferred))
        for p in posts
        if p.presence == "available" and not p.lost_ms
    )
