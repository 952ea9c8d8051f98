"""Running: trials that were asked for on the screen, one after another, each in a process of its own at a low priority."""

import asyncio
import time
from collections.abc import Callable

import msgspec

from baton.assembly.errands import Errands
from baton.assembly.trials.job import Job, Tried
from baton.capabilities.agents.events import Agents, Procedures
from baton.capabilities.agents.tables import TRIALS
from baton.capabilities.agents.trials.agents import Scenarios, TrialAsked, TrialDone, TrialFailed
from baton.capabilities.agents.trials.standing import print_of
from baton.kernel.committer import Committer
from baton.kernel.errors import BatonError
from baton.kernel.ports import Pool
from baton.kernel.stream import Policies


class Trials:
    """Runs the trials whose streams this process works, in a process of its own at a low priority; `told` hears what came of each version."""

    def __init__(self, committer: Committer, pool: Pool) -> None:
        self._committer, self._pool = committer, pool
        self.told: Callable[[Tried], None] = lambda found: None
        self.errands = Errands(
            committer, pool, TrialAsked, "trial", TRIALS.c.trial, TRIALS.c.asked_ms, self._answer, TrialFailed
        )

    async def _answer(self, stream: str) -> TrialDone:
        from baton.assembly.trials.trying import tried  # a stage is put together as this Baton is

        began = time.monotonic()
        rows = await self._committer.store.history(stream)
        asked = self._committer.codec.decode(stream, rows[0].entry.body)
        if not isinstance(asked, TrialAsked):
            raise BatonError("no_trial", 404, "Nobody asked for this trial. Ask for one on Agents.")
        policies = self._committer.memory.policies
        trial = stream.partition("/")[2]
        jobs = [msgspec.structs.replace(job, trial=trial) for job in jobs_of(asked, policies)]
        found = await asyncio.to_thread(self._pool.map, tried, jobs)
        for each in found:
            self.told(each)
        lines = {name: told for each in found for name, told in each.transcripts.items()}
        return TrialDone(
            asked.agent, asked.version, print_of(jobs[0].agent, policies.newest_of(Procedures), policies.newest_of(Scenarios)),
            tuple(one for each in found for one in each.scenarios), tuple(one for each in found for one in each.talks),
            int(1000 * (time.monotonic() - began)), msgspec.json.encode(lines).decode(),
        )  # fmt: skip


def jobs_of(asked: TrialAsked, policies: Policies) -> list[Job]:
    """What is to be run: the version, and its rival with the same customers. Raises 404 where a version is not there."""
    agents, files = policies.newest_of(Agents), policies.newest_of(Scenarios).files
    texts = tuple(file.text for file in files if asked.kind == "scenarios" and asked.only in {"", file.id})
    if asked.kind == "scenarios" and not texts:
        raise BatonError("no_scenarios", 404, "There is no scenario to run. Write one on Agents, Scenarios.")
    jobs = []
    for version in filter(None, (asked.version, asked.rival)):
        agent = agents.of(asked.agent, version)
        if agent is None:
            raise BatonError("no_version", 404, f"{asked.agent!r} has no version {version!r}. Look at Agents.")
        jobs.append(Job(agent, bodies_of(policies), asked.company, texts, asked.n, asked.seed))
    return jobs


def bodies_of(policies: Policies) -> dict[str, str]:
    """Every policy in force, as JSON by name."""
    found = {name: policies.newest_body(name) for name in policies.as_of(1 << 62)}
    return {name: bytes(body).decode() for name, body in found.items() if body is not None}
