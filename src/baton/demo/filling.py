"""Filling: the invented month goes into the log behind the live traffic, newest first, with progress to be shown."""

import asyncio
from collections.abc import Iterator
from itertools import islice

import msgspec
from sqlalchemy import Select, select

from baton.capabilities.ai_use.events import stream_of as stream_of_tool
from baton.capabilities.resolution.events import Promised
from baton.capabilities.resolution.tables import PROBES
from baton.demo.aftermath import Begun, Told, answered, settled
from baton.demo.halcyon.contracts import contracts
from baton.demo.halcyon.people_files import TOOLS, elsewhere, employed, trained
from baton.demo.halcyon.story import Story
from baton.demo.retelling import SOURCE, customer_of, moments, stream_of
from baton.demo.stories import history
from baton.demo.world import World
from baton.kernel.committer import Committer
from baton.kernel.ports import Keys

AT_ONCE = 60
BREATH_S = 0.02
SETTLES_S = 1.0


class Progress(msgspec.Struct):
    """How far it is: conversations told of those expected, and the earliest time that is complete."""

    told: int = 0
    expected: int = 0
    since_ms: int = 0
    done: bool = False


class Filling:
    """Tells the history once; asked again it continues where it was, since every input has its own key."""

    def __init__(self, committer: Committer, keys: Keys, world: World, days: int, per_day: float = 120.0) -> None:
        self._committer, self._keys, self._world = committer, keys, world
        self._days, self._per_day = days, per_day
        self.progress = Progress(expected=int(days * per_day * 1.25))
        self._met: dict[str, bool] = {}
        self._begun: dict[str, Begun] = {}

    async def run(self) -> None:
        """Tell everything, giving way to live traffic between the batches."""
        stories = history(
            self._world.seed, self._days, end_ms=self._world.now_ms, per_day=self._per_day, world=self._world
        )
        await self._people()
        while batch := await asyncio.to_thread(_next, stories):
            await self._tell(batch)
            self.progress.told += len(batch)
            self.progress.since_ms = batch[-1].started_ms
            await asyncio.sleep(BREATH_S)
            await self._reviewed()
        await asyncio.sleep(SETTLES_S)
        await self._reviewed()
        self.progress.expected, self.progress.done = self.progress.told, True

    async def _tell(self, batch: list[Story]) -> None:
        owners = {stream_of(s, self._keys): customer_of(s, self._keys) for s in batch}
        self._keys.identify_all(owners | {f"customer/{c}": c for c in owners.values()})
        await asyncio.gather(*(self._one(story) for story in batch))

    async def _one(self, story: Story) -> None:
        stream, customer = stream_of(story, self._keys), customer_of(story, self._keys)
        asked = [
            self._committer.append(
                stream, *m.events, by=f"import/{SOURCE}", once=f"halcyon:{n}", happened_at_ms=m.at_ms
            )
            for n, m in enumerate(moments(story, customer, self._world.now_ms))
        ]
        asked += [
            self._committer.append(
                stream_of_tool(TOOLS[event.tool]), event, by=f"import/{SOURCE}", once=f"ce:{key}", happened_at_ms=at
            )
            for key, at, event in elsewhere(story, stream.partition("/")[2])
        ]
        await asyncio.gather(*asked)
        await self._afterwards(story, stream)

    async def _afterwards(self, story: Story, stream: str) -> None:
        """What the rep says came of a promise; and what is true of the need, for the reviewer: the newest contact is told first, and knows."""
        met = self._met.setdefault(story.need_id, story.truth.need_met)
        self._begun[stream.partition("/")[2]] = Begun(story.ended_ms, met)
        promised = (await self._committer.memory.stream(stream)).facts.all(Promised)
        for told in settled(story, promised, self._world.now_ms):
            await self._append(stream, told)

    async def _reviewed(self) -> None:
        """The reviewer answers the drawn needs that began so far."""
        query: Select[tuple[object, ...]] = select(PROBES.c.need).where(PROBES.c.permille > 0, PROBES.c.met.is_(None))
        for row in await self._committer.store.rows(query):
            need = str(row["need"])
            begun = self._begun.pop(need, None)
            told = answered(need, begun, self._world.now_ms) if begun else None
            if told is not None:
                await self._append(f"conversation/{need}", told)

    async def _append(self, stream: str, told: Told) -> None:
        once = f"halcyon:{type(told.event).__name__}:{getattr(told.event, 'deed', '')}"
        await self._committer.append(stream, told.event, by=f"import/{SOURCE}", once=once, happened_at_ms=told.at_ms)

    async def _people(self) -> None:
        """What HR and training systems tell, once."""
        by, end_ms = f"import/{SOURCE}", self._world.now_ms
        asked = [self._committer.append(f"rep/{e.rep}", e, by=by, once="halcyon:hr") for e in employed()]
        asked += [self._committer.append(f"rep/{c.rep}", c, by=by, once="halcyon:contract") for c in contracts()]
        asked += [
            self._committer.append(f"rep/{t.rep}", t, by=by, once=f"halcyon:training:{n}", happened_at_ms=t.on_ms)
            for n, t in enumerate(trained(end_ms))
        ]
        await asyncio.gather(*asked)


def _next(stories: Iterator[Story]) -> list[Story]:
    return list(islice(stories, AT_ONCE))
