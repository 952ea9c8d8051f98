"""The read models of performance."""

from itertools import islice

import msgspec

from baton.capabilities.agents.events import Agents, Drawn
from baton.capabilities.performance.ai_use.days import day_of
from baton.capabilities.performance.events import Costs, Rated, SuggestionRequested, SuggestionUsed
from baton.capabilities.performance.tables import AI_USE, COSTS, OFFERS, RATINGS, REPLIES
from baton.capabilities.routing.events import OfferPassed, OfferTaken, Passes
from baton.kernel.conversation import Due, PolicyRevised, Turn, TurnSaid
from baton.kernel.stream import Stream, policy_name
from baton.kernel.tables import Tables, Value

REWORKED_PERMILLE = 200


def requested(event: SuggestionRequested, stream: Stream, tables: Tables) -> None:
    """Suggestions asked for, and how many were shown."""
    tables.add(AI_USE, _row(event.rep, stream.key, stream), **{**_NONE, "requested": 1, "shown": event.shown})


def used(event: SuggestionUsed, stream: Stream, tables: Tables) -> None:
    """What the rep sent: a suggestion as it was, an edited one, or own words."""
    edited = event.how == "edited"
    told = {
        event.how: 1, "requested": event.asked, "shown": event.asked, "changed": event.changed_permille if edited else 0,
        "reworked": int(edited and event.changed_permille >= REWORKED_PERMILLE),
    }  # fmt: skip
    tables.add(AI_USE, _row(event.rep, stream.key, stream), **{**_NONE, **told})


def offered(event: OfferTaken | OfferPassed, stream: Stream, tables: Tables) -> None:
    """An offer taken or passed, on the assignment stream."""
    taken = isinstance(event, OfferTaken)
    row = _row(event.rep, event.conversation.rpartition("/")[2], stream)
    tables.add(OFFERS, row, taken=int(taken), passed=int(not taken), unanswered=0)


def unanswered(passes: Passes, stream: Stream, tables: Tables) -> None:
    """An offer nobody answered in time, on the assignment stream: the timer that went off says which."""
    due = stream.entry.event
    if passes.last == "unanswered" and isinstance(due, Due):
        row = _row(passes.rep, due.ref.rpartition("|")[2].rpartition("/")[2], stream)
        tables.add(OFFERS, row, taken=0, passed=0, unanswered=1)


def replied(event: TurnSaid, stream: Stream, tables: Tables) -> None:
    """The customer's first turn, the first reply to it, the first of a person, and the AI version that spoke first."""
    here = stream.entry.position
    asked = _first(stream, 0, "customer", "machine")
    spoke = _first(stream, 0, "agent")
    told: dict[str, Value] = {}
    if spoke is not None and spoke.position == here:
        told["version"] = _version(spoke.who, stream)
    if asked is not None:
        after = stream.turns.index(asked) + 1
        reply, person = _first(stream, after, "agent", "rep"), _first(stream, after, "rep")
        if asked.position == here:
            told["asked_ms"] = asked.at_ms
        if reply is not None and reply.position == here:
            told |= {"replied_ms": reply.at_ms, "role": reply.role}
        if person is not None and person.position == here:
            told["person_ms"] = person.at_ms
    if told:
        tables.put(REPLIES, {"conversation": stream.key}, **told)


def rated(event: Rated, stream: Stream, tables: Tables) -> None:
    """The customer's rating."""
    tables.put(RATINGS, {"conversation": stream.key, "scale": event.scale}, score=event.score, at_ms=stream.now_ms)


def priced(event: PolicyRevised, stream: Stream, tables: Tables) -> None:
    """What service costs from now on."""
    if event.policy == policy_name(Costs):
        costs = msgspec.json.decode(event.body, type=Costs)
        told = {"author": event.author, "at_ms": stream.now_ms, **msgspec.structs.asdict(costs)}
        tables.put(COSTS, {"id": "now"}, **told)


_NONE = dict.fromkeys(("requested", "shown", "picked", "edited", "own_words", "changed", "reworked"), 0)


def _row(rep: str, conversation: str, stream: Stream) -> dict[str, Value]:
    return {"rep": rep, "day": day_of(stream.now_ms), "conversation": conversation}


def _first(stream: Stream, after: int, *roles: str) -> Turn | None:
    return next((turn for turn in islice(stream.turns, after, None) if turn.role in roles), None)


def _version(who: str, stream: Stream) -> str:
    drawn = stream.facts.get(Drawn)
    if drawn is not None and drawn.agent == who:
        return f"{who} {drawn.version}"
    found = next((agent.version for agent in stream.policy(Agents).agents if agent.id == who), "")
    return f"{who} {found}".strip()
