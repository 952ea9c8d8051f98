"""A change of a procedure ends the approval of who may carry it out: that is said before and after, and one person approves them again."""

from html import unescape
from pathlib import Path

import msgspec
import pytest

from baton.capabilities.agents.events import Procedures
from tests.capabilities.agents.test_studio_pages import Office, office
from tests.scenes.agents_floor import ASSISTANT, procedures

pytestmark = pytest.mark.scene

REGISTER = "/governance/register"


async def changed(at: Office) -> str:
    """A procedure changes, and the register is opened by an administrator."""
    first, *others = procedures().procedures
    await at.it.policy(Procedures((msgspec.structs.replace(first, title="Another title"), *others)))
    return (await at.get("dara", REGISTER)).text


def shown(page: str) -> str:
    """The configuration that the page asks to approve."""
    return page.partition('name="configurations" value="')[2][:64]


async def test_who_lapsed_is_named_and_approved_again_by_one_press(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        assert "changed since approved" not in (await at.get("dara", REGISTER)).text
        page = await changed(at)
        assert "1 version changed since approved" in page
        assert "changed since it was approved" in (await at.get("sam", "/agents")).text
        assert (await at.post("sam", f"{REGISTER}/again", configurations=shown(page), why="read")).status_code == 403
        again = await at.post("dara", f"{REGISTER}/again", configurations=shown(page), why="only a title")
        assert again.status_code == 303
        assert "running" in (await at.get("sam", "/agents")).text
        assert "only a title" in (await at.get("dara", f"{REGISTER}/assistant")).text


async def test_what_was_not_shown_is_not_approved(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await changed(at)
        assert (await at.post("dara", f"{REGISTER}/again", configurations="0" * 64, why="blind")).status_code == 303
        assert "1 version changed since approved" in (await at.get("dara", REGISTER)).text


async def test_it_is_said_before_a_procedure_is_put_in_force_and_after(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        one = "/agents/procedures/refund_request"
        page = (await at.get("dara", one)).text
        text = page.partition('data-code spellcheck="false"')[2].partition(">")[2].partition("</textarea>")[0]
        text = unescape(text).replace("Shall I refund", "May I refund")
        rehearsed = (await at.post("dara", f"{one}/rehearse", text=text)).text
        assert "It ends an approval:" in rehearsed
        assert f"{ASSISTANT.name}, version {ASSISTANT.version}" in rehearsed
        seen = rehearsed.partition('name="seen" value="')[2].partition('"')[0]
        assert (await at.post("dara", f"{one}/force", text=text, seen=seen, why="friendlier")).status_code == 303
        after = (await at.get("dara", f"{one}?done=force")).text
        assert "No agent follows it yet." in after
        assert "friendlier" in (await at.get("dara", REGISTER)).text
