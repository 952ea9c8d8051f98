"""A second look: words leave open what is wanted, the slow tier is asked beside everything else, the customer is answered once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from baton.assembly.parts import read_models
from baton.assembly.written import passages
from baton.capabilities.orchestration.events import Intent, SecondLook
from baton.capabilities.sentiment.events import Mood
from baton.engines.looking import Answer, Looking
from baton.engines.models.fast import FastTier
from baton.engines.models.judged import Judged
from baton.engines.models.search import Index
from baton.engines.models.slow import Guess
from baton.engines.understanding import Understanding
from baton.kernel.conversation import ActionDone, TurnSaid
from baton.kernel.digest import digest
from baton.kernel.rebuild import rework
from baton.stores.sqlite import SqliteStore
from tests.scenes.agents_floor import Floor, articles, crafts, floor

pytestmark = pytest.mark.scene

OPEN = "the thing will not let me in any more since this morning"
OTHERWISE = "somehow every code of the thing is refused"
"""Words that the fast tier of these scenes never understands."""
SURE = Guess("password_reset", 910, "account_locked", 700, unsure=False)
NOT_SURE = Guess("", 300, "password_reset", 40, unsure=True)


class Doubtful(FastTier):
    """The fast tier, unsure of `OPEN` and `OTHERWISE`."""

    def judge_many(self, texts: Sequence[str]) -> list[Judged]:
        return [
            _doubted(j) if t in {OPEN, OTHERWISE} else j for t, j in zip(texts, super().judge_many(texts), strict=True)
        ]


def _doubted(judged: Judged) -> Judged:
    left_open = {"intent": "", "unsure": True, "intent_runner_up": "seat_change", "intent_confidence": 200}
    return msgspec.structs.replace(judged, **left_open, small_talk=False, affirms=False, denies=False, confirms="none")


def doubtful() -> Understanding:
    return Understanding(Doubtful(), Index.build(passages(articles())))


class Slow:
    """A pool that answers what it was told to, and keeps what it was asked."""

    def __init__(self, guess: Guess, breaks: bool = False) -> None:
        self.guess, self.breaks, self.asked = guess, breaks, list[str]()

    def map(self, work: Any, items: Any) -> Any:
        if self.breaks:
            raise RuntimeError("no memory")
        self.asked += [question.text for question in items[0]]
        return [[Answer(self.guess, "slow-recorded") for _ in items[0]]]


@asynccontextmanager
async def scene(folder: Path, slow: Slow | None) -> AsyncIterator[Floor]:
    async with floor(folder) as here:
        here.committer.models = doubtful()
        here.actor._tools = Looking(here.actor._tools, slow)
        yield here


async def said(here: Floor, text: str = OPEN) -> None:
    await here.customer(text)
    while here.actor._running:
        await asyncio.sleep(0.001)
        await here.rest()


def actions(here: Floor) -> list[str]:
    return [decided.action for decided in here.decisions["conversation/one"]]


async def test_what_words_leave_open_is_looked_at_again_and_answered_once(tmp_path: Path) -> None:
    slow = Slow(SURE)
    async with scene(tmp_path, slow) as here:
        await here.begins()
        await said(here)
        assert slow.asked == [OPEN]
        assert actions(here) == ["look_again", "start_procedure"]
        assert len(here.said()) == 1
        intent = here.fact(Intent)
        assert intent is not None
        assert (intent.label, intent.tier, intent.model) == ("password_reset", "slow", "slow-recorded")
        done = [d.entry.event for d in here.done if isinstance(d.entry.event, ActionDone)]
        assert [d.args["risk"] for d in done if d.action == "look_again"] == ["read"], "it changes no record"


async def test_anger_that_the_words_hid_is_heard_by_the_second_look(tmp_path: Path) -> None:
    async with scene(tmp_path, Slow(msgspec.structs.replace(SURE, frustration=870))) as here:
        await here.begins()
        await said(here)
        mood = here.fact(Mood)
        assert mood is not None
        assert (mood.frustration, mood.upset_turns, mood.turns) == (870, 1, 1)


async def test_the_turn_is_on_disk_and_worked_before_the_slow_tier_is_asked(tmp_path: Path) -> None:
    slow = Slow(SURE)
    async with scene(tmp_path, slow) as here:
        await here.begins()
        asked = asyncio.ensure_future(
            here.committer.append("conversation/one", TurnSaid("customer", OPEN), by="customer")
        )
        await asyncio.sleep(0)
        await here.committer.cycle()
        assert await asked > 0
        assert slow.asked == []
        await here.rest()


async def test_a_slow_tier_that_abstains_too_leaves_a_question_back(tmp_path: Path) -> None:
    async with scene(tmp_path, Slow(NOT_SURE)) as here:
        await here.begins()
        await said(here)
        assert actions(here) == ["look_again", "ask_back"]
        assert (intent := here.fact(Intent)) is not None
        assert intent.label == ""


@pytest.mark.parametrize(("slow", "why"), [(None, "off"), (Slow(SURE, breaks=True), "unavailable")])
async def test_without_a_slow_tier_the_words_have_to_do(tmp_path: Path, slow: Slow | None, why: str) -> None:
    async with scene(tmp_path, slow) as here:
        await here.begins()
        await said(here)
        look = here.fact(SecondLook)
        assert look is not None
        assert (look.done, look.model, look.why) == (True, "", why)
        assert actions(here)[0] == "look_again"
        assert len(here.said()) == 1


async def test_nobody_gives_up_before_the_second_look_is_back(tmp_path: Path) -> None:
    slow = Slow(NOT_SURE)
    async with scene(tmp_path, slow) as here:
        await here.begins()
        await said(here)
        slow.guess = SURE
        await said(here, OTHERWISE)
        assert actions(here) == ["look_again", "ask_back", "look_again", "start_procedure"]


async def test_a_kill_before_the_answer_changes_no_decision_and_a_replay_asks_nobody(tmp_path: Path) -> None:
    names = []
    for kill in (False, True):
        folder = tmp_path / str(kill)
        folder.mkdir()
        slow = Slow(SURE)
        async with scene(folder, slow) as here:
            await here.begins()
            if kill:
                here.committer.outside = lambda decided, stream: None
            await said(here)
        async with scene(folder, slow) as here:
            open_acts = await here.committer.start()
            assert len(open_acts) == int(kill)
            await here.actor.resume(open_acts)
            while here.actor._running:
                await asyncio.sleep(0.001)
                await here.rest()
            assert slow.asked == [OPEN]
            tables = read_models(crafts())
            names.append(await digest(here.committer.store, here.committer.codec, tables))
            fresh = SqliteStore(folder / "fresh.db")
            await fresh.open(tables)
            await rework(here.committer.store, fresh, crafts(), here.committer.keys, doubtful())
            names.append(await digest(fresh, here.committer.codec, tables))
            await fresh.close()
    assert len(set(names)) == 1
