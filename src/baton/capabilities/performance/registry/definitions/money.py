"""Money: what a resolved need costs, at the costs that the organisation set."""

from sqlalchemy import BigInteger, FromClause, and_, func, literal_column, select

from baton.capabilities.lake.tables import CONVERSATIONS, SEGMENTS
from baton.capabilities.performance.registry.counted import Counted, Grain
from baton.capabilities.performance.registry.grains import HANDLE_MS, HANDLED, S
from baton.capabilities.performance.registry.metric import Metric
from baton.capabilities.performance.registry.scope import EMPTY, NONE, C, Expr, amount, flag
from baton.capabilities.performance.tables import COSTS
from baton.capabilities.resolution.tables import NEEDS

THOUSANDTHS = 1000
"""Costs are in thousandths of a cent, the metric in cents."""
_HOUR_MS: Expr = literal_column("3600000", BigInteger)
_MINUTE_MS: Expr = literal_column("60000", BigInteger)
_HANDLED = (
    select(S.conversation, func.sum(HANDLE_MS).label("handled_ms"))
    .select_from(SEGMENTS.join(CONVERSATIONS, C.conversation == S.conversation))
    .where(HANDLED).group_by(S.conversation)
).subquery("handled")  # fmt: skip


def _conversations() -> FromClause:
    """Every conversation beside the costs in force and the need that began in it: none where no costs are set."""
    joined = CONVERSATIONS.join(COSTS, COSTS.c.id == literal_column("'now'"))
    joined = joined.outerjoin(_HANDLED, _HANDLED.c.conversation == C.conversation)
    return joined.outerjoin(NEEDS, and_(NEEDS.c.need == C.conversation, NEEDS.c.merged_into == EMPTY))


CALL_MS: Expr = flag(C.channel == literal_column("'voice'")) * amount(C.ended_ms - C.started_ms)
HANDLED_MS: Expr = amount(_HANDLED.c.handled_ms)
_PEOPLE: Expr = HANDLED_MS * COSTS.c.rep_hour / _HOUR_MS
_TELEPHONY: Expr = CALL_MS * COSTS.c.voice_minute / _MINUTE_MS
COST: Expr = _PEOPLE + _TELEPHONY + amount(C.turns_agent) * COSTS.c.ai_turn + COSTS.c.conversation
RESOLVED: Expr = flag(NEEDS.c.state == literal_column("'confirmed'"))
PRICED = Grain(_conversations(), C.conversation, keep=amount(C.simulated) == NONE)

MONEY = (
    Metric(
        "cost_per_resolution", "Cost per resolution",
        "(handling of reps + turns of AI + platform + telephony of every conversation) / needs confirmed as met", "cents",
        Counted(PRICED, COST, RESOLVED, per=THOUSANDTHS),
        "Simulated customers. Without costs set there is no figure.",
        "At the costs in force, policy `performance.Costs`: an hour of a rep's handling (talk, hold and wrap-up), a turn of an AI, a "
        "conversation, a minute of a call. What was not resolved costs too; a need is resolved where it began.",
        "Cost per resolution = (AI + people + platform + telephony) / verified resolutions.", ("verified_resolution",),
    ),
)  # fmt: skip
