"""Trying: one job from its first scenario or customer to its last, here or in a process of its own."""

import asyncio

from baton.assembly.trials.customers import met_by
from baton.assembly.trials.job import Job, Tried
from baton.assembly.trials.scenarios import ran
from baton.capabilities.agents.trials.agents import ScenarioResult, TalkResult
from baton.capabilities.agents.trials.scenario import Line
from baton.engines.tracing import Span


def tried(job: Job) -> Tried:
    """Run a job to its end. For a process of its own: it starts a loop."""
    return asyncio.run(trying(job))


async def trying(job: Job) -> Tried:
    """Run a job to its end. Raises `BatonError` where a scenario cannot be read or nobody can be simulated."""
    scenarios: list[ScenarioResult] = []
    talks: list[TalkResult] = []
    lines: dict[str, tuple[Line, ...]] = {}
    spans: dict[str, tuple[Span, ...]] = {}
    for text in job.scenarios:
        result, talk, spans_of_it = await ran(job, text)
        scenarios.append(result)
        lines[result.id], spans[result.id] = talk.lines, spans_of_it
    if job.n:
        talks, found = await met_by(job)
        lines |= {f"{job.agent.version}/{name}": talk.lines for name, talk in found.items()}
    return Tried(tuple(scenarios), tuple(talks), lines, spans)
