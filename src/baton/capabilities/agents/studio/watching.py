"""Watching: canaries are compared every minute, and one that is clearly worse gets no more conversations."""

import asyncio
import logging
from typing import Final

from baton.capabilities.agents.events import Agents, Canary
from baton.capabilities.agents.studio.changing import end
from baton.capabilities.agents.studio.comparing import Compared, compare_drawn, compare_mixed, drawn_against
from baton.capabilities.agents.studio.tallies import by_kind, tallies
from baton.web.app import App

EVERY_S: Final = 60.0
log: Final = logging.getLogger(__name__)


async def compared(app: App, id: str, newer: str, other: str) -> Compared:
    """Two versions of an agent: as chance drew them, or else at equal mix."""
    strata = drawn_against(await tallies(app.store, id), newer, other)
    canary = app.policy(Agents).canary(id)
    if strata or (canary is not None and canary.version == newer):
        return compare_drawn(strata, newer, other)
    return compare_mixed(await by_kind(app.store, id), newer, other)


async def look(app: App) -> list[Canary]:
    """End the canaries that are clearly worse; which."""
    agents, ended = app.policy(Agents), []
    for canary in agents.canaries:
        main = agents.of(canary.agent)
        strata = drawn_against(await tallies(app.store, canary.agent), canary.version, main.version) if main else []
        worse = compare_drawn(strata, canary.version, main.version).worse if main and strata else ""
        if worse and await end(app, canary, f"stopped by itself. {worse}"):
            log.warning("a canary was ended", extra={"agent": canary.agent, "version": canary.version})
            ended.append(canary)
    return ended


async def watch(app: App) -> None:
    """Look every minute."""
    while True:
        await asyncio.sleep(EVERY_S)
        if app.policy(Agents).canaries:
            await look(app)
