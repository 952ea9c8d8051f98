"""Retelling: a told conversation as inputs of the log, at the times it happened. Its secret truth stays out.

Generated history never acts; it is understood, measured and shown like a live one.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Literal

import msgspec

from baton.capabilities.escalations.events import StepReached
from baton.capabilities.lake.events import Labelled, ToolCalled
from baton.capabilities.performance.events import SuggestionRequested, SuggestionUsed
from baton.capabilities.routing.events import Assigned, HandedOver, WrappedUp
from baton.demo.halcyon import stuck
from baton.demo.halcyon.story import Story, Suggestion
from baton.demo.people import rep
from baton.demo.world import END_MS
from baton.kernel.conversation import Ended, Started, TurnSaid
from baton.kernel.events import Event
from baton.kernel.ports import Keys

SOURCE = "halcyon"
Met = Literal["yes", "no", "refused", "unknown"]
How = Literal["picked", "edited", "own_words"]
MET: dict[str, Met] = {
    "solved": "yes",
    "answered": "yes",
    "refused_by_rule": "refused",
    "promise_made": "no",
    "not_solved": "no",
}
WHY = {
    "said_thanks": "resolved", "left_in_silence": "idle", "gave_up": "customer_left", "refused_correctly": "closed_by_rep",
    "transferred": "transferred", "callback_promised": "closed_by_rep",
}  # fmt: skip
REASONS = {"asked_for_person": "asked", "two_failed_attempts": "failed_attempts", "vulnerable": "distress"}
"""The story's words for why a person took over, where Baton has another."""


class Moment(msgspec.Struct, frozen=True, gc=False):
    """What happened at one time of a conversation."""

    at_ms: int
    events: tuple[Event, ...]


def stream_of(story: Story, keys: Keys) -> str:
    """The stream of a story: random-looking, always the same."""
    return f"conversation/{keys.pseudonym('conversation', f'{SOURCE}:{story.id}')}"


def customer_of(story: Story, keys: Keys) -> str:
    """The pseudonym of its customer."""
    return keys.pseudonym("customer", story.customer)


def moments(story: Story, customer: str, end_ms: int = END_MS) -> list[Moment]:
    """The story in order, from its start to its end. `end_ms` is when the whole history ends."""
    told = [Moment(at, (event,)) for at, event in _events(story)]
    start = Moment(story.started_ms, (_started(story, customer), *_served(story, end_ms)))
    end = max([story.ended_ms, *(m.at_ms for m in told)])
    return [start, *sorted([*_steps(story, end_ms), *told], key=lambda m: m.at_ms), Moment(end, _closing(story))]


def _served(story: Story, end_ms: int) -> tuple[Event, ...]:
    by = stuck.served(story, end_ms)
    if by is None:
        return ()
    told = Labelled("agent_version", by.permille, by.version, story.agent)
    return (told, Labelled("agent_rival", text_label=by.against, group=story.agent)) if by.against else (told,)


def _steps(story: Story, end_ms: int) -> list[Moment]:
    """The steps its procedure came to, told when the AI was done with it."""
    reached = tuple(StepReached(*stood) for stood in stuck.steps(story, end_ms))
    at_ms = story.started_ms + 1000 * story.handover.offset_s if story.handover else story.ended_ms
    return [Moment(at_ms, reached)] if reached else []


def _started(story: Story, customer: str) -> Started:
    return Started(
        channel=story.channel, language=story.language, customer=customer, origin="generated", source=SOURCE,
        queue=story.queue, brand="Halcyon Air", verified="claimed",
    )  # fmt: skip


def _events(story: Story) -> Iterator[tuple[int, Event]]:
    at = story.started_ms
    handed_s = story.handover.offset_s if story.handover else 0
    for n, turn in enumerate(story.turns):
        yield (
            at + turn.offset_s * 1000,
            TurnSaid(turn.role, turn.text, who="" if turn.role in ("customer", "machine") else turn.who),
        )
        yield from _suggested(story, n, at + turn.offset_s * 1000)
    if story.handover is not None:
        yield (
            at + handed_s * 1000,
            HandedOver(story.queue, _reason(story.handover.reason), from_kind="agent", from_who=story.agent),
        )
    elif story.handled_by == "rep_only":
        yield at, HandedOver(story.queue, "person_first", from_kind="nobody")
    if story.rep and not story.abandoned:
        answered = at + (handed_s + story.wait_s) * 1000
        yield answered, Assigned(story.rep, rep(story.rep).name, story.wait_s * 1000, story.queue)
    for effect in story.effects:
        if effect.done or effect.claimed:
            yield max(at, story.ended_ms - 1000), ToolCalled(effect.tool, writes=True, ok=effect.done)


def _reason(told: str) -> str:
    return REASONS.get(told, told)


def _suggested(story: Story, turn: int, at_ms: int) -> Iterator[tuple[int, Event]]:
    for told in story.suggestions:
        if told.turn != turn:
            continue
        if told.shown:
            yield at_ms, SuggestionRequested(story.rep)
        how: How = "edited" if told.edited else "picked" if told.picked else "own_words"
        yield at_ms, SuggestionUsed(story.rep, how, _changed(story, told))


def _changed(story: Story, told: Suggestion) -> int:
    """How much of a suggestion was changed, in permille: most edits are small; now and then one is replaced altogether."""
    drawn = int.from_bytes(blake2b(f"changed/{story.id}/{told.turn}".encode(), digest_size=4).digest(), "big")
    if told.edited:
        return (20, 40, 90, 130, 180, 240, 310, 480)[drawn % 8] + drawn % 17
    return 720 + drawn % 200 if told.shown and told.own_words and drawn % 9 == 0 else 0


def _closing(story: Story) -> tuple[Event, ...]:
    ended = Ended("abandoned" if story.abandoned else WHY[story.ended], story.rep)
    if not story.rep or story.abandoned:
        return (ended,)
    handle_ms = (story.talk_s + story.hold_s + story.wrap_s) * 1000
    wrapped = WrappedUp(
        rep=story.rep, disposition=story.disposition, need_met=MET.get(story.disposition, "unknown"),
        promise_due_ms=story.promise.due_ms if story.promise else 0, handle_ms=handle_ms, hold_ms=story.hold_s * 1000,
        wrap_ms=story.wrap_s * 1000,
    )  # fmt: skip
    return wrapped, ended
