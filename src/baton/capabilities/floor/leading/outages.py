"""Outages: one switch tells waiting customers and the AI's of a known issue, and every new one; ending it says what it cost."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, func, select

from baton.capabilities.floor.events import Outage, OutageTold
from baton.capabilities.floor.tables import OUTAGES
from baton.capabilities.governance.tables import OPEN
from baton.capabilities.lake.tables import CONVERSATIONS as LAKE
from baton.capabilities.routing.tables import CONVERSATIONS as ROUTED
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import Conflict
from baton.kernel.stream import policy_name
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff

POLICY = policy_name(Outage)
AT_ONCE = 200
"""Conversations told in one round."""


class Summary(msgspec.Struct, frozen=True):
    """An outage in figures: of the conversations that began in it, how many waited for a person, left, and were answered."""

    outage: str
    began_ms: int
    ended_ms: int
    began_by: str
    ended_by: str
    queues: tuple[str, ...]
    told: int
    began: int
    waited: int
    answered: int
    left: int


async def begin(app: App, staff: Staff, title: str, text: str, queues: Sequence[str]) -> str:
    """Tell everyone of a known issue; its id. Raises 409 where one is told of already."""
    if app.policy(Outage).id:
        raise Conflict("outage_already", "An outage is told of already. End that one first, or leave it.")
    now = app.clock.now_ms()
    outage = Outage(app.chance.token(6), app.cover(title.strip()), app.cover(text.strip()), tuple(queues), now)
    await _revise(app, staff, outage, outage.title)
    await _tell(app, staff, OutageTold(outage.id, outage.text), outage.queues)
    return outage.id


async def end(app: App, staff: Staff) -> str:
    """It is over: who was told is told so. Raises 409 where none is under way."""
    now = app.policy(Outage)
    if not now.id:
        raise Conflict("no_outage", "No outage is under way. Nothing was changed.")
    await _revise(app, staff, Outage(), now.id)
    await _tell(app, staff, OutageTold(now.id, over=True), ())
    return now.id


async def _revise(app: App, staff: Staff, outage: Outage, why: str) -> None:
    body = msgspec.Raw(msgspec.json.encode(outage))
    revised = PolicyRevised(POLICY, body, staff.id, why, emergency=True)
    await app.committer.append(f"policy/{POLICY}", revised, by=f"rep/{staff.id}")


async def _tell(app: App, staff: Staff, told: OutageTold, queues: Sequence[str]) -> None:
    """Tell open conversations; whether and how it is said is decided in each."""
    joined = OPEN.outerjoin(ROUTED, ROUTED.c.conversation == OPEN.c.conversation)
    query = select(OPEN.c.conversation, ROUTED.c.holder, ROUTED.c.who).select_from(joined).where(OPEN.c.state == "open")
    rows = await app.store.rows(query)
    keys = [str(r["conversation"]) for r in rows if not queues or (r["holder"] == "queue" and r["who"] in queues)]
    for at in range(0, len(keys), AT_ONCE):
        batch = keys[at : at + AT_ONCE]
        once = f"outage:{told.outage}:{told.over}"
        await asyncio.gather(
            *(app.committer.append(f"conversation/{k}", told, by=f"rep/{staff.id}", once=once) for k in batch)
        )


async def summary(app: App, outage: str) -> Summary:
    """What it cost, up to now where it goes on; 404 where there was none of that id."""
    rows = await app.store.rows(select(OUTAGES).where(OUTAGES.c.outage == outage))
    if not rows:
        raise not_found()
    row = rows[0]
    began, ended = int(str(row["began_ms"])), int(str(row["ended_ms"] or 0))
    until = ended or app.clock.now_ms()
    queues = tuple(q for q in str(row["queues"] or "").split(",") if q)
    counted = await app.store.rows(_begun(began, until))
    during = [ROUTED.c.asked_ms.between(began, until), *([ROUTED.c.queue.in_(queues)] if queues else [])]
    waits = await app.store.rows(select(ROUTED.c.asked_ms, ROUTED.c.answered_ms, ROUTED.c.left).where(*during))
    answered = sum(int(str(w["answered_ms"] or 0)) >= int(str(w["asked_ms"])) for w in waits)
    left = sum(w["left"] == "left" for w in waits)
    return Summary(
        outage, began, ended, str(row["began_by"] or ""), str(row["ended_by"] or ""), queues, int(str(row["told"] or 0)),
        int(str(counted[0]["n"])), len(waits), answered, left,
    )  # fmt: skip


def _begun(began_ms: int, until_ms: int) -> Select[Any]:
    return select(func.count().label("n")).where(LAKE.c.started_ms.between(began_ms, until_ms))
