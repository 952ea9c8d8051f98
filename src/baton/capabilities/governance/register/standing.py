"""Standing: each AI system as its entry, the log and the clock leave it: in force or not, why, what it cost, what it showed."""

from datetime import date
from typing import Final

import msgspec
from sqlalchemy import func, select

from baton.capabilities.agents.events import Agent, Agents, Procedures
from baton.capabilities.governance.events import Approval, Overspent, Register, Stop, System
from baton.capabilities.governance.register.approving import today_of
from baton.capabilities.governance.register.configured import configuration
from baton.capabilities.governance.register.connected import connected
from baton.capabilities.governance.register.fields import missing
from baton.capabilities.governance.register.models import Shipped, shipped
from baton.capabilities.governance.register.priced import lacking, unseen
from baton.capabilities.governance.register.spending import spent
from baton.capabilities.governance.tables import DISCLOSURES, INCIDENTS
from baton.web.app import App

WARNED_DAYS: Final = 14
NEARLY: Final = 0.8
GOOD: Final = "in force"


class Evidence(msgspec.Struct, frozen=True):
    """Of conversations in which it spoke: how many carried the disclosure, how many have no evidence of it, and the last one."""

    shown: int = 0
    missing: int = 0
    last_ms: int = 0
    last: str = ""
    languages: dict[str, int] = {}


class Standing(msgspec.Struct, frozen=True):
    """One system. `state` is "in force", or what keeps it from taking turns; `lacks` what its entry needs before it is approved."""

    system: System
    state: str
    version: str
    configuration: str
    lacks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()
    spent_cents: int = 0
    evidence: Evidence = Evidence()
    open_incidents: int = 0
    procedures: tuple[str, ...] = ()
    model: Shipped | None = None


async def standings(app: App) -> list[Standing]:
    """Agents first, declared or not, then the models that Baton is made of."""
    cost, shown, open_ = await spent(app), await _evidence(app), await _open(app)
    register = app.policy(Register)
    agents = [
        _of_agent(app, a, cost.get(a.id, 0), shown.get(a.id, Evidence()), open_.get(a.id, 0))
        for a in app.policy(Agents).agents
    ]
    known = {s.system.id for s in agents}
    gone = [_gone(s, open_.get(s.id, 0)) for s in register.systems if s.kind == "agent" and s.id not in known]
    return [
        *agents,
        *gone,
        *(_of_model(app, m, open_.get(m.system.id, 0)) for m in (*shipped(), *(await connected(app)))),
    ]


async def standing_of(app: App, id: str) -> Standing | None:
    """That of one system; None where there is none."""
    return next((s for s in await standings(app) if s.system.id == id), None)


def state_of(app: App, agent: Agent) -> str:
    """Why an agent may or may not take turns now."""
    now_ms, register, stopped = app.clock.now_ms(), app.policy(Register), app.policy(Stop).agents
    if {"*", agent.id} & {*stopped}:
        return "stopped"
    mine = [a for a in register.approvals if (a.system, a.version) == (agent.id, agent.version)]
    if not mine:
        return "not approved"
    if all(a.configuration != configuration(agent, app.policy(Procedures)) for a in mine):
        return "changed since it was approved"
    if all(a.until_ms <= now_ms for a in mine):
        return "past its stop date"
    if app.policy(Overspent).until_ms.get(agent.id, 0) > now_ms:
        return "over its cost cap"
    return GOOD if agent.on else "off"


def _of_agent(app: App, agent: Agent, cost: int, shown: Evidence, open_: int) -> Standing:
    register, procedures = app.policy(Register), app.policy(Procedures)
    system = register.of(agent.id) or System(agent.id, name=agent.name)
    approvals = tuple(sorted((a for a in register.approvals if a.system == agent.id), key=lambda a: -a.since_ms))
    lacks = (*missing(system, today_of(app)), *lacking(app, agent))
    warnings = _warnings(system, approvals, cost, today_of(app), app.clock.now_ms())
    warnings += unseen(app, agent, approvals[0].cap_cents) if approvals else []
    return Standing(
        system, state_of(app, agent), agent.version, configuration(agent, procedures), lacks, tuple(warnings), approvals, cost, shown, open_,
        tuple(p.title for p in procedures.procedures if agent.may(p.id)),
    )  # fmt: skip


def _warnings(system: System, approvals: tuple[Approval, ...], cost: int, today: date, now_ms: int) -> list[str]:
    told = []
    if approvals:
        days = (approvals[0].until_ms - now_ms) / 86_400_000
        if days <= 0:
            told.append(
                "Its stop date has passed: its customers go to people. Review it and approve it anew, or retire it."
            )
        elif days <= WARNED_DAYS:
            told.append(
                f"It stops in {max(1, int(days))} days. Review it and approve it anew before then, or let it end."
            )
        cap = approvals[0].cap_cents
        if cap and cost >= cap:
            told.append("It is over its cost cap: its customers go to people until the month ends.")
        elif cap and cost >= NEARLY * cap:
            told.append(f"It has spent {cost * 100 // cap} % of its cost cap.")
        if approvals[0].revision != system.revision:
            told.append(
                "Its entry was edited after it was approved: what was approved still counts until somebody approves this one."
            )
    if system.review_on and system.review_on <= today.isoformat():
        told.append("Its review is due.")
    return told


def _gone(system: System, open_: int) -> Standing:
    return Standing(system, "not in use", "", "", open_incidents=open_)


def _of_model(app: App, model: Shipped, open_: int) -> Standing:
    own = app.policy(Register).of(model.system.id)
    system = own or model.system
    return Standing(
        system,
        "ships with Baton" if model in shipped() else "in use",
        model.version,
        model.hash,
        open_incidents=open_,
        model=model,
    )


async def _evidence(app: App) -> dict[str, Evidence]:
    query = select(
        DISCLOSURES.c.agent, DISCLOSURES.c.language, DISCLOSURES.c.shown, func.count().label("n"), func.max(DISCLOSURES.c.at_ms).label("last")
    ).group_by(DISCLOSURES.c.agent, DISCLOSURES.c.language, DISCLOSURES.c.shown)  # fmt: skip
    found: dict[str, Evidence] = {}
    for row in await app.store.rows(query):
        agent, n, last = str(row["agent"]), int(str(row["n"])), int(str(row["last"]))
        was = found.get(agent, Evidence())
        if row["shown"]:
            tongues = {**was.languages, str(row["language"]): n}
            was = msgspec.structs.replace(was, shown=was.shown + n, last_ms=max(was.last_ms, last), languages=tongues)
        else:
            was = msgspec.structs.replace(was, missing=was.missing + n)
        found[agent] = was
    return {agent: msgspec.structs.replace(e, last=await _last(app, agent, e.last_ms)) for agent, e in found.items()}


async def _last(app: App, agent: str, at_ms: int) -> str:
    query = select(DISCLOSURES.c.conversation).where(
        DISCLOSURES.c.agent == agent, DISCLOSURES.c.at_ms == at_ms, DISCLOSURES.c.shown == 1
    )
    rows = await app.store.rows(query.limit(1))
    return str(rows[0]["conversation"]) if rows else ""


async def _open(app: App) -> dict[str, int]:
    query = (
        select(INCIDENTS.c.system, func.count().label("n"))
        .where(INCIDENTS.c.closed_ms == 0)
        .group_by(INCIDENTS.c.system)
    )
    return {str(row["system"]): int(str(row["n"])) for row in await app.store.rows(query)}
