"""Changing: a version is made from another, gets a share of new conversations as a canary, or is put in force. Each with who and why.

A version is never edited: what its approval is of stays what it is. Conversations that have begun keep theirs.
"""

import asyncio
from collections.abc import Callable
from typing import Final, Literal

import msgspec

from baton.capabilities.agents.events import Agent, Agents, Canary
from baton.capabilities.agents.studio.versions import NAME, approved, next_name
from baton.capabilities.agents.trials.standing import let_live
from baton.capabilities.governance.events import AgentStopped
from baton.capabilities.governance.tables import OPEN
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff

MOST_PERMILLE: Final = 900
SHORTEST: Final = 3
_one_at_a_time: Final = asyncio.Lock()


class Made(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a new version differs in from the one it is made of."""

    name: str = ""
    disclosure: str = ""
    answer_floor: int = 350
    procedures: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    model: str = ""
    thinks: Literal["unsure", "first"] = "unsure"


async def make(app: App, staff: Staff, id: str, version: str, to: Made, why: str) -> Agent:
    """A new version, in force for nobody. Its name is the next number."""

    def changed(agents: Agents) -> Agents:
        before = agent_of(agents, id, version)
        known = [a.version for a in (*agents.agents, *agents.versions) if a.id == id]
        now = msgspec.structs.replace(before, version=next_name(known), **msgspec.structs.asdict(to))
        if msgspec.structs.replace(now, version=before.version) == before:
            told = f"It would be the same as version {version}. Change something. Nothing was saved."
            raise BatonError("nothing_changed", 422, told)
        return msgspec.structs.replace(agents, versions=(*agents.versions, now))

    await revise(app, staff.id, why, changed)
    return app.policy(Agents).versions[-1]


async def share(app: App, staff: Staff, id: str, version: str, permille: int, why: str, forced: str = "") -> None:
    """Give a version this share of new conversations (permille), or none with 0; only one that is approved and passes its scenarios gets any.

    `forced` is the reason of somebody who goes without the scenarios.
    """

    def changed(agents: Agents) -> Agents:
        agent = agent_of(agents, id, version)
        now = agents.canary(id)
        others = tuple(c for c in agents.canaries if c.agent != id)
        if permille == 0:
            if now is None or now.version != version:
                raise Conflict("no_canary", f"Version {version} gets no share now, so there is nothing to stop.")
            return msgspec.structs.replace(agents, canaries=others)
        if agents.of(id) == agent:
            raise Conflict("in_force", f"Version {version} is in force and gets what the canary leaves.")
        if now is not None and now.version != version:
            raise Conflict("another_canary", f"Version {now.version} is the canary now. Stop it first.")
        _must_be_approved(app, agent)
        return msgspec.structs.replace(agents, canaries=(*others, Canary(id, version, permille)))

    if not 0 <= permille <= MOST_PERMILLE:
        raise BatonError("bad_share", 422, f"A share is from 1 to {MOST_PERMILLE // 10} %. Nothing was changed.")
    agents = app.policy(Agents)
    now = agents.canary(id)
    before = now.permille if now is not None and now.version == version else 0
    changed(agents)
    if permille > before:
        await let_live(app, agent_of(agents, id, version), staff.id, forced)
    await revise(app, staff.id, why, changed)


async def put_in_force(app: App, staff: Staff, id: str, version: str, why: str, forced: str = "") -> None:
    """Every new conversation gets this version; the one before stays on the shelf, and its canary ends."""

    def changed(agents: Agents) -> Agents:
        agent, before = agent_of(agents, id, version), agent_of(agents, id)
        if agent == before:
            raise Conflict("in_force", f"Version {version} is in force already.")
        _must_be_approved(app, agent)
        now = msgspec.structs.replace(agent, on=before.on, approved=before.approved)
        return Agents(
            tuple(now if a.id == id else a for a in agents.agents),
            (*(a for a in agents.versions if a != agent), before),
            tuple(c for c in agents.canaries if c.agent != id),
        )

    agents = app.policy(Agents)
    changed(agents)
    await let_live(app, agent_of(agents, id, version), staff.id, forced)
    await revise(app, staff.id, why, changed)


async def stop_at_once(app: App, staff: Staff, id: str, version: str, why: str) -> int:
    """End a canary and hand the conversations that it holds to people; how many open conversations were told."""
    await share(app, staff, id, version, 0, why)
    event = AgentStopped(f"{id}@{version}", staff.id, app.reason(why))
    rows = await app.store.rows(OPEN.select().where(OPEN.c.state == "open"))
    left = [r for r in rows if event.agent not in str(r["halted"]).split(",")]
    by = f"staff/{staff.id}"
    await asyncio.gather(*(app.committer.append(f"conversation/{r['conversation']}", event, by=by) for r in left))
    return len(left)


async def end(app: App, canary: Canary, why: str) -> bool:
    """End a canary because it is clearly worse; whether it was still running. Conversations that it serves go on to their end."""

    def changed(agents: Agents) -> Agents:
        return msgspec.structs.replace(agents, canaries=tuple(c for c in agents.canaries if c != canary))

    if canary not in app.policy(Agents).canaries:
        return False
    await revise(app, "baton", why, changed, emergency=True)
    return True


def agent_of(agents: Agents, id: str, version: str = "") -> Agent:
    """A version of an agent, or the one in force; raises 404."""
    found = agents.of(id, version)
    if found is None:
        raise not_found()
    return found


def _must_be_approved(app: App, agent: Agent) -> None:
    if not approved(app, agent):
        told = f"Version {agent.version} is not approved in the register, so it takes no turn. Have it approved first."
        raise BatonError("not_approved", 422, told)


async def revise(
    app: App, author: str, why: str, changed: Callable[[Agents], Agents], *, emergency: bool = False
) -> None:
    """Put changed agents in force, one change after another. Raises 422 where nobody says why."""
    if len(why.strip()) < SHORTEST:
        raise BatonError("why_needed", 422, "Say why: it is kept with the version. Nothing was changed.")
    async with _one_at_a_time:
        body = msgspec.Raw(msgspec.json.encode(changed(app.policy(Agents))))
        event = PolicyRevised(NAME, body, author, app.reason(why.strip()), emergency=emergency)
        by = "system" if author == "baton" else f"staff/{author}"
        once = f"agents:{app.committer.memory.policies.as_of(1 << 62).get(NAME, 0)}"
        await app.committer.append(f"policy/{NAME}", event, by=by, once=once)
