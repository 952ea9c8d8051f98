"""Gaze: one look at the floor for everyone who watches it, at most one a second, and never older than the question."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from baton.capabilities.floor.events import Budget, Outage
from baton.capabilities.governance.events import Stop, as_registered
from baton.capabilities.routing.events import Routing
from baton.capabilities.routing.screen.asked import asked_of
from baton.capabilities.routing.screen.changes import Revisions
from baton.capabilities.routing.screen.floor import Floor, look
from baton.capabilities.routing.screen.parts import Filling
from baton.capabilities.routing.screen.seen import Seen
from baton.web.app import App

EVERY_S = 1.0


class Gaze:
    """Looks at the floor for the screen of every supervisor."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = asyncio.Lock()
        self._floor: Floor | None = None
        self._began_s = 0.0
        self._names: Mapping[str, str] = {}
        self.revisions = Revisions(app.committer)

    async def floor(self, *, patient: bool) -> Floor:
        """The floor as it stood after this was asked. Whoever is `patient` waits until a second has passed since the last look."""
        loop = asyncio.get_running_loop()
        asked_s = loop.time()
        if patient:
            await asyncio.sleep(max(0.0, self._began_s + EVERY_S - asked_s))
        async with self._lock:
            if self._floor is not None and self._began_s >= asked_s:
                return self._floor
            self._began_s = loop.time()
            now_ms = self._app.clock.now_ms()
            self._floor = await look(self._app.store, self._app.board, now_ms, self._midnight_ms(now_ms))
            await self.revisions.read()
            return self._floor

    async def seen(self, query: Mapping[str, str], *, patient: bool = False) -> Seen:
        """The floor as an address asks for it."""
        app, floor = self._app, await self.floor(patient=patient)
        rules = app.policy(Routing)
        if not self._names or any(p.rep not in self._names for p in floor.posts):
            self._names = {staff.id: staff.name for staff in app.accounts.everyone()}
        return Seen(
            floor, asked_of(query, rules.queues), rules.queues, as_registered(app.committer.memory.policies, app.clock.now_ms()).agents, app.policy(Stop).agents,
            app.organisation.zone, self._names, rules.zones, app.policy(Outage), app.policy(Budget),
        )  # fmt: skip

    def filling(self) -> Filling | None:
        """How far the invented history is; None where there is none or all of it is told."""
        telling = self._app.telling
        return None if telling is None or telling.done else Filling(telling.told, telling.expected, telling.since_ms)

    def _midnight_ms(self, now_ms: int) -> int:
        zone = ZoneInfo(self._app.organisation.zone)
        tomorrow = datetime.fromtimestamp(now_ms / 1000, zone).date() + timedelta(days=1)
        return int(datetime.combine(tomorrow, time(), zone).timestamp() * 1000)
