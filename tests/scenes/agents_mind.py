"""A floor whose agent has a mind: Halcyon Air's assistant with a model at a real server that plays recorded answers."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from baton.capabilities.agents.events import Agent, Idea, Thought
from baton.capabilities.agents.thinking.amounts import Budget
from baton.engines.llm.asking import Model
from baton.engines.llm.servers import Server
from baton.engines.llm.thinking import Thinking
from baton.kernel.events import Event
from tests.engines.llm_server import Exchange, Player, playing
from tests.scenes.agents_floor import ASSISTANT, Calls, Floor, floor

MINDED = msgspec.structs.replace(ASSISTANT, model="any")


@dataclass
class Mind:
    """The floor and the server of its model."""

    floor: Floor
    server: Player

    async def says(self, text: str) -> list[str]:
        """The customer says `text`; what was said in answer, once every thought has rested."""
        before = len(self.floor.said())
        await self.floor.customer(text)
        await self.rest()
        return self.floor.said()[before:]

    async def rest(self) -> None:
        """Until nobody thinks any more."""
        while self.floor.actor._running:
            await asyncio.sleep(0.002)
            await self.floor.rest()

    def actions(self) -> list[str]:
        """What was decided, in order."""
        return [decided.action for decided in self.floor.decisions["conversation/one"]]

    def caused(self, kind: type[Event]) -> list[Any]:
        """Everything of this type that was said, in order."""
        return [c.event for done in self.floor.done for c in done.rest.caused if isinstance(c.event, kind)]

    @property
    def ideas(self) -> list[Idea]:
        """What the model proposed, as judged."""
        return self.caused(Idea)

    @property
    def thoughts(self) -> list[Thought]:
        """The calls to the model."""
        return self.caused(Thought)


def answer(*sentences: tuple[str, str]) -> Exchange:
    """The model answers with sentences, each with what it cites."""
    said = [{"text": text, "cites": [cite] if cite else []} for text, cite in sentences]
    return {"say": {"do": "answer", "sentences": said}, "usage": [1200, 60]}


def does(do: str, values: Mapping[str, str] | None = None, **more: str) -> Exchange:
    """The model would do this."""
    named = [{"name": name, "value": value} for name, value in (values or {}).items()]
    return {"say": {"do": do, "values": named, **more}, "usage": [1200, 40]}


@asynccontextmanager
async def minded(
    folder: Path, *plays: str | Exchange, again: bool = False, agent: Agent = MINDED, budget: Budget | None = None,
    calls: Calls | None = None, timeout_s: float = 10.0, second: Player | None = None,
) -> AsyncIterator[Mind]:  # fmt: skip
    """A conversation has begun with an agent whose model plays `plays`; a `second` server is tried after it."""
    having = msgspec.structs.replace(agent, budget=budget) if budget else agent
    async with playing(*plays, again=again) as player, floor(folder, calls, having) as here:
        urls = [player.url, *([second.url] if second else [])]
        servers = [Server(url=url, model=f"model-{n}", price_in=1.0, price_out=4.0) for n, url in enumerate(urls, 1)]
        minds = Thinking(here.actor._tools, [Model(each) for each in servers], timeout_s)
        here.actor._tools = minds
        try:
            await here.begins()
            yield Mind(here, player)
        finally:
            await minds.close()
