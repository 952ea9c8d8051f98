"""Legal holds: what keeps records from being erased, who placed it and why, until when. A hold ends by itself."""

from collections.abc import Collection, Mapping
from typing import Final

import msgspec
from sqlalchemy import select

from baton.capabilities.governance.privacy.governance import HoldEnded, HoldPlaced, Records, Scope
from baton.capabilities.governance.privacy.subject import Subject
from baton.capabilities.governance.tables import HOLDS
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.kernel.committer import Committer
from baton.kernel.errors import BatonError, Conflict
from baton.kernel.log import Store

LONGEST_MS: Final = 10 * 366 * 86_400_000
"""Ten years: a hold without an end is no hold but a policy."""


class Hold(msgspec.Struct, frozen=True):
    """A hold. `ended_ms` is 0 while it is in force; `why` is read from its own stream, sealed."""

    hold: str
    scope: str
    ref: str
    records: tuple[str, ...]
    staff: str
    placed_ms: int
    until_ms: int
    ended_ms: int
    ended_by: str
    why: str = ""

    def active(self, now_ms: int) -> bool:
        """Whether it is in force."""
        return not self.ended_ms and now_ms < self.until_ms

    def covers(self, customers: Collection[str], conversations: Collection[str], records: Records) -> bool:
        """Whether records of this kind of this person are held."""
        if records not in self.records:
            return False
        return self.scope == "all" or self.ref in (customers if self.scope == "customer" else conversations)


async def every(store: Store) -> list[Hold]:
    """Every hold, the newest first."""
    rows = await store.rows(select(HOLDS).order_by(HOLDS.c.placed_ms.desc(), HOLDS.c.hold))
    return [_hold(row) for row in rows]


async def active(store: Store, now_ms: int) -> list[Hold]:
    """The holds in force."""
    return [each for each in await every(store) if each.active(now_ms)]


async def holding_back(store: Store, subject: Subject, now_ms: int, records: Records = "conversations") -> list[Hold]:
    """The holds that forbid erasing this person now; of one conversation alone, those of whoever it is said to be too."""
    found, customers = await active(store, now_ms), subject.customers
    if found and not customers:
        query = select(CONVERSATIONS.c.customer).where(CONVERSATIONS.c.conversation.in_(subject.conversations))
        customers = tuple(str(row["customer"]) for row in await store.rows(query) if row["customer"])
    return [each for each in found if each.covers(customers, subject.conversations, records)]


async def with_reasons(committer: Committer, holds: list[Hold]) -> list[Hold]:
    """The holds with why each was placed."""
    return [msgspec.structs.replace(each, why=await _why(committer, each.hold)) for each in holds]


async def place(
    committer: Committer, key: str, staff: str, scope: Scope, ref: str, records: tuple[Records, ...], why: str, until_ms: int
) -> int:  # fmt: skip
    """Place a hold under `key`; the position. Raises 422 where it has no reason, no end, or nothing it is about."""
    now = committer.clock.now_ms()
    if not why.strip():
        raise BatonError("no_reason", 422, "Say why these records are held, such as the number of the case at court.")
    if not now < until_ms <= now + LONGEST_MS:
        raise BatonError(
            "no_end", 422, "Say until when: a day after today, at most ten years away. It can be placed again."
        )
    if not records or (scope != "all" and not ref):
        raise BatonError("nothing_held", 422, "Say what is held: at least one kind of records, and of whom.")
    event = HoldPlaced(scope, until_ms, staff, why.strip(), "" if scope == "all" else ref, records)
    return await committer.append(f"hold/{key}", event, by=f"staff/{staff}")


async def end(committer: Committer, key: str, staff: str) -> int:
    """End a hold before its time; the position. Raises 404 where there is none, 409 where it is over."""
    found = next((each for each in await every(committer.store) if each.hold == key), None)
    if found is None:
        raise BatonError("not_found", 404, "There is no such hold.")
    if not found.active(committer.clock.now_ms()):
        raise Conflict("hold_over", "This hold is over already. Nothing was changed.")
    return await committer.append(f"hold/{key}", HoldEnded(staff), by=f"staff/{staff}", once="ended")


def refusal(holds: list[Hold]) -> BatonError:
    """What is said where a hold forbids an erasure."""
    return BatonError(
        "held",
        409,
        f"{len(holds)} legal hold(s) keep these records. Nothing was erased; end the hold first, or wait until it ends.",
    )


async def _why(committer: Committer, key: str) -> str:
    for recorded in await committer.store.history(f"hold/{key}"):
        event = committer.codec.decode(f"hold/{key}", recorded.entry.body)
        if isinstance(event, HoldPlaced):
            return event.why
    return ""


def _hold(row: Mapping[str, object]) -> Hold:
    def whole(name: str) -> int:
        return int(str(row[name] or 0))

    def word(name: str) -> str:
        return str(row[name] or "")

    return Hold(
        word("hold"), word("scope"), word("ref"), tuple(word("records").split(",")), word("staff"), whole("placed_ms"), whole("until_ms"),
        whole("ended_ms"), word("ended_by"),
    )  # fmt: skip
