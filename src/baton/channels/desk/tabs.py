"""Tabs: whether a rep at work still has a page open. When the last one is gone for a moment, the assignment stream is told.

Only who had a page open here can lose it: reps who work through the API alone are never taken to be gone.
"""

import asyncio
from typing import Final

from baton.capabilities.routing.events import MAIN, DeskBack, DeskLost
from baton.kernel.events import Event
from baton.web.app import App

MOMENT_S: Final = 5.0
"""Going to another page closes a tab and opens it again within this."""
EVERY_S: Final = 1.0


class Tabs:
    """How many pages each of the staff has open, and since when those who have none."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._open: dict[str, int] = {}
        self._gone: dict[str, float] = {}
        app.desks.append(self.told)
        app.tasks.append(self.run)

    def told(self, rep: str, here: bool) -> None:
        """A page opened, or closed."""
        count = self._open.get(rep, 0) + (1 if here else -1)
        self._open[rep] = count
        if count > 0:
            self._gone.pop(rep, None)
        else:
            self._gone[rep] = asyncio.get_running_loop().time()
            del self._open[rep]

    async def run(self) -> None:
        """Look every second, as long as the application serves."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.look(asyncio.get_running_loop().time())

    async def look(self, now_s: float) -> None:
        """Tell of who is gone for longer than a moment, and of who was taken to be gone and is here."""
        for rep in [rep for rep, since_s in self._gone.items() if now_s - since_s >= MOMENT_S]:
            del self._gone[rep]
            post = self._app.board.posts.get(rep)
            if post is not None and post.presence != "offline" and not post.lost_ms:
                await self._append(rep, DeskLost(rep))
        for rep in [rep for rep, post in self._app.board.posts.items() if post.lost_ms and self._open.get(rep)]:
            await self._append(rep, DeskBack(rep))

    async def _append(self, rep: str, event: Event) -> None:
        await self._app.committer.append(MAIN, event, by=f"rep/{rep}")
