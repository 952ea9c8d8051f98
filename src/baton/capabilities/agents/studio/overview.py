"""Overview: each agent as it stands, what its conversations brought and cost, why they went to people, and what was refused."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec
from sqlalchemy import distinct, func, select

from baton.capabilities.agents.events import BINDING, Agent, Agents, Procedures
from baton.capabilities.agents.studio.cost import Cost, costs
from baton.capabilities.agents.studio.lapsing import state_of_approval
from baton.capabilities.agents.studio.tallies import Tally, by_version, tallies
from baton.capabilities.agents.studio.versions import approved
from baton.capabilities.agents.tables import LIMITS, SERVED
from baton.capabilities.escalations.tables import ESCALATIONS
from baton.capabilities.governance.events import Register, Stop
from baton.capabilities.governance.tables import CALLS, OPEN, VETOES
from baton.capabilities.routing.tables import CONVERSATIONS as HELD
from baton.kernel.stats import Estimate, wilson
from baton.web.app import App

DAY_MS: Final = 86_400_000
DAYS: Final = 28


class Shown(msgspec.Struct, frozen=True):
    """An agent. `state`: running, stopped, off, or why the register does not let it; `live` open conversations it holds; figures of the last 28 days."""

    agent: Agent
    state: str
    live: int
    tally: Tally
    met: Estimate
    handed: Estimate
    cost: Cost | None
    canary: str = ""
    permille: int = 0


class Times(msgspec.Struct, frozen=True):
    """Something that happened so often, and why. `href` leads to its rows, where there are any."""

    what: str
    why: str
    times: int
    href: str = ""


class Act(msgspec.Struct, frozen=True):
    """A tool an agent may run: in which procedures, and whether it binds."""

    tool: str
    risk: str
    procedures: tuple[str, ...]


async def overview(app: App) -> list[Shown]:
    """Every agent, in the order in which they serve."""
    held = await _held(app)
    return [await shown(app, agent, held.get(agent.id, 0)) for agent in app.policy(Agents).agents]


async def shown(app: App, agent: Agent, live: int = 0) -> Shown:
    """One agent."""
    since_ms = since(app)
    every = sum(by_version(await tallies(app.store, agent.id, since_ms)).values(), Tally())
    canary = app.policy(Agents).canary(agent.id)
    return Shown(
        agent, state_of(app, agent), live, every, wilson(every.met, every.needs), wilson(every.handed, every.ended),
        (await costs(app.store, agent.id, since_ms, app.clock.now_ms())).get(""), canary.version if canary else "", canary.permille if canary else 0,
    )  # fmt: skip


def since(app: App) -> int:
    """When the days that are shown begin."""
    return app.clock.now_ms() - DAYS * DAY_MS


def state_of(app: App, agent: Agent) -> str:
    """How an agent stands."""
    if {"*", agent.id} & {*app.policy(Stop).agents}:
        return "stopped"
    if not approved(app, agent):
        return state_of_approval(app.policy(Register), app.policy(Procedures), agent) or "approval ended"
    return "running" if agent.on else "off"


def acts_of(app: App, agent: Agent) -> list[Act]:
    """Every tool an agent may run, those that bind first."""
    found: dict[tuple[str, str], list[str]] = {}
    for procedure in app.policy(Procedures).procedures:
        for step in procedure.steps if agent.may(procedure.id) else ():
            if step.tool:
                found.setdefault((step.tool, step.risk), []).append(procedure.title)
    acts = [Act(tool, risk, tuple(dict.fromkeys(titles))) for (tool, risk), titles in found.items()]
    return sorted(acts, key=lambda a: (a.risk not in BINDING, a.risk, a.tool))


async def reasons(app: App, agent: str = "") -> list[Times]:
    """Why conversations of agents went to people in the last 28 days, the most first; `why` is which agent."""
    e = ESCALATIONS.c
    times = func.count(distinct(e.conversation)).label("n")
    served = ESCALATIONS.join(SERVED, SERVED.c.conversation == e.conversation)
    query = select(e.reason, SERVED.c.agent, times).select_from(served).where(e.at_ms >= since(app))
    query = query.where(SERVED.c.agent == agent) if agent else query
    rows = await app.store.rows(query.group_by(e.reason, SERVED.c.agent))
    return _sorted([Times(str(r["reason"] or "unknown"), str(r["agent"]), _whole(r["n"])) for r in rows])


async def guardrails(app: App) -> list[Times]:
    """What governance, the gate of tools and budgets refused in the last 28 days, over all agents."""
    day = since(app) // DAY_MS
    vetoed = await app.store.rows(
        select(VETOES.c.action, VETOES.c.why, func.sum(VETOES.c.vetoed).label("n"))
        .where(VETOES.c.day > day)
        .group_by(VETOES.c.action, VETOES.c.why)
    )
    gate = await app.store.rows(
        select(CALLS.c.tool, CALLS.c.rules, func.count().label("n"))
        .where(CALLS.c.at_ms >= since(app), CALLS.c.allowed == 0)
        .group_by(CALLS.c.tool, CALLS.c.rules)
    )
    spent = await app.store.rows(
        select(LIMITS.c.what, func.sum(LIMITS.c.times).label("n")).where(LIMITS.c.day > day).group_by(LIMITS.c.what)
    )
    return _sorted(
        [
            *(Times(str(r["action"]), str(r["why"]), _whole(r["n"])) for r in vetoed),
            *(_at_the_gate(str(r["tool"]), str(r["rules"]), _whole(r["n"])) for r in gate),
            *(Times("think", f"the budget {r['what']} was spent", _whole(r["n"])) for r in spent),
        ]
    )


def _at_the_gate(tool: str, rules: str, times: int) -> Times:
    """A refusal by a rule or a guard, told by its name."""
    names = ", ".join(name.removeprefix("guard-").replace("-", " ") for name in rules.split(",") if name)
    href = f"/governance/policies/calls?{urlencode({'refused': 'true', 'tool': tool})}"
    return Times(tool, f"a rule of the gate: {names}" if names else "no rule of the gate allows it", times, href)


async def _held(app: App) -> Mapping[str, int]:
    joined = OPEN.join(HELD, HELD.c.conversation == OPEN.c.conversation)
    query = (
        select(HELD.c.who, func.count().label("n"))
        .select_from(joined)
        .where(OPEN.c.state == "open", HELD.c.holder == "agent")
        .group_by(HELD.c.who)
    )
    return {str(row["who"]): _whole(row["n"]) for row in await app.store.rows(query)}


def _sorted(found: list[Times]) -> list[Times]:
    return sorted(found, key=lambda t: (-t.times, t.what))


def _whole(value: object) -> int:
    return int(str(value or 0))
