"""Telling: what identity says goes to the log, within a moment or not at all."""

import asyncio
from typing import Final

from baton.kernel.errors import BatonError
from baton.kernel.events import Event
from baton.web.app import App

KEEP_S: Final = 5.0


async def tell(app: App, staff: str, by: str, *events: Event) -> None:
    """Append to `staff/<id>`; raises 503 where the log takes nothing."""
    try:
        async with asyncio.timeout(KEEP_S):
            await app.committer.append(f"staff/{staff}", *events, by=f"staff/{by}")
    except TimeoutError as error:
        told = "The log takes nothing now, and every change of rights is kept in it. Try again in a minute."
        raise BatonError("log_unavailable", 503, told) from error
