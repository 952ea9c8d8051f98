"""Queues: speed of answer, service level under each rule for who counts, abandonment, quotes, first replies, backlog."""

from sqlalchemy import and_, func, literal_column, or_, select

from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.performance.registry.counted import Counted
from baton.capabilities.performance.registry.grains import (
    ANSWERED,
    CONVERSATION,
    FIRST_REPLIES,
    REPLY,
    STRETCH,
    WAIT,
    WAITED_MS,
    S,
)
from baton.capabilities.performance.registry.metric import Metric
from baton.capabilities.performance.registry.scope import NONE, ONE, C, Expr, amount, flag
from baton.capabilities.routing.tables import CONVERSATIONS as WAITS

TARGET_S = 20
SHORT_S = 5
NO_TIMES = "Simulated customers (their times mean nothing)."
NO_WAITS = f"{NO_TIMES} Stretches whose wait no source tells."
SHORT_OUT = f"Abandoned in less than {SHORT_S} s. {NO_WAITS}"
ON_TIME_RULE = (
    f"Target {TARGET_S} s, counted from when a person was asked for or needed: instant AI answers never count."
)
OFFERED: Expr = amount(S.offered_ms) > NONE
LEFT: Expr = and_(OFFERED, amount(S.abandoned) == ONE)
AFTER_A_WHILE: Expr = and_(LEFT, S.ended_ms - S.offered_ms >= literal_column(str(SHORT_S * 1000)))
FLOWED_OUT: Expr = and_(OFFERED, amount(S.answered_ms) == NONE, amount(S.abandoned) == NONE, amount(S.ended_ms) > NONE)
TAKEN: Expr = and_(OFFERED, ANSWERED)
ON_TIME: Expr = flag(and_(ANSWERED, literal_column(str(TARGET_S * 1000)) >= WAITED_MS))
ABANDONED: Expr = flag(amount(S.abandoned) == ONE)
QUEUED: Expr = and_(OFFERED, amount(S.callback) == NONE, or_(ANSWERED, LEFT, FLOWED_OUT))
QUOTED: Expr = and_(amount(WAITS.c.within_ms) > NONE, WAITS.c.waited_ms.isnot(None), amount(WAITS.c.answered_ms) > NONE)
UNDER_WAY: Expr = C.ended_ms.is_(None)
LATEST: Expr = select(func.max(CONVERSATIONS.alias("all_of_them").c.last_ms)).scalar_subquery()
R = FIRST_REPLIES.c
REPLIED: Expr = and_(amount(R.asked_ms) > NONE, amount(R.replied_ms) > NONE)


def _service_level(id: str, title: str, of: str, keep: Expr, exclusions: str) -> Metric:
    return Metric(
        id, title, f"answered within {TARGET_S} s / ({of})", "share", Counted(STRETCH, ON_TIME, keep=keep), exclusions,
        f"N = {of}. {ON_TIME_RULE}", "Service level = (answered - violations) / N, N by an explicit option.",
    )  # fmt: skip


QUEUES = (
    Metric("asa", "Average speed of answer", "sum of waits of the answered / answered", "s",
           Counted(STRETCH, WAITED_MS, keep=TAKEN, per=1000), NO_WAITS),
    _service_level("service_level", "Service level", "answered + abandoned", or_(TAKEN, AFTER_A_WHILE), SHORT_OUT),
    _service_level("service_level_answered", "Service level, of the answered", "answered", TAKEN,
                   f"Whoever was not answered. {NO_WAITS}"),
    _service_level("service_level_flow_outs", "Service level, with flow-outs", "answered + flow-outs + abandoned",
                   or_(TAKEN, FLOWED_OUT, AFTER_A_WHILE), SHORT_OUT),
    _service_level("service_level_short", "Service level, of everybody", "answered + flow-outs + abandoned + abandoned at once",
                   or_(TAKEN, FLOWED_OUT, LEFT), NO_WAITS),
    Metric("abandon", "Abandoned", "abandoned / (answered + abandoned)", "share",
           Counted(STRETCH, ABANDONED, keep=or_(TAKEN, AFTER_A_WHILE)), SHORT_OUT),
    Metric("abandon_queued", "Abandoned, of the queued", "abandoned / queued", "share", Counted(STRETCH, ABANDONED, keep=QUEUED),
           f"Callbacks. {NO_WAITS}", "However soon they left.", "Amazon Connect."),
    Metric("abandon_offered", "Abandoned, of the offered", "abandoned / offered", "share", Counted(STRETCH, ABANDONED, keep=OFFERED),
           NO_WAITS, "However soon they left; callbacks and who still waits count as offered.", "Genesys."),
    Metric("abandon_short", "Abandoned at once", f"abandoned in less than {SHORT_S} s / offered", "share",
           Counted(STRETCH, flag(and_(LEFT, S.ended_ms - S.offered_ms < literal_column(str(SHORT_S * 1000)))), keep=OFFERED), NO_WAITS),
    Metric("quote_kept", "Wait quotes kept", "waits no longer than the customer was told / answered waits with a quote", "share",
           Counted(WAIT, flag(WAITS.c.waited_ms <= WAITS.c.within_ms), keep=QUOTED),
           f"{NO_TIMES} Waits that nobody answered, and those without a quote.", "Nominal: 80 % are to be kept."),
    Metric("quote_error", "Error of wait quotes", "mean distance between the wait that was told and the wait that came", "s",
           Counted(WAIT, func.abs(WAITS.c.waited_ms - WAITS.c.told_ms), keep=QUOTED, per=1000),
           f"{NO_TIMES} Waits that nobody answered, and those without a quote."),
    Metric("first_reply", "First reply", "from the customer's first turn to the first reply, by AI or a person, mean", "s",
           Counted(REPLY, R.replied_ms - R.asked_ms, keep=REPLIED, per=1000), f"{NO_TIMES} Conversations without a reply.",
           "What was said before the customer's first turn, a greeting, is no reply."),
    Metric("first_reply_person", "First reply of a person", "from the customer's first turn to the first turn of a rep, mean", "s",
           Counted(REPLY, R.person_ms - R.asked_ms, keep=and_(REPLIED, amount(R.person_ms) > NONE), per=1000),
           f"{NO_TIMES} Conversations without a rep."),
    Metric("backlog", "Backlog", "conversations that are not over", "count", Counted(CONVERSATION, ONE, keep=UNDER_WAY)),
    Metric("backlog_age", "Age of the backlog", "from the begin of conversations that are not over until now, mean", "s",
           Counted(CONVERSATION, LATEST - C.started_ms, keep=UNDER_WAY, per=1000), options="Now is the latest turn in the log."),
    Metric("parity_wait", "Wait in other languages", "speed of answer of customers who write another language - that of those who write "
           "the most frequent one", "s", Counted(STRETCH, WAITED_MS, keep=and_(TAKEN, C.language != ""), per=1000),
           f"{NO_WAITS} Conversations whose language is not known.", "Above 0: other languages wait longer.",
           "Difference of independent means.", versus="language"),
)  # fmt: skip
