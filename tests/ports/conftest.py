"""Fixtures of the conformance suites: each asks its tests of every implementation."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from baton.kernel.committer import Committer
from tests.ports.logs import Place


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path: Path) -> Place:
    """An empty log in every store."""
    if request.param == "sqlite":
        return Place(str(tmp_path / "log.db"), tmp_path)
    return Place(request.getfixturevalue("postgres_url"), tmp_path)


@pytest.fixture
async def committer(place: Place) -> AsyncIterator[Committer]:
    """A committer that has started and does not run."""
    async with place.opened() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Failures that a scene asks for are not shown."""
    caplog.set_level("CRITICAL")
