"""Connecting: models put beside an organisation's tools, where the settings name any. Nothing heavy is imported where they do not."""

import logging
from typing import TYPE_CHECKING, Protocol

from baton.engines.llm.servers import servers_of, unpriced
from baton.kernel.errors import BatonError
from baton.kernel.minds import THINK, Tell
from baton.kernel.ports import ActionResult, Claim, Tools
from baton.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)


class Minds(Tools, Protocol):
    """Tools with models beside them; `tell` sends that an agent is writing."""

    tell: Tell

    async def close(self) -> None:
        """Let go of the connections."""
        ...


class NoMinds:
    """The tools alone: asked to think, it says at once that it is off, and agents do without."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.tell: Tell = _silent

    async def call(self, tool: str, args: "Mapping[str, object]", key: str, claim: Claim | None = None) -> ActionResult:
        """Any tool but thinking is the organisation's."""
        return ActionResult(False, "off") if tool == THINK else await self._tools.call(tool, args, key, claim)

    async def close(self) -> None:
        """Nothing to let go of."""


def connected(settings: Settings, tools: Tools) -> Minds:
    """The tools with the configured models beside them.

    Raises:
        BatonError: the settings cannot be read, or the extra `llm` is not installed.
    """
    servers = servers_of(settings)
    if not servers:
        return NoMinds(tools)
    if unknown := unpriced(servers, "any"):
        log.warning(
            "no price was said of %s: no agent under a cost cap asks it; see BATON_LLM_PRICE_IN", ", ".join(unknown)
        )
    try:
        from baton.engines.llm.thinking import Thinking, models_at
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in {"openai", "pydantic_ai"}:
            raise
        told = "BATON_LLM_URL is set and the extra `llm` is not installed. Run pip install 'baton-cx[llm]', or unset BATON_LLM_URL."
        raise BatonError("llm_missing", 500, told) from missing
    return Thinking(tools, models_at(servers), settings.llm_timeout_s)


async def examined(settings: Settings) -> str:
    """How the configured models answer, or what to do."""
    servers = servers_of(settings)
    if not servers:
        return "none connected: agents work without one. BATON_LLM_URL connects one"
    await connected(settings, NoMinds(_Nobody())).close()
    from baton.engines.llm import examining

    return await examining.examined(servers)


class _Nobody:
    """No tools."""

    async def call(self, tool: str, args: "Mapping[str, object]", key: str, claim: Claim | None = None) -> ActionResult:
        """There is no such tool."""
        return ActionResult(False, "no_tool")


async def _silent(stream: str, body: bytes) -> None:
    """Nobody is told."""
