"""A demo's log of an older release: its procedures stay as they are when a newer one begins."""

from pathlib import Path

import msgspec
import pytest

from baton.capabilities.agents.events import Procedures
from baton.demo.governing import begun_with
from tests.scenes.agents_floor import floor, procedures

pytestmark = pytest.mark.scene


async def test_procedures_of_a_newer_release_do_not_come_before_those_that_are_there(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        first, *others = procedures().procedures
        newer = Procedures((msgspec.structs.replace(first, title="Of the next release"), *others))
        await it.committing(begun_with(it.committer, newer))
        await it.committing(begun_with(it.committer, procedures()))
        assert it.committer.memory.policies.newest_of(Procedures) == procedures()
