"""Understanding for the ledger: evidence as it appears in a conversation, and needs across a customer's conversations."""

from collections.abc import Iterator

import msgspec

from baton.capabilities.agents.events import Attempts
from baton.capabilities.empathy.events import PersonNeeded
from baton.capabilities.lake.events import Course, Labelled, ToolCalled
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.resolution.events import (
    Contact,
    Contacted,
    Evidence,
    Known,
    NeedState,
    Observed,
    Returned,
    Verdict,
)
from baton.capabilities.resolution.judging import judge, judge_alone, refuses
from baton.capabilities.resolution.judging.estimate import estimated
from baton.capabilities.resolution.judging.needs import WINDOW_MS, changed, needs, returns, same_issue
from baton.capabilities.routing.events import WrappedUp
from baton.capabilities.sentiment.events import Mood
from baton.kernel.conversation import ActionDone, Due, Started, To, TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.ports import Models
from baton.kernel.stream import Stream

SURE = 600
WINDOW = "window"
_STATED: dict[str, Verdict] = {
    "met": "met", "failed": "failed", "refused": "refused", "handed_over": "handed_over", "given_up": "given_up",
}  # fmt: skip


def what_was_said(event: TurnSaid, stream: Stream, facts: Facts, models: Models) -> Iterator[Evidence]:
    """A customer says it is solved, or still is not; who serves says it cannot be done."""
    now = facts.get(Evidence) or Evidence()
    position = stream.entry.position
    if event.role in {"agent", "rep"}:
        if not now.refused and refuses(event.text):
            yield msgspec.structs.replace(now, refused=True, position=position)
    elif event.role in {"customer", "machine"}:
        said = models.judge(event.text)
        if max(said.confirms, said.denies) >= SURE:
            yes = said.confirms >= said.denies
            yield msgspec.structs.replace(now, confirmed=yes, denied=not yes, position=position)
        elif (now.confirmed or now.denied) and not said.small_talk:
            yield msgspec.structs.replace(now, confirmed=False, denied=False, position=position)


def what_the_record_shows(event: ActionDone | ToolCalled, stream: Stream, facts: Facts) -> Iterator[Evidence]:
    """The system of record changed, or would not. A look-up shows nothing of the kind."""
    now = facts.get(Evidence) or Evidence()
    writes = event.writes if isinstance(event, ToolCalled) else event.args.get("risk", "write") != "read"
    ok = event.ok
    if ok is None or not writes:
        return
    yield msgspec.structs.replace(
        now, record_changed=now.record_changed or ok, record_failed=not ok, changes=now.changes + ok,
        failures=now.failures + (not ok), position=stream.entry.position,
    )  # fmt: skip


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
    first = stream.turns[0].at_ms if stream.turns else event.offered_ms or stream.now_ms
    yield To(
        f"customer/{begun.customer or stream.key}",
        Contacted(
            conversation=stream.key, intent=evidence.issue or _issue(facts.get(Intent)), channel=begun.channel,
            started_ms=first, ended_ms=stream.now_ms, path=event.path, verdict=verdict, evidence=why, need=evidence.need,
            source=begun.source, contained=event.contained, queue="" if stream.turns else begun.queue or event.queue, origin=begun.origin,
            simulated=begun.simulated, judged=judge_alone(evidence, event, estimate.permille)[0],
            estimate_permille=estimate.permille, estimate_model=estimate.model,
        ),
    )  # fmt: skip


def contacted(event: Contacted, stream: Stream, facts: Facts) -> Iterator[Known | Contact | To]:
    """On the customer's stream: keep the contact, and how far their contacts are known."""
    if stream.now_ms > _known(facts):
        yield Known(stream.now_ms)
    yield Contact(**{f: getattr(event, f) for f in Contacted.__struct_fields__})
    if event.verdict == "met" and event.origin != "imported" and not event.simulated:
        yield To(stream.id, Due(WINDOW, event.conversation), at_ms=event.ended_ms + WINDOW_MS)


def need_of(event: Contact, stream: Stream, facts: Facts) -> Iterator[NeedState | Returned]:
    """A contact was kept: what it changes about the need it belongs to."""
    yield from _reckoned(same_issue(facts.all(Contact), event), _known(facts), stream, facts)


def window_closed(event: Due, stream: Stream, facts: Facts) -> Iterator[NeedState | Returned | Known]:
    """W days passed since a contact ended: what nobody came back about is confirmed."""
    contact = facts.slot(Contact, event.ref) if event.what == WINDOW else None
    if contact is None:
        return
    until = max(stream.now_ms, _known(facts))
    yield Known(until)
    yield from _reckoned(same_issue(facts.all(Contact), contact), until, stream, facts)


def history_known(event: Observed, stream: Stream, facts: Facts) -> Iterator[NeedState | Returned | Known]:
    """An import reached further: windows that closed before its end are closed now."""
    until = max(event.until_ms, _known(facts))
    yield Known(until)
    done: set[str] = set()
    for contact in facts.all(Contact):
        if contact.conversation not in done:
            group = same_issue(facts.all(Contact), contact)
            done.update(c.conversation for c in group)
            yield from _reckoned(group, until, stream, facts)


def _issue(intent: Intent | None) -> str:
    """The intent, where it says something: two contacts about `other` are not about the same issue."""
    return intent.label if intent is not None and intent.label not in {"other", "none"} else ""


def _known(facts: Facts) -> int:
    known = facts.get(Known)
    return known.until_ms if known else 0


def _reckoned(contacts: list[Contact], until_ms: int, stream: Stream, facts: Facts) -> Iterator[NeedState | Returned]:
    reckoned = needs(contacts, until_ms, stream.key)
    current = {need.need for need in reckoned}
    for need in reckoned:
        told = changed(need, facts.slot(NeedState, need.need))
        if told is not None:
            yield told
        for part in need.conversations:
            gone = facts.slot(NeedState, part)
            if gone is not None and part not in current:
                yield msgspec.structs.replace(gone, was=gone.state, merged_into=need.need)
    for back in returns(contacts):
        if facts.slot(Returned, back.conversation) != back:
            yield back
