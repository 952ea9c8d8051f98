"""What came of it: containment and what it hides, the nine states, and the shares that vendors show."""

from sqlalchemy import and_
from sqlalchemy.sql.expression import column

from baton.capabilities.lake.tables import LABELS
from baton.capabilities.performance.registry.counted import Counted
from baton.capabilities.performance.registry.grains import (
    AI_PATHS,
    BY_AI,
    CONTACT,
    CONVERSATION,
    NEED,
    ONCE_MET,
    STATED,
    K,
    N,
)
from baton.capabilities.performance.registry.judged import judged
from baton.capabilities.performance.registry.metric import Metric
from baton.capabilities.performance.registry.scope import FIRST, NONE, ONE, C, amount, flag
from baton.capabilities.resolution.events import STATES
from baton.capabilities.resolution.tables import NEEDS

BESIDE = ("verified_resolution", "resolved_in_contained")
WINDOWS_DAYS = (1, 3, 7, 14, 30)
UNDER_WAY = "Conversations under way."
MET = ("confirmed", "provisional", "correctly_refused")
STATE_TEXT = {
    "confirmed": "evidence that it was met, and nobody came back about it in 7 days",
    "provisional": "evidence that it was met; its 7 days are not over",
    "correctly_refused": "it could not be granted, and the customer was told so",
    "correctly_handed_over": "a person was needed, and was reached",
    "given_up": "the customer left with the need unmet",
    "failed": "the record, the rep or the source says it was not met",
    "reversed": "it was held to be met, and the customer came back about it in 7 days",
    "unaccounted": "it ended, and nothing shows that the need was met",
    "open": "still going on, or a promise is open",
}
CONTAINED = amount(K.contained)
KEPT = CONTAINED == ONE
NEED_OF_AI = N.first_path.in_(AI_PATHS)
FIRST_BY_AI = FIRST.in_(AI_PATHS)
ASSUMED = flag(and_(KEPT, K.verdict.in_(("met", "silent", "refused"))))
NO_MACHINE = K.path != "machine"
FIN = "Fin (Intercom help article 8205718)."


def _state(state: str) -> Metric:
    words = state.replace("_", " ")
    return Metric(
        f"ledger_{state}", f"Needs {words}", f"needs that are {words} / all needs. {STATE_TEXT[state].capitalize()}.", "share",
        Counted(NEED, flag(N.state == state)), options="Window W = 7 days.",
        source="The resolution ledger: nine states, which sum to 100 % of needs.",
    )  # fmt: skip


OUTCOMES = (
    Metric("containment", "Contained", "AI conversations that ended without a person / AI conversations that ended", "share",
           Counted(CONTACT, CONTAINED, keep=BY_AI), UNDER_WAY,
           "Says nothing of whether the need was met: shown beside resolution only.", "Amazon Lex, Genesys and others.", BESIDE),
    Metric("resolved_in_contained", "Resolved, of the contained",
           "contained conversations whose need is confirmed / contained conversations", "share",
           Counted(CONTACT, flag(NEEDS.c.state == "confirmed"), keep=KEPT), UNDER_WAY),
    Metric("verified_resolution", "Verified resolution", "needs that began with an AI and are confirmed / needs that began with an AI",
           "share", Counted(NEED, flag(N.state == "confirmed"), keep=NEED_OF_AI),
           "None: needs whose window is open count as not (yet) confirmed.",
           "W = 7 days; confirmed = evidence (record changed, customer, rep or source says so), nobody came back in W, no open "
           "promise. For other W see verified_1d to verified_30d.", "V(W)."),
    Metric("reward", "Truly resolved, as the simulation states",
           "conversations whose outcome is as the task wants it / conversations with a stated outcome", "share",
           Counted(STATED, amount(LABELS.c.value)), "Conversations without a stated outcome.",
           "Clusters are tasks. The customers are simulated.",
           "tau-bench: the system of record compared with the task's (Yao et al. 2024)."),
    Metric("judged_resolution", "Resolved, as Baton estimates it alone",
           "mean chance that the need was met, as a model sees each AI conversation without a stated outcome / AI conversations that "
           "ended and that it can judge", "share", judged, "Conversations under way, those in which a rep spoke, and those whose "
           "words the model does not know; no figure where it knows less than half.", "Where outcomes are stated for a part, "
           "prediction-powered by them; where for all or none, the estimates alone. What the model was fitted on is judged by a fold "
           "that never saw its task. Clusters are tasks or customers. It was fitted on simulated customers of one airline.",
           "PPI++ (Angelopoulos, Duchi and Zrnic 2023); model card weights/resolution.card.json.", automatic=True),
    *(_state(state) for state in STATES),
    Metric("contained_unverified", "Contained, unverified", "needs AI had first that ended without a person and without any evidence / "
           "needs that began with an AI", "share", Counted(NEED, flag(and_(N.contained == ONE, N.state == "unaccounted")), keep=NEED_OF_AI),
           options="What containment counts and nothing shows: neither met nor unmet.", beside=("verified_resolution",)),
    Metric("ai_given_up", "Given up with AI", "needs that began with an AI and were given up / needs that began with an AI", "share",
           Counted(NEED, flag(N.state == "given_up"), keep=NEED_OF_AI),
           options="Given up = left after an unmet ask or a negative turn."),
    Metric("escalation", "Escalated", "AI conversations handed to a person / AI conversations that ended", "share",
           Counted(CONTACT, flag(K.path == "agent_rep"), keep=BY_AI), UNDER_WAY, source="Escalation rate."),
    Metric("deflection", "Deflected", "contacts that never reached a person, nor a queue for one / contacts that ended", "share",
           Counted(CONTACT, flag(K.path == "agent"), keep=NO_MACHINE), f"{UNDER_WAY} Machine customers.",
           "Counts every contact, those that people took first too: containment counts AI's alone.", beside=BESIDE),
    Metric("involvement", "AI involved", "conversations that an AI had first / conversations", "share",
           Counted(CONVERSATION, flag(FIRST_BY_AI), keep=FIRST != "machine"), "Machine customers.",
           "Every conversation is taken to be eligible.", FIN),
    Metric("answer_rate", "AI answered", "conversations in which the AI said anything / conversations that an AI had first", "share",
           Counted(CONVERSATION, flag(amount(C.turns_agent) > NONE), keep=FIRST_BY_AI),
           options="An answer is any turn of the AI; whether it helped is what resolution says.", source=FIN),
    Metric("assumed_resolution", "Resolved as vendors assume", "AI conversations that ended without a person, the customer saying yes or "
           "leaving without asking on / AI conversations that ended", "share", Counted(CONTACT, ASSUMED, keep=BY_AI), UNDER_WAY,
           "Confirmed or assumed; silence counts as success here, and nowhere else in Baton.", FIN, BESIDE),
    Metric("automation", "Automated as vendors count", "AI conversations resolved as vendors assume / all contacts that ended "
           "(involvement times resolution)", "share", Counted(CONTACT, ASSUMED, keep=NO_MACHINE), f"{UNDER_WAY} Machine customers.",
           "Automation rate = involvement * resolution.", FIN, BESIDE),
    Metric("customer_confirmed", "Confirmed by the customer", "AI conversations in which the customer said that it is solved / AI "
           "conversations that ended", "share", Counted(CONTACT, flag(K.evidence.contains("customer_confirmed")), keep=BY_AI), UNDER_WAY,
           "An explicit yes; who says nothing counts as no.", "Salesforce."),
    Metric("ai_abandon", "Left the AI", "AI conversations that the customer left without an answer or after a negative reaction / AI "
           "conversations that ended", "share", Counted(CONTACT, flag(and_(K.verdict == "given_up", KEPT)), keep=BY_AI), UNDER_WAY,
           "Conversations left while waiting for a person are abandoned, not this.", FIN),
    Metric("pending", "Still open", "conversations that an AI had first and that are not over / conversations that an AI had first",
           "share", Counted(CONVERSATION, flag(C.ended_ms.is_(None)), keep=FIRST_BY_AI), source=FIN),
    Metric("reopened", "Reopened", "needs that were held to be met and then were not / needs that were ever held to be met", "share",
           Counted(ONCE_MET, column("reopened")), "Needs never held to be met.",
           "By a customer who came back in 7 days, or by later evidence.", "Reopen = reopened / resolved."),
    Metric("parity_resolution", "Resolution in other languages", "needs met of customers who write another language - needs met of those "
           "who write the most frequent one, in points", "points",
           Counted(NEED, flag(N.state.in_(MET)), keep=and_(N.state != "open", C.language != "")),
           "Open needs; conversations whose language is not known.",
           "Met = confirmed, provisional or correctly refused. Below 0: other languages are served worse.",
           "Difference of independent shares (Newcombe 1998, method 10).", versus="language"),
)  # fmt: skip
