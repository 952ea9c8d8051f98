"""A served Baton with its people, and an administrator signed in: what scenes of people, keys and roles begin with."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.channels.serving import Place, serving
from tests.web.staffed import signed_in


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """A Baton that serves; files with a clock or a provider of their own make theirs."""
    async with serving(tmp_path) as served:
        yield served


@pytest.fixture
async def admin(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """Dara, who administers, signed in."""
    async with signed_in(place, "dara") as client:
        yield client
