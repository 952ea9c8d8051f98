"""Learning: what the read models of all conversations show becomes policy, and so guides the next one."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec
from sqlalchemy import Select

from baton.kernel.capability import Crafts, Filed
from baton.kernel.committer import Committer
from baton.kernel.conversation import PolicyRevised
from baton.kernel.lanes import lane_of
from baton.kernel.ports import Pool

_log = logging.getLogger(__name__)


class Reads(Protocol):
    """Committed read models, as a `learn` handler sees them."""

    async def survey(self, query: Select[tuple[object, ...]]) -> list[Mapping[str, object]]:
        """The rows of `query`, read beside the loop."""
        ...


class Learner:
    """Asks every capability's `learn` what it found, and revises the policies that differ from what is in force."""

    def __init__(self, committer: Committer, crafts: Crafts, pool: Pool) -> None:
        self._committer = committer
        self._crafts = crafts
        self._pool = pool

    async def once(self) -> list[str]:
        """Learn from what is committed now; the names of the policies that were revised.

        A handler that fails is logged and learns another time. A policy is revised by the process that works its lane.
        """
        handlers = self._crafts.learn
        told = await asyncio.gather(*(self._learned(filed) for filed in handlers), return_exceptions=True)
        revised: list[str] = []
        for filed, names in zip(handlers, told, strict=True):
            if isinstance(names, BaseException):
                _log.error("learning failed", exc_info=names, extra={"capability": filed.capability})
            else:
                revised += names
        return revised

    async def _learned(self, filed: Filed) -> list[str]:
        found: Iterable[PolicyRevised] = await filed.run(self._committer.store, self._pool)
        revised = []
        for event in found:
            stream = f"policy/{event.policy}"
            if lane_of(stream) in self._committer.lanes and not self._in_force(event):
                await self._committer.append(stream, event, by="system")
                revised.append(event.policy)
        return revised

    def _in_force(self, event: PolicyRevised) -> bool:
        now = self._committer.memory.policies.newest_body(event.policy)
        return now is not None and msgspec.json.decode(now) == msgspec.json.decode(event.body)
