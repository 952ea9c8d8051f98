"""What was exported verifies elsewhere, holds ciphertext only, and shows what was done to it."""

import json
from pathlib import Path

import pytest

from baton.engines.audit.export import export
from baton.engines.audit.verify import verify
from tests.engines.audited import SIGNING, audited
from tests.ports.logs import Place

pytestmark = pytest.mark.port


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path: Path) -> Place:
    """An empty log in every store."""
    if request.param == "sqlite":
        return Place(str(tmp_path / "log.db"), tmp_path)
    return Place(request.getfixturevalue("postgres_url"), tmp_path)


async def test_an_export_verifies_and_a_changed_one_does_not(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    async with audited(place) as log:
        await log.talk(60)
        await log.head()
        await log.talk(20, 60)
        await log.head()
        size = await export(log.sealer.tree, folder, SIGNING.public.hex() + "\n")
    found = verify(folder)
    assert (found["ok"], found["entries"], found["heads"]) == (True, size, 2), found
    leaves = folder / "leaves.jsonl"
    assert "text 4" not in leaves.read_text()
    rows = [json.loads(line) for line in leaves.read_text().splitlines()]
    for change in (
        rows.pop,
        lambda: rows.insert(3, rows[3]),
        lambda: rows[7].__setitem__(6, "jack"),
        lambda: rows[9].__setitem__(9, 5),
        rows.reverse,
    ):
        kept = [list(row) for row in rows]
        change()
        leaves.write_text("".join(json.dumps(row) + "\n" for row in rows))
        assert not verify(folder)["ok"]
        rows[:] = kept
    leaves.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert verify(folder)["ok"]


async def test_nothing_is_exported_before_something_was_signed(place: Place, tmp_path: Path) -> None:
    async with audited(place) as log:
        with pytest.raises(Exception, match="baton audit seal"):
            await export(log.sealer.tree, tmp_path / "out", "")
