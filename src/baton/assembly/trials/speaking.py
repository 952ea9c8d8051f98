"""Speaking: a simulated customer talks on a stage, and hears what a customer on the page would see: the sources of an answer too."""

from typing import Final

from baton.assembly.trials.stage import Stage
from baton.capabilities.agents.events import Agents, Attempts, Procedures
from baton.demo.halcyon.visitors import Said, Visitor
from baton.kernel.conversation import Holder, Role, Turn, TurnSaid
from baton.kernel.stream import Stream

MOST_TURNS: Final = 24
READS_S: Final = 4.0


async def spoken(on: Stage, name: str, visitor: Visitor) -> None:
    """The whole talk of a simulated customer, until they leave or a person would have to come."""
    role: Role = "machine" if visitor.need.persona == "machine" else "customer"
    turn, seen, known = visitor.next_turn([]), list[Said](), 0
    for _ in range(MOST_TURNS):
        if turn is None:
            return
        await on.passes(turn[0])
        await on.append(f"conversation/{name}", TurnSaid(role, turn[1]), by=role)
        stream = on.stream(name)
        if visitor.done or _waits(stream):
            return
        news, known = stream.turns[known:], len(stream.turns)
        seen += [_heard(stream, each) for each in news if each.role != "system"]
        turn = _meant(stream, visitor) or visitor.next_turn(seen)
        if turn is None and not visitor.done:
            turn = visitor.tired()


def _waits(stream: Stream) -> bool:
    """Whether the talk waits for a person, who does not come here."""
    holder = stream.facts.get(Holder)
    return holder is not None and holder.kind in {"queue", "rep"}


def _heard(stream: Stream, turn: Turn) -> Said:
    """A turn as the customer sees it: with its source below it, and the notice that an AI speaks apart from what it says."""
    attempts, text = stream.facts.get(Attempts), turn.text
    if turn.role != "agent":
        return Said("machine" if turn.role == "machine" else "customer", text)
    for agent in stream.policy(Agents).agents:
        text = text.removeprefix(agent.disclosure).strip()
    if attempts is not None and attempts.last == "answer" and attempts.last_cite:
        number = attempts.last_cite.partition("#")[0].removeprefix("art-")
        text = f"{text} (article {number})"
    return Said("agent", text)


def _meant(stream: Stream, visitor: Visitor) -> tuple[float, str] | None:
    """Asked whether they mean a procedure, they say yes where it is for what they want, and otherwise what they want."""
    attempts = stream.facts.get(Attempts)
    offered = stream.policy(Procedures).of(attempts.offered) if attempts and attempts.last == "ask_back" else None
    if offered is None:
        return None
    need = visitor.need
    if need.intent in offered.intents:
        return READS_S, "Yes"
    if need.persona == "machine":
        return READS_S, visitor.voice.says("machine", "again")
    return READS_S, visitor.voice.of(need.intent, "again")
