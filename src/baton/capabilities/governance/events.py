"""What governance says: what AI may do now, who said so, and what the works council agreed may be known of one rep."""

from collections.abc import Callable
from typing import Literal

import msgspec

from baton.capabilities.agents.events import Agent, Agents, Drawn, Procedures
from baton.capabilities.governance.privacy.governance import (
    Consent,
    CustomerErased,
    ErasureAsked,
    HoldEnded,
    HoldPlaced,
    LooksForgotten,
    Purpose,
    Purposes,
    Retention,
    TakenOut,
    TextErased,
)
from baton.capabilities.governance.register.configured import configuration
from baton.capabilities.governance.register.texts import text_for
from baton.kernel.events import Event, Fact, Personal
from baton.kernel.stream import Policies, Stream, policy_name

__all__ = (
    "Consent", "CustomerErased", "ErasureAsked", "HoldEnded", "HoldPlaced", "LooksForgotten", "Purpose", "Purposes", "Retention", "TakenOut",
    "TextErased",
)  # fmt: skip
"""What is said of privacy, which stands in `privacy/governance.py`."""


class Stop(msgspec.Struct, frozen=True, gc=False):
    """The policy `governance.Stop`: the kill switch. `agents` are ids, or `*` for all."""

    agents: tuple[str, ...] = ()


class GatePolicies(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `governance.GatePolicies`: who may call which tool, as Cedar, with its tests (TOML). Empty: the built-in ones.

    The gate reads the newest version, also for conversations that began before it: a rule against something holds at once.
    """

    text: str = ""
    tests: str = ""


class AgentStopped(Event, frozen=True, gc=False, omit_defaults=True):
    """The kill switch reached this conversation: from here on the agent (an id, `id@version`, or `*` for all) may not speak or act."""

    agent: str
    staff: str = ""
    why: str = ""


class AgentStarted(Event, frozen=True, gc=False, omit_defaults=True):
    """The agent (an id, or `*`) may speak and act again in this conversation."""

    agent: str
    staff: str = ""
    why: str = ""


class Halted(Fact, frozen=True, gc=False, omit_defaults=True):
    """The agents that are stopped in this conversation now. It outranks the policy pinned when the conversation began."""

    agents: tuple[str, ...] = ()


class SignedIn(Event, frozen=True, gc=False, omit_defaults=True):
    """A member of staff signed in (stream `staff/<id>`)."""

    staff: str
    role: str


class Looked(Event, frozen=True, gc=False, omit_defaults=True):
    """A member of staff opened a conversation's text (stream `access/<day>`): every access to personal data is kept."""

    staff: str
    conversation: str


def stopped_here(stream: Stream) -> tuple[str, ...]:
    """Which agents the kill switch stops in this conversation now: ids, or `*`."""
    halted = stream.facts.get(Halted)
    return halted.agents if halted else stream.policy(Stop).agents


class System(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """An AI system in the register, as declared: an agent (all its versions), or a model that Baton itself uses.

    `stop_on` and `review_on` are ISO dates, `cap_cents` what it may cost in a calendar month (UTC), `disclosures` its first
    words by `language` or `channel/language`, `author` who wrote this `revision`. Fields after ISO/IEC 42001 Annex A, NIST AI
    RMF 1.0 and the EU AI Act (docs/howto/register-an-ai.md).
    """

    id: str
    kind: Literal["agent", "model"] = "agent"
    name: str = ""
    owner: str = ""
    purpose: str = ""
    need: str = ""
    baseline: str = ""
    target: str = ""
    cap_cents: int = 0
    stop_on: str = ""
    review_on: str = ""
    role: Literal["provider", "deployer"] = "deployer"
    vendor: str = ""
    model: str = ""
    data_categories: str = ""
    lawful_basis: str = ""
    residency: str = ""
    retention: str = ""
    autonomy: str = ""
    allowed: str = ""
    oversight: str = ""
    risk_class: Literal["", "prohibited", "high", "limited", "minimal"] = ""
    rationale: str = ""
    disclosures: dict[str, str] = {}
    risks: str = ""
    controls: str = ""
    impact: str = ""
    thresholds: str = ""
    kpis: str = ""
    decommission: str = ""
    author: str = ""
    revision: int = 0


class Approval(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Somebody other than the author let one version of an agent take turns, as configured, until its stop date."""

    system: str
    version: str
    configuration: str
    since_ms: int
    until_ms: int
    by: str
    author: str
    revision: int = 0
    cap_cents: int = 0
    disclosures: dict[str, str] = {}

    def holds(self, version: str, now: str, now_ms: int) -> bool:
        """Whether it is of this version in this configuration, and in force."""
        same = version == self.version and now == self.configuration
        return same and self.since_ms <= now_ms < self.until_ms


class Register(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `governance.Register`: every AI system that is declared, and the approvals in force. It alone approves."""

    systems: tuple[System, ...] = ()
    approvals: tuple[Approval, ...] = ()

    def of(self, id: str) -> System | None:
        """The entry of that id."""
        return next((s for s in self.systems if s.id == id), None)

    def approval(self, agent: Agent, procedures: Procedures, now_ms: int) -> Approval | None:
        """The approval in force for this version as it is configured now."""
        for each in self.approvals:
            if each.system == agent.id and each.holds(agent.version, configuration(agent, procedures), now_ms):
                return each
        return None


class Overspent(msgspec.Struct, frozen=True, gc=False):
    """The policy `governance.Overspent`: agents over their cost cap, and until when they therefore take no turn (ms)."""

    until_ms: dict[str, int] = {}


class Disclosed(Fact, frozen=True, gc=False, omit_defaults=True):
    """The customer was told that an AI speaks, with its first words. `language` is that of the text, `position` of the turn's input."""

    agent: str
    version: str
    language: str
    position: int


class IncidentOpened(Event, frozen=True, gc=False, omit_defaults=True):
    """Something went wrong with an AI system (stream `register/<system>`). `due_on` is an ISO date; `conversation` where it was seen."""

    incident: str
    kind: Literal["kill_switch", "wrong_act", "complaint", "refused_act", "other"]
    severity: Literal["low", "serious", "critical"]
    owner: str
    due_on: str
    what: Personal[str] = ""
    conversation: str = ""


class IncidentAnswered(Event, frozen=True, gc=False, omit_defaults=True):
    """What is done about an incident; `closed` once it is done."""

    incident: str
    action: Personal[str] = ""
    closed: bool = False


class Term(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A measure that may exist for single reps: for whom (roles), and how many days back (0: as far as the log goes)."""

    measure: str
    roles: tuple[str, ...] = ()
    days: int = 90


class Accord(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What was agreed for one site (empty for every site without one of its own), by whom, and from when until when (ms; 0 is open)."""

    site: str = ""
    terms: tuple[Term, ...] = ()
    smallest_group: int = 5
    text: str = ""
    parties: str = ""
    from_ms: int = 0
    until_ms: int = 0

    def term(self, measure: str) -> Term | None:
        """What was agreed of a measure."""
        return next((t for t in self.terms if t.measure == measure), None)


class Level(msgspec.Struct, frozen=True, gc=False):
    """Whether a measure exists for single reps, how far back (ms), from which size of a group on, and why not."""

    agreed: bool
    since_ms: int = 0
    smallest: int = 5
    why: str = ""


class Agreement(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `governance.Agreement`: which measures exist for single reps, and for whom. Before anything is agreed: as `INSTALLED`."""

    accords: tuple[Accord, ...] = ()

    def at(self, now_ms: int) -> tuple[Accord, ...]:
        """The accord in force for each site, the latest of each; none where none is."""
        latest: dict[str, Accord] = {}
        for accord in sorted(self.accords, key=lambda a: a.from_ms):
            if accord.from_ms <= now_ms and (not accord.until_ms or now_ms < accord.until_ms):
                latest[accord.site] = accord
        return tuple(latest.values())

    def level(self, measure: str, role: str, now_ms: int) -> Level:
        """Whether someone of a role may be told a measure of single reps: only where every site's accord says so.

        Once anything was ever agreed, what no accord in force names does not exist, also after the last one ended.
        """
        begun = any(a.from_ms <= now_ms for a in self.accords)
        accords = self.at(now_ms) or ((Accord(),) if begun else (INSTALLED,))
        smallest = max(a.smallest_group for a in accords)
        if role not in ROLES_SEE_REPS:
            return Level(False, smallest=smallest, why=NOT_FOR_ALL)
        terms = [a.term(measure) for a in accords]
        if not all(term is not None and role in term.roles for term in terms):
            return Level(False, smallest=smallest, why=NOT_AGREED.format(measure=measure.replace("_", " ")))
        since = [now_ms - term.days * DAY_MS for term in terms if term is not None and term.days]
        return Level(True, max(since, default=0), smallest)


ROLES_SEE_REPS = frozenset({"analyst", "admin"})
"""Who may be told of single reps at all, by permission; an agreement takes away and never gives."""
INSTALLED = Accord(
    smallest_group=1, terms=(Term("figures", ("admin", "analyst"), 0), Term("ai_use", ("admin", "analyst"), 0))
)
"""Before anything is agreed: what permissions give to analysts and administrators, and no other measure of single reps."""
NOT_FOR_ALL = "Figures of single reps are for analysts and administrators. Leave out `rep` to see the team's."
NOT_AGREED = (
    "The agreement with the works council has no {measure} of single reps, so there is none. Leave out `rep` to see the "
    "team's, or read the agreement at /governance/agreement."
)
DAY_MS = 86_400_000


def approved(system: System, agent: Agent, procedures: Procedures, since_ms: int, until_ms: int, by: str) -> Approval:
    """The approval of a version of an agent as it is configured now, on the terms that its entry declares."""
    return Approval(
        system=system.id, version=agent.version, configuration=configuration(agent, procedures), since_ms=since_ms, until_ms=until_ms,
        by=by, author=system.author, revision=system.revision, cap_cents=system.cap_cents, disclosures=system.disclosures,
    )  # fmt: skip


def serving(stream: Stream) -> Agent | None:
    """The agent that may speak in this stream now: on, not stopped, approved as configured, before its stop date, within its cap.

    Where no register was in force when the stream began (a log of before there was one), the agent's own flag counts.
    """
    came_in = stream.started.queue if stream.started else ""
    return stream.policy(Agents).serving(stopped_here(stream), lets_here(stream), stream.facts.get(Drawn), came_in)


def lets_here(stream: Stream) -> Callable[[Agent], bool]:
    """What says of a version of an agent whether the register lets it take turns in this stream now."""
    register = stream.policy(Register) if stream.version(REGISTER) else None
    return letting(register, stream.policy(Overspent), stream.policy(Procedures), stream.now_ms)


def letting(register: Register | None, over: Overspent, procedures: Procedures, now_ms: int) -> Callable[[Agent], bool]:
    """What says of an agent whether the register lets it take turns now. None: no register was ever in force."""
    if register is None:
        return lambda agent: agent.approved
    return lambda a: over.until_ms.get(a.id, 0) <= now_ms and register.approval(a, procedures, now_ms) is not None


def as_registered(policies: Policies, now_ms: int) -> Agents:
    """The newest agents, each with `approved` as the register has it now: what screens show."""
    register = policies.newest_of(Register) if policies.newest_body(REGISTER) is not None else None
    lets = letting(register, policies.newest_of(Overspent), policies.newest_of(Procedures), now_ms)
    known = policies.newest_of(Agents).agents
    return Agents(tuple(msgspec.structs.replace(agent, approved=lets(agent)) for agent in known))


def disclosure(stream: Stream, agent: Agent, language: str) -> tuple[str, Disclosed | None]:
    """What an AI's first turn begins with, and the evidence of it; nothing where the customer has been told."""
    if stream.facts.get(Disclosed) is not None:
        return "", None
    approval = stream.policy(Register).approval(agent, stream.policy(Procedures), stream.now_ms)
    channel = stream.started.channel if stream.started else ""
    own = approval.disclosures if approval else {}
    text, told = text_for(own, agent.disclosure, channel, language)
    return text, Disclosed(agent.id, agent.version, told, stream.entry.position)


REGISTER = policy_name(Register)
