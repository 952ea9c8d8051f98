"""Approving: an entry is written by one person and approved by another, for one version of an agent as it is configured now."""

import asyncio
from datetime import UTC, date, datetime
from typing import Final

import msgspec

from baton.capabilities.agents.events import Agent, Agents, Procedures
from baton.capabilities.governance.events import REGISTER, Register, System, approved
from baton.capabilities.governance.register.configured import configuration
from baton.capabilities.governance.register.fields import missing
from baton.capabilities.governance.register.priced import see_that_it_is_priced
from baton.capabilities.governance.switch import reach
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff

_one_at_a_time: Final = asyncio.Lock()


async def save(app: App, staff: Staff, system: System, why: str) -> System:
    """Write an entry as its next revision. What is approved stays as it was until somebody approves this one."""
    async with _one_at_a_time:
        register = app.policy(Register)
        before = register.of(system.id)
        if before is not None and before.revision != system.revision:
            raise Conflict(
                "entry_changed", "Somebody changed this entry meanwhile. Open it again and repeat your change."
            )
        made = msgspec.structs.replace(system, author=staff.id, revision=system.revision + 1)
        others = tuple(s for s in register.systems if s.id != system.id)
        systems = tuple(sorted((*others, made), key=lambda s: (s.kind, s.id)))
        await _revise(app, msgspec.structs.replace(register, systems=systems), staff, f"{system.id}: {why}")
        return made


async def approve(app: App, staff: Staff, id: str, configured: str, revision: int, why: str, version: str = "") -> None:
    """Let the version in force (or the one named) take turns as it is configured, until the stop date of its entry."""
    async with _one_at_a_time:
        register, agent, procedures = app.policy(Register), agent_of(app, id, version), app.policy(Procedures)
        system = register.of(id)
        _may_be_approved(app, staff, system, id)
        see_that_it_is_priced(app, agent)
        if system is None or system.revision != revision or configuration(agent, procedures) != configured:
            raise Conflict(
                "entry_changed",
                "The entry or the agent changed after you opened it. Read it again before you approve it.",
            )
        now_ms = app.clock.now_ms()
        made = approved(system, agent, procedures, now_ms, _ms(system.stop_on), staff.id)
        others = tuple(a for a in register.approvals if (a.system, a.version) != (id, agent.version))
        await _revise(
            app,
            msgspec.structs.replace(register, approvals=(*others, made)),
            staff,
            f"{id}: approved version {agent.version}. {why}",
        )


async def withdraw(app: App, staff: Staff, id: str, why: str) -> None:
    """Take every approval of an agent back and stop it at once, in conversations that run too."""
    async with _one_at_a_time:
        register = app.policy(Register)
        kept = tuple(a for a in register.approvals if a.system != id)
        if kept == register.approvals:
            raise not_found()
        await _revise(app, msgspec.structs.replace(register, approvals=kept), staff, f"{id}: approval withdrawn. {why}")
        await reach.stop(app.committer, id, staff.id, f"approval withdrawn: {why}")


def agent_of(app: App, id: str, version: str = "") -> Agent:
    """The agent in force of that id, or another version of it; raises 404."""
    found = app.policy(Agents).of(id, version)
    if found is None:
        raise not_found()
    return found


def today_of(app: App) -> date:
    """The day it is, UTC."""
    return datetime.fromtimestamp(app.clock.now_ms() / 1000, UTC).date()


def _may_be_approved(app: App, staff: Staff, system: System | None, id: str) -> None:
    lacks = missing(system or System(id), today_of(app))
    if lacks:
        told = f"{id!r} cannot be approved: its entry lacks {', '.join(lacks)}. Edit the entry and try again."
        raise BatonError("entry_incomplete", 422, told)
    if system is not None and system.author == staff.id:
        told = "You wrote this entry, so somebody else has to approve it. Ask a colleague who may."
        raise BatonError("four_eyes", 403, told)


async def _revise(app: App, register: Register, staff: Staff, why: str) -> None:
    body = msgspec.Raw(msgspec.json.encode(register))
    revised = PolicyRevised(REGISTER, body, staff.id, why.strip())
    await app.committer.append(f"policy/{REGISTER}", revised, by=f"staff/{staff.id}")


def _ms(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)
