"""Standing: whether a version passed every scenario as it is now. A version that did not takes live traffic only where somebody forces it."""

from hashlib import sha256
from typing import Final

import msgspec
from sqlalchemy import select

from baton.capabilities.agents.events import Agent, Procedures
from baton.capabilities.agents.tables import SCENARIO_RUNS, TRIALS
from baton.capabilities.agents.trials.agents import Scenarios, VersionForced
from baton.kernel.errors import Conflict
from baton.web.app import App

STANDING: Final = {"approved": False, "on": True}


class Standing(msgspec.Struct, frozen=True):
    """What is known of a version: the last trial of it as it is now (empty: none), how many scenarios there are, and which fail."""

    trial: str
    scenarios: int
    failing: tuple[str, ...] = ()

    @property
    def may(self) -> bool:
        """Whether it may take live traffic: every scenario passed, or there is none."""
        return not self.scenarios or (bool(self.trial) and not self.failing)

    @property
    def told(self) -> str:
        """The same in a sentence."""
        if not self.scenarios:
            return "There are no scenarios yet."
        if not self.trial:
            return f"Its {self.scenarios} scenarios were not run yet, or it changed since."
        return f"{len(self.failing)} of {self.scenarios} scenarios fail." if self.failing else f"All {self.scenarios} scenarios pass."  # fmt: skip


def print_of(agent: Agent, procedures: Procedures, scenarios: Scenarios) -> str:
    """A hash of what is tried: the version as it is configured, the procedures it may carry out, and the scenarios."""
    may = sorted((made for made in procedures.procedures if agent.may(made.id)), key=lambda made: made.id)
    texts = sorted(file.text for file in scenarios.files)
    told = [msgspec.structs.replace(agent, **STANDING), may, texts]
    return sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()[:32]


async def standing(app: App, agent: Agent) -> Standing:
    """How a version stands as it is now, by its last trial with all scenarios."""
    files = app.policy(Scenarios)
    now = print_of(agent, app.policy(Procedures), files)
    query = (
        select(TRIALS.c.trial)
        .where(TRIALS.c.print == now, TRIALS.c.kind == "scenarios", TRIALS.c.only == "", TRIALS.c.state == "done")
        .order_by(TRIALS.c.over_ms.desc())
        .limit(1)
    )
    rows = await app.store.rows(query)
    if not rows:
        return Standing("", len(files.files))
    trial = str(rows[0]["trial"])
    runs = SCENARIO_RUNS.c
    failed = await app.store.rows(select(runs.scenario).where(runs.trial == trial, runs.wrong > 0))
    return Standing(trial, len(files.files), tuple(sorted(str(row["scenario"]) for row in failed)))


async def let_live(app: App, agent: Agent, staff: str, forced: str = "") -> None:
    """Whoever puts a version live, or gives it a share, calls this first. `forced` is the reason of somebody who goes without.

    Raises:
        Conflict: 409 where a scenario fails or was not run, and nobody forces it. Nothing was changed.
    """
    known = await standing(app, agent)
    if known.may:
        return
    if not forced.strip():
        raise Conflict(
            "scenarios_fail", f"{agent.label} may not take live traffic yet. {known.told} Run them on Agents, Scenarios, or give a reason to go without. Nothing was changed."
        )  # fmt: skip
    now = print_of(agent, app.policy(Procedures), app.policy(Scenarios))
    event = VersionForced(agent.id, agent.version, now, staff, app.reason(forced), known.failing)
    await app.committer.append(f"trial/forced-{app.chance.token(9)}", event, by=f"staff/{staff}")
