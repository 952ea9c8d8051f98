"""The actor: outside acts, started after their decision is on disk, at least once, with the decision's key.

A crash between the act and its record runs it again with the same key, which the tool must honour. An outcome nobody
knows is recorded as unknown (`ok` None) and left to be reconciled, never assumed.
"""

import asyncio
import logging
from collections.abc import Iterable

from baton.kernel.capability import Crafts
from baton.kernel.codec import Codec
from baton.kernel.committer import Committer
from baton.kernel.conversation import ActionDone, Decided
from baton.kernel.errors import BatonError
from baton.kernel.log import ActRow, Store
from baton.kernel.ports import ActionResult, Tools
from baton.kernel.steps import RecordedTools
from baton.kernel.stream import Stream

LIMIT_S = 30.0
log = logging.getLogger(__name__)


class Actor:
    """Runs outside acts and appends what came of them."""

    def __init__(self, committer: Committer, crafts: Crafts, tools: Tools) -> None:
        self._committer, self._crafts, self._tools = committer, crafts, tools
        self._running: set[asyncio.Task[None]] = set()

    def start(self, decided: Decided, stream: Stream) -> None:
        """Start one act beside everything else; `stream` is kept as it is now."""
        task = asyncio.get_running_loop().create_task(self._act(decided, stream.snapshot()))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def resume(self, acts: Iterable[ActRow]) -> None:
        """Start again what a crash left open."""
        for act in acts:
            decided = await decided_at(self._committer.store, self._committer.codec, act)
            if decided is not None:
                self.start(decided, await self._committer.memory.stream(act.stream))

    async def settle(self) -> None:
        """Wait until every act that runs has been recorded."""
        while self._running:
            await asyncio.gather(*self._running)

    async def _act(self, decided: Decided, stream: Stream) -> None:
        result = await self._tried(decided, stream)
        args = {**decided.args, **result.args}
        done = ActionDone(
            decided.action, decided.key, result.ok, result.detail, args, result.private, result.rules, result.grounds,
        )  # fmt: skip
        try:
            await self._committer.append(stream.id, done, by="tool", once=f"act:{decided.key}")
        except BatonError:
            log.exception("an outcome was not recorded; it is tried again after a restart: key=%s", decided.key)

    async def _tried(self, decided: Decided, stream: Stream) -> ActionResult:
        tools = RecordedTools(self._tools, self._committer.append, decided, stream)
        try:
            async with asyncio.timeout(LIMIT_S):
                found: ActionResult = await self._crafts.act[decided.action].run(decided, stream, tools)
                return found
        except TimeoutError:
            return ActionResult(None, "no answer in time")
        except Exception as error:
            log.exception("an outside act failed: action=%s", decided.action)
            return ActionResult(None, type(error).__name__)


async def decided_at(store: Store, codec: Codec, act: ActRow) -> Decided | None:
    """The decision an open act belongs to."""
    recorded = await store.at(act.position)
    if recorded is None or recorded.caused is None:
        return None
    events = [c.event for c in codec.decode_all(act.stream, recorded.caused)]
    return next((e for e in events if isinstance(e, Decided) and e.key == act.key), None)
