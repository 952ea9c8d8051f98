"""A new agent on the studio's pages: made, entered, approved by somebody else, tried, switched on, and serving where it was told to."""

from pathlib import Path

import pytest

from baton.capabilities.agents.events import Agent, Agents
from tests.capabilities.agents.test_studio_pages import Office, office

pytestmark = pytest.mark.scene

HERE = "/agents/versions/bag-desk"
MADE = {"name": "Bag desk", "disclosure": "You write with an AI.", "queues": "bags", "every": "on", "why": "bags wait"}
ENTRY = {
    "name": "Bag desk", "owner": "sam", "need": "Where is my bag", "baseline": "9 h, n 80", "target": "5 min", "cap_cents": "90.50",
    "stop_on": "2099-12-31", "review_on": "2099-06-30", "revision": "0", "why": "first",
}  # fmt: skip


def one(at: Office) -> Agent:
    """The agent as it stands."""
    found = at.agents.of("bag-desk")
    assert found is not None
    return found


async def approve(at: Office, who: str) -> int:
    """Approve what the page shows."""
    page = (await at.get("dara", "/governance/register/bag-desk")).text
    shown = page.partition('name="configuration" value="')[2][:64]
    form = {"configuration": shown, "revision": "1", "why": "read it"}
    return (await at.post(who, "/governance/register/bag-desk/approve", **form)).status_code


async def test_an_agent_goes_from_nothing_to_its_first_turn_on_the_screen(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        made = await at.post("sam", "/agents/new", **MADE)
        assert (made.status_code, made.headers["location"]) == (303, HERE)
        assert (one(at).on, one(at).queues, one(at).version) == (False, ("bags",), "1")
        page = (await at.get("dara", HERE)).text
        assert "0 of 3 done" in page or "1 of 3 done" in page
        assert "Switch it on" not in page
        early = await at.post("dara", f"{HERE}/on", why="now")
        assert (early.status_code, "Have it approved first" in early.text) == (422, True)
        assert (await at.post("sam", "/governance/register/bag-desk", **ENTRY)).status_code == 303
        assert "€90.50" in (await at.get("dara", "/governance/register/bag-desk")).text
        assert await approve(at, "dara") == 303
        assert (await at.post("sam", f"{HERE}/on", why="me")).status_code == 403, "switching on is approving"
        assert (await at.post("dara", f"{HERE}/on", why="it is tried")).status_code == 303
        assert one(at).on
        page = (await at.get("dara", HERE)).text
        assert "Before it takes its first turn" not in page
        assert "The agent was made, switched off." in page
        assert "Switched on." in page


async def test_what_is_typed_comes_back_with_what_is_wrong(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        for form, words in (
            ({**MADE, "name": "Assistant"}, "already"),
            ({**MADE, "why": ""}, "Say why"),
            ({**MADE, "name": "…"}, "needs a letter"),
        ):
            refused = await at.post("sam", "/agents/new", **form)
            assert (refused.status_code, words in refused.text, "You write with an AI." in refused.text) == (
                422,
                True,
                True,
            )
        assert (await at.post("ruth", "/agents/new", **MADE)).status_code == 403
        assert len(at.agents.agents) == 1


def test_an_agent_with_queues_serves_there_first_and_nowhere_else() -> None:
    everywhere, bags = Agent("assistant", "Assistant"), Agent("bag-desk", "Bag desk", queues=("bags",))
    both = Agents((everywhere, bags))
    assert both.serving((), lambda _: True, came_in="bags") == bags
    assert both.serving((), lambda _: True) == everywhere
    assert both.serving(("assistant",), lambda _: True, came_in="refunds") is None
    assert both.serving((), lambda a: a.id != "bag-desk", came_in="bags") == everywhere
