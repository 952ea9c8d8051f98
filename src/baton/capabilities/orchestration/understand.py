"""Intent: the label of the newest turn that has one, kept while later turns only answer, thank or are unclear."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.agents.events import Heard
from baton.capabilities.knowledge.events import Found
from baton.capabilities.orchestration.events import Intent, IntentCorrected, Intents, SecondLook, understood
from baton.capabilities.orchestration.reading.latest import PERSON, SURE, newer
from baton.capabilities.orchestration.reading.nearness import read
from baton.capabilities.orchestration.reading.repeats import times_asked
from baton.kernel.conversation import ActionDone, TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.ports import Judgement, Models
from baton.kernel.stream import Stream

ENGLISH = ("en", "")
"""Languages in which the slow tier that ships was measured. An own head is asked in any."""


def intent(said: TurnSaid, stream: Stream, facts: Facts, models: Models) -> Iterator[Intent | SecondLook]:
    """What is wanted now, and whether the words leave it open. Nothing is said where nothing changed: a fact holds until the next."""
    if said.role not in {"customer", "machine"}:
        return
    judged, head = understood(said.text, stream, models), stream.policy(Intents).head
    before = facts.get(Intent)
    now = newer(judged, before, stream.entry.position, head or models.version)
    asked = _asked(said, judged, stream)
    if asked != now.asked:
        now = replace(now, asked=asked)
    if now != before:
        yield now
    if stream.live and _left_open(judged, head, stream, facts):
        guess, sure = judged.intent_runner_up, judged.intent_confidence
        yield SecondLook(stream.entry.position, runner_up=guess, confidence=sure, margin=judged.intent_margin)


def looked_again(done: ActionDone, stream: Stream, facts: Facts) -> Iterator[SecondLook | Intent]:
    """The slow tier answered. Of a turn that is no longer the newest it still tells what was wanted then."""
    if done.action != "look_again":
        return
    told, position = done.args, int(done.args.get("position", 0))
    if not done.ok:
        yield SecondLook(position, done=True, why=done.detail or "no_answer")
        return
    look = SecondLook(
        position, done=True, intent=str(told.get("intent", "")), confidence=int(told.get("confidence", 0)),
        runner_up=str(told.get("runner_up", "")), margin=int(told.get("margin", 0)), model=str(told.get("model", "")),
        near=read(told.get("near", "")), acts=read(told.get("acts", "")), strange=int(told.get("strange", 0)),
    )  # fmt: skip
    yield look
    before = facts.get(Intent)
    if look.intent and (before is None or before.position <= position):
        judged = Judgement(
            intent=look.intent, intent_confidence=look.confidence, intent_runner_up=look.runner_up,
            intent_margin=look.margin,
        )  # fmt: skip
        now = replace(newer(judged, before, position, look.model), asked=before.asked if before else 1)
        if now != before:
            yield replace(now, tier="slow")


def corrected(said: IntentCorrected, stream: Stream, facts: Facts) -> Iterator[Intent]:
    """What somebody says the customer wants holds from now on."""
    before = facts.get(Intent) or Intent("")
    seen = tuple(each for each in before.seen if each not in {before.label, said.label})
    yield replace(
        before, label=said.label, confidence=1000, runner_up="", margin=1000, tier=PERSON, model="",
        seen=(*seen, said.label), position=said.position or before.position,
    )  # fmt: skip


def _left_open(judged: Judgement, head: str, stream: Stream, facts: Facts) -> bool:
    """Whether there seems to be a request that the words do not name, or that no section clearly answers by its words.

    What somebody begins with ("… and still no points") denies nothing that was said before.
    """
    if not (judged.unsure or _unanswered(stream, facts)) or not (head or judged.language in ENGLISH):
        return False
    first = not any(turn.role in {"agent", "rep"} for turn in stream.turns)
    denies = 0 if first else judged.denies
    if max(judged.small_talk, judged.confirms, denies, judged.affirms, judged.refuses) >= SURE:
        return False
    heard = facts.get(Heard)
    talks = {"says", "unsolved"} if first else {"says"}
    return heard is None or heard.position != stream.entry.position or heard.act in talks


def _unanswered(stream: Stream, facts: Facts) -> bool:
    found = facts.get(Found)
    return found is not None and found.open and found.position == stream.entry.position


def _asked(said: TurnSaid, judged: Judgement, stream: Stream) -> int:
    earlier = [turn.text for turn in stream.turns[-12:] if turn.role == said.role]
    if earlier and stream.turns[-1].position == stream.entry.position:
        earlier.pop()
    nothing = max(judged.small_talk, judged.confirms, judged.affirms, judged.refuses) >= SURE
    return times_asked(said.text, earlier, nothing)
