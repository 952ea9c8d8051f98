"""Purposes: whether texts of a conversation may be used for something beside service, by what its customer agreed to or refused."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import select

from baton.capabilities.governance.events import Purposes
from baton.capabilities.governance.tables import CONSENTS
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.kernel.log import Store


class Counted(msgspec.Struct, frozen=True):
    """Conversations that may be used for something, and how many may not."""

    may: tuple[str, ...]
    left_out: int


async def may_use(store: Store, rule: Purposes, conversations: Sequence[str], purpose: str, now_ms: int) -> Counted:
    """Which of these conversations may be used for `purpose`: where policy asks, those of people who agreed; else of all who did not refuse."""
    query = select(CONVERSATIONS.c.conversation, CONSENTS.c.given, CONSENTS.c.expires_ms).join_from(
        CONVERSATIONS, CONSENTS, CONSENTS.c.customer == CONVERSATIONS.c.customer
    )
    rows = await store.survey(query.where(CONSENTS.c.purpose == purpose, CONSENTS.c.channel == ""))
    said = {str(row["conversation"]): _holds(row, now_ms) for row in rows}
    may = tuple(key for key in conversations if said.get(key, purpose not in rule.ask))
    return Counted(may, len(conversations) - len(may))


def _holds(row: Mapping[str, object], now_ms: int) -> bool:
    ends = int(str(row["expires_ms"] or 0))
    return bool(row["given"]) and (not ends or now_ms < ends)
