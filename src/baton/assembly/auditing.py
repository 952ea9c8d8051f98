"""Auditing in a running Baton: seal, sign, publish, and look again at what was sealed; beside everything else."""

import asyncio
import logging
from typing import Final

import httpx
import msgspec

from baton.engines.audit.checking import newest_fits
from baton.engines.audit.heads import signing_of
from baton.engines.audit.publishing import Keeper, given, keepers
from baton.engines.audit.sealing import Sealer
from baton.engines.audit.tables import KEEPING
from baton.kernel.committer import Committer
from baton.kernel.errors import BatonError, Fenced
from baton.kernel.tables import Tables
from baton.settings import Settings

log = logging.getLogger(__name__)
FIRST_S: Final = 5.0
CHECK_MS: Final = 900_000
"""How often the newest part is read again."""
LAST_S: Final = 5.0
"""How long a stop waits for the last head to be published."""
VERIFIED: Final = "verified"


class Auditing:
    """Seals the log that `committer` writes. Of several processes, the one that works lane 0 does it."""

    def __init__(self, committer: Committer, settings: Settings) -> None:
        given_key = settings.audit_key.get_secret_value() if settings.audit_key else None
        token = settings.audit_token.get_secret_value() if settings.audit_token else ""
        self.signing = signing_of(settings.home, given_key)
        self.sealer = Sealer(committer.store, committer.memory.quiet, committer.clock, self.signing)
        self.keepers: list[Keeper] = [*keepers(settings.audit_publish, token, self.signing.public)]
        self._committer, self._every_s = committer, settings.audit_every_s
        self._said: dict[str, tuple[int, int, str]] = {}
        self._checked_ms, self._turn = 0, 0

    async def run(self) -> None:
        """Every `audit_every_s`, until cancelled. What fails is said and tried again: auditing never stops a turn."""
        await asyncio.sleep(min(FIRST_S, self._every_s))
        while True:
            if 0 in self._committer.lanes:
                await self._tick()
            await asyncio.sleep(self._every_s)

    async def _tick(self) -> None:
        try:
            await self.once()
            await self._check()
        except Fenced:
            log.info("another process seals this log")
        except Exception:
            log.exception("the log could not be sealed; it is tried again")

    async def once(self) -> None:
        """Seal, sign and publish what there is."""
        await self.sealer.seal()
        await self.sealer.sign()
        await self.publish()

    async def publish(self) -> None:
        """Give every keeper what is missing there, and keep what came of it."""
        for keeper in self.keepers:
            try:
                size, receipt = await given(keeper, self.sealer.tree)
                await self._say(keeper.where, size, 1, receipt)
            except BatonError as error:
                await self._say(keeper.where, 0, 0, error.message)
            except (httpx.HTTPError, OSError) as error:
                told = f"{keeper.where!r} could not be reached: {type(error).__name__} {error}. It is tried again."
                await self._say(keeper.where, 0, 0, told)
            except (msgspec.MsgspecError, ValueError, LookupError):
                told = f"{keeper.where!r} does not hold, or answer with, heads of a log. Look at what is there; nothing was published."
                await self._say(keeper.where, 0, 0, told)

    async def _say(self, what: str, size: int, ok: int, told: str) -> None:
        before = self._said.get(what)
        if before == (size, ok, told) or (before and ok and not told and before[:2] == (size, 1)):
            return
        folded, cells = Tables(), {"size": size} if ok else {}
        folded.put(KEEPING, {"what": what}, at_ms=self._committer.clock.now_ms(), ok=ok, **cells)
        if told or not ok or before:
            folded.put(KEEPING, {"what": what}, told=told)
        await self.sealer.keep(folded)
        self._said[what] = (size, ok, told)

    async def _check(self) -> None:
        now_ms = self._committer.clock.now_ms()
        if now_ms - self._checked_ms < CHECK_MS:
            return
        size, wrong = await newest_fits(self.sealer.tree, self.signing.public, self._turn)
        self._checked_ms, self._turn = now_ms, self._turn + 1
        if size:
            self._said.pop(VERIFIED, None)
            await self._say(VERIFIED, size, int(not wrong), wrong)
        if wrong:
            log.error("the log is not what was signed: %s", wrong)

    async def close(self) -> None:
        """The last head of this run; called when nothing commits any more."""
        if 0 not in self._committer.lanes:
            return
        try:
            async with asyncio.timeout(LAST_S):
                await self.once()
        except TimeoutError:
            log.warning("the last head could not be published in time; the next start does it")
        except Exception:
            log.exception("the last inputs could not be sealed; the next start does it")
