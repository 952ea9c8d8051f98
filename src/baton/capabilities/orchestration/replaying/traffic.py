"""Traffic: what came in a period, as the log has it: contacts of people, contacts that AI kept, and who was at work."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from sqlalchemy import Select, select

from baton.capabilities.lake.tables import CONVERSATIONS, SEGMENTS
from baton.capabilities.orchestration.tables import PRESENCE
from baton.capabilities.routing.events import Queue, Routing
from baton.kernel.learning import Reads

Kind = Literal["call", "chat", "work"]
"""A call takes a whole rep; chats share one; work (email, tasks, outbound) can wait."""
Row = Mapping[str, object]
AT_WORK = frozenset({"available", "wrap_up"})
LONGEST_SHIFT_MS = 14 * 3_600_000
APART_MS = 4 * 3_600_000
"""Contacts of a rep so far apart are of two shifts, where no presence was logged."""
CALLS = frozenset({"voice", "callback"})
OTHER = "other"


class Contact(NamedTuple):
    """A contact that was offered to people; times are milliseconds since the epoch, 0 where it did not come to that.

    `tried` tells that AI had it first and passed it on.
    """

    queue: str
    kind: Kind
    level: str
    offered_ms: int
    answered_ms: int
    ended_ms: int
    wrap_ms: int
    rep: str
    left: bool
    tried: bool

    @property
    def handle_s(self) -> float:
        """Conversation, hold and wrap-up; 0 where nobody answered."""
        return max(0, self.ended_ms - self.answered_ms + self.wrap_ms) / 1000 if self.answered_ms else 0.0


class Kept(NamedTuple):
    """A contact that AI served to its end."""

    queue: str
    level: str
    started_ms: int
    took_s: float


class Duty(NamedTuple):
    """A rep at work; `logged` where the desk said so, else from the first contact to the last."""

    rep: str
    begin_ms: int
    end_ms: int
    logged: bool


class Traffic(NamedTuple):
    """All of a period. `skills` are those of reps that are known, without levels."""

    since_ms: int
    until_ms: int
    contacts: tuple[Contact, ...]
    kept: tuple[Kept, ...]
    duties: tuple[Duty, ...]
    skills: Mapping[str, frozenset[str]]


async def traffic_of(
    reads: Reads, since_ms: int, until_ms: int, routing: Routing, skills: Mapping[str, Iterable[str]]
) -> Traffic:
    """What came from `since_ms` to before `until_ms`; queues and kinds of work as `routing` has them."""
    of_intent = {label: queue.id for queue in routing.queues for label in queue.intents}
    contacts = tuple(_contact(row, routing, of_intent) for row in await reads.survey(_to_people(since_ms, until_ms)))
    kept = tuple(_kept(row, of_intent) for row in await reads.survey(_by_ai(since_ms, until_ms)))
    logged = _logged(await reads.survey(_presence(since_ms, until_ms)), since_ms, until_ms)
    known = {rep: frozenset(skill.partition(":")[0] for skill in told) for rep, told in skills.items()}
    return Traffic(since_ms, until_ms, contacts, kept, _duties(logged, contacts, until_ms), known)


def _to_people(since_ms: int, until_ms: int) -> Select[tuple[object, ...]]:
    s, c = SEGMENTS.c, CONVERSATIONS.c
    query: Select[tuple[object, ...]] = select(
        s.queue, s.channel, s.offered_ms, s.answered_ms, s.ended_ms, s.wrap_ms, s.rep, s.abandoned, s.callback, c.complexity, c.intent, c.path,
    ).select_from(SEGMENTS.outerjoin(CONVERSATIONS, c.conversation == s.conversation))  # fmt: skip
    return query.where(s.offered_ms >= since_ms, s.offered_ms < until_ms).order_by(s.offered_ms, s.conversation)


def _by_ai(since_ms: int, until_ms: int) -> Select[tuple[object, ...]]:
    c = CONVERSATIONS.c
    query: Select[tuple[object, ...]] = select(c.queue, c.intent, c.complexity, c.started_ms, c.last_ms, c.ended_ms)
    return query.where(
        c.started_ms >= since_ms, c.started_ms < until_ms, c.path == "agent", c.contained == 1
    ).order_by(c.started_ms, c.conversation)  # fmt: skip


def _presence(since_ms: int, until_ms: int) -> Select[tuple[object, ...]]:
    p = PRESENCE.c
    query: Select[tuple[object, ...]] = select(p.rep, p.since_ms, p.presence)
    return query.where(p.since_ms >= since_ms - LONGEST_SHIFT_MS, p.since_ms < until_ms).order_by(p.rep, p.since_ms)


def _contact(row: Row, routing: Routing, of_intent: Mapping[str, str]) -> Contact:
    channel = "callback" if row["callback"] else str(row["channel"] or "")
    kind: Kind = "work" if channel in routing.deferrable else "call" if channel in CALLS else "chat"
    return Contact(
        _queue(row, of_intent), kind, str(row["complexity"] or ""), _whole(row["offered_ms"]), _whole(row["answered_ms"]),
        _whole(row["ended_ms"]), _whole(row["wrap_ms"]), str(row["rep"] or ""), bool(row["abandoned"]), row["path"] == "agent_rep",
    )  # fmt: skip


def _kept(row: Row, of_intent: Mapping[str, str]) -> Kept:
    started_ms = _whole(row["started_ms"])
    over_ms = _whole(row["ended_ms"]) or _whole(row["last_ms"])
    return Kept(
        _queue(row, of_intent), str(row["complexity"] or ""), started_ms, max(1.0, (over_ms - started_ms) / 1000)
    )


def _queue(row: Row, of_intent: Mapping[str, str]) -> str:
    return str(row["queue"] or "") or of_intent.get(str(row["intent"] or ""), of_intent.get(OTHER, ""))


def queue_of(routing: Routing, id: str) -> Queue:
    """The queue of this id; one without rules where the policy knows none."""
    return next((queue for queue in routing.queues if queue.id == id), Queue(id or "general", id or "General"))


def _logged(rows: Sequence[Row], since_ms: int, until_ms: int) -> list[Duty]:
    """Stretches at work of each rep, within the period; one is at work until the next change of presence."""
    duties = []
    for now, later in pairwise((*rows, None)):
        if now is None or str(now["presence"]) not in AT_WORK:
            continue
        begin_ms = _whole(now["since_ms"])
        end_ms = _whole(later["since_ms"]) if later and later["rep"] == now["rep"] else until_ms
        begin_ms, end_ms = max(begin_ms, since_ms), min(end_ms, begin_ms + LONGEST_SHIFT_MS, until_ms)
        if begin_ms < end_ms:
            duties.append(Duty(str(now["rep"]), begin_ms, end_ms, True))
    return duties


def _duties(logged: list[Duty], contacts: Iterable[Contact], until_ms: int) -> tuple[Duty, ...]:
    """Stretches by rep, merged: as logged, and from the contacts a rep had before anything was logged of them."""
    first_ms: dict[str, int] = {}
    for duty in logged:
        first_ms.setdefault(duty.rep, duty.begin_ms)
    handled = sorted(
        (each.rep, each.answered_ms, max(each.ended_ms + each.wrap_ms, each.answered_ms + 1))
        for each in contacts if each.rep and 0 < each.answered_ms < min(until_ms, first_ms.get(each.rep, until_ms))
    )  # fmt: skip
    stretches = [*logged, *(Duty(rep, begin_ms, end_ms, False) for rep, begin_ms, end_ms in handled)]
    return tuple(_merged(sorted(stretches)))


def _merged(duties: Sequence[Duty]) -> Iterable[Duty]:
    held: Duty | None = None
    for duty in duties:
        apart_ms = 0 if duty.logged else APART_MS
        if held and held.rep == duty.rep and duty.begin_ms <= held.end_ms + apart_ms:
            held = held._replace(end_ms=max(held.end_ms, duty.end_ms))
            continue
        if held:
            yield held
        held = duty
    if held:
        yield held


def _whole(value: object) -> int:
    return int(str(value)) if value is not None else 0
