"""Consent: what each person's data may be used for, as they last said. `web/purposes.py` tells which conversations count."""

from collections.abc import Iterable, Mapping

import msgspec
from sqlalchemy import select

from baton.capabilities.governance.privacy.governance import Consent
from baton.capabilities.governance.tables import CONSENTS
from baton.kernel.committer import Committer
from baton.kernel.errors import BatonError
from baton.kernel.log import Store


class Agreed(msgspec.Struct, frozen=True):
    """What somebody last said about one use. `valid` now: given, not run out, not taken back."""

    purpose: str
    channel: str
    given: bool
    basis: str
    version: str
    source: str
    captured_ms: int
    expires_ms: int
    revoked_ms: int
    position: int

    def valid(self, now_ms: int) -> bool:
        """Whether it holds now."""
        return self.given and (not self.expires_ms or now_ms < self.expires_ms)


async def keep(committer: Committer, customer: str, said: Consent, by: str) -> int:
    """Keep what somebody said; the position that proves it. Raises 422 where consent is given without the words that were shown."""
    now = committer.clock.now_ms()
    if said.given and said.basis == "consent" and not (said.wording and said.version):
        raise BatonError("no_wording", 422, "Consent needs the words that the person saw, and their version.")
    if said.expires_ms and said.expires_ms <= now:
        raise BatonError("ran_out", 422, "This consent has run out already. Give a time to come, or none.")
    told = msgspec.structs.replace(
        said, by=by, captured_ms=said.captured_ms or now, revoked_ms=0 if said.given else said.revoked_ms or now
    )
    return await committer.append(f"customer/{customer}", told, by=by)


async def of(store: Store, customers: Iterable[str]) -> list[Agreed]:
    """What this person said, by use; of several identities the newest word counts."""
    rows = await store.rows(
        select(CONSENTS).where(CONSENTS.c.customer.in_(list(customers))).order_by(CONSENTS.c.position)
    )
    newest = {(str(row["purpose"]), str(row["channel"])): _agreed(row) for row in rows}
    return [newest[key] for key in sorted(newest)]


def _agreed(row: Mapping[str, object]) -> Agreed:
    def whole(name: str) -> int:
        return int(str(row[name] or 0))

    return Agreed(
        str(row["purpose"]), str(row["channel"]), bool(row["given"]), str(row["basis"]), str(row["version"] or ""), str(row["source"] or ""),
        whole("captured_ms"), whole("expires_ms"), whole("revoked_ms"), whole("position"),
    )  # fmt: skip
