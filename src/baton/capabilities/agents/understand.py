"""Understanding: what the customer's turn does, whether the last answer helped, and where the procedure under way stands now."""

from collections.abc import Iterator

import msgspec

from baton.capabilities.agents.answers.speech import GUESS, hear
from baton.capabilities.agents.answers.voice import holds, voice
from baton.capabilities.agents.answers.wanting import acts, asked_for, orders
from baton.capabilities.agents.events import (
    BINDING,
    ApprovalGiven,
    Attempts,
    AwaitsApproval,
    Confirmation,
    Drawn,
    Gave,
    Heard,
    OutcomeTold,
    Procedures,
    Underway,
    Unsettled,
)
from baton.capabilities.agents.procedures import engine, settling
from baton.capabilities.agents.procedures.confirm import given, used
from baton.capabilities.agents.procedures.replies import reply
from baton.capabilities.agents.procedures.state import State, state_of
from baton.capabilities.agents.studio.drawing import drawn
from baton.capabilities.agents.thinking import outcomes
from baton.capabilities.orchestration.events import SecondLook, text_at, understood
from baton.capabilities.routing.events import HandedBack
from baton.capabilities.sentiment.events import Mood
from baton.kernel.conversation import ActionDone, Started, To, TurnSaid
from baton.kernel.events import Fact
from baton.kernel.facts import Facts
from baton.kernel.ports import Models
from baton.kernel.stream import Stream

TRIED = frozenset({"answer", "ask_back", "done"})
NEAR = 6
"""Sections that a model is shown at most, but for what it cited."""
CARRIED_ARGS = frozenset(
    {"procedure", "step", "tool", "risk", "bound", "amount_cents", "limit_cents", "approved", "evidence"}
)


def a_beginning(event: Started, stream: Stream, facts: Facts) -> Iterator[Drawn]:
    """Where two versions of the agent compete, chance says once which one serves."""
    yield from drawn(stream)


def a_turn(event: TurnSaid, stream: Stream, facts: Facts, models: Models) -> Iterator[Fact]:
    """What a customer's turn means to the agent that holds the baton. Imported history has no agent of ours."""
    if event.role not in {"customer", "machine"} or not stream.live or not holds(facts) or _from_beside(stream):
        return
    attempts = facts.get(Attempts) or Attempts()
    mood = facts.get(Mood)
    judged = understood(event.text, stream, models)
    heard = hear(event.text, judged, stream, mood.turn if mood else None, attempts.last in TRIED)
    heard = msgspec.structs.replace(_in_context(heard, attempts), near=_near(event.text, stream, facts, models))
    if judged.intent and not judged.unsure and orders(event.text):
        heard = msgspec.structs.replace(heard, wants="act")
    yield heard
    if (now := _judged(attempts, heard)) != attempts:
        yield now
    state = state_of(stream)
    if state is not None and not state.underway.done:
        yield from _procedure(event.text, state, stream, facts)


def a_second_look(event: SecondLook, stream: Stream, facts: Facts) -> Iterator[Fact]:
    """The slow tier has answered for the newest turn: it is taken up again, with what is known of it now."""
    heard = facts.get(Heard)
    if not event.done or heard is None or heard.position != event.position or not holds(facts):
        return
    if not event.model:
        yield heard
        return
    guess = event.runner_up if not event.intent and event.confidence >= GUESS else ""
    heard = msgspec.structs.replace(heard, intent=event.intent or heard.intent, guess=guess)
    yield _with_meaning(heard, event, stream) if event.acts or event.near else heard


def an_outcome(event: ActionDone, stream: Stream, facts: Facts) -> Iterator[Fact]:
    """What a tool gave, and where the procedure goes from there. After a handover it is recorded and nothing else."""
    state = state_of(stream)
    if state is None or not _is_awaited(event, state.underway):
        return
    confirmation = facts.get(Confirmation)
    if confirmation is not None and event.args.get("risk") in BINDING:
        yield used(confirmation)
    step, known = state.step, state.known
    if step is not None and step.save and event.ok:
        found = _found(event)
        yield Gave(saved_as=step.save, found=found)
        known = known | {f"{step.save}.{field}": value for field, value in found.items()}
    if not holds(facts):
        outcome = "unknown" if event.ok is None else "done" if event.ok else "refused"
        yield msgspec.structs.replace(state.underway, done=True, result=f"late_{outcome}")
        return
    yield engine.returned(state.procedure, state.underway, event.ok, event.detail, known, state.known)


def a_thought(event: ActionDone, stream: Stream, facts: Facts) -> Iterator[Fact]:
    """A model has answered, or a tool that it wanted to read with."""
    if event.action == "think":
        yield from outcomes.thought(event, stream, facts)
    elif event.action == "look_up":
        yield from outcomes.looked(event, stream, facts)


def an_unknown_outcome(event: ActionDone, stream: Stream, facts: Facts) -> Iterator[Unsettled | To]:
    """An act that may or may not have been done is kept in mind until the record, or a person, tells."""
    if event.action == "run_tool" and event.ok is None:
        yield from settling.begun(event, stream)
    elif event.action == "ask_record":
        yield from settling.told(event, stream)


def an_outcome_told(event: OutcomeTold, stream: Stream, facts: Facts) -> Iterator[Unsettled]:
    """A person looked in the record."""
    open_ = facts.slot(Unsettled, event.key)
    if open_ is not None and not open_.settled:
        yield msgspec.structs.replace(open_, settled="done" if event.done else "not_done", by=event.staff)


def an_approval(event: ApprovalGiven, stream: Stream, facts: Facts) -> Iterator[Fact]:
    """A rep answered: the procedure carries on, or ends without having changed anything."""
    awaits, state = facts.get(AwaitsApproval), state_of(stream)
    if awaits is None or awaits.given or awaits.approval != event.approval:
        return
    yield msgspec.structs.replace(awaits, given=True)
    if state is not None and not state.underway.done:
        yield engine.approved(state.procedure, state.underway, event.ok, state.known)


def a_hand_back(event: HandedBack, stream: Stream, facts: Facts) -> Iterator[Fact]:
    """The agent speaks again: what it was in the middle of is the rep's past, and the count of failures starts anew."""
    underway, attempts = facts.get(Underway), facts.get(Attempts) or Attempts()
    if underway is not None and not underway.done:
        yield msgspec.structs.replace(underway, done=True, result="handed_over", notes=())
    yield msgspec.structs.replace(attempts, failed=0, asked=0, last="")


def _near(text: str, stream: Stream, facts: Facts, models: Models) -> tuple[str, ...]:
    """The nearest sections of this turn and of those before it: a model may answer more than the last line."""
    agent, before = voice(stream), facts.get(Heard)
    if agent is None or not agent.model:
        return ()
    found = [f"{hit.article}#{hit.section}" for hit in models.search(text)]
    return tuple(dict.fromkeys([*found, *(before.near if before else ())]))[:NEAR]


def _with_meaning(heard: Heard, look: SecondLook, stream: Stream) -> Heard:
    """What was heard, with what it is near to in meaning."""
    agent = voice(stream)
    procedure = asked_for(heard.intent, look, agent, stream.policy(Procedures)) if agent else None
    does = procedure is not None and acts(text_at(stream, look.position), look)
    return msgspec.structs.replace(
        heard, procedure=procedure.id if procedure else "", wants="act" if does else "answer"
    )


def _in_context(heard: Heard, attempts: Attempts) -> Heard:
    if attempts.offered or attempts.last not in {"answer", "done"} or heard.act not in {"yes", "no"}:
        return heard
    return msgspec.structs.replace(heard, act="solved" if heard.act == "yes" else "unsolved")


def _judged(attempts: Attempts, heard: Heard) -> Attempts:
    if attempts.last not in TRIED:
        return attempts
    missed = heard.act == "unsolved" or heard.again or heard.fell
    return msgspec.structs.replace(attempts, failed=attempts.failed + 1 if missed else 0)


def _procedure(text: str, state: State, stream: Stream, facts: Facts) -> Iterator[Fact]:
    confirmation = facts.get(Confirmation)
    step, yes = state.step, None
    if step is not None and step.kind == "confirm" and confirmation is not None and not confirmation.used:
        yes = (
            given(confirmation, stream.entry.position, stream.entry.by, stream.now_ms)
            if reply(text, step.say) == "yes"
            else None
        )
        if yes is not None:
            yield yes
    yield engine.heard(state.procedure, state.underway, text, stream.entry.position, state.known, yes is not None)


def _from_beside(stream: Stream) -> bool:
    """Whether this is a machine's word in a conversation with a person: nobody there asked for it, and it answers for nobody."""
    return stream.entry.by.startswith("machine/") and bool(stream.said("customer"))


def _is_awaited(event: ActionDone, underway: Underway) -> bool:
    asked = (event.args.get("procedure"), event.args.get("step"))
    return event.action == "run_tool" and asked == (underway.procedure, underway.step) and not underway.done


def _found(event: ActionDone) -> dict[str, str | int | bool]:
    private: object = event.private
    if not isinstance(private, dict):
        return {}
    return {**{k: v for k, v in event.args.items() if k not in CARRIED_ARGS}, **private}
