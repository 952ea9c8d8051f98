"""Cover: which queue will not keep its target in the next hour if it is like the last, and how many more people would.

Erlang-A (kernel/queueing) per queue: arrivals and handle times of the last hour, a patience of ten minutes. A rep who serves several
queues counts for each in proportion to its work; a rep counts with all their places.
"""

import msgspec

from baton.capabilities.routing.assigning.fitting import at_work
from baton.capabilities.routing.assigning.room import is_free
from baton.capabilities.routing.assigning.waits import PATIENCE_MS, SERVICE_MS
from baton.capabilities.routing.events import Post, Queue
from baton.capabilities.routing.screen.floor import HOUR_MS
from baton.capabilities.routing.screen.led import Cover
from baton.capabilities.routing.screen.seen import Seen
from baton.kernel.queueing.erlang import erlang_a

FEWEST = 5
"""Of fewer arrivals in the hour nothing is expected."""
MOST = 10
USUAL_PLACES = 3


class Short(msgspec.Struct, frozen=True):
    """A queue that will be short: expected service level as it is, and with `more` people; who could be lent, as (rep, name)."""

    queue: str
    title: str
    arrivals: int
    handle_ms: int
    expected_permille: int
    target_permille: int
    target_s: int
    more: int
    then_permille: int
    lend: tuple[tuple[str, str], ...]


class Covering(msgspec.Struct, frozen=True):
    """Queues that will be short, what was bought, and what this hour's budget has left."""

    short: tuple[Short, ...]
    bought: tuple[tuple[str, Cover], ...]
    overtime_left: int
    overtime_of: int
    partner_left: int
    partner_of: int
    judged: int


def cover(seen: Seen) -> Covering:
    """The part."""
    loads = _loads(seen)
    short = [s for q in seen.shown_queues if (s := _short(q, loads, seen)) is not None]
    hour = [c for c in seen.floor.led.covers if c.at_ms > seen.now_ms - HOUR_MS]
    spent = {kind: sum(c.minutes for c in hour if c.kind == kind) for kind in ("overtime", "partner")}
    now = tuple((seen.title(c.queue), c) for c in seen.floor.led.covers if c.until_ms > seen.now_ms)
    of = seen.budget
    return Covering(
        tuple(short), now, max(0, of.overtime_min - spent["overtime"]), of.overtime_min,
        max(0, of.partner_min - spent["partner"]), of.partner_min, sum(arrived >= FEWEST for arrived, _ in loads.values()),
    )  # fmt: skip


def _loads(seen: Seen) -> dict[str, tuple[int, int]]:
    """By queue: waits that began in the last hour, and the mean handle time of it."""
    paces = {p.queue: p.mean_ms for p in seen.floor.paces}
    waits = [w.queue for w in seen.floor.waits if w.left != "agent"]
    return {q: (waits.count(q), paces.get(q) or SERVICE_MS) for q in seen.queues}


def _short(queue: Queue, loads: dict[str, tuple[int, int]], seen: Seen) -> Short | None:
    arrived, handle_ms = loads[queue.id]
    if arrived < FEWEST:
        return None
    posts = [
        p for p in at_work(seen.floor.posts) if p.presence in ("available", "wrap_up") and seen.serves(p, queue.id)
    ]
    covers = sum(c.queue == queue.id and c.until_ms > seen.now_ms for c in seen.floor.led.covers)
    places = sum(_part(p, queue.id, loads, seen) for p in posts) + covers * USUAL_PLACES
    levels = [expected(arrived, handle_ms, places + more * USUAL_PLACES, queue.target_s) for more in range(MOST + 1)]
    if levels[0] >= queue.target_permille:
        return None
    more = next((n for n, level in enumerate(levels) if level >= queue.target_permille), MOST)
    return Short(
        queue.id, queue.title, arrived, handle_ms, levels[0], queue.target_permille, queue.target_s, more, levels[more],
        tuple((p.rep, seen.name(p.rep)) for p in _others(queue, posts, seen)[:2]),
    )  # fmt: skip


def expected(arrivals: int, handle_ms: int, places: float, target_s: int) -> int:
    """The service level of an hour in permille; 0 where nobody is there."""
    if places < 1:
        return 0
    found = erlang_a(arrivals / 3600, handle_ms / 1000, PATIENCE_MS / 1000, int(places), float(target_s))
    return round(1000 * found.service_level)


def _part(post: Post, queue: str, loads: dict[str, tuple[int, int]], seen: Seen) -> float:
    work = {q: arrived * handle_ms for q, (arrived, handle_ms) in loads.items() if seen.serves(post, q)}
    total = sum(work.values())
    return post.capacity * work.get(queue, 0) / total if total else 0.0


def _others(queue: Queue, posts: list[Post], seen: Seen) -> list[Post]:
    """Who has room and does not serve it, least in hand first: they could be lent. Nobody where it needs no skill."""
    here = {p.rep for p in posts}
    free = [p for p in seen.floor.posts if is_free(p) and p.rep not in here] if queue.skill else []
    return sorted(free, key=lambda p: (p.held, p.name, p.rep))
