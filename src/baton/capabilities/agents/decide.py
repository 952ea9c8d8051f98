"""Deciding: what the agent does next, while it holds the baton and governance lets it.

Values are permille of one met need: an answer is worth its score, a step of a procedure more than any answer, a person
more than both once two attempts have failed. A customer is never left mute: with every proposal goes a person, at the
value of almost nothing, for the case that the rest is vetoed.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from baton.capabilities.agents.answers import choosing
from baton.capabilities.agents.answers.voice import holds, voice
from baton.capabilities.agents.answers.wanting import nearness, why
from baton.capabilities.agents.events import Agent, Attempts, Heard, Idea, Procedure, Procedures, Underway
from baton.capabilities.agents.procedures import settling
from baton.capabilities.agents.procedures.engine import ASK_APPROVAL, GIVE_UP
from baton.capabilities.agents.procedures.state import State, act_args, with_underway
from baton.capabilities.agents.thinking import proposing
from baton.capabilities.empathy.events import PersonNeeded
from baton.capabilities.knowledge.events import Articles, Cited, Found
from baton.capabilities.orchestration.events import SecondLook
from baton.capabilities.routing.events import HandedBack
from baton.kernel.conversation import Args, Due, Proposed
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

CARRY_ON = "agents.carry_on"
FAILED_TWICE = 2
AGENT_OFF: Final = 6000
RULE: Final = 5000
SIDE: Final = 1700
STEP: Final = 1600
START: Final = 1500
CLOSE: Final = 1200
DECLINED: Final = 500
GUESS: Final = 600
MEANT: Final = 550
"""Permille of nearness to a procedure from which the customer is asked whether they mean it."""
BESIDE: Final = 450
"""Permille from which it stands beside the sections that may be meant."""
OPEN: Final = 390
"""An answer is worth no more while a second look may find a better one."""
SMALL: Final = 300
ASK_BACK: Final = 150
LEAST: Final = 1


def to_a_turn(heard: Heard, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """A customer's turn while the agent holds the baton."""
    if not holds(facts):
        return
    agent = voice(stream)
    if agent is None:
        yield _person("agent_off", AGENT_OFF, "no agent may speak here")
        return
    attempts, underway = facts.get(Attempts) or Attempts(), facts.get(Underway)
    if attempts.failed >= FAILED_TWICE:
        value = DECLINED if _rather_not(facts) else RULE
        yield _person("failed_attempts", value, f"{attempts.failed} attempts in a row did not help")
    if underway is not None and not underway.done:
        yield from _aside(heard, underway, agent, stream, facts)
        return
    yield _person("no_answer", LEAST, "a person, if nothing else is allowed")
    spent = proposing.spent_of(agent, facts, heard.position) if proposing.may_think(heard, agent) else ""
    thinks = proposing.may_think(heard, agent) and not spent
    yield from _reply(heard, agent, attempts, stream, facts, thinks, f"{spent} is spent" if spent else "")


def to_an_idea(idea: Idea, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """What the model proposes is one proposal among others; where it has none, what can be done without it."""
    if not holds(facts) or idea.why in {"moved", "overtaken"}:
        return
    agent = voice(stream)
    if agent is None:
        yield _person("agent_off", AGENT_OFF, "no agent may speak here")
        return
    yield _person("no_answer", LEAST, "a person, if nothing else is allowed")
    proposal, failed = _of_idea(idea, agent, facts)
    if proposal is not None:
        yield proposing.preferred(proposal, agent)
    if proposal is None or proposal.action in {"reply", "start_procedure"}:
        yield from _without_a_model(idea, agent, failed, stream, facts)


def to_a_step(underway: Underway, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """The procedure moved: speak, run its tool, ask for approval, or hand over."""
    if holds(facts):
        yield from _step(underway, stream, said=underway.waits > 0)


def to_a_timer(event: Due, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """What a step left to be done as soon as its words were said."""
    underway = facts.get(Underway)
    if event.what == CARRY_ON and underway is not None and event.ref == underway.procedure and holds(facts):
        yield from _step(msgspec.structs.replace(underway, waits=0), stream, said=True)


def to_ask_the_record(event: Due, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """The record is asked again about an act whose outcome nobody knew."""
    if event.what == settling.ASK_RECORD:
        yield from settling.asking(event, stream)


def to_a_hand_back(event: HandedBack, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """The baton is the agent's again: it speaks, and answers what is unanswered."""
    if not holds(facts):
        return
    agent, found = voice(stream), facts.get(Found)
    if agent is None:
        yield _person("agent_off", AGENT_OFF, "no agent may speak here")
        return
    yield _person("no_answer", LEAST, "a person, if nothing else is allowed")
    yield Proposed("ask_back", {"line": "resumed"}, SMALL, "the baton came back")
    last, needed = stream.turns[-1] if stream.turns else None, facts.get(PersonNeeded)
    if last is None or last.role != "customer" or (needed is not None and needed.declined_at == last.position):
        return
    if found and found.hits and last.position == found.position:
        yield _answer(found.hits[0])


def _of_idea(idea: Idea, agent: Agent, facts: Facts) -> tuple[Proposed | None, str]:
    """The idea as a proposal, or what it failed by."""
    if idea.kind == "answer":
        return proposing.of_answer(idea, facts), ""
    if idea.kind == "passage":
        return proposing.of_passage(idea, GUESS), ""
    if idea.kind == "start":
        return Proposed("start_procedure", {"procedure": idea.procedure}, START, "the model takes it for this"), ""
    if idea.kind == "fill":
        return proposing.of_slots(idea, STEP), ""
    if idea.kind == "ask":
        return proposing.of_question(idea), ""
    if idea.kind == "hand_over":
        return _person("no_answer", RULE, "the model finds nothing that helps"), ""
    if idea.kind in {"look_up", "again"}:
        tool = idea.kind == "look_up"
        spent = proposing.spent_of(agent, facts, idea.position, tool)
        more = proposing.of_look_up(idea, facts) if tool else proposing.another_thought(idea, facts)
        return (None, f"{spent} is spent") if spent else (more, "")
    return None, idea.why


def _without_a_model(idea: Idea, agent: Agent, failed: str, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """What can be done without the model's word: a person where that is nothing, or where it went round in circles."""
    heard, underway = facts.get(Heard), facts.get(Underway)
    if failed == "circle":
        yield _person("failed_attempts", RULE, "the model proposed the same three times in a row")
    elif underway is not None and not underway.done:
        yield from _step(underway, stream, said=False)
    elif heard is not None and heard.position == idea.position and not proposing.answered(stream, heard.position):
        attempts = facts.get(Attempts) or Attempts()
        yield from _reply(heard, agent, attempts, stream, facts, failed=f"the model: {failed}" if failed else "")
    elif failed:
        yield _person("no_answer", RULE, f"the model: {failed}")


def _reply(
    heard: Heard, agent: Agent, attempts: Attempts, stream: Stream, facts: Facts, thinks: bool = False, failed: str = ""
) -> Iterator[Proposed]:
    """What the words call for. `thinks`: a model can be asked; `failed`: why none can, so that a person is next."""
    talk = list(_in_the_talk(heard, attempts, stream))
    if talk:
        yield from talk
        return
    hit, open_ = _new_hit(heard, agent, attempts, stream, facts), _is_looked_at(heard, facts)
    procedure = _procedure_of(heard, agent, stream)
    if procedure is not None and _begins(heard, hit, open_):
        yield Proposed("start_procedure", {"procedure": procedure.id}, START, why(heard))
    guess = _guessed(heard, agent, attempts, hit, stream)
    if guess is not None:
        yield Proposed("ask_back", {"line": "meant", "offer": guess.id}, GUESS, f"the best guess is {guess.id}")
    if hit is not None and hit.score < agent.answer_floor:
        yield from _nearest(hit, procedure, attempts, heard, stream, failed)
    elif hit is not None:
        yield _answer(hit, _offer(heard, procedure, hit), OPEN if open_ else 1000)
    elif guess is None and (procedure is None or not _begins(heard, hit, open_)):
        yield from _nothing(heard, attempts, stream, thinks or open_, failed)
    if thinks:
        yield proposing.first_thought(heard, agent, facts)


def _in_the_talk(heard: Heard, attempts: Attempts, stream: Stream) -> Iterator[Proposed]:
    """What a turn calls for that only greets, thanks, ends, or answers what was just said; nothing for any other."""
    helped = attempts.answered > 0 or attempts.last == "done"
    if (heard.act == "solved" and _asked_before(stream)) or (heard.act in {"thanks", "bye"} and helped):
        line = "bye" if heard.act == "bye" else "solved"
        yield Proposed("close", {"line": line}, CLOSE, "the customer says it is solved")
    elif taken := choosing.chosen(attempts.offered, heard.act == "yes", stream):
        action, named = ("answer", "cite") if "#" in taken else ("start_procedure", "procedure")
        yield Proposed(action, {named: taken}, START, "the customer takes the offer")
    elif heard.act in {"greeting", "thanks", "bye", "small_talk", "identity", "yes", "no"}:
        yield Proposed("answer", {"line": heard.act}, SMALL, heard.act.replace("_", " "))
    elif heard.act == "unsolved" and attempts.last == "done":
        yield _person("failed_attempts", RULE, "the procedure is done and did not help")


def _begins(heard: Heard, hit: Cited | None, open_: bool) -> bool:
    """Whether the procedure that the turn is about is begun: not where it asks for information, nor before that is known."""
    if heard.wants:
        return heard.wants == "act"
    return not open_ and not (heard.general and hit)


def _offer(heard: Heard, procedure: Procedure | None, hit: Cited) -> str:
    """The procedure to offer behind an answer: where the turn asks for the way to do what it does, and the answer is of its article."""
    offers = procedure is not None and heard.how and procedure.cite in {"", hit.article}
    return procedure.id if offers and procedure is not None else ""


def _asked_before(stream: Stream) -> bool:
    """Whether this is not the first the customer says: what they begin with cannot be solved yet."""
    return len(stream.asking()) > 1


def _nothing(heard: Heard, attempts: Attempts, stream: Stream, open_: bool, failed: str) -> Iterator[Proposed]:
    """Nothing was found. `open_`: somebody is still to be asked about it, and nobody gives up before."""
    if failed:
        yield _person("no_answer", RULE, failed)
    if attempts.asked or not _speaks(heard.language, stream):
        value = ASK_BACK if open_ else RULE
        yield _person("no_answer", value, "nothing was found, and asking back did not help or cannot")
        return
    line = "other_words" if heard.act == "unsolved" else "unclear"
    yield Proposed("ask_back", {"line": line}, ASK_BACK, "no section is good enough")


def _nearest(
    hit: Cited, procedure: Procedure | None, attempts: Attempts, heard: Heard, stream: Stream, failed: str
) -> Iterator[Proposed]:
    """Nothing surely answers, and sections are near: which of them is meant, or the procedure, is asked, once."""
    if attempts.asked or failed:
        yield from _nothing(heard, attempts, stream, False, failed)
        return
    found = stream.facts.get(Found) or Found()
    act = (
        procedure if procedure is not None and nearness(procedure.id, stream.facts.get(SecondLook)) >= BESIDE else None
    )
    offer = choosing.offer([each for each in found.hits if each.score <= hit.score], act, stream)
    yield Proposed("ask_back", {"line": "nearest", "offer": offer}, ASK_BACK, f"near to {offer}, score {hit.score}")


def _is_looked_at(heard: Heard, facts: Facts) -> bool:
    """Whether the slow tier is still to be asked about this turn."""
    look = facts.get(SecondLook)
    return look is not None and not look.done and look.position == heard.position


def _guessed(heard: Heard, agent: Agent, attempts: Attempts, hit: Cited | None, stream: Stream) -> Procedure | None:
    """What the customer may mean, where no answer is good: worth one question."""
    if heard.general or attempts.asked or not _speaks(heard.language, stream):
        return None
    if heard.wants:
        near = nearness(heard.procedure, stream.facts.get(SecondLook))
        return _procedure_of(heard, agent, stream) if hit is None and near >= MEANT else None
    return None if hit is not None and hit.score >= GUESS else _procedure_for(heard.guess, agent, stream)


def _aside(heard: Heard, underway: Underway, agent: Agent, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """In the middle of a procedure: a question is answered and the step asked again; another wish is begun instead."""
    state = with_underway(stream, underway)
    if state is None or state.step is None or state.step.kind not in {"ask", "confirm"} or not underway.tries:
        return
    other = _procedure_for(heard.intent, agent, stream)
    hit = _new_hit(heard, agent, Attempts(), stream, facts)
    if heard.question and hit is not None and hit.score >= agent.answer_floor:
        yield Proposed("answer", {"cite": hit.cite, "then": "step"}, SIDE, f"a question on the way, score {hit.score}")
    elif other is not None and other.id != underway.procedure:
        yield Proposed(
            "start_procedure", {"procedure": other.id}, SIDE, f"another wish on the way, intent {heard.intent}"
        )
    elif proposing.may_think(heard, agent) and not proposing.spent_of(agent, facts, heard.position):
        yield proposing.first_thought(heard, agent, facts, aside=True)


def _step(underway: Underway, stream: Stream, said: bool) -> Iterator[Proposed]:
    state = with_underway(stream, underway)
    if state is None or voice(stream) is None:
        return
    action = _next(state, stream, said)
    if action is None:
        return
    yield action
    if action.action != "escalate":
        yield _person("no_answer", LEAST, "a person, if nothing else is allowed", state.procedure.queue)


def _next(state: State, stream: Stream, said: bool) -> Proposed | None:
    underway, step = state.underway, state.step
    args: Args = {"procedure": state.procedure.id, "step": underway.step}
    why = f"step {underway.step} of {state.procedure.id}"
    if underway.done:
        return None if said or not underway.notes else Proposed("next_step", args, STEP, why)
    if underway.step == GIVE_UP:
        if said or not underway.notes:
            return _person("failed_attempts", RULE, f"{state.procedure.id} gives up", state.procedure.queue)
        return Proposed("next_step", args, STEP, why)
    waiting = underway.step == ASK_APPROVAL or (step is not None and step.kind in {"tool", "verify"})
    if waiting and underway.waits:
        return Proposed("next_step", {**args, "line": "one_moment"}, STEP, why) if underway.waits == 1 else None
    if underway.step == ASK_APPROVAL:
        return Proposed("ask_approval", args, STEP, why)
    if waiting and step is not None:
        return Proposed("run_tool", act_args(state, step, stream), STEP, why)
    return Proposed("next_step", args, STEP, why)


def _rather_not(facts: Facts) -> bool:
    """Whether the customer was offered a person and would rather stay with the AI."""
    needed = facts.get(PersonNeeded)
    return needed is not None and needed.declined


def _speaks(language: str, stream: Stream) -> bool:
    """Whether there are articles in the customer's language; an unknown language is taken for one of them."""
    return not language or any(a.language == language for a in stream.policy(Articles).articles)


def _procedure_for(intent: str, agent: Agent, stream: Stream) -> Procedure | None:
    procedure = stream.policy(Procedures).serving(intent)
    return procedure if procedure is not None and agent.may(procedure.id) else None


def _procedure_of(heard: Heard, agent: Agent, stream: Stream) -> Procedure | None:
    """The procedure that a turn is about, as far as is known of it."""
    found = stream.policy(Procedures).of(heard.procedure) if heard.procedure else None
    return found if found is not None and agent.may(found.id) else _procedure_for(heard.intent, agent, stream)


def _new_hit(heard: Heard, agent: Agent, attempts: Attempts, stream: Stream, facts: Facts) -> Cited | None:
    """The best section for this turn that has not just failed to help; one below the agent's floor only where meaning was asked."""
    found = facts.get(Found)
    if found is None or found.position != heard.position:
        return None
    floor = stream.policy(Articles).floor if heard.wants else agent.answer_floor
    spent = attempts.last_cite if attempts.failed else ""
    return next((hit for hit in found.hits if hit.score >= floor and hit.cite != spent), None)


def _answer(hit: Cited, offer: str = "", most: int = 1000) -> Proposed:
    args: Args = {"cite": hit.cite, "offer": offer} if offer else {"cite": hit.cite}
    return Proposed("answer", args, min(most, max(200, hit.score)), f"section {hit.cite}, score {hit.score}")


def _person(reason: str, value: int, why: str, queue: str = "") -> Proposed:
    return Proposed("escalate", {"reason": reason, "queue": queue} if queue else {"reason": reason}, value, why)
