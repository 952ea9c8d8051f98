"""Telling: that an agent writes, and the sentences of its answer that were judged so far. All of it are signals: never logged.

A signal of what is written carries all of it so far, so that one that was missed costs nothing; an empty one takes it back.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import msgspec

from baton.engines.personal.hiding import Cloak
from baton.kernel.minds import Partial, Tell

EVERY_S: Final = 2.0
"""Seconds between two signals that the agent is writing; they are shown for six."""
WRITES: Final = b'{"role":"agent","on":true}'
DONE: Final = b'{"role":"agent","on":false}'


class Telling:
    """Tells of one thought in one conversation. `may_show` judges what of an unfinished answer may be shown."""

    def __init__(self, tell: Tell, stream: str, thought: str, may_show: Callable[[object], str], cloak: Cloak) -> None:
        self._tell, self._stream, self._thought = tell, stream, thought
        self._may_show, self._cloak = may_show, cloak
        self._next_s = 0.0
        self._shown = ""
        self._over = False

    async def heard(self, partial: object) -> None:
        """The model goes on writing; `partial` is what can be read of its answer where more is finished."""
        now_s = asyncio.get_running_loop().time()
        if now_s >= self._next_s:
            self._next_s = now_s + EVERY_S
            await self._tell(self._stream, WRITES)
        if partial is not None and not self._over:
            await self._show(self._may_show(put_back(partial, self._cloak)))

    async def failed(self) -> None:
        """This call came to nothing: what was shown of it is taken back, and of no other call anything is shown."""
        if self._shown:
            self._over = True
            await self._send("")

    async def done(self) -> None:
        """Nobody writes any more."""
        await self._tell(self._stream, DONE)

    async def _show(self, text: str) -> None:
        if text != self._shown and text.startswith(self._shown):
            self._shown = text
            await self._send(text)

    async def _send(self, text: str) -> None:
        await self._tell(self._stream, msgspec.json.encode(Partial(self._thought, text)))


def put_back(value: Any, cloak: Cloak) -> Any:
    """Plain values with the personal ones in the place of their placeholders."""
    if isinstance(value, str):
        return cloak.put_back(value)
    if isinstance(value, list):
        return [put_back(each, cloak) for each in value]
    return {key: put_back(each, cloak) for key, each in value.items()} if isinstance(value, dict) else value
