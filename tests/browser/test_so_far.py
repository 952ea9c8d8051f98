"""The widget while a model writes: sentences as they are judged, read out once as the turn, and taken back in the open."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Page, expect

from baton.kernel.committer import Done
from baton.kernel.conversation import TurnSaid
from baton.kernel.minds import Partial
from baton.web.app import App
from tests.browser.conftest import Check
from tests.browser.test_widget import NASTY, opened, say
from tests.channels.serving import crafts, in_thread

pytestmark = pytest.mark.browser

ONE = f"One checked bag of 23 kg. {NASTY}"
TURN = f"{ONE} Gold members have one more."


class Writer:
    """An agent that writes two sentences on each turn of the customer, and says the turn when it is told to go on."""

    def __init__(self, app: App) -> None:
        self._app, self._tasks = app, set[asyncio.Task[None]]()
        self.goes_on = threading.Event()

    def heard(self, done: Sequence[Done]) -> None:
        """The committer's listener."""
        for each in done:
            said = each.entry.event
            if isinstance(said, TurnSaid) and said.role == "customer":
                task = asyncio.get_running_loop().create_task(self._writes(each.entry.stream, said.text))
                self._tasks.add(task)

    async def _writes(self, stream: str, asked: str) -> None:
        await self._app.hub.signal(stream, msgspec.json.encode(Partial(asked, ONE)))
        await asyncio.to_thread(self.goes_on.wait, 60)
        self.goes_on.clear()
        said = TURN if "bag" in asked else "A violin travels in the cabin."
        await self._app.committer.append(stream, TurnSaid("agent", said, who="echo"), by="tool")


def test_what_is_written_becomes_the_turn_and_what_is_not_said_is_taken_back(
    page: Page, tmp_path: Path, axe: Check
) -> None:
    made = crafts()
    made.decide[TurnSaid] = []
    with in_thread(tmp_path, made=made) as place:
        writer = Writer(place.app)
        place.app.committer.listeners.append(writer.heard)
        opened(page, place)
        say(page, "How heavy may a bag be?")
        written, log = (
            page.locator("baton-chat [aria-hidden=true]:has(.going) .say-box"),
            page.locator("baton-chat .log"),
        )
        expect(written).to_have_text(ONE)
        expect(log).not_to_contain_text("23 kg")
        writer.goes_on.set()
        expect(page.locator("baton-chat article.agent .say-box")).to_have_text(TURN)
        expect(written).to_have_count(0)
        say(page, "And my violin?")
        expect(written).to_have_text(ONE)
        axe(page)
        writer.goes_on.set()
        expect(page.locator("baton-chat .taken .state")).to_have_text("The AI took this back before it was final. It does not count.")  # fmt: skip
        expect(page.locator("baton-chat .taken s")).to_have_text(ONE)
        expect(page.locator("baton-chat article.agent .say-box")).to_have_text([TURN, "A violin travels in the cabin."])
        axe(page)
        assert page.locator("baton-chat .log img, baton-chat .log b").count() == 0
