"""Grouping: a board as a problem, like grouped with like.

Conversations of one queue, skill, language, level, priority and size are one class, most urgent first; reps of the same
skills, languages and room another. Classes are few however many wait, so the flow between them is small.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from operator import attrgetter

import msgspec
from msgspec.structs import replace

from baton.capabilities.routing.assigning import fitting, urgency
from baton.capabilities.routing.assigning.able import Able, Floor, served
from baton.capabilities.routing.assigning.hours import is_open
from baton.capabilities.routing.assigning.room import is_free, is_soon_free, room, taken
from baton.capabilities.routing.assigning.solving.problem import Pairing, Problem, Row
from baton.capabilities.routing.events import Place, Post, Queue

HELD = 400
"""What a conversation in hand costs the next one; `IDLE_MOST` is what the longest idle gain beside who has just finished."""
IDLE_MOST, IDLE_S = 350, 900
SOON = 300
"""What it costs to wait for a rep who is only soon free."""
FINE, BITS = 2_000, 5
"""From so many waiting on, waits are told apart by their first five binary digits, about 3 %."""
_alike = attrgetter("queue", "skill", "language", "level", "priority", "places", "passed_by", "wanted")
_oldest = attrgetter("since_ms")
Alike = tuple[tuple[str, str, str, str, int, int, tuple[str, ...], str], bool, str]


class Grouped(msgspec.Struct, frozen=True, gc=False):
    """A problem, and who its rows are."""

    problem: Problem
    waiting: list[list[Place]]
    reps: list[list[Post]]
    now_ms: int = 0

    def who(self, pairing: Pairing) -> tuple[Place, Post]:
        """The conversation and the rep of a pairing."""
        (c, k), (r, m) = pairing.conversation, pairing.rep
        return self.waiting[c][k], self.reps[r][m]


def grouped(floor: Floor) -> Grouped:
    """The problem of a floor: reps with room, and of each class as many of the most urgent as could be served."""
    open_posts = [post for post in floor.posts if is_free(post) or is_soon_free(post, floor.now_ms)]
    seats = sum(room(post) for post in open_posts)
    if not seats:
        return Grouped(Problem([], [], {}), [], [])
    known = {queue.id: queue for queue in floor.rules.queues}
    waiting = [of[:seats] for of in _waiting(floor)]
    able = Able(floor, known)
    reps = _reps(floor, open_posts, waiting, able)
    single = any(of[0].places != 1 for of in waiting)
    loads = [[_loads(post, floor.now_ms, single) for post in of] for of in reps]
    fits = _fits(able, waiting, reps)
    problem = Problem(_urgencies(floor, waiting, known), loads, fits, _bonuses(floor, waiting, reps))
    return Grouped(problem, waiting, reps, floor.now_ms)


def _waiting(floor: Floor) -> list[list[Place]]:
    """Who waits and may be offered at this time, by class, oldest first in each."""
    shut = {queue.id for queue in floor.rules.queues if not is_open(queue, floor.now_ms, floor.rules.zones)}
    classes: dict[Alike, list[Place]] = defaultdict(list)
    told = {effect.intent for effect in floor.effects.effects}
    for place in floor.places:
        if place.state == "waiting" and place.not_before_ms <= floor.now_ms:
            classes[_alike(place), place.due_ms > 0, place.intent if place.intent in told else ""].append(place)
    found = []
    for alike, places in sorted(classes.items()):
        if alike[0][0] not in shut:
            places.sort(key=_oldest)
            found += _split(floor, places)
    return [of for of in found if of]


def _split(floor: Floor, places: list[Place]) -> list[list[Place]]:
    """A class apart from those of it that have waited long enough to be lent a rep of another queue."""
    queue = next((q for q in floor.rules.queues if places and q.id == places[0].queue), None)
    if queue is None or not queue.overflow_to or not queue.overflow_after_s:
        return [places]
    bound_ms = floor.now_ms - 1000 * queue.overflow_after_s
    return [[p for p in places if p.since_ms <= bound_ms], [p for p in places if p.since_ms > bound_ms]]


def _reps(floor: Floor, posts: Sequence[Post], waiting: Sequence[Sequence[Place]], able: Able) -> list[list[Post]]:
    """Reps by what makes a difference, the longest idle first; alone those with a rule of their own."""
    named = {rep for of in waiting for rep in (*of[0].passed_by, of[0].wanted)}
    apart = named | able.kept.keys() | able.emptying | able.eased
    hard = any(of[0].level == "high" for of in waiting)
    sizes = any(of[0].places != 1 for of in waiting)
    team = fitting.team_hard_permille(floor.posts)
    classes: dict[tuple[object, ...], list[Post]] = defaultdict(list)
    for post in posts:
        share = fitting.hard_share_permille(post, team) if hard else 0
        size = (room(post), post.capacity) if sizes else ()
        alone = post.rep if post.rep in apart else ""
        kind = (post.skills, post.levels, post.languages, share, size, alone, post.deferred > 0, post.presence)
        classes[kind].append(post)
    ordered = sorted(classes.items(), key=lambda item: repr(item[0]))
    return [sorted(of, key=lambda post: (post.idle_since_ms, post.rep)) for _, of in ordered]


def _fits(able: Able, waiting: Sequence[Sequence[Place]], reps: Sequence[Sequence[Post]]) -> dict[Row, int]:
    """What each class of reps that is able is worth to each class of conversations."""
    skilled: dict[str, list[int]] = defaultdict(list)
    for r, posts in enumerate(reps):
        for skill in posts[0].skills:
            skilled[skill].append(r)
    skilled[""] = list(range(len(reps)))
    fits: dict[Row, int] = {}
    same: dict[tuple[object, ...], dict[int, int]] = {}
    for c, places in enumerate(waiting):
        place, asked = places[0], able.skills_for(places[0])
        kind = (
            asked,
            place.skill,
            place.language,
            place.level,
            place.places,
            place.passed_by,
            place.wanted,
            served(place, able.now_ms),
        )
        if kind not in same:
            same[kind] = _worth(able, place, reps, asked, {r for skill in asked for r in skilled[skill]})
        fits |= {(c, r): fit for r, fit in same[kind].items()}
    return fits


def _worth(
    able: Able, place: Place, reps: Sequence[Sequence[Post]], asked: tuple[str, ...], skilled: Iterable[int]
) -> dict[int, int]:
    found = {r: able.fit(place, reps[r][0], asked) for r in sorted(skilled)}
    return {r: fit for r, fit in found.items() if fit is not None}


def _loads(post: Post, now_ms: int, single: bool) -> list[int]:
    """What each of a rep's free places costs; only the first where some conversations take more than one."""
    idle_s = min(IDLE_S, max(0, now_ms - post.idle_since_ms) // 1000)
    first = HELD * (taken(post) + post.deferred) - IDLE_MOST * idle_s // IDLE_S
    first += 0 if post.presence == "available" else SOON
    return [first + HELD * n for n in range(1 if single else room(post))]


def _urgencies(floor: Floor, waiting: Sequence[Sequence[Place]], known: dict[str, Queue]) -> list[list[int]]:
    """Urgency of each conversation of each class; where very many wait, of waits that are told apart by their first digits."""
    paces = {pace.queue: pace.mean_ms for pace in floor.paces}
    bound_ms = floor.now_ms - 1000 * floor.rules.starving_after_s
    late = urgency.starving(
        {p.since_ms for of in waiting for p in takewhile(lambda p: p.since_ms < bound_ms, of) if not p.due_ms}
    )
    tables = _tables(waiting, known, paces, floor.now_ms)
    found = []
    for of in waiting:
        table, first = tables[_kind(of[0])], urgency.PRIORITY * of[0].priority
        urgencies = [first + table[(floor.now_ms - place.since_ms) // 1000] for place in of]
        for k, place in enumerate(takewhile(lambda place: place.since_ms in late, of)):
            urgencies[k] = max(urgencies[k], late[place.since_ms])
        found.append(urgencies)
    return found


def _tables(
    waiting: Sequence[Sequence[Place]], known: Mapping[str, Queue], paces: Mapping[str, int], now_ms: int
) -> dict[tuple[str, bool], dict[int, int]]:
    """The urgency of every wait in whole seconds, by queue: few differ however many wait."""
    coarse = sum(map(len, waiting)) >= FINE
    waits: dict[tuple[str, bool], set[int]] = defaultdict(set)
    for of in waiting:
        waits[_kind(of[0])].update([(now_ms - place.since_ms) // 1000 for place in of])
    tables = {}
    for (queue, deferred), seconds in waits.items():
        rules = known.get(queue, Queue(queue, queue))
        if deferred:
            rules = replace(rules, target_s=rules.deferred_target_s)
        asked = {s: _coarse(s) if coarse else s for s in seconds}
        found = {s: urgency.urgency(rules, s, paces.get(queue, urgency.PACE_MS)) for s in set(asked.values())}
        tables[queue, deferred] = {s: found[at] for s, at in asked.items()}
    return tables


def _kind(place: Place) -> tuple[str, bool]:
    return place.queue, place.due_ms > 0


def _coarse(seconds: int) -> int:
    digits = max(0, seconds.bit_length() - BITS)
    return seconds >> digits << digits


def _bonuses(
    floor: Floor, waiting: Sequence[Sequence[Place]], reps: Sequence[Sequence[Post]]
) -> dict[tuple[Row, Row], int]:
    """What the rep of last time is worth, where they are free."""
    if not floor.rules.affinity_permille:
        return {}
    rows = {post.rep: (r, m) for r, of in enumerate(reps) for m, post in enumerate(of)}
    return {
        ((c, k), rows[place.last_rep]): floor.rules.affinity_permille
        for c, of in enumerate(waiting)
        for k, place in enumerate(of)
        if place.last_rep in rows
    }
