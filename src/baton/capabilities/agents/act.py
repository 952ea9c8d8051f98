"""Acting: the agent's turns, and the tools it runs. An inside act changes only the log; `run_tool` touches the world."""

from collections.abc import Iterator

import msgspec

from baton.capabilities.agents.answers import choosing
from baton.capabilities.agents.answers.feelings import plain_spoken
from baton.capabilities.agents.answers.lines import HELPED, LINES, MEANT, OFFERED, OFFERS_PERSON
from baton.capabilities.agents.answers.saying import words_of
from baton.capabilities.agents.answers.voice import first_words, spoken_in, voice
from baton.capabilities.agents.decide import CARRY_ON
from baton.capabilities.agents.events import (
    BINDING,
    Agent,
    ApprovalAsked,
    Attempts,
    AwaitsApproval,
    Confirmation,
    Idea,
    Procedures,
)
from baton.capabilities.agents.procedures import engine, settling, wording
from baton.capabilities.agents.procedures.confirm import asked
from baton.capabilities.agents.procedures.state import (
    State,
    already_said,
    bound_of,
    claim_for,
    state_of,
    to_confirm,
    with_underway,
)
from baton.capabilities.agents.procedures.tapping import yes_or_no
from baton.capabilities.agents.procedures.values import arguments
from baton.capabilities.agents.thinking.looking_up import claim_of
from baton.capabilities.agents.thinking.shown import prompt_of
from baton.capabilities.empathy.events import PersonNeeded, PersonOffered
from baton.capabilities.governance.events import Disclosed, Register
from baton.kernel.conversation import Decided, Due, To, TurnSaid
from baton.kernel.events import Event
from baton.kernel.minds import THINK
from baton.kernel.ports import ActionResult, Tools
from baton.kernel.stream import Stream


def answer(decided: Decided, stream: Stream) -> Iterator[Event | To]:
    """Say the sentences of a section that answer the last turn, with its citation; or one of the fixed lines."""
    before = stream.facts.get(Attempts) or Attempts()
    cite = str(decided.args.get("cite", ""))
    text, cites = words_of(cite, stream)
    if not text:
        yield from _say(LINES[str(decided.args.get("line", "unclear"))], stream, before, last="line")
        return
    offered = str(decided.args.get("offer", ""))
    state = state_of(stream) if decided.args.get("then") == "step" else None
    if state is not None and state.step is not None:
        text = f"{text} {wording.question(state.procedure, state.step, state.known)}"
    elif offered or not before.answered:
        text = f"{text} {OFFERED if offered else HELPED}"
    now = msgspec.structs.replace(before, answered=before.answered + 1, last_cite=cite, asked=0, offered=offered)
    card = _card(state, stream) if state is not None else ""
    yield from _say(text, stream, now, last="step" if state else "answer", cites=cites, card=card)


def ask_back(decided: Decided, stream: Stream) -> Iterator[Event | To]:
    """Ask one question, because nothing was good enough to be said."""
    before = stream.facts.get(Attempts) or Attempts()
    line = str(decided.args.get("line", "unclear"))
    resumed, offer = line == "resumed", str(decided.args.get("offer", ""))
    near = choosing.offered(offer, stream) if "#" in offer else []
    text = choosing.question(near) if near else _meant(offer, stream) or LINES.get(line, LINES["unclear"])
    times = 0 if resumed else before.asked + 1
    now = msgspec.structs.replace(before, asked=times, offered=offer)
    card = choosing.card(near) if near else ""
    yield from _say(text, stream, now, last="line" if resumed else "ask_back", card=card)


def _meant(offer: str, stream: Stream) -> str:
    """The question whether a procedure is what the customer means; empty where there is none of that name."""
    procedure = stream.policy(Procedures).of(offer)
    return MEANT.format(summary=procedure.summary or procedure.title) if procedure is not None else ""


def close(decided: Decided, stream: Stream) -> Iterator[Event | To]:
    """One polite line. The conversation stays open until the customer leaves or nothing more is said."""
    before = stream.facts.get(Attempts) or Attempts()
    now = msgspec.structs.replace(before, failed=0, asked=0)
    yield from _say(LINES[str(decided.args.get("line", "solved"))], stream, now, last="close")


def start_procedure(decided: Decided, stream: Stream) -> Iterator[Event | To]:
    """Say what will happen and ask for the first thing that is missing."""
    procedure = stream.policy(Procedures).of(str(decided.args["procedure"]))
    if procedure is None:
        return
    underway = engine.begin(procedure, already_said(procedure, stream), {})
    yield underway
    state = with_underway(stream, underway)
    before = stream.facts.get(Attempts) or Attempts()
    if state is not None:
        first = procedure.summary or wording.STARTED
        now = msgspec.structs.replace(before, asked=0, failed=0)
        yield from _say(f"{first} {_words(state)}".strip(), stream, now, last="step", card=_card(state, stream))
        yield from _follow(state, stream)


def next_step(decided: Decided, stream: Stream) -> Iterator[Event | To]:
    """Say what the procedure has to say now: words on the way, a question, a confirmation, or how it ended."""
    state = state_of(stream)
    if state is None:
        return
    before = stream.facts.get(Attempts) or Attempts()
    if decided.args.get("line") == "one_moment":
        waits_for_a_rep = state.underway.step == engine.ASK_APPROVAL
        yield from _say(wording.AWAITS if waits_for_a_rep else wording.ONE_MOMENT, stream, before, last="step")
        return
    over = state.underway.done and state.underway.result == "done"
    yield from _say(_words(state), stream, before, last="done" if over else "step", card=_card(state, stream))
    yield from _follow(state, stream)


def ask_approval(decided: Decided, stream: Stream) -> Iterator[Event | To]:
    """Ask a rep for one approval and tell the customer; the assignment stream hears of it, so that it counts as load."""
    state = state_of(stream)
    if state is None:
        return
    step = state.procedure.step(state.underway.back)
    act = engine.binding_step(state.procedure, step) if step is not None and step.kind == "confirm" else step
    note = (
        wording.render(step.say, state.known) if step is not None and step.kind == "confirm" else state.procedure.title
    )
    asks = ApprovalAsked(
        approval=decided.key, action=act.tool if act else "", why="over_limit", note=note,
        conversation=stream.key, queue=state.procedure.queue, bound=bound_of(state, act, stream) if act else "",
    )  # fmt: skip
    yield from _say(_words(state) or wording.AWAITS, stream, stream.facts.get(Attempts) or Attempts(), last="step")
    yield asks
    yield AwaitsApproval(approval=asks.approval)
    yield To("assignment/main", msgspec.structs.replace(asks, note=""))


async def run_tool(decided: Decided, stream: Stream, tools: Tools) -> ActionResult:
    """Run a step's tool with the decision's key. What was decided is checked again against what would be done now."""
    state, agent = state_of(stream), voice(stream)
    step = state.procedure.step(str(decided.args["step"])) if state else None
    if state is None or step is None or agent is None:
        return ActionResult(False, "stopped")
    confirmation = stream.facts.get(Confirmation)
    now = bound_of(state, step, stream)
    confirmed = confirmation is not None and confirmation.allows(now, stream.now_ms)
    if step.risk in BINDING and (not confirmed or decided.args.get("bound") != now):
        return ActionResult(False, "not_confirmed")
    claim = claim_for(state, step, stream, agent.id)
    return await tools.call(step.tool, arguments(step, state.known), decided.key, claim)


async def think(decided: Decided, stream: Stream, tools: Tools) -> ActionResult:
    """Ask the agent's model what to do. Nothing is open meanwhile, and nothing happens by it: its answer is an input."""
    agent = voice(stream)
    if agent is None or not agent.model:
        return ActionResult(False, "stopped")
    prompt = prompt_of(stream, agent, int(decided.args["position"]))
    asked = {"prompt": prompt, "stream": stream.id, "capped": _capped(agent, stream)}
    return await tools.call(THINK, asked, decided.key)


def _capped(agent: Agent, stream: Stream) -> bool:
    """Whether the agent takes turns here under a cost cap."""
    approval = stream.policy(Register).approval(agent, stream.policy(Procedures), stream.now_ms)
    return approval is not None and approval.cap_cents > 0


async def look_up(decided: Decided, stream: Stream, tools: Tools) -> ActionResult:
    """Read with a tool for the model, as the agent and on its grounds: the gate judges it like any other call."""
    agent, idea = voice(stream), stream.facts.get(Idea)
    if agent is None or idea is None or idea.spent.last != decided.args.get("print") or not isinstance(idea.args, dict):
        return ActionResult(False, "stopped")
    return await tools.call(idea.tool, idea.args, decided.key, claim_of(idea, stream, agent.id))


def reply(decided: Decided, stream: Stream) -> Iterator[Event | To]:
    """Say the sentences of the model that rest on what they cite, or its question; then the procedure's own question again."""
    idea, before = stream.facts.get(Idea), stream.facts.get(Attempts) or Attempts()
    if idea is None or not isinstance(idea.said, str):
        return
    state, asks = state_of(stream), bool(decided.args.get("asks"))
    under_way = state if state is not None and state.step is not None and not state.underway.done else None
    again = (
        wording.question(under_way.procedure, under_way.step, under_way.known)
        if under_way and under_way.step and not asks
        else ""
    )
    now = msgspec.structs.replace(
        before, asked=before.asked + asks, answered=before.answered + (not asks), offered="",
        last_cite=idea.cites[0] if idea.cites else before.last_cite,
    )  # fmt: skip
    last = "step" if under_way else "ask_back" if asks else "answer"
    card = _card(under_way, stream) if under_way and again else ""
    yield from _say(f"{idea.said} {again}".strip(), stream, now, last=last, cites=idea.cites, card=card)


def fill_slots(decided: Decided, stream: Stream) -> Iterator[Event | To]:
    """Take over what the customer has given, as places in their own words, and go on."""
    idea, state = stream.facts.get(Idea), state_of(stream)
    if idea is None or state is None or state.step is None or state.procedure.id != idea.procedure:
        return
    filled = msgspec.structs.replace(state.underway, slots={**state.underway.slots, **idea.slots}, notes=())
    known = with_underway(stream, filled)
    underway = engine.go(state.procedure, filled, state.step.id, known.known if known else state.known)
    yield underway
    now = with_underway(stream, underway)
    if now is not None:
        attempts = stream.facts.get(Attempts) or Attempts()
        yield from _say(_words(now), stream, attempts, last="step", card=_card(now, stream))
        yield from _follow(now, stream)


async def ask_record(decided: Decided, stream: Stream, tools: Tools) -> ActionResult:
    """Ask the record whether an act was done; only while what was done can be said again, word for word."""
    state, told = state_of(stream), decided.args
    step = state.procedure.step(str(told["step"])) if state and state.procedure.id == told["procedure"] else None
    if state is None or step is None or bound_of(state, step, stream) != told["bound"]:
        return ActionResult(None, settling.CANNOT_ASK)
    attempts = stream.facts.get(Attempts) or Attempts()
    claim = claim_for(state, step, stream, attempts.agent)
    return await tools.call(f"shows:{step.tool}", arguments(step, state.known), decided.key, claim)


def _say(
    text: str, stream: Stream, attempts: Attempts, last: str, cites: tuple[str, ...] = (), card: str = ""
) -> Iterator[TurnSaid | Attempts | Disclosed]:
    agent = voice(stream)
    if stream.facts.get(PersonNeeded) is not None:
        text = plain_spoken(text) or LINES["small_talk"]
    if agent is None or not text:
        return
    first, told = first_words(stream, agent)
    if told is not None:
        yield told
    said = " ".join(filter(None, (first, text, _offer(stream))))
    yield TurnSaid(role="agent", text=said, who=agent.id, cites=cites, card=card)
    offered = attempts.offered if last in {"answer", "ask_back"} else ""
    yield msgspec.structs.replace(attempts, disclosed=True, last=last, agent=agent.id, offered=offered)


def _offer(stream: Stream) -> str:
    """A person, offered with the first words after the turn that calls for it, also where a second look came between."""
    offered = stream.facts.get(PersonOffered)
    if offered is None or [turn.role for turn in stream.turns if turn.position >= offered.position] != ["customer"]:
        return ""
    lines = OFFERS_PERSON[offered.reason]
    return lines.get(offered.language, lines["en"])


def _words(state: State) -> str:
    return wording.spoken(state.procedure, state.underway, state.known)


def _card(state: State, stream: Stream) -> str:
    """A yes and a no to tap, where an act is to be confirmed."""
    return yes_or_no(spoken_in(stream)) if to_confirm(state) is not None and not state.underway.done else ""


def _follow(state: State, stream: Stream) -> Iterator[Event | To]:
    """What comes with the words: the hash of what is to be confirmed, or a note to go on by itself."""
    act, step = to_confirm(state), state.step
    if act is not None:
        yield asked(act.tool, bound_of(state, act, stream), stream.now_ms)
    goes_on = state.underway.step == engine.GIVE_UP or (step is not None and step.kind in {"tool", "verify"})
    if goes_on and not state.underway.done:
        yield To(stream.id, Due(CARRY_ON, state.procedure.id))
