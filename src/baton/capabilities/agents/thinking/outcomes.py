"""Outcomes: what came of a thought or of a look at the record, as facts: each call to a model, and the idea it led to.

An outcome for a turn that is no longer the customer's newest, or after the baton changed hands, is only counted. Where the newer turn
was answered meanwhile, the model is asked once more, with all of it.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from baton.capabilities.agents.answers.voice import holds, voice
from baton.capabilities.agents.events import Idea, Thought
from baton.capabilities.agents.thinking import brief
from baton.capabilities.agents.thinking.amounts import circles, with_calls, with_proposal, with_tool
from baton.capabilities.agents.thinking.answers import VERSION, read
from baton.capabilities.agents.thinking.choices import choices_of, found_of
from baton.capabilities.agents.thinking.proposing import answered
from baton.capabilities.agents.thinking.reading import idea_of, print_of
from baton.kernel.conversation import ActionDone, Args, Holder
from baton.kernel.facts import Facts
from baton.kernel.minds import calls_in
from baton.kernel.stream import Stream

CARRIED: Final = frozenset({"position", "epoch", "round", "again", "risk", "tool", "print"})
FIELDS: Final = 24
VALUE_CHARACTERS: Final = 200
TOOLS_KEPT: Final = 6


def thought(event: ActionDone, stream: Stream, facts: Facts) -> Iterator[Thought | Idea]:
    """The calls that were made, and what the model proposes."""
    agent = voice(stream)
    position, calls = int(event.args.get("position", 0)), calls_in(event.args.get("calls"))
    for call in calls:
        yield Thought(
            call.model, call.provider, call.input_tokens, call.output_tokens, call.cost_micros, call.ms, call.outcome, "turn",
            agent.id if agent else "", agent.version if agent else "", call.served, call.finish, call.attempt, brief.VERSION if call.form == "plain" else VERSION,
        )  # fmt: skip
    before = facts.get(Idea) or Idea(position)
    now = msgspec.structs.replace(
        before,
        position=position,
        spent=with_calls(before.spent, position, calls),
        round=int(event.args.get("round", 1)),
    )
    late = _late(event, stream, facts)
    answer = read(_private(event).get("answer")) if event.ok else None
    if late:
        yield (
            _none(now, late)
            if late != "again"
            else msgspec.structs.replace(_none(now, late), kind="again", position=_newest(stream))
        )
    elif agent is None or answer is None:
        yield _none(now, event.detail or "unknown" if not event.ok else "unreadable")
    else:
        now = msgspec.structs.replace(now, spent=with_proposal(now.spent, print_of(answer)))
        yield _none(now, "circle") if circles(now.spent) else idea_of(answer, now, choices_of(stream, agent), stream)


def looked(event: ActionDone, stream: Stream, facts: Facts) -> Iterator[Idea]:
    """What a tool gave that the model asked for: it is shown it, or that there was nothing."""
    before, position = facts.get(Idea), int(event.args.get("position", 0))
    if before is None:
        return
    name = f"tool:{event.args.get('tool', '')}"
    found = {key: gave for key, gave in found_of(before).items() if key != name}
    kept = dict(list(found.items())[-(TOOLS_KEPT - 1) :])
    now = msgspec.structs.replace(
        before, position=position, found={**kept, name: _gave(event)}, spent=with_tool(before.spent, position)
    )
    late = _late(event, stream, facts)
    yield (
        _none(now, late)
        if late and late != "again"
        else msgspec.structs.replace(_none(now, "looked_up"), kind="again", position=_newest(stream))
    )


def _late(event: ActionDone, stream: Stream, facts: Facts) -> str:
    """Why the outcome comes too late: `moved`, `overtaken`, or `again` where words answered a newer turn that no model was asked about."""
    holder = facts.get(Holder)
    if not holds(facts) or (holder.epoch if holder else 0) != int(event.args.get("epoch", 0)):
        return "moved"
    newest = _newest(stream)
    if newest == event.args.get("position"):
        return ""
    idea = facts.get(Idea)
    open_ = (idea is None or idea.position < newest) and not event.args.get("again")
    return "again" if open_ and answered(stream, newest) else "overtaken"


def _newest(stream: Stream) -> int:
    return next((turn.position for turn in reversed(stream.asking())), 0)


def _gave(event: ActionDone) -> Args:
    """What a tool gave, no more of it than a prompt bears; why it gave nothing, where it did not."""
    if not event.ok:
        return {"gave_nothing": event.detail if event.ok is False else "unknown"}
    fields = {**{k: v for k, v in event.args.items() if k not in CARRIED}, **_private(event)}
    return {key: _short(value) for key, value in list(fields.items())[:FIELDS]}


def _private(event: ActionDone) -> Args:
    """What is sealed with the outcome; nothing once it was erased."""
    private: object = event.private
    return private if isinstance(private, dict) else {}


def _short(value: str | int | bool) -> str | int | bool:
    return value[:VALUE_CHARACTERS] if isinstance(value, str) else value


def _none(idea: Idea, why: str) -> Idea:
    return msgspec.structs.replace(
        idea, kind="none", why=why, procedure="", tool="", cites=(), grounded=0, dropped=0, slots={}, said="", args={},
        supports=(),
    )  # fmt: skip
