"""Work: handle time and its parts, occupancy, weighted load of teams, transfers, offers, and how hard the work is."""

from sqlalchemy.sql.expression import column

from baton.capabilities.performance.registry.counted import Counted
from baton.capabilities.performance.registry.definitions.queues import NO_TIMES
from baton.capabilities.performance.registry.grains import (
    ANSWERED,
    CONVERSATION,
    FEWEST_A_DAY,
    HANDLE_MS,
    HANDLED,
    OFFER,
    PROMISE,
    REP_DAY,
    STRETCH,
    S,
)
from baton.capabilities.performance.registry.metric import Metric
from baton.capabilities.performance.registry.scope import EMPTY, NONE, ONE, C, Expr, amount, flag, known
from baton.capabilities.performance.tables import OFFERS
from baton.capabilities.resolution.tables import PROMISES

OFFERED = OFFERS.c
BUSY: Expr = column("busy_ms")
SPAN: Expr = column("span_ms")
FEW = f"Days with fewer than {FEWEST_A_DAY} contacts; time before the first and after the last contact."
SETTLED = ("kept", "broken")


def _complexity(level: str) -> Metric:
    return Metric(
        f"complexity_{level}", f"Complexity {level}", f"conversations of {level} complexity / conversations with a grade",
        "share", Counted(CONVERSATION, flag(C.complexity == level), keep=known(C.complexity) != EMPTY),
        "Contact records without turns have no grade.",
    )  # fmt: skip


WORK = (
    Metric("aht", "Average handle time", "(answered to ended + wrap-up) / answered stretches; hold is inside", "s",
           Counted(STRETCH, HANDLE_MS, keep=HANDLED, per=1000), NO_TIMES,
           "Clusters are reps. Never compared between people without equal mix.", "AHT = (talk + hold + after-contact work) / handled."),
    Metric("hold_time", "Hold time", "time on hold / answered stretches", "s",
           Counted(STRETCH, amount(S.hold_ms), keep=HANDLED, per=1000), NO_TIMES),
    Metric("wrap_time", "Wrap-up time", "time from the end of the contact to the end of wrap-up / answered stretches", "s",
           Counted(STRETCH, amount(S.wrap_ms), keep=HANDLED, per=1000), NO_TIMES, source="After-contact work."),
    Metric("handled", "Handled by people", "stretches that a rep answered and ended", "count", Counted(STRETCH, ONE, keep=HANDLED), NO_TIMES),
    Metric("occupancy", "Occupancy", "time with at least one contact in hand, wrap-up included / time from a rep's first answer "
           "to their last end, per day", "share", Counted(REP_DAY, BUSY, SPAN, per=1000, per_x=1000),
           f"{FEW} Concurrent contacts count once.", "An upper bound where presence is not recorded.",
           "Occupancy = handle / (handle + available idle)."),
    Metric("work_load", "Weighted load of the team", "minutes of handling, each weighed by complexity (low 1, medium 2, high 3) / minutes "
           "from a rep's first answer to their last end, per day", "score", Counted(REP_DAY, column("weighed_ms"), SPAN, per=1000, per_x=1000),
           f"{FEW} {NO_TIMES}", "Told for teams only, never for one rep. The weights are an assumption. Concurrent contacts add up.",
           "Work load = sum(weight * minutes) / available minutes.", team_only=True),
    Metric("transfers", "Transferred", "answered stretches that went on to another rep or queue / answered stretches", "share",
           Counted(STRETCH, flag(known(S.transferred_to) != EMPTY), keep=ANSWERED), NO_TIMES),
    Metric("offers_passed", "Offers passed", "offers passed / offers taken or passed", "share",
           Counted(OFFER, amount(OFFERED.passed), OFFERED.taken + OFFERED.passed, keep=OFFERED.taken + OFFERED.passed > NONE),
           "Offers still open.", "By complexity it shows whether the easy ones are picked."),
    Metric("offers_unanswered", "Offers not answered", "offers that went on because nobody answered in time / offers taken, passed or not "
           "answered", "share", Counted(OFFER, amount(OFFERED.unanswered), OFFERED.taken + OFFERED.passed + amount(OFFERED.unanswered)), "Offers still open."),
    Metric("promises_kept", "Promises kept", "promises kept / promises kept or broken", "share",
           Counted(PROMISE, flag(PROMISES.c.state == "kept"), keep=PROMISES.c.state.in_(SETTLED)),
           "Promises that are open, due without evidence, or withdrawn."),
    *(_complexity(level) for level in ("high", "medium", "low")),
)  # fmt: skip
