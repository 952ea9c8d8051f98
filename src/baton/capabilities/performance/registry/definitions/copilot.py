"""AI suggestions in reps' hands: asked for, sent as they were, edited, own words; silent rework."""

from sqlalchemy import select

from baton.capabilities.performance.registry.counted import Counted
from baton.capabilities.performance.registry.grains import CONVERSATION, USE
from baton.capabilities.performance.registry.metric import Metric
from baton.capabilities.performance.registry.scope import NONE, C, Expr, amount, flag
from baton.capabilities.performance.tables import AI_USE

A = AI_USE.c
SENT: Expr = A.picked + A.edited + A.own_words
DRAFTS: Expr = A.picked + A.edited
USED: Expr = C.conversation.in_(select(A.conversation).where(DRAFTS > NONE))
NONE_SENT = "Conversations in which the rep sent nothing."
SENDERS = "turns sent by reps who had suggestions"


def _sent(id: str, title: str, formula: str, part: Expr) -> Metric:
    return Metric(id, title, f"{formula} / {SENDERS}", "share", Counted(USE, part, SENT, keep=SENT > NONE), NONE_SENT)


COPILOT = (
    Metric("suggestions_requested", "Suggestions requested", "times a rep asked for AI suggestions", "count",
           Counted(USE, A.requested, keep=A.requested > NONE)),
    _sent("suggestions_picked", "Suggestions sent as they were", "suggestions sent as they were", A.picked),
    _sent("suggestions_edited", "Suggestions edited", "suggestions edited before sending", A.edited),
    _sent("suggestions_own_words", "Own words", "turns in own words", A.own_words),
    Metric("silent_rework", "Silent rework", "AI drafts changed by 20 % of their text or more before sending / AI drafts sent",
           "share", Counted(USE, A.reworked, DRAFTS, keep=DRAFTS > NONE), "Own words.", "Materially changed = 200 permille of the text."),
    Metric("assist_rate", "Assist rate", "suggestions sent, edited or not / suggestions shown", "share",
           Counted(USE, DRAFTS, A.shown, keep=A.shown > NONE), "Conversations in which none was shown.", source="Assist rate = accepted / shown."),
    Metric("copilot_conversations", "Conversations with a suggestion sent", "conversations in which a rep sent at least one suggestion / "
           "conversations in which a rep wrote", "share", Counted(CONVERSATION, flag(USED), keep=amount(C.turns_rep) > NONE),
           source="Copilot conversation rate = conversations with at least one use / eligible."),
)  # fmt: skip
