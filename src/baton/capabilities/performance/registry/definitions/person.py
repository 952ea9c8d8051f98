"""Reaching a person: how long and how many clicks, who was missed or refused, and the debt where the AI kept on."""

from sqlalchemy import and_, func, literal_column

from baton.capabilities.empathy.tables import NEEDS
from baton.capabilities.performance.registry.counted import Counted
from baton.capabilities.performance.registry.grains import PERSON_NEEDED
from baton.capabilities.performance.registry.metric import Metric
from baton.capabilities.performance.registry.scope import NONE, ONE, Expr, amount, flag

P = NEEDS.c
REACHED: Expr = amount(P.reached_ms) > NONE
WANTED: Expr = amount(P.declined) == NONE
ASKED: Expr = amount(P.clicks) > NONE
SOON_S = 60
DECLINED = "Stays in which the customer would rather keep the AI."
STAYS = "stays with the AI in which a person came to be needed"

PERSON = (
    Metric("time_to_person", "Time to a person", "from when a person was needed or asked for until one answered, mean", "s",
           Counted(PERSON_NEEDED, P.reached_ms - P.needed_ms, keep=REACHED, per=1000),
           "Needs for a person that reached none: see missed escalations.", beside=("missed_escalations",)),
    Metric("person_in_60s", "A person within 60 s", f"{STAYS} and one answered within {SOON_S} s / {STAYS}", "share",
           Counted(PERSON_NEEDED, flag(and_(REACHED, P.reached_ms - P.needed_ms <= literal_column(str(SOON_S * 1000)))), keep=WANTED),
           DECLINED, f"Human access as a service level: target {SOON_S} s. Who reached nobody counts as late."),
    Metric("time_to_queue", "Time until the queue knew", "from when a person was needed or asked for until the queue had it, mean", "s",
           Counted(PERSON_NEEDED, P.queued_ms - P.needed_ms, keep=amount(P.queued_ms) > NONE, per=1000),
           "Needs for a person that no queue ever had."),
    Metric("clicks_to_person", "Asks until the queue knew", "turns or taps in which the customer asked for a person / stays with the AI "
           "in which the customer asked", "score", Counted(PERSON_NEEDED, P.clicks, keep=ASKED),
           "Stays in which nobody had to ask.", "1 where asking once was enough."),
    Metric("missed_escalations", "Missed escalations", f"{STAYS} and that ended without queue or person / {STAYS}", "share",
           Counted(PERSON_NEEDED, amount(P.missed), keep=WANTED), DECLINED),
    Metric("refused_escalations", "Refused escalations", f"{STAYS}, a hand-over was proposed and something else was decided / {STAYS}",
           "share", Counted(PERSON_NEEDED, amount(P.refused), keep=WANTED), DECLINED),
    Metric("declined_person", "Would rather keep the AI", f"{STAYS} and the customer declined one / {STAYS}", "share",
           Counted(PERSON_NEEDED, amount(P.declined))),
    Metric("empathy_debt", "Empathy debt", f"{STAYS}, the AI spoke on and nobody came / {STAYS}", "share",
           Counted(PERSON_NEEDED, flag(and_(amount(P.stayed_with_ai) == ONE, func.coalesce(P.reached, NONE) == NONE)), keep=WANTED),
           DECLINED, "A trigger: asked for a person, anger, distress, bereavement, legal, failed attempts, a loop, no answer."),
)  # fmt: skip
