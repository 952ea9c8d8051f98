"""Grains: the kinds of rows that are counted. Conversations, contacts, needs, stretches with people, and what happened in them."""

from sqlalchemy import FromClause, and_, case, func, literal_column, select, union_all
from sqlalchemy.sql.expression import column

from baton.capabilities.empathy.tables import NEEDS as NEEDED
from baton.capabilities.lake.tables import CONVERSATIONS, LABELS, SEGMENTS
from baton.capabilities.performance.registry.counted import Grain
from baton.capabilities.performance.registry.scope import DAYS, EMPTY, NONE, ONE, C, Expr, Scope, amount, flag
from baton.capabilities.performance.tables import AI_USE, OFFERS, RATINGS, REPLIES
from baton.capabilities.resolution.tables import CHANGES, CONTACTS, NEEDS, PROMISES
from baton.capabilities.routing.tables import CONVERSATIONS as WAITS

AI_PATHS = ("agent", "agent_rep")
JUDGED_MET = ("met", "refused", "handed_over")
FEWEST_A_DAY = 5
WEIGHT: Expr = case(
    (C.complexity == "high", literal_column("3")), (C.complexity == "medium", literal_column("2")), else_=ONE
)
"""How much a minute of work weighs by its complexity (an assumption: low 1, medium 2, high 3)."""

S, K = SEGMENTS.c, CONTACTS.c
REAL: Expr = amount(C.simulated) == NONE
BY_AI: Expr = K.path.in_(AI_PATHS)
ANSWERED: Expr = amount(S.answered_ms) > NONE
HANDLED: Expr = and_(REAL, ANSWERED, amount(S.ended_ms) > NONE)
HANDLE_MS: Expr = S.ended_ms - S.answered_ms + amount(S.wrap_ms)
WAITED_MS: Expr = S.answered_ms - S.offered_ms


def _with(table: FromClause, key: str = "conversation") -> FromClause:
    return CONVERSATIONS.join(table, table.c[key] == C.conversation)


def _contacts() -> FromClause:
    """Contacts, beside the state of the need that they are part of."""
    joined = CONVERSATIONS.join(CONTACTS, K.conversation == C.conversation)
    return joined.outerjoin(NEEDS, NEEDS.c.need == K.need)


ALL_NEEDS = union_all(
    select(NEEDS.c.need, NEEDS.c.state, NEEDS.c.first_path, NEEDS.c.contained).where(NEEDS.c.merged_into == EMPTY),
    select(
        C.conversation, literal_column("'open'"),
        case((and_(amount(C.turns_rep) > NONE, amount(C.turns_agent) == NONE), literal_column("'rep'")), else_=literal_column("'agent'")),
        NONE,
    ).where(~select(K.conversation).where(K.conversation == C.conversation).exists()),
).subquery("needs")  # fmt: skip
"""Every need; a conversation under way is an open one."""
N = ALL_NEEDS.c

KNOWN_UNTIL = (
    select(K.source, func.max(K.ended_ms).label("until_ms")).where(amount(K.simulated) == NONE).group_by(K.source)
).subquery("known_until")
"""How far contacts of each source are known."""
SINGLE = (
    select(K.stated_need).where(K.stated_need != EMPTY).group_by(K.stated_need).having(func.count() == ONE)
).subquery("single")
"""Needs that their source names for one contact alone: nobody who came back would be found by them."""


def _observed() -> FromClause:
    joined = CONVERSATIONS.join(CONTACTS, K.conversation == C.conversation)
    joined = joined.join(KNOWN_UNTIL, KNOWN_UNTIL.c.source == K.source)
    return joined.outerjoin(SINGLE, SINGLE.c.stated_need == K.stated_need)


def _rep_days(scope: Scope) -> FromClause:
    """A rep's day: the time with at least one contact in hand, from the first answer to the last end."""
    begin, end = S.answered_ms, S.ended_ms + amount(S.wrap_ms)
    busy = (
        select(C.conversation, S.rep, (begin // DAYS).label("day"), begin.label("b"), end.label("e"), (HANDLE_MS * WEIGHT).label("weighed"))
        .select_from(scope.joined(CONVERSATIONS.join(SEGMENTS, S.conversation == C.conversation)))
        .where(*scope.conditions(), HANDLED, S.rep != EMPTY)
    ).subquery("busy")  # fmt: skip
    b = busy.c
    before = func.max(b.e).over(partition_by=(b.rep, b.day), order_by=(b.b, b.e), rows=(None, -1)).label("before")
    each = select(b.conversation, b.rep, b.day, b.b, b.e, b.weighed, before).subquery("each")
    e = each.c
    begins = case((and_(e.before.isnot(None), e.before > e.b), e.before), else_=e.b)
    alone = case((e.e > begins, e.e - begins), else_=NONE)
    return (
        select(func.min(e.conversation).label("conversation"), e.rep, e.day, func.sum(alone).label("busy_ms"),
               (func.max(e.e) - func.min(e.b)).label("span_ms"), func.sum(e.weighed).label("weighed_ms"))
        .group_by(e.rep, e.day).having(func.count() >= literal_column(str(FEWEST_A_DAY)))
    ).subquery("rep_days")  # fmt: skip


def _once_met() -> FromClause:
    """Needs that were held to be met at some time, and whether that was taken back."""
    met = ("provisional", "confirmed")
    back = flag(
        and_(CHANGES.c.was.in_(met), CHANGES.c.state.in_(("reversed", "open", "failed", "given_up", "unaccounted")))
    )
    ever = (
        select(CHANGES.c.need, func.max(back).label("reopened"))
        .group_by(CHANGES.c.need).having(func.max(flag(CHANGES.c.state.in_(met))) == ONE)
    ).subquery("once_met")  # fmt: skip
    return CONVERSATIONS.join(ever, ever.c.need == C.conversation)


FIRST_REPLIES = REPLIES.alias("first_replies")
CONVERSATION = Grain(CONVERSATIONS, C.conversation)
CONTACT = Grain(_contacts(), C.conversation)
OBSERVED = Grain(_observed(), C.conversation, keep=and_(amount(K.simulated) == NONE, SINGLE.c.stated_need.is_(None)))
NEED = Grain(_with(ALL_NEEDS, "need"), C.conversation, more={"state": N.state, "first_path": N.first_path})
ONCE_MET = Grain(_once_met(), C.conversation)
STRETCH = Grain(_with(SEGMENTS), C.conversation, rep=S.rep, queue=S.queue, keep=REAL)
WAIT = Grain(_with(WAITS), C.conversation, queue=WAITS.c.queue, keep=REAL)
PERSON_NEEDED = Grain(_with(NEEDED), C.conversation)
USE = Grain(_with(AI_USE), C.conversation, rep=AI_USE.c.rep)
PROMISE = Grain(_with(PROMISES), C.conversation, queue=PROMISES.c.queue)
OFFER = Grain(_with(OFFERS), C.conversation, rep=OFFERS.c.rep)
REPLY = Grain(_with(FIRST_REPLIES), C.conversation, keep=REAL)
RATING = Grain(_with(RATINGS), C.conversation)
STATED = Grain(_with(LABELS), C.conversation, keep=LABELS.c.what == "reward")
REP_DAY = Grain(
    _rep_days, column("conversation"),
    own={"rep": column("rep"), "day": column("day")},
)  # fmt: skip
