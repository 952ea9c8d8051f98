"""The month of Halcyon Air, told: customers whose truth is known, newest first. Invented, the same for the same seed.

`history` gives finished conversations; `Visitor` and `Colleague` (baton.demo.halcyon.visitors, .colleagues) live in the present.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from baton.demo.halcyon.colleagues import Colleague
from baton.demo.halcyon.company import queue_of
from baton.demo.halcyon.contacts import contacts
from baton.demo.halcyon.fate import tool_for
from baton.demo.halcyon.serving import Contact
from baton.demo.halcyon.story import Effect, Ended, Handover, Line, Promise, Story, Suggestion, Truth, Turn
from baton.demo.halcyon.telling import Told, tell
from baton.demo.halcyon.visitors import Visitor
from baton.demo.world import World

__all__ = ["Colleague", "Effect", "Handover", "Promise", "Story", "Suggestion", "Truth", "Turn", "Visitor", "history"]

DAY_MS, HOUR_MS = 86_400_000, 3_600_000
READING_S = 3


def history(
    seed: int, days: int = 30, *, end_ms: int, per_day: float = 120.0, world: World | None = None
) -> Iterator[Story]:
    """Every conversation of the `days` before `end_ms`, the newest first. `per_day`: needs that begin on a mean day.

    A customer who comes back does so in another story with the same `need_id`, named by `truth.next_story` unless it lies after
    `end_ms`. Give the `world` to share it; it must have the same seed and `now_ms`.
    """
    known = world or World(seed, end_ms)
    for contact in reversed(contacts(known, days, end_ms, per_day)):
        yield story(seed, contact, end_ms)


def story(seed: int, contact: Contact, end_ms: int) -> Story:
    """One contact with its words and times."""
    due_ms = contact.callback_ms or _due_ms(contact)
    told = tell(seed, contact, due_ms)
    coming, need, served = contact.coming, contact.coming.need, contact.served
    turns = tuple(_timed(contact, told))
    length_s = contact.ai_s + (served.wait_s + served.talk_s + served.hold_s if served else 0)
    return Story(
        id=contact.id,
        need_id=need.id,
        contact=coming.contact,
        customer=need.customer.id,
        channel=coming.channel,
        language=need.language,
        queue=queue_of(need.intent).id,
        intent=need.intent,
        started_ms=coming.at_ms,
        ended_ms=coming.at_ms + 1000 * max(length_s, turns[-1].offset_s if turns else 0),
        turns=turns,
        handled_by=contact.path,
        agent=contact.agent,
        rep=served.rep if served else "",
        handover=_handover(contact, told, turns),
        abandoned=served is not None and served.abandoned,
        wait_s=served.wait_s if served else 0,
        talk_s=served.talk_s if served else 0,
        hold_s=served.hold_s if served else 0,
        wrap_s=served.wrap_s if served else 0,
        suggestions=_suggestions(contact, told),
        ended=_ended(contact),
        disposition=_disposition(contact),
        effects=_effects(contact),
        promise=_promise(contact, due_ms, end_ms),
        truth=_truth(contact, told),
    )


def _truth(contact: Contact, told: Told) -> Truth:
    coming, need = contact.coming, contact.coming.need
    return Truth(
        persona=need.persona,
        complexity=coming.complexity,
        need_met=contact.settled,
        seemed_met=contact.seemed,
        will_come_back=contact.next == "comes_back",
        next_contact=contact.next,
        next_story=contact.next_id,
        next_channel=contact.next_channel,
        next_after_h=contact.next_after_h,
        contained=contact.ai is not None and contact.ai.ended is not None,
        gap=need.gap.id if need.gap else "",
        incident=need.incident,
        moods=told.moods,
    )


def _timed(contact: Contact, told: Told) -> Iterator[Turn]:
    """The lines with their offsets: the AI's part, then the wait, then the rep's part."""
    yield from _spread(contact, [line for line in told.lines if line.part == "ai"], 0, contact.ai_s)
    served = contact.served
    if served is None:
        return
    lines = [line for line in told.lines if line.part == "rep"]
    before = next((n for n, line in enumerate(lines) if line.role == "rep"), len(lines))
    begins_s = contact.ai_s + (served.wait_s if served.abandoned and contact.ai else 0)
    yield from _spread(contact, lines[:before], begins_s, served.wait_s if begins_s == contact.ai_s else 0)
    yield from _spread(contact, lines[before:], contact.ai_s + served.wait_s, served.talk_s + served.hold_s)


def _spread(contact: Contact, lines: list[Line], from_s: int, length_s: int) -> Iterator[Turn]:
    """Lines over a stretch of time by their pace. The first comes at once; a written customer sees it a moment later."""
    total = sum(line.pace for line in lines[1:]) or 1.0
    passed = 0.0
    for n, line in enumerate(lines):
        passed += line.pace if n else 0.0
        offset_s = (
            from_s + min(n * READING_S, length_s) if not length_s else from_s + int(length_s * 0.96 * passed / total)
        )
        yield Turn(line.role, _who(contact, line), offset_s, line.text)


def _who(contact: Contact, line: Line) -> str:
    if line.role == "agent":
        return contact.agent
    if line.role == "rep" and contact.served:
        return contact.served.rep
    return contact.coming.need.customer.id


def _handover(contact: Contact, told: Told, turns: tuple[Turn, ...]) -> Handover | None:
    if contact.ai is None or contact.ai.reason is None:
        return None
    return Handover(contact.ai.reason, turns[told.handover_line].offset_s)


def _suggestions(contact: Contact, told: Told) -> tuple[Suggestion, ...]:
    """The rep's suggestions, each at the turn where they answered."""
    if contact.served is None:
        return ()
    pairs = zip(contact.served.suggestions, told.rep_answers, strict=False)
    return tuple(Suggestion(turn, s.shown, s.picked, s.edited, s.own_words) for s, turn in pairs)


def _ended(contact: Contact) -> Ended:
    if contact.closed:
        return "callback_promised"
    if contact.served is not None:
        return contact.served.end.ended
    return contact.ai.ended if contact.ai and contact.ai.ended else "left_in_silence"


def _disposition(contact: Contact) -> str:
    """What the rep wrote at wrap-up, which is not always true; empty when no rep was there."""
    served = contact.served
    if served is None:
        return ""
    if served.abandoned:
        return "customer_left"
    if served.end.ended == "transferred":
        return "transferred"
    if served.end.ended == "refused_correctly":
        return "refused_by_rule"
    if served.end.promise:
        return "promise_made"
    if served.end.met:
        return "solved" if tool_for(contact.coming.need, contact.coming.complexity) else "answered"
    return (
        "answered"
        if served.talk_s % 3 == 0
        else "other_team"
        if served.end.ended == "left_in_silence"
        else "not_solved"
    )


def _effects(contact: Contact) -> tuple[Effect, ...]:
    """The change of the record the need calls for: whether it was made by this contact, and whether the customer was told so."""
    tool, ended = tool_for(contact.coming.need, contact.coming.complexity), _ended(contact)
    if not tool or ended == "refused_correctly":
        return ()
    lied = contact.ai is not None and contact.ai.false_claim
    done = contact.made and not lied
    return (Effect(tool, contact.coming.need.subject(), asked=True, done=done, claimed=done or lied),)


def _promise(contact: Contact, due_ms: int, end_ms: int) -> Promise | None:
    if contact.closed:
        return Promise("call_back", due_ms, True if due_ms < end_ms else None)
    if contact.served is None or not contact.served.end.promise:
        return None
    return Promise(contact.served.end.promise, due_ms, contact.served.end.keeps if due_ms < end_ms else None)


def _due_ms(contact: Contact) -> int:
    """18:00 UTC of a working day one to three days later."""
    day = datetime.fromtimestamp(contact.coming.at_ms / 1000, UTC) + timedelta(
        days=1 + contact.coming.at_ms // 1000 % 3
    )
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return int(day.replace(hour=18, minute=0, second=0, microsecond=0).timestamp() * 1000)
