"""Able: which reps may serve which conversations on a floor, and what the match of the two is worth."""

from collections.abc import Mapping, Sequence

import msgspec

from baton.capabilities.routing.assigning import fitting
from baton.capabilities.routing.assigning.room import emptying, has_room_for, kept_free
from baton.capabilities.routing.events import Effects, Pace, Place, Post, Queue, Routing

LIVE, DEFERRED = 50_000, 1_000
"""What serving anybody is worth before urgency: nobody waits while an able rep is free, and live goes before deferred."""

WANTED = 550_000
"""What a customer who waits for one rep is worth to that rep: more than any urgency of a queue, less than grief or who starves."""
EMPTYING = 50
"""Reps who are emptied at once, at most."""


class Floor(msgspec.Struct, frozen=True, gc=False):
    """All that an assignment rests on: who waits (in the order of their ids), who is at work, the policy, paces, and the time.

    `eased` are reps who are given only easy conversations, after a breather.
    """

    places: Sequence[Place]
    posts: Sequence[Post]
    rules: Routing
    paces: Sequence[Pace]
    now_ms: int
    effects: Effects = Effects()
    eased: frozenset[str] = frozenset()


def served(place: Place, now_ms: int) -> int:
    """What serving it is worth before urgency; deferrable work that is overdue counts as live."""
    return DEFERRED if place.due_ms > now_ms else LIVE


class Able:
    """Answers for pairs of classes; what holds for the whole floor is worked out once.

    `kept` are reps kept free for a skill, `emptying` those who are given nothing small until they are empty, `eased` those
    who are given only easy ones.
    """

    def __init__(self, floor: Floor, known: Mapping[str, Queue]) -> None:
        self._floor, self._known, self.now_ms = floor, known, floor.now_ms
        self.kept = kept_free(floor.posts, floor.rules.queues)
        self.emptying = emptying(floor.posts, self._need_a_whole_rep())
        self.eased = floor.eased
        self._at_work = fitting.at_work(floor.posts)
        self._effects = {(each.intent, each.team): each.permille for each in floor.effects.effects}
        self._team = fitting.team_hard_permille(floor.posts)
        self._spoken: dict[tuple[tuple[str, ...], str], bool] = {}

    def fit(self, place: Place, post: Post, asked: tuple[str, ...]) -> int | None:
        """What giving `place` to a `post` with one of the skills `asked` is worth beside urgency; None where it must not be."""
        if post.rep in place.passed_by or place.wanted not in {"", post.rep} or not has_room_for(post, place):
            return None
        if post.rep in self.eased and not fitting.is_easy(place):
            return None
        if (post.rep in self.kept and self.kept[post.rep] not in asked) or (place.places and post.rep in self.emptying):
            return None
        if not fitting.speaks(post, place.language) and self._is_spoken(asked, place.language):
            return None
        return self._worth(place, post)

    def _worth(self, place: Place, post: Post) -> int:
        rules = self._floor.rules
        match = rules.match_permille * fitting.fit_permille(post, place) // 1000
        if self._effects:
            match += rules.effect_permille * self._effects.get((place.intent, fitting.team_of(post)), 0) // 100
        if place.level == "high":
            match -= rules.fairness_permille * fitting.hard_share_permille(post, self._team) // 100
        return served(place, self._floor.now_ms) + match + (WANTED if place.wanted else 0)

    def skills_for(self, place: Place) -> tuple[str, ...]:
        """The skills that may serve it: its own, and past the bound, or where nobody at work has it, those it overflows to."""
        queue = self._known.get(place.queue)
        if queue is None or not queue.overflow_to:
            return (place.skill,)
        late = 0 < queue.overflow_after_s * 1000 <= self._floor.now_ms - place.since_ms
        if not late and any(fitting.is_skilled(post, (place.skill,)) for post in self._at_work):
            return (place.skill,)
        return (place.skill, *(self._known[to].skill for to in queue.overflow_to if to in self._known))

    def _is_spoken(self, skills: tuple[str, ...], language: str) -> bool:
        key = (skills, language)
        if key not in self._spoken:
            skilled = (post for post in self._at_work if fitting.is_skilled(post, skills))
            self._spoken[key] = any(fitting.speaks(post, language) for post in skilled)
        return self._spoken[key]

    def _need_a_whole_rep(self) -> list[Place]:
        """Those that take all of a rep's places and have waited past their target, oldest first."""
        late = [
            place for place in self._floor.places
            if place.state == "waiting" and not place.places and not place.due_ms
            and self._floor.now_ms - place.since_ms > 1000 * self._target_s(place)
        ]  # fmt: skip
        return sorted(late, key=lambda place: (place.since_ms, place.conversation))[:EMPTYING]

    def _target_s(self, place: Place) -> int:
        queue = self._known.get(place.queue)
        return queue.target_s if queue else 20
