"""Measures of routing: the same for live, generated and imported conversations."""

from baton.capabilities.routing.assigning.fitting import team_of
from baton.capabilities.routing.assigning.hours import MINUTE_MS
from baton.capabilities.routing.events import (
    HandedOver,
    Loan,
    Passes,
    Place,
    Post,
    TakenOver,
    Transferred,
    Wait,
    WaitTold,
    WrappedUp,
)
from baton.capabilities.routing.handing.queues import named
from baton.capabilities.routing.tables import CONVERSATIONS, LOANS, MATCHES, OFFERS, PROMISES, QUEUE_MINUTES, TAKEOVERS
from baton.kernel.conversation import Ended, Holder
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables


def holders(holder: Holder, stream: Stream, tables: Tables) -> None:
    """Who has the conversation now."""
    tables.put(CONVERSATIONS, {"conversation": stream.key}, holder=holder.kind, who=holder.who, since_ms=stream.now_ms)


def waits(wait: Wait, stream: Stream, tables: Tables) -> None:
    """A wait began, or ended: once in the conversation's row, once in the queue's minute."""
    row = {"conversation": stream.key}
    if wait.state == "waiting":
        tables.put(CONVERSATIONS, row, queue=wait.queue, reason=wait.reason, asked_ms=wait.since_ms, left="")
    elif wait.state == "answered":
        waited_ms = wait.ended_ms - wait.since_ms
        tables.put(CONVERSATIONS, row, answered_ms=wait.ended_ms, waited_ms=waited_ms)
    else:
        tables.put(CONVERSATIONS, row, left=wait.why)
    _queue_minute(wait, stream, tables)


def _queue_minute(wait: Wait, stream: Stream, tables: Tables) -> None:
    key: dict[str, str | int | None] = {"queue": wait.queue, "minute": wait.since_ms // MINUTE_MS}
    waited_ms = wait.ended_ms - wait.since_ms
    if wait.state == "waiting":
        tables.add(
            QUEUE_MINUTES, key, offered=1, answered=0, answered_in_target=0, abandoned=0, to_agent=0, waited_ms=0
        )
    elif wait.state == "answered":
        in_target = waited_ms <= 1000 * named(stream, wait.queue).target_s
        tables.add(QUEUE_MINUTES, key, answered=1, answered_in_target=int(in_target), waited_ms=waited_ms)
    else:
        tables.add(QUEUE_MINUTES, key, abandoned=int(wait.why == "left"), to_agent=int(wait.why == "agent"))


def quotes(told: WaitTold, stream: Stream, tables: Tables) -> None:
    """What the customer was told, beside how long it then took."""
    tables.put(CONVERSATIONS, {"conversation": stream.key}, told_ms=told.wait_ms, within_ms=told.within_ms)


def handovers(event: HandedOver | Transferred, stream: Stream, tables: Tables) -> None:
    """How often the baton changed hands by way of a queue."""
    passed_on = isinstance(event, Transferred)
    tables.add(CONVERSATIONS, {"conversation": stream.key}, handovers=int(not passed_on), transfers=int(passed_on))


def ends(event: Ended, stream: Stream, tables: Tables) -> None:
    """When it was over."""
    tables.put(CONVERSATIONS, {"conversation": stream.key}, ended_ms=stream.now_ms)


def promises(event: WrappedUp, stream: Stream, tables: Tables) -> None:
    """A promise with a date."""
    if event.promise_due_ms:
        wait = stream.facts.get(Wait)
        tables.put(
            PROMISES, {"conversation": stream.key}, queue=wait.queue if wait else "", rep=event.rep,
            made_ms=stream.now_ms, due_ms=event.promise_due_ms,
        )  # fmt: skip


def takeovers(event: TakenOver, stream: Stream, tables: Tables) -> None:
    """A supervisor took it."""
    key = {"position": stream.entry.position}
    tables.put(TAKEOVERS, key, conversation=stream.key, rep=event.rep, name=event.name, at_ms=stream.now_ms)


def loans(loan: Loan, stream: Stream, tables: Tables) -> None:
    """A rep was lent, or is back."""
    skills = ",".join(loan.skills)
    tables.put(
        LOANS, {"rep": loan.rep}, skills=skills, until_ms=loan.until_ms, by=loan.by, at_ms=stream.now_ms,
        position=stream.entry.position,
    )  # fmt: skip


def offers(place: Place, stream: Stream, tables: Tables) -> None:
    """An offer was made or taken."""
    if place.state in {"offered", "held"}:
        made = int(place.state == "offered")
        key = {"rep": place.rep, "level": _class(place.channel, place.level)}
        tables.add(OFFERS, key, offered=made, taken=1 - made, passed=0, unanswered=0)


def matches(place: Place, stream: Stream, tables: Tables) -> None:
    """Who was asked for a conversation, how likely they were, and whether they took it."""
    if place.state not in {"offered", "held"} or "#" in place.conversation:
        return
    key: dict[str, str | int | None] = {
        "conversation": place.conversation.partition("/")[2],
        "epoch": place.epoch,
        "rep": place.rep,
    }
    post = stream.facts.slot(Post, place.rep)
    if place.state == "held":
        tables.put(MATCHES, key, taken_ms=stream.now_ms)
    else:
        tables.put(
            MATCHES, key, team=team_of(post) if post else "", queue=place.queue, level=place.level or "unknown", chance_permille=place.chance_permille,
            offered_ms=stream.now_ms, waited_ms=max(0, stream.now_ms - place.since_ms),
        )  # fmt: skip


def passes(passes: Passes, stream: Stream, tables: Tables) -> None:
    """An offer was passed, or stayed unanswered."""
    late = int(passes.last == "unanswered")
    tables.add(OFFERS, {"rep": passes.rep, "level": passes.level or "unknown"}, passed=1 - late, unanswered=late)


def _class(channel: str, level: str) -> str:
    return "approval" if channel == "approval" else level or "unknown"
