"""Erasures: people who were forgotten or wait to be, and the record of one."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import select

from baton.capabilities.governance.privacy.governance import CustomerErased
from baton.capabilities.governance.tables import ERASURES
from baton.kernel.conversation import Entry
from baton.web.app import App


class Erasure(msgspec.Struct, frozen=True):
    """One: `state` asked or erased; `staff` who asked, empty where it was the person."""

    subject: str
    state: str
    staff: str
    why: str
    asked_ms: int
    erased_ms: int
    conversations: int
    open_after: int


async def every(app: App) -> list[Erasure]:
    """Every erasure, the newest first."""
    rows = await app.store.rows(select(ERASURES).order_by(ERASURES.c.asked_ms.desc(), ERASURES.c.subject))
    return [_erasure(row) for row in rows]


async def record(app: App, subject: str) -> tuple[Entry, CustomerErased] | None:
    """What the log says of the latest erasure of this subject (`customer/…` or `conversation/…`); None where it has none."""
    found = None
    for entry, _ in await app.reader.told(subject):
        if isinstance(entry.event, CustomerErased):
            found = (entry, entry.event)
    return found


def _erasure(row: Mapping[str, object]) -> Erasure:
    def whole(name: str) -> int:
        return int(str(row[name] or 0))

    return Erasure(
        str(row["subject"]), str(row["state"]), str(row["staff"] or ""), str(row["why"] or ""), whole("asked_ms"), whole("erased_ms"),
        whole("conversations"), whole("open_after"),
    )  # fmt: skip
