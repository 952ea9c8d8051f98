"""Every .scene file beside this one, played on a real store with the real fast tier."""

from pathlib import Path

import pytest

from tests.scenes.runner import play

pytestmark = pytest.mark.scene

SCENES = {file.stem: file.read_text() for file in sorted(Path(__file__).parent.glob("*.scene"))}


@pytest.mark.parametrize("name", SCENES)
async def test_scene(name: str, tmp_path: Path) -> None:
    assert await play(name, SCENES[name], tmp_path) == []


async def test_a_scene_can_fail(tmp_path: Path) -> None:
    text = "customer: Where is my refund?\n  -> intent: password_reset\n  -> decided: nothing\n"
    assert len(await play("wrong", text, tmp_path)) == 2


async def test_a_line_that_means_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no line of a scene"):
        await play("wrong", "the rep dances", tmp_path)
