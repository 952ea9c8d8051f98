"""Person needed: said within the turn that shows it, whatever the other capabilities make of that turn.

One need lasts as long as the conversation stays with the AI (the holder's epoch). A stronger reason replaces a weaker
one, and outlives that a person was declined for the weaker; asking again counts again. Nothing is said while a person has the conversation or it waits for one.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.agents.events import Attempts, Underway
from baton.capabilities.empathy.events import PersonDeclined, PersonNeeded, PersonOffered, Reason, Triggers
from baton.capabilities.empathy.triggers import phrases, plain
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.events import HandedBack, HandedOver
from baton.capabilities.sentiment.events import Mood
from baton.kernel.conversation import Holder, TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.ports import Judgement, Models
from baton.kernel.stream import Stream

RANK: dict[Reason, int] = {
    "bereavement": 7, "distress": 6, "legal": 5, "asked": 4, "anger": 3, "failed_attempts": 2, "loop": 2, "no_answer": 1,
}  # fmt: skip

GAVE_UP: dict[str, Reason] = {"no_answer": "no_answer", "failed_attempts": "failed_attempts"}
"""Reasons an agent gives for handing over by itself."""


def in_words(said: TurnSaid, stream: Stream, facts: Facts, models: Models) -> Iterator[PersonNeeded]:
    """What the customer's own words ask for or show: a person, grief, distress, a threat of law."""
    if said.role not in {"customer", "machine"} or _is_a_number_asked_for(said.text, facts):
        return
    judged = models.judge(said.text)
    found = _in_words(said.text, judged, stream.policy(Triggers))
    if found is not None:
        reason, (start, end) = found
        yield from _needed(reason, stream, facts, start, end)


def in_doubt(said: TurnSaid, stream: Stream, facts: Facts, models: Models) -> Iterator[PersonOffered]:
    """A language in which nobody measured what goes unheard, or distress that is only possible: a person is offered, once."""
    if said.role != "customer" or not stream.live or facts.get(PersonOffered) is not None or _person_has_it(facts):
        return
    judged, limits = models.judge(said.text), stream.policy(Triggers)
    if judged.unheard:
        yield PersonOffered("language", judged.unheard, stream.entry.position)
    elif _possible(said.text, judged, limits) and facts.get(PersonNeeded) is None:
        yield PersonOffered("distress", judged.language, stream.entry.position)


def in_mood(mood: Mood, stream: Stream, facts: Facts) -> Iterator[PersonNeeded]:
    """Anger: upset for some turns in a row, or furious once."""
    if not mood.upset_turns:
        return
    limits = stream.policy(Triggers)
    if mood.upset_turns >= limits.upset_turns or mood.frustration >= limits.furious:
        yield from _needed("anger", stream, facts)


def in_attempts(attempts: Attempts, stream: Stream, facts: Facts) -> Iterator[PersonNeeded]:
    """The agent has failed too often in a row."""
    if attempts.failed and attempts.failed >= stream.policy(Triggers).failed_attempts:
        yield from _needed("failed_attempts", stream, facts)


def in_repeats(intent: Intent, stream: Stream, facts: Facts) -> Iterator[PersonNeeded]:
    """The same question again and again: whatever the agent said, it did not help."""
    if intent.asked > 1 and intent.asked >= stream.policy(Triggers).same_question:
        yield from _needed("loop", stream, facts)


def in_handover(handed: HandedOver, stream: Stream, facts: Facts) -> Iterator[PersonNeeded]:
    """The agent gave up by itself: a person was needed from then on, whoever noticed it."""
    reason = GAVE_UP.get(handed.reason)
    if reason is not None and handed.from_kind == "agent":
        yield from _needed(reason, stream, facts)


def declined(said: PersonDeclined | HandedBack, stream: Stream, facts: Facts) -> Iterator[PersonNeeded]:
    """The need stands, and the customer would rather not: they say so, or go back to the AI while they wait."""
    if isinstance(said, HandedBack) and said.by != "customer":
        return
    needed = facts.get(PersonNeeded)
    if needed is not None and not needed.declined:
        at = stream.entry.position if isinstance(said, PersonDeclined) else 0
        yield replace(needed, declined=True, declined_at=at)


def _person_has_it(facts: Facts) -> bool:
    """A person has the conversation, or it waits for one."""
    holder = facts.get(Holder)
    return holder is not None and holder.kind in {"queue", "rep"}


def _is_a_number_asked_for(text: str, facts: Facts) -> bool:
    """A bare 0 calls the operator, unless a procedure has just asked for a number."""
    underway = facts.get(Underway)
    return underway is not None and not underway.done and text.strip().isdigit()


def _in_words(text: str, judged: Judgement, limits: Triggers) -> tuple[Reason, phrases.Span] | None:
    english = judged.language in {"en", ""}
    if judged.asks_person >= limits.asks and not (english and plain.asks_for_nobody(text)):
        return "asked", judged.asks_person_span
    words = phrases.words_of(text)
    if (span := phrases.asks_person(text, words)) is not None:
        return "asked", span
    heard = judged.distress >= limits.distress
    loss, shows = phrases.tells_of_loss(text, words), heard and not (english and plain.tells_of_nothing_grave(text))
    if loss is not None and (shows or judged.unheard):
        return "bereavement", loss
    if shows:
        return "distress", judged.distress_span
    if (span := phrases.threatens_law(text, words)) is not None:
        return "legal", span
    return None


def _possible(text: str, judged: Judgement, limits: Triggers) -> bool:
    """Distress is possible, and the words give no reason to send for a person."""
    return judged.distress >= limits.possible_distress and _in_words(text, judged, limits) is None


def _needed(reason: Reason, stream: Stream, facts: Facts, start: int = 0, end: int = 0) -> Iterator[PersonNeeded]:
    if _person_has_it(facts):
        return
    holder = facts.get(Holder)
    epoch, at = holder.epoch if holder else 0, stream.entry.position
    before = facts.get(PersonNeeded)
    asked, asks = (at, 1) if reason == "asked" else (0, 0)
    stronger = before is not None and RANK[reason] > RANK[before.reason]
    still = before is not None and before.declined and reason != "asked" and not stronger
    if before is None or before.epoch != epoch:
        yield PersonNeeded(reason, at, 1, start, end, epoch, still, asked, asks)
    elif stronger or asks:
        strongest = reason if RANK[reason] >= RANK[before.reason] else before.reason
        first, times = before.asked or asked, before.asks + asks
        yield PersonNeeded(strongest, at, before.count + 1, start, end, epoch, still, first, times)
