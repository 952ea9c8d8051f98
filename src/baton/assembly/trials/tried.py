"""Tried: what takes live traffic in the demo has run its scenarios as it is, some time after it began to serve."""

import asyncio
import logging
from typing import Final

from baton.capabilities.agents.events import Agents
from baton.capabilities.agents.trials.asking import ask
from baton.capabilities.agents.trials.standing import standing
from baton.kernel.errors import BatonError
from baton.web.app import App

AFTER_S: Final = 60.0
log = logging.getLogger(__name__)


async def try_what_serves(app: App, staff: str, after_s: float = AFTER_S) -> None:
    """Ask for the scenarios of the first agent and its canary, where they were not run as they are now."""
    await asyncio.sleep(after_s)
    agents = app.policy(Agents)
    first = agents.agents[0] if agents.agents else None
    canary = agents.canary(first.id) if first is not None else None
    for agent in (first, agents.of(canary.agent, canary.version) if canary is not None else None):
        try:
            if agent is not None and not (await standing(app, agent)).trial:
                await ask(app, staff, "scenarios", agent.label)
        except BatonError as error:
            log.warning("scenarios of the demo were not run: why=%s", error.code)
