"""Known: the ledger read back from its read models, so that a yes given before a restart counts after it, once."""

from collections.abc import Mapping

from sqlalchemy import select

from baton.capabilities.governance.gate.ledger import AGAIN_MS, Ledger, Yes
from baton.capabilities.governance.tables import APPROVED, CONFIRMED
from baton.kernel.log import Store


async def read_back(ledger: Ledger, store: Store, now_ms: int) -> None:
    """Know every yes and approval that may still count. What is known already stays as it is."""
    still = select(CONFIRMED).where(CONFIRMED.c.until_ms >= now_ms - AGAIN_MS)
    for row in await store.rows(still):
        ledger.put(str(row["conversation"]), str(row["bound"]), _yes(row))
    for row in await store.rows(select(APPROVED).where(APPROVED.c.until_ms.is_(None))):
        ledger.approve(str(row["approval"]), str(row["conversation"]), str(row["bound"]), 0)
    for row in await store.rows(select(APPROVED).where(APPROVED.c.until_ms >= now_ms)):
        ledger.approve(str(row["approval"]), str(row["conversation"]), str(row["bound"]), int(str(row["until_ms"])))


def _yes(row: Mapping[str, object]) -> Yes:
    state = str(row["state"])
    return Yes(
        customer=str(row["customer"]), until_ms=int(str(row["until_ms"])), given=state in {"given", "used"},
        channel=str(row["channel"] or ""), key=str(row["act"] or ""), used=state == "used",
    )  # fmt: skip
