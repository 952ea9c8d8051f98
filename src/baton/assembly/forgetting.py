"""Forgetting in a running Baton: what any process holds open of texts is dropped as soon as one of them destroys a key.

A key store that is older than the log is brought up to it: what the log says was destroyed is destroyed again.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from sqlalchemy import select

from baton.capabilities.governance.events import CustomerErased, TextErased
from baton.capabilities.governance.tables import DARK, ERASURES
from baton.capabilities.routing.events import Routing
from baton.engines.audit.tree import Tree
from baton.engines.personal.hiding import hide_strictly
from baton.engines.understanding import Understanding
from baton.kernel.committer import Committer, Done
from baton.kernel.log import STEP, Store
from baton.stores.keys import SqliteKeys
from baton.web.app import App

LOOK_S: Final = 1.0
CACHE: Final = type(lru_cache(1)(len))
log = logging.getLogger(__name__)


class Forgetting:
    """Keeps one process from remembering what was forgotten."""

    def __init__(self, committer: Committer, keys: SqliteKeys, models: Understanding) -> None:
        self._committer, self._keys, self._models = committer, keys, models

    def heard(self, done: Sequence[Done]) -> None:
        """A listener of the committer: somebody was forgotten here."""
        if any(isinstance(each.entry.event, CustomerErased | TextErased) for each in done):
            self._texts()

    async def run(self) -> None:
        """Look once a second whether another process destroyed a key, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            if self._keys.moved():
                async with self._committer.memory.quiet:
                    self.drop()

    def drop(self) -> None:
        """Close every cipher and stream that is open, and forget every text that was read."""
        self._committer.codec.forget()
        self._committer.memory.clear()
        self._texts()

    def _texts(self) -> None:
        self._models.forget()
        for clear in caches_of_texts():
            clear()


def caches_of_texts() -> Iterator[Callable[[], None]]:
    """What empties each bounded cache of the project: those are of texts and what was found in them; what is kept for good is unbounded."""
    for name, module in list(sys.modules.items()):
        if name.startswith("baton."):
            for each in list(vars(module).values()):
                if isinstance(each, CACHE) and each.cache_parameters()["maxsize"] is not None:
                    yield each.cache_clear


async def catch_up(committer: Committer) -> int:
    """Destroy again what the log says was destroyed, where an older copy of the keys was restored without its list; how many went dark."""
    told = [
        (f"conversation/{row['conversation']}", str(row["fingerprint"]))
        for row in await committer.store.rows(select(DARK))
    ]
    for row in await committer.store.rows(select(ERASURES.c.position).where(ERASURES.c.state == "erased")):
        found = await committer.store.at(int(str(row["position"])) // STEP * STEP)
        event = committer.codec.decode(found.entry.stream, found.entry.body) if found else None
        told += list(event.destroyed) if isinstance(event, CustomerErased) else []
    back = committer.keys.present(told)
    if back:
        log.warning("an older key store was restored; what was forgotten is forgotten again: keys=%d", len(back))
    return committer.keys.destroy(back) if back else 0


async def newest_head(store: Store) -> tuple[int, str]:
    """How many inputs the log's latest signed head covers, and its root; nothing before the first one."""
    head = await Tree(store).newest()
    return (head.size, head.root) if head else (0, "")


def reasons(app: App) -> Callable[[str], str]:
    """How a reason that staff give is kept: facts and read models hold no personal text, so a customer's values give way to their kind.

    Names of staff stay: a reason may be about them ("Kim is ill").
    """

    def kept(text: str) -> str:
        if not text.strip():
            return text
        names = {part for each in app.accounts.everyone() for part in (each.name, *each.name.split())}
        queues = {word for queue in app.policy(Routing).queues for word in queue.title.split()}
        return hide_strictly(app.cover(text), names | queues | set(app.organisation.name.split()))

    return kept
