"""Again: versions that were approved and changed since. What changed is told, and one person approves them together."""

from typing import Final

import msgspec

from baton.capabilities.agents.events import Agent, Agents, Procedures
from baton.capabilities.governance.events import Register
from baton.capabilities.governance.register.approving import approve
from baton.capabilities.governance.register.configured import configuration
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError
from baton.kernel.stream import policy_name
from baton.web.app import App
from baton.web.staff import Staff

SHOWN: Final = 5


class Since(msgspec.Struct, frozen=True):
    """A change of the procedures: when, by whom and why."""

    at_ms: int
    who: str
    why: str


class Changed(msgspec.Struct, frozen=True):
    """A version that takes no turn because it changed since it was approved; `mine`: whoever looks wrote its entry, so somebody else approves it."""

    agent: Agent
    revision: int
    configuration: str
    mine: bool
    since: tuple[Since, ...] = ()

    @property
    def label(self) -> str:
        """Its name and version."""
        return f"{self.agent.name or self.agent.id}, version {self.agent.version}"


async def changed(app: App, staff: Staff) -> list[Changed]:
    """Versions in force, and canaries, that were approved and changed since."""
    agents, register, procedures = app.policy(Agents), app.policy(Register), app.policy(Procedures)
    canaries = [agents.of(c.agent, c.version) for c in agents.canaries]
    found = []
    for agent in (*agents.agents, *(c for c in canaries if c is not None)):
        mine = [a for a in register.approvals if (a.system, a.version) == (agent.id, agent.version)]
        now, entry = configuration(agent, procedures), register.of(agent.id)
        if entry is not None and mine and all(a.configuration != now for a in mine):
            since = await _since(app, max(a.since_ms for a in mine))
            found.append(Changed(agent, entry.revision, now, entry.author == staff.id, since))
    return found


async def approve_again(app: App, staff: Staff, configurations: list[str], why: str) -> list[str]:
    """Approve those whose configuration was shown; what each that was not approved lacks, in words."""
    refused = []
    for each in await changed(app, staff):
        if each.configuration not in configurations:
            continue
        try:
            await approve(app, staff, each.agent.id, each.configuration, each.revision, why, each.agent.version)
        except BatonError as error:
            refused.append(f"{each.label}: {error.message}")
    return refused


async def _since(app: App, since_ms: int) -> tuple[Since, ...]:
    told = []
    for entry, _ in await app.reader.told(f"policy/{policy_name(Procedures)}"):
        if isinstance(entry.event, PolicyRevised) and entry.happened_at_ms > since_ms:
            told.append(Since(entry.happened_at_ms, entry.event.author, entry.event.why))
    return tuple(told[::-1][:SHOWN])
