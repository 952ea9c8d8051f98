"""Spending: what each agent cost this month, and the stop of those over their cap until the month ends."""

import asyncio
from datetime import UTC, datetime
from typing import Final

import msgspec
from sqlalchemy import func, select

from baton.capabilities.agents.tables import ACTIONS, THOUGHTS
from baton.capabilities.governance.events import AgentStopped, Overspent, Register
from baton.capabilities.governance.switch import reach
from baton.capabilities.governance.tables import DISCLOSURES
from baton.capabilities.performance.events import Costs
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import policy_name
from baton.web.app import App

DAY_MS: Final = 86_400_000
EVERY_S: Final = 30.0
THOUSANDTHS: Final = 1000
MICROS: Final = 10
"""Micro-units of the currency in a thousandth of a cent: what calls to models are counted in."""
NAME: Final = policy_name(Overspent)


def month_of(now_ms: int) -> tuple[int, int]:
    """Beginning and end of the calendar month (UTC), in ms."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    begin = datetime(now.year, now.month, 1, tzinfo=UTC)
    end = datetime(now.year + now.month // 12, now.month % 12 + 1, 1, tzinfo=UTC)
    return int(begin.timestamp() * 1000), int(end.timestamp() * 1000)


async def spent(app: App) -> dict[str, int]:
    """Cents by agent this month: its turns and acts, its conversations, at the prices of `performance.Costs`, and its calls to models."""
    since_ms, _ = month_of(app.clock.now_ms())
    costs = app.policy(Costs)
    acts = select(ACTIONS.c.agent, func.sum(ACTIONS.c.times).label("n")).where(ACTIONS.c.day >= since_ms // DAY_MS)
    thoughts = select(THOUGHTS.c.agent, func.sum(THOUGHTS.c.cost_micros).label("micros"))
    thoughts = thoughts.where(THOUGHTS.c.day >= since_ms // DAY_MS).group_by(THOUGHTS.c.agent)
    began = select(DISCLOSURES.c.agent, func.count().label("n")).where(DISCLOSURES.c.at_ms >= since_ms)
    models = await app.store.rows(thoughts)
    found = {str(row["agent"]): int(str(row["micros"] or 0)) // MICROS for row in models}
    for price, rows in (
        (costs.ai_turn, await app.store.rows(acts.group_by(ACTIONS.c.agent))),
        (costs.conversation, await app.store.rows(began.group_by(DISCLOSURES.c.agent))),
    ):
        for row in rows:
            found[str(row["agent"])] = found.get(str(row["agent"]), 0) + price * int(str(row["n"]))
    return {agent: thousandths // THOUSANDTHS for agent, thousandths in found.items()}


async def look(app: App) -> list[str]:
    """Stop who went over their cap, in conversations that run too; let go who no longer is. Who was stopped now."""
    now_ms = app.clock.now_ms()
    caps = {a.system: a.cap_cents for a in app.policy(Register).approvals if a.cap_cents}
    cost, (_, ends_ms) = (await spent(app) if caps else {}), month_of(now_ms)
    over = {agent: ends_ms for agent, cap in caps.items() if cost.get(agent, 0) >= cap}
    before = {agent: until for agent, until in app.policy(Overspent).until_ms.items() if until > now_ms}
    if over == before:
        return []
    new = sorted(set(over) - set(before))
    why = f"over the cost cap: {', '.join(new)}" if new else "within the cost caps again"
    body = msgspec.Raw(msgspec.json.encode(Overspent(over)))
    await app.committer.append(f"policy/{NAME}", PolicyRevised(NAME, body, "baton", why), by="system")
    for agent in new:
        await reach.tell(app.committer, AgentStopped(agent, "", "over its cost cap for this month"))
    return new


async def watch(app: App) -> None:
    """Look now and then."""
    while True:
        await asyncio.sleep(EVERY_S)
        await look(app)
