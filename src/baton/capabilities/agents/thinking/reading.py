"""Reading: a model's answer becomes an idea: what of it is among its choices and rests on what it cites. Pure.

What is outside of the choices is refused, whoever asked for it; what no passage has is not said.
"""

from hashlib import blake2b
from typing import Final

import msgspec

from baton.capabilities.agents.events import Idea, Slot
from baton.capabilities.agents.procedures.slots import STRICT, find
from baton.capabilities.agents.thinking.answers import Answer
from baton.capabilities.agents.thinking.choices import Choices, asked_slot, found_of
from baton.capabilities.agents.thinking.made_up import made_up_links, made_up_numbers
from baton.capabilities.agents.thinking.sentences import Rests, Run, longer, parts, rests_on, support
from baton.kernel.conversation import Turn
from baton.kernel.stream import Stream

ASK_CHARACTERS: Final = 300


def idea_of(answer: Answer, before: Idea, choices: Choices, stream: Stream) -> Idea:
    """What the model proposes. `before` has the turn, what was found and what was spent; its labels are replaced."""
    plain = msgspec.structs.replace(
        before, kind="none", why="", procedure="", tool="", cites=(), grounded=0, dropped=0, slots={}, said="", args={},
        supports=(),
    )  # fmt: skip
    if answer.do == "answer":
        return _said(answer, plain, rests_on(stream, choices))
    if answer.do == "start_procedure":
        return _started(answer, plain, choices)
    if answer.do == "fill_slots":
        return _filled(answer, plain, choices, stream)
    if answer.do == "look_up":
        return _looked_up(answer, plain, choices, stream)
    if answer.do == "ask":
        return _asked(answer, plain, choices, stream)
    return _but(plain, kind="hand_over")


def print_of(answer: Answer) -> str:
    """A hash of a proposal: the same again is seen to be the same."""
    return blake2b(msgspec.json.encode(answer), digest_size=8).hexdigest()


def _said(answer: Answer, plain: Idea, rests: Rests) -> Idea:
    """The sentences that may be said; where they are the fewer, those before the first that may not, or the best passage's own."""
    said, all_ = list(parts(answer.sentences)), Run()
    plain = _but(plain, supports=tuple(support(part, named, rests) for part, named in said))
    lead: Run | None = None
    for part, named in said:
        more = longer(all_, part, named, rests)
        lead, all_ = (lead or all_, all_) if more is None else (lead, more)
    few = 2 * len(all_.parts) < len(said)
    run = (lead or all_) if few else all_
    dropped = len(said) - len(run.parts)
    if run.rests:
        return _but(plain, kind="answer", said=run.text, cites=run.cites, grounded=run.grounded, dropped=dropped)
    cited = [cite for _, named in said for cite in named if cite in rests.choices.passages]
    if cited:
        return _but(plain, kind="passage", why="ungrounded", cites=(cited[0],), dropped=dropped)
    return _but(plain, why="ungrounded" if said else "empty", dropped=dropped)


def _started(answer: Answer, plain: Idea, choices: Choices) -> Idea:
    under_way = choices.state.procedure.id if choices.state else ""
    if answer.procedure == under_way or answer.procedure not in {p.id for p in choices.procedures}:
        return _but(plain, why="not_a_choice")
    return _but(plain, kind="start", procedure=answer.procedure)


def _filled(answer: Answer, plain: Idea, choices: Choices, stream: Stream) -> Idea:
    """Slots as places in the customer's own words; a value that is not there was not said."""
    state, asks = choices.state, asked_slot(choices.state)
    if state is None or not asks:
        return _but(plain, why="not_a_choice")
    slots: dict[str, tuple[int, int, int]] = {}
    for each in answer.values:
        slot = state.procedure.slot(each.name)
        place = _place(slot, each.value, stream) if slot else None
        if place is not None:
            slots[each.name] = place
    if asks not in slots:
        return _but(plain, why="not_said")
    return _but(plain, kind="fill", procedure=state.procedure.id, slots=slots)


def _looked_up(answer: Answer, plain: Idea, choices: Choices, stream: Stream) -> Idea:
    """A tool that only reads, with values that the customer or a tool gave."""
    wanted, args = choices.tools.get(answer.tool), {each.name: each.value for each in answer.values}
    if wanted is None or set(args) != set(wanted):
        return _but(plain, why="not_a_choice")
    given = [turn.text for turn in stream.asking()]
    given += [str(value) for gave in found_of(plain).values() for value in gave.values()]
    if not all(value and any(value.casefold() in text.casefold() for text in given) for value in args.values()):
        return _but(plain, why="not_said")
    return _but(plain, kind="look_up", tool=answer.tool, args=args)


def _asked(answer: Answer, plain: Idea, choices: Choices, stream: Stream) -> Idea:
    question = answer.question.strip()
    open_ = [*choices.passages.values(), *(turn.text for turn in stream.turns)]
    if not question.endswith("?") or len(question) > ASK_CHARACTERS:
        return _but(plain, why="not_a_question")
    if made_up_links(question, open_) or made_up_numbers(question, [*open_, *choices.found.values()]):
        return _but(plain, why="made_up")
    return _but(plain, kind="ask", said=question)


def _place(slot: Slot, value: str, stream: Stream) -> tuple[int, int, int] | None:
    """Where the customer said this value of the slot, the newest turn first."""
    for turn in reversed(stream.asking()):
        start = turn.text.casefold().find(value.casefold()) if value and turn.n == 0 else -1
        if start >= 0 and _fits(slot, value, turn):
            return turn.position, start, start + len(value)
    return None


def _fits(slot: Slot, value: str, turn: Turn) -> bool:
    strict = slot.kind in STRICT or bool(slot.pattern)
    return find(slot, value) == (0, len(value)) if strict else len(value) <= len(turn.text)


def _but(plain: Idea, **now: object) -> Idea:
    changed: Idea = msgspec.structs.replace(plain, **now)
    return changed
