"""Understanding for the ledger: evidence as it appears in a conversation, and needs across a customer's conversations."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from baton.capabilities.agents.events import Attempts, Underway
from baton.capabilities.empathy.events import PersonNeeded
from baton.capabilities.lake.events import Course, Labelled, ToolCalled
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.resolution.events import (
    Contact,
    Contacted,
    ContactsWithdrawn,
    CustomersJoined,
    Evidence,
    Joined,
    Known,
    Observed,
    Promise,
    Promised,
    PromiseEnded,
    PromiseMade,
    PromiseSettled,
    Promising,
    Verdict,
)
from baton.capabilities.resolution.joining import joined_to, let_go, moved, passed_on, promise_passed_on
from baton.capabilities.resolution.judging import judge, judge_alone, refuses
from baton.capabilities.resolution.judging.about import about
from baton.capabilities.resolution.judging.estimate import estimated
from baton.capabilities.resolution.judging.matching import SAME_NEED_MS, issues, same_issue
from baton.capabilities.resolution.judging.needs import WINDOW_MS
from baton.capabilities.resolution.judging.reckoning import WINDOW, Said, known_ms, of_promises, reckoned
from baton.capabilities.resolution.judging.record import as_asked, seen_in_the_record
from baton.capabilities.resolution.promising import deed_of, promises
from baton.capabilities.resolution.promising.course import chase, chases, course, with_promises
from baton.capabilities.routing.events import WrappedUp
from baton.capabilities.sentiment.events import Mood
from baton.kernel.conversation import ActionDone, Due, Started, To, TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.ports import Models
from baton.kernel.stream import Stream

SURE = 600
NEAR_MS = 2 * SAME_NEED_MS
PROMISE = "promise"
_STATED: dict[str, Verdict] = {
    "met": "met", "failed": "failed", "refused": "refused", "handed_over": "handed_over", "given_up": "given_up",
}  # fmt: skip


def what_was_said(event: TurnSaid, stream: Stream, facts: Facts, models: Models) -> Iterator[Evidence]:
    """A customer says it is solved, or still is not; who serves says it cannot be done.

    What a customer begins with confirms nothing: there is no need yet that could have been met.
    """
    now = facts.get(Evidence) or Evidence()
    position = stream.entry.position
    if event.role in {"agent", "rep"}:
        if not now.refused and refuses(event.text):
            yield msgspec.structs.replace(now, refused=True, position=position)
    elif event.role in {"customer", "machine"}:
        said = models.judge(event.text)
        if max(said.confirms, said.denies) >= SURE:
            yes = said.confirms >= said.denies
            met = yes and any(turn.role == event.role for turn in stream.turns[:-1])
            yield msgspec.structs.replace(now, confirmed=met, denied=not yes, position=position)
        elif (now.confirmed or now.denied) and not said.small_talk:
            yield msgspec.structs.replace(now, confirmed=False, denied=False, position=position)


def what_the_record_shows(event: ActionDone | ToolCalled, stream: Stream, facts: Facts) -> Iterator[Evidence]:
    """The system of record changed, or would not. A look-up shows nothing of the kind, nor does a step on the way."""
    now = facts.get(Evidence) or Evidence()
    shown = seen_in_the_record(event, now)
    if shown is not None:
        yield msgspec.structs.replace(shown, position=stream.entry.position)


def what_a_procedure_came_to(event: Underway, stream: Stream, facts: Facts) -> Iterator[Evidence]:
    """A procedure came to its end: now what it changed is what was asked for."""
    now = facts.get(Evidence) or Evidence()
    if event.done and now.prepared:
        yield as_asked(now, event.result)


def what_was_promised(event: TurnSaid, stream: Stream, facts: Facts) -> Iterator[Promised | To]:
    """Who serves binds themselves to a time."""
    if event.role not in {"agent", "rep"} or (stream.started and stream.started.simulated):
        return
    by: Literal["rep", "agent"] = "rep" if event.role == "rep" else "agent"
    for found in promises(event.text, stream.now_ms):
        told = Promised(
            found.deed, by, event.who, stream.now_ms, found.due_ms, stream.entry.position, found.start, found.end
        )
        yield told
        yield _made(told, stream, facts)


def what_is_promised_at_wrap_up(event: WrappedUp, stream: Stream, facts: Facts) -> Iterator[Promised | To]:
    """The date given at wrap-up counts for what the rep promised in words; where nothing was found in them it stands alone."""
    if not event.promise_due_ms:
        return
    said = [p for p in facts.all(Promised) if p.by == "rep"]
    if said:
        told = msgspec.structs.replace(max(said, key=lambda p: p.said_ms), due_ms=event.promise_due_ms)
    else:
        told = Promised(deed_of(event.promise.lower()), "rep", event.rep, stream.now_ms, event.promise_due_ms)
    yield told
    yield _made(told, stream, facts)


def what_came_of_it(event: PromiseSettled, stream: Stream, facts: Facts) -> Iterator[To]:
    """Somebody says what came of a promise: its customer's stream is told."""
    at_ms = event.at_ms or stream.now_ms
    yield To(_customer_of(stream), PromiseEnded(f"{stream.key}.{event.deed}", event.state, event.who, at_ms))


def what_the_rep_says(event: WrappedUp, stream: Stream, facts: Facts) -> Iterator[Evidence]:
    """Wrap-up: whether the need was met, and what was promised."""
    now = facts.get(Evidence) or Evidence()
    promised = bool(event.promise_due_ms)
    yield msgspec.structs.replace(
        now, wrapped_up=event.need_met, promise_open=promised, promise_due_ms=event.promise_due_ms,
        position=stream.entry.position,
    )  # fmt: skip


def what_is_stated(event: Labelled, stream: Stream, facts: Facts) -> Iterator[Evidence]:
    """What the source of imported history states."""
    now = facts.get(Evidence) or Evidence()
    if event.what == "need":
        yield msgspec.structs.replace(now, need=event.text_label)
    elif event.what == "intent":
        yield msgspec.structs.replace(now, issue=event.text_label)
    elif event.what == "outcome" and event.text_label in _STATED:
        yield msgspec.structs.replace(now, stated=_STATED[event.text_label], stated_by="outcome")
    elif event.what == "reward":
        course = facts.get(Course)
        met: Verdict = "handed_over" if course is not None and course.handed_over else "met"
        yield msgspec.structs.replace(
            now, stated=met if event.value else "failed", stated_by="reward", group=event.group
        )


def how_it_feels(event: Mood, stream: Stream, facts: Facts) -> Iterator[Evidence]:
    """The customer's mood, kept where it crosses into or out of the range that counts as evidence."""
    now = facts.get(Evidence) or Evidence()
    if (event.score < 0) != (now.last_mood < 0) or abs(event.score - now.last_mood) >= 100:
        yield msgspec.structs.replace(now, last_mood=event.score)


def how_answers_went(event: Attempts, stream: Stream, facts: Facts) -> Iterator[Evidence]:
    """The agent's last answers did not help, or now one did."""
    now = facts.get(Evidence) or Evidence()
    if now.left_unmet != (event.failed > 0):
        yield msgspec.structs.replace(now, left_unmet=event.failed > 0)


def person_needed(event: PersonNeeded, stream: Stream, facts: Facts) -> Iterator[Evidence]:
    """A person was needed: then a handover was right."""
    now = facts.get(Evidence) or Evidence()
    if not now.person_needed:
        yield msgspec.structs.replace(now, person_needed=True)


def contact_over(event: Course, stream: Stream, facts: Facts, models: Models) -> Iterator[To]:
    """A conversation ended: tell the customer's stream what it shows."""
    if not event.closed:
        return
    evidence = facts.get(Evidence) or Evidence()
    begun = stream.started or Started()
    estimate = estimated(stream, evidence, event, models)
    verdict, why = judge(evidence, event, estimate.permille)
    apart, apart_why = judge(msgspec.structs.replace(evidence, promise_open=False), event, estimate.permille)
    said = about(stream.turns)
    first = stream.turns[0].at_ms if stream.turns else event.offered_ms or stream.now_ms
    yield To(
        _customer_of(stream),
        Contacted(
            conversation=stream.key, intent=evidence.issue or _issue(facts.get(Intent)), channel=begun.channel,
            started_ms=first, ended_ms=stream.now_ms, path=event.path, verdict=verdict, evidence=why, need=evidence.need,
            source=begun.source, contained=event.contained, queue="" if stream.turns else begun.queue or event.queue, origin=begun.origin,
            simulated=begun.simulated, judged=judge_alone(evidence, event, estimate.permille)[0],
            estimate_permille=estimate.permille, estimate_model=estimate.model, apart=apart, apart_why=apart_why,
            marks=said.marks, words=said.words, returning=said.returning,
        ),
    )  # fmt: skip


def contacted(event: Contacted, stream: Stream, facts: Facts) -> Iterator[Known | Contact | To]:
    """On the customer's stream: keep the contact, and how far their contacts are known."""
    until, into = event.known_ms or stream.now_ms, joined_to(facts)
    if until > known_ms(facts):
        yield Known(until)
    kept = Contact(**{f: getattr(event, f) for f in Contacted.__struct_fields__ if f != "known_ms"})
    yield with_promises(kept, [p for p in facts.all(Promise) if p.conversation == event.conversation])
    if into:
        yield passed_on(event, until, into)
    if event.verdict == "met" and event.origin != "imported" and not event.simulated:
        yield To(stream.id, Due(WINDOW, event.conversation), at_ms=event.ended_ms + WINDOW_MS)


def need_of(event: Contact, stream: Stream, facts: Facts) -> Iterator[Said]:
    """A contact was kept: what it changes about the need it belongs to, and about others that it stands between."""
    if event.verdict == "gone" or joined_to(facts):
        return
    near = [c for c in facts.all(Contact) if abs(c.started_ms - event.started_ms) <= NEAR_MS]
    for group in issues(facts.all(Contact)):
        if any(c in near for c in group):
            yield from reckoned(group, known_ms(facts), stream, facts)


def window_closed(event: Due, stream: Stream, facts: Facts) -> Iterator[Said]:
    """W days passed since a contact ended: what nobody came back about is confirmed."""
    contact = facts.slot(Contact, event.ref) if event.what == WINDOW else None
    if contact is None or joined_to(facts):
        return
    until = max(stream.now_ms, known_ms(facts))
    yield Known(until)
    yield from reckoned(same_issue(facts.all(Contact), contact), until, stream, facts)


def history_known(event: Observed, stream: Stream, facts: Facts) -> Iterator[Said]:
    """An import reached further: windows that closed before its end are closed now."""
    until = max(event.until_ms, known_ms(facts))
    yield Known(until)
    if into := joined_to(facts):
        yield To(f"customer/{into}", event)
        return
    for group in issues(facts.all(Contact)):
        yield from reckoned(group, until, stream, facts)


def promise_made(event: PromiseMade, stream: Stream, facts: Facts) -> Iterator[Said]:
    """On the customer's stream: an obligation with a date, and when to look whether it was kept."""
    promise = Promise(**{f: getattr(event, f) for f in PromiseMade.__struct_fields__}, since_ms=event.said_ms)
    yield promise
    if into := joined_to(facts):
        yield from promise_passed_on(promise, into)
    if event.origin != "imported":
        for at_ms in (at for at in chases(promise, stream.policy(Promising)) if at > stream.now_ms):
            yield To(stream.id, Due(PROMISE, event.promise), at_ms=at_ms)


def promise_kept(event: Promise, stream: Stream, facts: Facts) -> Iterator[Said]:
    """What is promised, or what came of it, changed: the need it was made about is reckoned anew."""
    if event.state == "gone" or joined_to(facts):
        return
    contact = facts.slot(Contact, event.conversation)
    until = max(stream.now_ms, known_ms(facts)) if event.origin == "live" else known_ms(facts)
    if contact is not None:
        yield from reckoned(same_issue(facts.all(Contact), contact), until, stream, facts)
    else:
        yield from of_promises([], [event], until, stream)


def promise_due(event: Due, stream: Stream, facts: Facts) -> Iterator[Said]:
    """The time of a promise has come, or passed again: was it kept? If nothing shows it, its owner is told."""
    promise = facts.slot(Promise, event.ref) if event.what == PROMISE else None
    if promise is None or promise.told or joined_to(facts):
        return
    until = max(stream.now_ms, known_ms(facts))
    yield Known(until)
    contact = facts.slot(Contact, promise.conversation)
    about = same_issue(facts.all(Contact), contact) if contact is not None else []
    now = course(promise, about, until, stream.policy(Promising))
    if now.state == "due" and now.origin == "live":
        now = msgspec.structs.replace(now, chased=promise.chased + 1)
        yield chase(now)
    if now != promise:
        yield now


def promise_ended(event: PromiseEnded, stream: Stream, facts: Facts) -> Iterator[Said]:
    """Somebody says what came of it."""
    promise = facts.slot(Promise, event.promise)
    if promise is not None:
        told = msgspec.structs.replace(promise, told=event.state, told_by=event.who, told_ms=event.at_ms)
        yield course(told, [], known_ms(facts), stream.policy(Promising))
    if into := joined_to(facts):
        yield To(f"customer/{into}", event)


def same_person(event: CustomersJoined, stream: Stream, facts: Facts) -> Iterator[Said | Joined]:
    """Another identity of theirs is named: their contacts move to where both meet, or come back from there."""
    into = joined_to(facts)
    if event.same and not into and event.other < stream.key:
        yield Joined(event.other)
        yield from moved(facts, known_ms(facts), event.other)
    elif into == event.other and not event.same:
        yield Joined("")
        conversations = tuple(contact.conversation for contact in facts.all(Contact))
        yield To(f"customer/{into}", ContactsWithdrawn(conversations, stream.key))


def contacts_withdrawn(event: ContactsWithdrawn, stream: Stream, facts: Facts) -> Iterator[Said]:
    """Contacts of another person leave this stream, and the next that has them; at home their needs are told anew."""
    at_home, into = event.home == stream.key, joined_to(facts)
    if not at_home:
        yield from let_go(facts, event.conversations, event.home)
        yield To(f"customer/{into or event.home}", event)
    if not into:
        kept = [c for c in facts.all(Contact) if at_home or c.conversation not in event.conversations]
        until = max(known_ms(facts), stream.now_ms if any(c.origin != "imported" for c in kept) else 0)
        for group in issues(kept):
            yield from reckoned(group, until, stream, facts)


def _issue(intent: Intent | None) -> str:
    """The intent, where it says something: two contacts about `other` are not about the same issue."""
    return intent.label if intent is not None and intent.label not in {"other", "none"} else ""


def _customer_of(stream: Stream) -> str:
    """Where contacts of this conversation's customer meet; who is not known is a customer of their own."""
    return f"customer/{(stream.started.customer if stream.started else '') or stream.key}"


def _made(promised: Promised, stream: Stream, facts: Facts) -> To:
    begun = stream.started or Started()
    return To(
        _customer_of(stream),
        PromiseMade(
            promise=f"{stream.key}.{promised.deed}", conversation=stream.key, deed=promised.deed, by=promised.by, who=promised.who,
            said_ms=promised.said_ms, due_ms=promised.due_ms, channel=begun.channel, queue=begun.queue, intent=_issue(facts.get(Intent)),
            source=begun.source, origin=begun.origin,
        ),
    )  # fmt: skip
