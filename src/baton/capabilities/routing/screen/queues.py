"""Queues as rows: who waits, how it stands in words, service level, and how people and the AI share the work now."""

import msgspec

from baton.capabilities.routing.assigning.fitting import at_work
from baton.capabilities.routing.assigning.hours import is_open
from baton.capabilities.routing.events import Place, Queue
from baton.capabilities.routing.screen import level
from baton.capabilities.routing.screen.alerts import LONG_MS
from baton.capabilities.routing.screen.level import Share
from baton.capabilities.routing.screen.seen import Seen
from baton.web.formats import TIED


class Row(msgspec.Struct, frozen=True):
    """A queue. `since_ms` is of its longest wait, 0 without one; `people` and `ai` are open conversations of each."""

    id: str
    title: str
    waiting: int
    since_ms: int
    kind: str
    state: str
    kept: Share
    service: Share
    people: int
    ai: int

    @property
    def people_permille(self) -> int:
        """The share of the work now that people have."""
        return round(1000 * self.people / (self.people + self.ai)) if self.people + self.ai else 0


def rows(seen: Seen) -> tuple[Row, ...]:
    """The queues asked for, in the order of the policy: a row never moves."""
    return tuple(_row(queue, seen) for queue in seen.shown_queues)


def _row(queue: Queue, seen: Seen) -> Row:
    line = [p for p in seen.waiting if p.queue == queue.id]
    waits = [w for w in seen.waits if w.queue == queue.id]
    service = level.level(level.in_target(waits, seen.queues, seen.now_ms, seen.floor.led.outages))
    talks = [t for t in seen.talks if seen.queue_of_talk(t) == queue.id]
    kind, state = _state(queue, line, service, seen)
    people = sum(t.holder in ("rep", "queue") for t in talks)
    ai = sum(t.holder == "agent" and seen.queue_of_talk(t) == queue.id for t in seen.with_ai)
    since_ms = line[0].since_ms if line else 0
    return Row(queue.id, queue.title, len(line), since_ms, kind, state, level.kept(waits), service, people, ai)


def _state(queue: Queue, line: list[Place], service: Share, seen: Seen) -> tuple[str, str]:
    """How it stands: red only where somebody must act."""
    longest_ms = seen.now_ms - line[0].since_ms if line else 0
    if not is_open(queue, seen.now_ms, seen.zones):
        return "idle", "closed"
    if not any(seen.serves(p, queue.id) for p in at_work(seen.floor.posts)):
        return ("bad" if line else "warn"), "nobody at work"
    if longest_ms > LONG_MS:
        return "bad", f"over {LONG_MS // 60_000}{TIED}min"
    if longest_ms > 1000 * queue.target_s:
        return "warn", f"past {queue.target_s}{TIED}s"
    if service.is_enough and service.high < queue.target_permille:
        return "warn", f"below {queue.target_permille // 10}{TIED}%"
    return "calm", "people first" if queue.person_first else "in time"
