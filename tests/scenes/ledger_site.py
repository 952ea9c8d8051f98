"""The room's log behind HTTP, without a socket: a client and an API token for each role."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from baton.settings import Settings
from baton.web.app import App, asgi
from baton.web.staff import ROLES, Staff
from tests.scenes.ledger_room import Room


@dataclass
class Site:
    """Ask as a role."""

    app: App
    client: httpx.AsyncClient
    tokens: dict[str, str]

    async def get(self, path: str, role: str = "analyst", **headers: str) -> httpx.Response:
        """Ask for something."""
        return await self.client.get(path, headers={**self._as(role), **headers})

    async def told(self, path: str, role: str = "analyst") -> Any:
        """What a successful answer says."""
        answer = await self.get(path, role)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: bytes, media: str, role: str = "integration") -> httpx.Response:
        """Send something."""
        return await self.client.post(path, content=body, headers={**self._as(role), "content-type": media})

    def _as(self, role: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens[role]}"} if role else {}


@asynccontextmanager
async def site(here: Room) -> AsyncIterator[Site]:
    """Serve until the block ends; a rep's id is `kim`."""
    chosen: Any = {"home": here.folder}
    app = App(here.committer, Settings(**chosen))
    running = asyncio.ensure_future(here.committer.run())
    tokens: dict[str, str] = {}
    for role in ROLES:
        who = "kim" if role == "rep" else role
        app.accounts.add(Staff(who, f"{who}@halcyon.example", who.title(), role), "")
        tokens[role] = app.accounts.make_token(who, "test")
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(asgi(app)), base_url="http://test") as client:
            yield Site(app, client, tokens)
    finally:
        running.cancel()
        app.accounts.close()
