"""Reading: a talk on a stage as its log tells it, and what the ledger made of it."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from baton.assembly.trials.stage import Stage
from baton.capabilities.agents.events import Thought, Underway
from baton.capabilities.agents.trials.scenario import Line, Talk, Use
from baton.capabilities.performance.events import Costs
from baton.capabilities.resolution.tables import CONTACTS, NEEDS
from baton.kernel.conversation import Decided, Holder, TurnSaid
from baton.kernel.events import Event
from baton.kernel.explain import Explained, explained

MICROS = 10
"""Micro-units in the unit of `performance.Costs`, a thousandth of a cent."""


async def talk_of(stage: Stage, name: str, uses: Sequence[Use]) -> Talk:
    """The talk as it went: lines, procedures, tools, what was decided, and its cost."""
    told = await explained(stage.committer.store, stage.committer.codec, name)
    events = [event for each in told for event in _events(each)]
    lines = tuple(_lines(events))
    under = [event for event in events if isinstance(event, Underway)]
    said = [event for event in events if isinstance(event, TurnSaid) and event.role == "agent"]
    return Talk(
        lines=lines, uses=tuple(uses), cites=tuple(dict.fromkeys(cite for turn in said for cite in turn.cites)),
        procedures=tuple(dict.fromkeys(each.procedure for each in under)), ends=_ended(under), handed_over=any(isinstance(e, Holder) and e.kind in {"queue", "rep"} for e in events),
        outcome=await verdict(stage, name), decided=tuple(e.action for e in events if isinstance(e, Decided)), turns=sum(line.who == "customer" for line in lines),
        cost_micros=_cost(stage, events, len(said)),
    )  # fmt: skip


async def verdict(stage: Stage, name: str) -> str:
    """What the ledger makes of the conversation alone; empty where it has not ended."""
    rows = await stage.committer.store.rows(select(CONTACTS.c.verdict).where(CONTACTS.c.conversation == name))
    return str(rows[0]["verdict"]) if rows else ""


async def states(stage: Stage) -> dict[str, str]:
    """The state of each conversation's need in the ledger."""
    query = select(CONTACTS.c.conversation, NEEDS.c.state, NEEDS.c.merged_into).join(
        NEEDS, NEEDS.c.need == CONTACTS.c.need
    )
    rows = await stage.committer.store.rows(query)
    return {str(row["conversation"]): str(row["state"]) for row in rows}


def _events(each: Explained) -> Iterator[Event]:
    yield each.event
    yield from (event for _, event in each.facts)
    if each.decided is not None:
        yield each.decided
    yield from (event for _, event in each.caused)


def _lines(events: Sequence[Event]) -> Iterator[Line]:
    for event in events:
        if isinstance(event, TurnSaid):
            yield Line("customer" if event.role == "machine" else event.role, event.text)
        elif isinstance(event, Decided):
            tool = f" {event.args['tool']}" if "tool" in event.args else ""
            yield Line("decided", f"{event.action}{tool}: {event.why}")


def _ended(under: Sequence[Underway]) -> str:
    if not under:
        return ""
    last = under[-1]
    return last.result if last.done else last.step


def _cost(stage: Stage, events: Sequence[Event], turns: int) -> int:
    costs = stage.committer.memory.policies.newest_of(Costs)
    thought = sum(event.cost_micros for event in events if isinstance(event, Thought))
    return thought + MICROS * (costs.ai_turn * turns + costs.conversation)
