"""Halcyon Air's AI register: complete entries of its three agents, written by Mara Nilsen and approved by Dara Quinn. All invented."""

from datetime import UTC, datetime
from typing import Final

from baton.capabilities.agents.events import Agents, Procedures
from baton.capabilities.governance.events import Accord, Agreement, Register, System, Term, approved
from baton.demo.halcyon.company import Agent as Declared
from baton.demo.halcyon.company import company

AUTHOR: Final = "mara.nilsen"
APPROVER: Final = "dara.quinn"
NEEDS: Final = {
    "assistant": (
        "Customers want a rule of the airline or a change to their booking at any hour; reps answer from 7 to 23.",
        "Without it 61 % of these needs were met the same day, at 5.20 EUR each (May, 4,180 needs, invented).",
        "75 % confirmed as met within 7 days, no more than 8 % back about the same issue, below 2.50 EUR each.",
    ),
    "refund-agent": (
        "Customers want to know where their refund is, or to have one up to its limit.",
        "Without it a refund took a median of 3 days to start and 6.10 EUR to handle (May, 930 needs, invented).",
        "80 % started within an hour, no refund beyond the limit without a rep, below 3.00 EUR each.",
    ),
    "bag-tracer": (
        "Customers want to know where a bag is and when it comes.",
        "Without it 44 % called twice about the same bag (May, 610 needs, invented).",
        "Fewer than 25 % come back about the same bag, below 2.00 EUR each.",
    ),
}
CAPS: Final = {"assistant": 900_000, "refund-agent": 250_000, "bag-tracer": 120_000}
"""Cents a month."""


def register(agents: Agents, procedures: Procedures, now_ms: int) -> Register:
    """The entries and approvals of these agents. Dates are of the year, so that they stay the same within it."""
    year = datetime.fromtimestamp(now_ms / 1000, UTC).year
    declared = {a.id: a for a in company().agent}
    systems = tuple(_system(declared[a.id], year) for a in agents.agents)
    of = {s.id: s for s in systems}
    versions = (*agents.agents, *agents.versions)
    return Register(
        systems,
        tuple(
            approved(of[a.id], a, procedures, _ms(f"{year}-01-01"), _ms(of[a.id].stop_on), APPROVER) for a in versions
        ),
    )


def agreement() -> Agreement:
    """What Halcyon's works council agreed, invented: figures and AI use by rep for analysts and administrators, a year back; ramp not."""
    who = ("admin", "analyst")
    accord = Accord(
        terms=(Term("figures", who, 365), Term("ai_use", who, 365), Term("quality", who, 90), Term("coaching", who, 90)), smallest_group=5,
        parties="Halcyon Air, Lisbon, and its works council (invented)", from_ms=1_767_225_600_000,
        text="Figures of single reps serve coaching and fair work, never dismissal or pay. Reps see everything that is known of them.\n"
        "Teams of fewer than five are not shown. Moods of reps are never inferred. Work load belongs to the rep.",
    )  # fmt: skip
    return Agreement((accord,))


def _system(of: Declared, year: int) -> System:
    need, baseline, target = NEEDS[of.id]
    return System(
        id=of.id, name=of.name, owner=of.owner, purpose=of.purpose, need=need, baseline=baseline, target=target, cap_cents=CAPS[of.id],
        stop_on=f"{year + 1}-12-31", review_on=f"{year + 1}-06-30", role="deployer", vendor="Baton, hosted by Halcyon Air",
        model="Answers and procedures of Baton; what a customer means is understood by the models of this register.",
        data_categories="What customers write, bookings, refunds, bags, loyalty accounts. No special categories are asked for.",
        lawful_basis="Art. 6(1)(b) GDPR: the contract of carriage.", residency="Lisbon, Portugal. Nothing leaves it.",
        retention="Texts 24 months, then their keys are destroyed; figures stay.",
        autonomy="Acts alone within procedures; what binds needs the customer's yes, what exceeds a limit a rep's.",
        allowed="Looks up and tells; carries out the declared procedures. Promises nothing, sells nothing.",
        oversight="Supervisors on shift see every conversation live, may take over, and stop it at /governance.",
        risk_class="limited", rationale="Talks with people and decides on no right of theirs: Art. 50 applies, Annex III does not.",
        risks="Confabulation: answers are sentences of articles, with their source. Privacy: personal values are hidden from prompts.\n"
        "Harmful bias: resolution by language is compared each month. Information integrity: articles have owners and review dates.\n"
        "Security: every act passes the gate. Value chain: models ship with Baton, hashes below.",
        controls="ISO/IEC 42001 A.4.2, A.5.2, A.6.2.4, A.6.2.6, A.6.2.8, A.7.4, A.8.2, A.8.4, A.9.2 to A.9.4, A.10.3.",
        impact="DPIA-7 of 12 March (invented): residual risk low. No FRIA is needed: no public service, no credit, no insurance.",
        thresholds="Its replay suite passes; resolution not below 70 % (lower end of the interval); no unapproved act.",
        kpis="Needs confirmed as met, came back, handed over, cost per resolution, acts refused. Looked at weekly.",
        decommission="Stopped by the switch, its queue goes to reps, its entry and log are kept for five years.",
        author=AUTHOR, revision=1,
    )  # fmt: skip


def _ms(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)
