"""Shown: what a page tells of a version: its figures with intervals, and what the register needs before it is approved."""

import msgspec

from baton.capabilities.agents.events import Agent, Procedures
from baton.capabilities.agents.studio.tallies import Tally, by_version, tallies
from baton.capabilities.governance.events import Register, approved
from baton.kernel.stats import Estimate, wilson
from baton.web.app import App


class Figures(msgspec.Struct, frozen=True):
    """One version's conversations, all of them: counts, the share of decided needs that were met, and of ended ones that went to a person."""

    tally: Tally
    met: Estimate
    handed: Estimate


class Entry(msgspec.Struct, frozen=True):
    """The register's entry of an agent as an approval needs it. `mine`: whoever looks wrote it, so somebody else approves."""

    revision: int
    configuration: str
    stop_on: str
    mine: bool


async def figures_of(app: App, id: str) -> dict[str, Figures]:
    """By version, the newest first."""
    found = by_version(await tallies(app.store, id))
    names = sorted(found, key=lambda v: (int(v) if v.isdecimal() else 0, v), reverse=True)
    return {
        v: Figures(found[v], wilson(found[v].met, found[v].needs), wilson(found[v].handed, found[v].ended))
        for v in names
    }


def entry_of(app: App, agent: Agent, staff: str) -> Entry | None:
    """The entry; None where nobody has written one."""
    system = app.policy(Register).of(agent.id)
    if system is None:
        return None
    configured = approved(system, agent, app.policy(Procedures), 0, 0, "").configuration
    return Entry(system.revision, configured, system.stop_on, system.author == staff)
