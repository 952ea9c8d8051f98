"""Live traffic: invented customers and reps who use the real product, over its own HTTP, by the same routes as anyone.

They hear by listening to commits in this process, which is what the event streams are fed by. Nothing they know of the
truth reaches the log. One rep's account is left to whoever tries the demo.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from zlib import crc32

import httpx

from baton.capabilities.individual.events import Choice
from baton.demo.desks import Desk
from baton.demo.halcyon.visitors import Said, Visitor, live, newest_code
from baton.demo.people import reps
from baton.demo.stories import Colleague
from baton.demo.world import SystemOfRecord, World
from baton.kernel.conversation import Ended, TurnSaid
from baton.kernel.working import Done
from baton.web.app import App

PER_HOUR = 300.0
AT_ONCE_FIRST = 14
AT_MOST = 60
EACH = 2
"""Every second rep is on shift: enough for each queue, few enough that some customers wait."""
WAIT_FOR_THEIR_REP = 2
"""One in so many who are offered their rep of last time waits for them."""
log = logging.getLogger(__name__)


class Ears:
    """What was said in each conversation that someone listens to."""

    def __init__(self) -> None:
        self.said: dict[str, list[Said]] = {}
        self.news: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.over: set[str] = set()
        self.named: set[str] = set()

    def tell(self, done: Sequence[Done]) -> None:
        """Hear a commit."""
        for each in done:
            if each.stream.id not in self.said:
                continue
            for event in (each.entry.event, *(c.event for c in each.rest.caused)):
                if isinstance(event, TurnSaid) and event.role != "system":
                    self.said[each.stream.id].append(Said(event.role, event.text))
                elif isinstance(event, Ended):
                    self.over.add(each.stream.id)
                elif isinstance(event, Choice) and event.rep and event.chosen == "anyone":
                    self.named.add(each.stream.id)
            self.news[each.stream.id].set()

    def forget(self, stream: str) -> None:
        """Listen no longer."""
        self.said.pop(stream, None)
        self.news.pop(stream, None)
        self.over.discard(stream)
        self.named.discard(stream)


class Traffic:
    """Customers without end, and reps at their desks."""

    def __init__(self, url: str, app: App, world: World, record: SystemOfRecord, spare: str) -> None:
        self._url, self._app, self._world, self._record, self._spare = url, app, world, record, spare
        self._ears = Ears()
        self._places = asyncio.Semaphore(AT_MOST)

    async def run(self) -> None:
        """Until cancelled."""
        self._app.committer.listeners.append(self._ears.tell)
        async with httpx.AsyncClient(base_url=self._url, timeout=20) as client, asyncio.TaskGroup() as group:
            for rep in reps()[::EACH]:
                if rep.email != self._spare:
                    desk = Desk(client, self._app, Colleague(rep, self._world.seed), self._ears)
                    group.create_task(desk.run())
            await self._customers(client, group)

    async def _customers(self, client: httpx.AsyncClient, group: asyncio.TaskGroup) -> None:
        now = self._app.clock.now_ms()
        coming = live(self._world.seed + now % 9973, self._world, at_ms=now, per_hour=PER_HOUR, code_of=self._code)
        for n, (after_s, visitor) in enumerate(coming):
            await asyncio.sleep(0.4 if n < AT_ONCE_FIRST else after_s)
            await self._places.acquire()
            group.create_task(self._visit(client, visitor))

    async def _visit(self, client: httpx.AsyncClient, visitor: Visitor) -> None:
        try:
            await self._talk(client, visitor)
        except (httpx.HTTPError, KeyError) as error:
            log.info("an invented customer could not go on: error=%s", type(error).__name__)
        finally:
            self._places.release()

    async def _talk(self, client: httpx.AsyncClient, visitor: Visitor) -> None:
        need = visitor.need
        body = {"customer": need.customer.id, "language": need.language, "channel": need.channel}
        opened = (await client.post("/api/chat/conversations", json=body)).json()
        stream, headers = f"conversation/{opened['id']}", {"Authorization": f"Bearer {opened['token']}"}
        self._ears.said[stream] = []
        path, sent = f"/api/chat/conversations/{opened['id']}", 0

        async def choose() -> None:
            if crc32(stream.encode()) % WAIT_FOR_THEIR_REP == 0:
                await client.post(f"{path}/choice", json={"whom": "rep"}, headers=headers)

        try:
            turn = visitor.next_turn([])
            while turn is not None:
                await asyncio.sleep(turn[0])
                sent += 1
                await client.post(f"{path}/turns", json={"text": turn[1], "nonce": f"v{sent}"}, headers=headers)
                turn = None if visitor.done else await self._next(visitor, stream, choose)
            await client.post(f"{path}/end", headers=headers)
        finally:
            self._ears.forget(stream)

    async def _next(
        self, visitor: Visitor, stream: str, choose: Callable[[], Awaitable[None]]
    ) -> tuple[float, str] | None:
        """What they say next, once they were answered or their patience is over; None when they have left. Offered their rep, they may `choose`."""
        while stream not in self._ears.over:
            news = self._ears.news[stream]
            try:
                async with asyncio.timeout(visitor.waits_s):
                    await news.wait()
            except TimeoutError:
                return visitor.tired()
            news.clear()
            if stream in self._ears.named:
                self._ears.named.discard(stream)
                await choose()
            turn = visitor.next_turn(self._ears.said[stream])
            if turn is not None or visitor.done:
                return turn
        return None

    def _code(self, email: str) -> str | None:
        return newest_code([mail.body for mail in self._record.mailbox(email)])
