"""Reserve: easy conversations that people had before the AI, and what that costs: a rep's time beside the AI's, and the customer's wait."""

from dataclasses import dataclass

from sqlalchemy import func, select

from baton.capabilities.performance.events import Costs
from baton.capabilities.wellbeing.events import Wellbeing
from baton.capabilities.wellbeing.tables import RESERVED
from baton.web.app import App

DAY_MS = 86_400_000
DAYS = 30
HOUR_MS = 3_600_000
AI_TURNS = 4
"""Turns an AI says in an easy conversation, for what it would have cost: an assumption."""


@dataclass(frozen=True)
class Reserve:
    """The reserve of the last 30 days. `extra` is what people cost more than the AI would have, in thousandths of a cent; None without prices."""

    share_permille: int
    conversations: int
    for_breathers: int
    waited_ms: int
    handled_ms: int
    extra: int | None

    @property
    def mean_wait_ms(self) -> int:
        """How long each customer waited for a person, on average."""
        return self.waited_ms // self.conversations if self.conversations else 0


async def reserve(app: App) -> Reserve:
    """What was withheld, and its price."""
    r, since_ms = RESERVED.c, app.clock.now_ms() - DAYS * DAY_MS
    asked = select(
        r.why, func.count().label("n"), func.sum(r.waited_ms).label("waited"), func.sum(r.handled_ms).label("handled")
    ).where(r.at_ms >= since_ms).group_by(r.why)  # fmt: skip
    rows = {str(row["why"]): row for row in await app.store.rows(asked)}
    n, waited, handled = (sum(int(str(row[name] or 0)) for row in rows.values()) for name in ("n", "waited", "handled"))
    costs = app.policy(Costs)
    extra = costs.rep_hour * handled // HOUR_MS - n * AI_TURNS * costs.ai_turn if costs.rep_hour else None
    for_breathers = int(str(rows["breather"]["n"])) if "breather" in rows else 0
    return Reserve(app.policy(Wellbeing).reserve_permille, n, for_breathers, waited, handled, extra)
