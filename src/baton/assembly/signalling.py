"""Signalling: what is heard of a running Baton becomes spans, results and metrics. Only what is live: imported and invented history tells nothing.

A conversation is told of once it has ended, a need once it is settled, a trial once it is over, and calls are counted as they come.
"""

import asyncio
import logging
from collections.abc import Iterator
from typing import Final

from baton.assembly.trials.job import Tried
from baton.capabilities.agents.events import Agents, Thought
from baton.capabilities.resolution.events import NeedState
from baton.engines.personal.hiding import Cloak
from baton.engines.tracing.evaluating import SETTLED, Need, evaluations_of, of_need, of_scenario
from baton.engines.tracing.making import OFF, TIMED, act_told, chat_told, spans_of
from baton.engines.tracing.metering import Meter
from baton.engines.tracing.sending import Signals
from baton.engines.tracing.spans import moved
from baton.kernel.committer import Committer, Done
from baton.kernel.conversation import ActionDone, Decided, Ended, Started
from baton.kernel.errors import BatonError
from baton.kernel.events import Event
from baton.kernel.explain import Explained, explained

MOST_ASKED: Final = 10_000
"""Calls whose end is awaited, to count how long they took."""
CALLS: Final = frozenset({"chat", "execute_tool", "embeddings"})
News = str | NeedState | Tried
"""A conversation that ended (its stream), a need that is settled, or a trial."""
log = logging.getLogger(__name__)


class Signalling:
    """Makes signals of what `committer` worked. With `content`, what was said stands in the spans, personal values hidden."""

    def __init__(self, committer: Committer, content: bool) -> None:
        self._committer, self._content = committer, content
        self._asked: dict[str, tuple[Decided, int]] = {}
        self.meter = Meter()

    def heard(self, each: Done) -> Iterator[News]:
        """What is to be told of an input and all it caused; calls in it are counted."""
        if not each.stream.live:
            return
        for event in (each.entry.event, *(caused.event for caused in each.rest.caused)):
            if isinstance(event, Ended):
                yield each.stream.id
            elif isinstance(event, NeedState) and event.state in SETTLED and event.was != event.state:
                yield event
            else:
                self._count(event, each.entry.at_ms)

    async def add(self, news: News, to: Signals) -> None:
        """Make the signals of it. What is erased or gone makes none."""
        try:
            if isinstance(news, Tried):
                self._trial(news, to)
            elif isinstance(news, NeedState):
                await self._need(news, to)
            else:
                await self._conversation(news.partition("/")[2], to)
        except BatonError as error:
            log.info("a trace was not made: code=%s", error.code)

    def _count(self, event: Event, at_ms: int) -> None:
        if isinstance(event, Thought):
            self.meter.take(chat_told(event), event.ms)
        elif isinstance(event, Decided) and event.action in TIMED and event.key:
            if len(self._asked) >= MOST_ASKED:
                self._asked.pop(next(iter(self._asked)))
            self._asked[event.key] = (event, at_ms)
        elif isinstance(event, ActionDone) and event.key in self._asked:
            decided, since_ms = self._asked.pop(event.key)
            if event.detail == OFF:
                return
            self.meter.take(act_told(decided, event), at_ms - since_ms)

    async def _conversation(self, key: str, to: Signals) -> None:
        told = await self._told(key)
        to.spans += await asyncio.to_thread(spans_of, told, self._names(), Cloak().hide if self._content else None)
        to.results += evaluations_of(told)

    async def _need(self, state: NeedState, to: Signals) -> None:
        """The result goes to the last conversation about the need in which an agent answered."""
        need = Need(state.state, state.since_ms, state.evidence, state.conversations)
        for key in reversed(state.conversations):
            found = of_need(need, spans_of(await self._told(key)), key)
            if found:
                to.results += found
                return

    def _trial(self, found: Tried, to: Signals) -> None:
        now_ms = self._committer.clock.now_ms()
        for result in found.scenarios:
            spans = moved(found.spans.get(result.id, ()), now_ms)
            to.spans += spans
            to.results += of_scenario(result.id, result.checked, spans)
            for span in spans:
                if span.attributes["gen_ai.operation.name"] in CALLS:
                    self.meter.take(span.attributes, span.ms)

    async def _told(self, key: str) -> list[Explained]:
        """The conversation as the log tells it; nothing of one that is not live."""
        told = await explained(self._committer.store, self._committer.codec, f"conversation/{key}")
        began = told[0].event
        return told if not isinstance(began, Started) or began.origin == "live" else []

    def _names(self) -> dict[str, str]:
        return {each.id: each.name for each in self._committer.memory.policies.newest_of(Agents).agents}
