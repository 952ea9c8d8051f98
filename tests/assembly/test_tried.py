"""What serves in the demo has run its scenarios, once: the version in force and its canary, and nothing after it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from baton.assembly.trials.tried import try_what_serves
from baton.capabilities.agents.events import Agents, Canary
from baton.capabilities.agents.tables import TRIALS
from tests.capabilities.agents.test_procedures_page import Office, office
from tests.capabilities.agents.test_trials_page import WORSE, ready, run
from tests.scenes.agents_floor import ASSISTANT

pytestmark = pytest.mark.scene


async def versions(it: Office) -> list[str]:
    """The versions whose scenarios were asked for."""
    return sorted(str(row["version"]) for row in await it.it.committer.store.rows(select(TRIALS.c.version)))


async def test_the_version_in_force_and_its_canary_are_tried_once(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        trials = await ready(it)
        await it.it.policy(Agents((ASSISTANT,), (WORSE,), (Canary(ASSISTANT.id, WORSE.version, 100),)))
        await it.it.committing(try_what_serves(it.app, "sam", 0))
        await run(it, trials)
        assert await versions(it) == [ASSISTANT.version, WORSE.version]
        await it.it.committing(try_what_serves(it.app, "sam", 0))
        assert await versions(it) == [ASSISTANT.version, WORSE.version]
