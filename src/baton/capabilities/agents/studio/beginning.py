"""Beginning: a new agent, from nothing to its first turn. It is switched off and not approved; what is left to do is told step by step."""

import re
from typing import Final

import msgspec

from baton.capabilities.agents.events import Agent, Agents
from baton.capabilities.agents.studio.changing import Made, agent_of, revise
from baton.capabilities.agents.studio.versions import approved
from baton.capabilities.agents.trials.standing import let_live, standing
from baton.capabilities.governance.events import Register
from baton.capabilities.routing.events import Routing
from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App
from baton.web.staff import Staff

LONGEST_ID: Final = 40
REGISTER_PAGE: Final = "/governance/register"


class Left(msgspec.Struct, frozen=True):
    """One step on the way to the first turn: what it is, whether it is done, why it is there, and where it is done."""

    what: str
    done: bool
    why: str
    href: str
    act: str


async def begin(app: App, staff: Staff, to: Made, why: str) -> Agent:
    """A new agent, switched off; its id is made of its name.

    Raises:
        BatonError: 422 where its name has no letter, is taken, or no reason is given. Nothing was saved.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", to.name.lower()).strip("-")[:LONGEST_ID].strip("-")
    if not slug:
        raise BatonError("name_needed", 422, "Name: it needs a letter or a digit from a to z. Nothing was saved.")

    def changed(agents: Agents) -> Agents:
        if agents.of(slug) is not None:
            told = f"There is an agent {slug!r} already. Choose another name, or make a new version of it. Nothing was saved."
            raise BatonError("name_taken", 422, told)
        made = Agent(id=slug, on=False, **msgspec.structs.asdict(to))
        return msgspec.structs.replace(agents, agents=(*agents.agents, made))

    await revise(app, staff.id, why, changed)
    return agent_of(app.policy(Agents), slug)


async def switch_on(app: App, staff: Staff, id: str, why: str, forced: str = "") -> None:
    """Let an approved agent take turns. `forced` is the reason of somebody who goes without its scenarios.

    Raises:
        BatonError: 422 where it is not approved; 409 where it is on, or its scenarios do not pass and nobody forces it.
    """

    def changed(agents: Agents) -> Agents:
        on = msgspec.structs.replace(agent_of(agents, id), on=True)
        return msgspec.structs.replace(agents, agents=tuple(on if a.id == id else a for a in agents.agents))

    agent = agent_of(app.policy(Agents), id)
    if agent.on:
        raise Conflict("on_already", f"{agent.name} is switched on already.")
    if not approved(app, agent):
        told = f"{agent.name} is not approved in the register, so it takes no turn. Have it approved first."
        raise BatonError("not_approved", 422, told)
    await let_live(app, agent, staff.id, forced)
    await revise(app, staff.id, why, changed)


async def left(app: App, agent: Agent) -> list[Left]:
    """The way of an agent that is switched off: its entry, somebody else's approval, its scenarios."""
    entry, tried = app.policy(Register).of(agent.id), await standing(app, agent)
    page = f"{REGISTER_PAGE}/{agent.id}"
    return [
        Left("Say why it exists", entry is not None, "Its entry in the register: the need, an owner, a target, a cost cap, a stop date.",
             f"{page}/edit", "Write the entry"),
        Left("Have it approved", approved(app, agent), "By somebody who did not write the entry.", f"{page}#approvals", "Open the approval"),
        Left("Try it", tried.may, tried.told, f"/agents/scenarios?on={agent.label}", "Run its scenarios"),
    ]  # fmt: skip


def queues_of(app: App) -> list[tuple[str, str]]:
    """The queues by which customers may come in: id and title."""
    return [(queue.id, queue.title or queue.id) for queue in app.policy(Routing).queues]


def where(app: App, agent: Agent) -> str:
    """Where it serves once it is on, in a sentence."""
    named = dict(queues_of(app))
    if agent.queues:
        told = ", ".join(named.get(queue, queue) for queue in agent.queues)
        return f"It serves customers who come in by: {told}. There it goes before agents that serve everywhere."
    before = [a.name for a in app.policy(Agents).agents if not a.queues and a.id != agent.id]
    order = [a.id for a in app.policy(Agents).agents if not a.queues]
    ahead = before[: order.index(agent.id)] if agent.id in order else before
    if not ahead:
        return "It serves everywhere."
    return f"It serves everywhere, but only while {' and '.join(ahead)} cannot: the first in the list goes first."
