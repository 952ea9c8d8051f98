"""Whether customers came back: recontact, first contact resolution, verified resolution by window, the ticket's view."""

from sqlalchemy import and_, literal_column, not_, select

from baton.capabilities.lake.tables import SEGMENTS
from baton.capabilities.performance.ai_use.days import DAY_MS
from baton.capabilities.performance.registry.counted import Counted
from baton.capabilities.performance.registry.definitions.outcomes import WINDOWS_DAYS
from baton.capabilities.performance.registry.grains import BY_AI, CONTACT, KNOWN_UNTIL, OBSERVED, K
from baton.capabilities.performance.registry.metric import Metric
from baton.capabilities.performance.registry.scope import EMPTY, ONE, C, Expr, amount, flag
from baton.capabilities.resolution.tables import NEEDS

SAME = "same issue = the stated need, else the intent, else the queue"
UNSEEN = (
    "Simulated customers; contacts of a need that its source names for one contact alone; contacts whose window reaches beyond what is "
    "known of their source; anonymous customers cannot be seen to come back."
)
FIRST_CONTACT: Expr = K.conversation == K.need
RESOLVED: Expr = NEEDS.c.state.in_(("confirmed", "provisional"))
TRANSFERRED: Expr = C.conversation.in_(select(SEGMENTS.c.conversation).where(SEGMENTS.c.transferred_to != EMPTY))
OF_PEOPLE: Expr = and_(RESOLVED, FIRST_CONTACT, K.path.in_(("rep", "agent_rep")))


def _window(days: int) -> tuple[Expr, Expr]:
    """Whether the window of a contact was observed, and whether the customer came back in it."""
    window: Expr = literal_column(str(days * DAY_MS))
    return K.ended_ms + window <= KNOWN_UNTIL.c.until_ms, and_(
        K.next.isnot(None), K.next != EMPTY, amount(K.gap_ms) <= window
    )


def _words(days: int) -> str:
    return f"{days} day{'s' if days > 1 else ''}"


def _recontact(days: int) -> Metric:
    observed, back = _window(days)
    return Metric(
        f"recontact_{days}d", f"Came back in {_words(days)}",
        f"contacts after which the customer came back about the same issue, on any channel, in {_words(days)} / ended contacts",
        "share", Counted(OBSERVED, flag(back), keep=observed), UNSEEN, f"W = {_words(days)}; {SAME}.",
        "1 - behavioural FCR over all contacts (dividing by resolved ones would be circular).",
    )  # fmt: skip


def _fcr(days: int) -> Metric:
    observed, back = _window(days)
    return Metric(
        f"fcr_{days}d", f"First contact was enough, {_words(days)}",
        f"needs after whose first contact nobody came back about the same issue, on any channel, in {_words(days)} / all needs", "share",
        Counted(OBSERVED, flag(not_(back)), keep=and_(observed, FIRST_CONTACT)), UNSEEN,
        f"W = {_words(days)}; {SAME}. Behavioural: it says nothing of evidence; who gives up for good counts as enough.",
        "FCR, behavioural, over all needs.", ("verified_resolution",),
    )  # fmt: skip


def _verified(days: int) -> Metric:
    observed, back = _window(days)
    met = flag(and_(K.verdict == "met", not_(back)))
    return Metric(
        f"verified_{days}d", f"Verified resolution, {_words(days)}",
        f"first contacts with an AI whose evidence shows the need met, without an open promise and without a return in {_words(days)} / "
        "first contacts with an AI whose window was observed", "share",
        Counted(OBSERVED, met, keep=and_(observed, FIRST_CONTACT, BY_AI)), UNSEEN,
        f"W = {_words(days)}; {SAME}. Only closed windows count, so the newest {_words(days)} are not in it.", "V(W).",
    )  # fmt: skip


RETURNING = (
    *(_recontact(days) for days in WINDOWS_DAYS),
    *(_fcr(days) for days in WINDOWS_DAYS),
    *(_verified(days) for days in WINDOWS_DAYS),
    Metric("fcr_ticket", "One message was enough", "resolved contacts in which the customer wrote once / resolved contacts", "share",
           Counted(CONTACT, flag(amount(C.turns_customer) == ONE), keep=and_(RESOLVED, amount(C.turns_customer) >= ONE)),
           "Contact records without turns.", "Resolved = the need is confirmed or provisional.", "FCR, ticket (Freshservice)."),
    Metric("closed_once", "Closed once, by one rep", "needs resolved with people in one contact and without a transfer / needs resolved "
           "with people", "share", Counted(CONTACT, flag(and_(NEEDS.c.conversations == ONE, not_(TRANSFERRED))), keep=OF_PEOPLE),
           options="Resolved = the need is confirmed or provisional.", source="Intercom: closed once, one teammate."),
)  # fmt: skip
