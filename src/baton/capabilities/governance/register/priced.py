"""Priced: whether what an agent costs can be counted. A cap on what nobody counts would stop nobody."""

from typing import Final

import msgspec

from baton.capabilities.agents.events import Agent
from baton.capabilities.performance.events import Costs
from baton.engines.llm.servers import servers_of, unpriced
from baton.kernel.errors import BatonError
from baton.web.app import App

SET: Final = "Set BATON_LLM_PRICE_IN and BATON_LLM_PRICE_OUT (price_in and price_out in BATON_LLM_FALLBACKS), 0 where it costs nothing, and start Baton again"


def uncounted(app: App, agent: Agent) -> list[str]:
    """Models that may answer for this agent and whose price nobody said, as `model at host`."""
    return unpriced(servers_of(app.settings), agent.model) if agent.model else []


def lacking(app: App, agent: Agent) -> list[str]:
    """What keeps an agent from being approved beside its entry, in words."""
    named = "the price of its model {} (BATON_LLM_PRICE_IN and BATON_LLM_PRICE_OUT, 0 where it costs nothing)"
    return [named.format(each) for each in uncounted(app, agent)]


def see_that_it_is_priced(app: App, agent: Agent) -> None:
    """Raise 422 where the agent's model has no price: its cost cap could not be counted."""
    if unknown := uncounted(app, agent):
        told = f"{agent.id!r} cannot be approved: its model {', '.join(unknown)} has no price, so its cost cap could not be counted. {SET}."
        raise BatonError("no_price", 422, told)


def unseen(app: App, agent: Agent, cap_cents: int) -> list[str]:
    """What of a running agent's cost its cap does not see, and what follows."""
    told = []
    if cap_cents and (unknown := uncounted(app, agent)):
        told.append(
            f"Its model {', '.join(unknown)} has no price, so its cost cap cannot be counted: it is not asked, and what words alone "
            f"cannot do goes to people. {SET}."
        )
    if cap_cents and not any(msgspec.structs.astuple(app.policy(Costs))):
        told.append(
            "No prices are set, so its cap counts nothing but calls to models. Set them under Performance, Costs."
        )
    return told
