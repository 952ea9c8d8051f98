"""Lapsing: an approval is of a version as it is configured, its procedures too. What a change would end, and what was ended by one."""

from typing import Final

from baton.capabilities.agents.events import Agent, Agents, Procedures
from baton.capabilities.agents.studio.versions import approved
from baton.capabilities.governance.events import Register
from baton.capabilities.governance.events import approved as approval_of
from baton.web.app import App

NOT_APPROVED: Final = "not approved"
CHANGED: Final = "changed since it was approved"


def carrying(app: App, procedure: str) -> list[str]:
    """Versions that take turns now and may carry out this procedure, by name: their approval is of the procedures as they are."""
    agents = app.policy(Agents)
    canaries = [agents.of(c.agent, c.version) for c in agents.canaries]
    known = (*agents.agents, *(c for c in canaries if c is not None))
    return [f"{a.name or a.id}, version {a.version}" for a in known if a.may(procedure) and approved(app, a)]


def lapsed(app: App) -> bool:
    """Whether an agent that was approved as it was is not, as it is now."""
    agents, register, procedures = app.policy(Agents), app.policy(Register), app.policy(Procedures)
    return any(state_of_approval(register, procedures, a) == CHANGED for a in agents.agents)


def state_of_approval(register: Register, procedures: Procedures, agent: Agent) -> str:
    """Why a version takes no turn: never approved, or changed since; empty where it is approved as it is now."""
    mine = [a for a in register.approvals if (a.system, a.version) == (agent.id, agent.version)]
    entry = register.of(agent.id)
    if not mine or entry is None:
        return NOT_APPROVED
    now = approval_of(entry, agent, procedures, 0, 0, "").configuration
    return "" if any(a.configuration == now for a in mine) else CHANGED
