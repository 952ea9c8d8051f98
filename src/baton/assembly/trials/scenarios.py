"""Scenarios run: each on a stage of its own, from its first words to its end, and judged."""

import tempfile
import time
from pathlib import Path
from typing import Final

from baton.assembly.trials.customers import visitor_of
from baton.assembly.trials.job import Job
from baton.assembly.trials.reading import talk_of
from baton.assembly.trials.speaking import spoken
from baton.assembly.trials.stage import Stage, stage
from baton.capabilities.agents.trials.agents import ScenarioResult
from baton.capabilities.agents.trials.judging import checks_of
from baton.capabilities.agents.trials.scenario import Scenario, Talk, scenario_of
from baton.demo.halcyon.visitors import newest_code
from baton.engines.tracing import Span, spans_of
from baton.kernel.conversation import Ended, Role, Started, TurnSaid
from baton.kernel.explain import explained

BETWEEN_S: Final = 8.0
NAME: Final = "scenario"


async def ran(job: Job, text: str) -> tuple[ScenarioResult, Talk, tuple[Span, ...]]:
    """Run one scenario; one that cannot be read has failed and says so. Its spans where a trial asked for it."""
    began, scenario = time.monotonic(), scenario_of(text)
    with tempfile.TemporaryDirectory(prefix="baton-trial-") as folder:
        async with stage(Path(folder), job, scenario.tool) as on:
            await _begin(on, scenario)
            await (_simulated(on, scenario) if scenario.simulated else _fixed(on, scenario))
            await on.append(f"conversation/{NAME}", Ended("customer_left"))
            talk = await talk_of(on, NAME, on.tools.uses)
            spans = await _spans(on, job, scenario.id) if job.trial else ()
    checks = checks_of(talk, scenario.expect)
    wrong = tuple(check.wrong for check in checks if check.wrong)
    result = ScenarioResult(
        scenario.id, scenario.title, wrong, talk.turns, talk.cost_micros, talk.handed_over, talk.outcome,
        talk.procedures[-1] if talk.procedures else "", talk.decided, tuple(use.tool for use in talk.uses), int(1000 * (time.monotonic() - began)),
        tuple((check.kind, not check.wrong) for check in checks),
    )  # fmt: skip
    return result, talk, spans


async def _spans(on: Stage, job: Job, scenario: str) -> tuple[Span, ...]:
    told = await explained(on.committer.store, on.committer.codec, NAME)
    names, key = {job.agent.id: job.agent.name}, f"{job.trial}/{job.agent.version}/{scenario}"
    return tuple(spans_of(told, names, key=key))


async def _begin(on: Stage, scenario: Scenario) -> None:
    customer = on.committer.keys.pseudonym("customer", scenario.customer) if scenario.customer else ""
    started = Started(scenario.channel, scenario.language, customer, verified=scenario.verified)
    await on.append(f"conversation/{NAME}", started)


async def _fixed(on: Stage, scenario: Scenario) -> None:
    role: Role = "machine" if scenario.persona == "machine" else "customer"
    for text in scenario.says:
        mails = on.record.mailbox(scenario.customer) if on.record is not None and scenario.customer else ()
        said = text.replace("{code}", newest_code([mail.body for mail in mails]) or "000000")
        await on.passes(BETWEEN_S)
        await on.append(f"conversation/{NAME}", TurnSaid(role, said), by=role)


async def _simulated(on: Stage, scenario: Scenario) -> None:
    if scenario.simulated is not None and on.record is not None:
        visitor = visitor_of(on.record, scenario.simulated.intent, scenario.persona, scenario.simulated.seed)
        await spoken(on, NAME, visitor)
