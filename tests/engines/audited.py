"""A log that was sealed: customers ask, some inputs are worked, heads are signed and published to a file elsewhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from baton.engines.audit.heads import Signing
from baton.engines.audit.publishing import FileKeeper
from baton.engines.audit.sealing import Sealer
from baton.engines.audit.tables import METADATA
from baton.kernel.committer import Committer
from baton.stores.sql import SqlStore
from tests.ports.craft.events import Asked
from tests.ports.logs import Place, say
from tests.ports.stand_ins import FakeClock

SIGNING = Signing(bytes(range(32)))
STREAMS = 17


@dataclass
class Audited:
    """The committer, its sealer, and the clock both go by."""

    committer: Committer
    sealer: Sealer
    clock: FakeClock

    async def talk(self, turns: int, begin: int = 0) -> None:
        """So many turns in some conversations, worked."""
        for n in range(begin, begin + turns):
            self.clock.advance(s=1)
            await say(
                self.committer, f"conversation/{n % STREAMS}", Asked("echo", str(n), text=f"text {n}"), once=f"t{n}"
            )

    async def head(self) -> None:
        """Seal what was worked, and sign."""
        await self.sealer.seal()
        await self.sealer.sign()


@asynccontextmanager
async def audited(place: Place, signing: Signing = SIGNING) -> AsyncIterator[Audited]:
    """A committer that has started, and a sealer of its log."""
    clock = FakeClock()
    async with place.opened(clock=clock) as committer:
        await prepared(committer)
        yield Audited(committer, Sealer(committer.store, committer.memory.quiet, clock, signing), clock)


async def prepared(committer: Committer) -> None:
    """The tables that sealing needs."""
    assert isinstance(committer.store, SqlStore)
    await committer.store.make(METADATA.sorted_tables)


async def published_log(folder: Path, turns: int = 300, heads: int = 6) -> Path:
    """A home folder with a sealed log, heads published beside it in `elsewhere/heads.jsonl`, and its key there too."""
    home = folder / "home"
    place = Place(str(home / "log.db"), home)
    home.mkdir()
    async with audited(place) as log:
        keeper = FileKeeper(folder / "elsewhere" / "heads.jsonl")
        for n in range(heads):
            await log.talk(turns // heads, n * (turns // heads))
            await log.head()
            await keeper.give(log.sealer.tree)
    (folder / "elsewhere" / "audit.pub").write_text(SIGNING.public.hex())
    (home / "audit.pub").write_text(SIGNING.public.hex())
    return home
