"""Reach: the kill switch gets to every conversation that is open, also those that began while it was being turned.

A conversation pins its policies when it begins, so a new version of `governance.Stop` alone would only stop the next
ones. `turn` revises the policy first and then tells each open conversation; what began in between is found by looking
again until nobody is left, and by `catch_up` after that.
"""

import asyncio

import msgspec
from sqlalchemy import select

from baton.capabilities.governance.events import AgentStarted, AgentStopped, Stop
from baton.capabilities.governance.tables import OPEN
from baton.kernel.committer import Committer
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import policy_name

POLICY = policy_name(Stop)
ROUNDS = 5


class Turned(msgspec.Struct, frozen=True):
    """What a turn of the switch did: the agents stopped now, and how many open conversations were told."""

    stopped: tuple[str, ...]
    told: int


async def stop(committer: Committer, agent: str, staff: str, why: str) -> Turned:
    """Stop `agent` (an id, or `*` for all), here and everywhere, from now on."""
    now = committer.memory.policies.newest_of(Stop).agents
    after = now if agent in now else (*now, agent)
    return await _turn(committer, after, AgentStopped(agent, staff, why))


async def start(committer: Committer, agent: str, staff: str, why: str) -> Turned:
    """Let `agent` speak again."""
    now = committer.memory.policies.newest_of(Stop).agents
    return await _turn(committer, tuple(a for a in now if a != agent), AgentStarted(agent, staff, why))


async def catch_up(committer: Committer) -> int:
    """Tell open conversations that the last turn missed (another process was working them); how many there were."""
    told = 0
    for agent in committer.memory.policies.newest_of(Stop).agents:
        told += await _tell(committer, AgentStopped(agent))
    return told


async def tell(committer: Committer, event: AgentStopped | AgentStarted) -> int:
    """Tell every open conversation that was not told yet, without turning the switch; how many there were."""
    return await _tell(committer, event)


async def _turn(committer: Committer, agents: tuple[str, ...], event: AgentStopped | AgentStarted) -> Turned:
    revised = PolicyRevised(
        POLICY, msgspec.Raw(msgspec.json.encode(Stop(agents))), event.staff, event.why, emergency=True
    )
    await committer.append(f"policy/{POLICY}", revised, by=f"staff/{event.staff}")
    told = 0
    for turn in range(ROUNDS):
        reached = await _tell(committer, event)
        told += reached
        if turn and not reached:
            break
    return Turned(agents, told)


async def _tell(committer: Committer, event: AgentStopped | AgentStarted) -> int:
    stopping = isinstance(event, AgentStopped)
    rows = await committer.store.rows(select(OPEN.c.conversation, OPEN.c.halted).where(OPEN.c.state == "open"))
    left = [r["conversation"] for r in rows if (event.agent in str(r["halted"]).split(",")) != stopping]
    by = f"staff/{event.staff}" if event.staff else "system"
    await asyncio.gather(*(committer.append(f"conversation/{conversation}", event, by=by) for conversation in left))
    return len(left)
