"""Retention: records are kept no longer than policy says. Their keys are destroyed when due; what a legal hold covers stays, and is counted."""

from typing import Final

import msgspec
from sqlalchemy import func, literal_column, select

from baton.capabilities.governance.privacy import holds
from baton.capabilities.governance.privacy.erasing import forget_texts
from baton.capabilities.governance.privacy.governance import LooksForgotten, Records, Retention, TextErased
from baton.capabilities.governance.privacy.holds import Hold
from baton.capabilities.governance.privacy.keeping import FORGOTTEN
from baton.capabilities.governance.tables import ACCESS, DARK
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.orchestration.tables import HEADS
from baton.kernel.errors import BatonError
from baton.web.app import App

DAY_MS: Final = 86_400_000
LEAST_DAYS: Final[dict[Records, int]] = {"access_log": 90}
"""Fewer days than these are refused: who looked at whose words would be gone before anybody asks."""
AT_ONCE: Final = 500
"""Conversations that go dark in one run: the next one comes within the minute while there are more."""


class Due(msgspec.Struct, frozen=True):
    """What is due of one kind: keys of conversations or heads, or positions; `held` are due and kept by a legal hold; `kept` stay."""

    records: Records
    due: tuple[str, ...] = ()
    held: int = 0
    kept: int = 0


async def preview(app: App, policy: Retention) -> list[Due]:
    """What would go dark now under `policy`, by kind."""
    return [await _conversations(app, policy), await _training(app, policy), await _looks(app, policy)]


def checked(policy: Retention) -> Retention:
    """The policy, where it may be put in force; raises 422 where it keeps records for too short."""
    for kind, least in LEAST_DAYS.items():
        if 0 < policy.days(kind) < least:
            told = (
                f"{policy.days(kind)} days are too few for the access log: keep it {least} days or more, or 0 for ever."
            )
            raise BatonError("too_short", 422, told)
    return policy


async def run(app: App) -> int:
    """Destroy what is due under the policy in force, the oldest first; returns how many records went dark."""
    policy = app.policy(Retention)
    if not any(each.days for each in policy.keep):
        return 0
    conversations, training, looks = await preview(app, policy)
    now = [f"conversation/{key}" for key in conversations.due[:AT_ONCE]]
    gone = await forget_texts(app, now, TextErased("retention"), "system") if now else 0
    rows = app.keys.forget_streams([f"head/{key}" for key in training.due])
    return gone + rows + await _unseen(app, [int(each) for each in looks.due[:AT_ONCE]])


async def _unseen(app: App, positions: list[int]) -> int:
    if positions:
        stream = f"access/{app.clock.now_ms() // DAY_MS}"
        await app.committer.append(stream, LooksForgotten(tuple(positions)), by="system")
    return len(positions)


async def _conversations(app: App, policy: Retention) -> Due:
    days, active = policy.days("conversations"), await holds.active(app.store, app.clock.now_ms())
    counted = await app.store.rows(select(literal_column("count(*)").label("n")).select_from(CONVERSATIONS))
    total = int(str(counted[0]["n"]))
    if not days:
        return Due("conversations", kept=total)
    last = func.coalesce(CONVERSATIONS.c.last_ms, CONVERSATIONS.c.started_ms)
    dark = select(DARK.c.conversation).where(DARK.c.conversation == CONVERSATIONS.c.conversation, DARK.c.at_ms > last)
    query = (
        select(CONVERSATIONS.c.conversation, CONVERSATIONS.c.customer)
        .where(last < app.clock.now_ms() - days * DAY_MS, ~dark.exists())
        .order_by(last, CONVERSATIONS.c.conversation)
    )
    rows = await app.store.survey(query)
    free = [
        str(r["conversation"])
        for r in rows
        if not _held(active, str(r["customer"] or ""), str(r["conversation"]), "conversations")
    ]
    return Due("conversations", tuple(free), len(rows) - len(free), total - len(rows))


async def _training(app: App, policy: Retention) -> Due:
    days, active = policy.days("training_rows"), await holds.active(app.store, app.clock.now_ms())
    rows = [r for r in await app.store.rows(select(HEADS.c.head, HEADS.c.given_ms)) if app.keys.of(f"head/{r['head']}")]
    if not days:
        return Due("training_rows", kept=len(rows))
    since = app.clock.now_ms() - days * DAY_MS
    old = [str(r["head"]) for r in rows if int(str(r["given_ms"] or 0)) < since]
    held = any(each.scope == "all" and "training_rows" in each.records for each in active)
    return Due("training_rows", () if held else tuple(old), len(old) if held else 0, len(rows) - len(old))


async def _looks(app: App, policy: Retention) -> Due:
    days, now = policy.days("access_log"), app.clock.now_ms()
    query = select(ACCESS.c.position, ACCESS.c.conversation, ACCESS.c.at_ms).where(ACCESS.c.act != FORGOTTEN)
    rows = await app.store.survey(query.order_by(ACCESS.c.position))
    old = [r for r in rows if days and int(str(r["at_ms"])) < now - days * DAY_MS]
    active = await holds.active(app.store, now) if old else []
    whose = await _customers(app, active)
    free = []
    for row in old:
        key = str(row["conversation"] or "").rpartition("/")[2]
        if not _held(active, whose.get(key, ""), key, "access_log"):
            free.append(str(row["position"]))
    return Due("access_log", tuple(free), len(old) - len(free), len(rows) - len(old))


async def _customers(app: App, active: list[Hold]) -> dict[str, str]:
    """Of the people who are held: the conversations that are theirs."""
    refs = [each.ref for each in active if each.scope == "customer"]
    query = select(CONVERSATIONS.c.conversation, CONVERSATIONS.c.customer).where(CONVERSATIONS.c.customer.in_(refs))
    return {str(r["conversation"]): str(r["customer"]) for r in await app.store.rows(query)} if refs else {}


def _held(active: list[Hold], customer: str, conversation: str, records: Records) -> bool:
    return any(each.covers([customer], [conversation], records) for each in active)
