"""The whole product on one log: every capability's read models equal their fold, and its decisions come out the same again.

Halcyon Air is invented; so is all that is said here.
"""

import asyncio
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import select

from baton.assembly.parts import packages, read_models
from baton.capabilities.routing.events import MAIN, HandedBack, OfferPassed, OfferTaken, RepReady, TakenOver, WrappedUp
from baton.demo.policies import set_policies
from baton.demo.retelling import moments
from baton.demo.stories import history
from baton.kernel.actor import Actor
from baton.kernel.capability import load
from baton.kernel.committer import Committer
from baton.kernel.conversation import Ended, Started, TurnSaid
from baton.kernel.digest import digest
from baton.kernel.log import Store
from baton.kernel.rebuild import rebuild, rework
from baton.stores.postgres import PostgresStore
from baton.stores.sqlite import SqliteStore
from tests.ports.logs import ROOT_KEY
from tests.ports.stand_ins import FakeClock
from tests.scenes.agents_floor import models, procedures

pytestmark = pytest.mark.port

CRAFTS = load(packages())
TABLES = read_models(CRAFTS)
END_MS = 1_790_000_000_000
STORIES = 60
CUSTOMERS = {
    "a": ["Hello", "When will my refund arrive?", "That did not help at all", "I want to talk to a person please"],
    "b": ["I am locked out of my account", "jane@example.org", "yes please", "no, stop"],
    "c": ["This is the fourth time I explain this. Useless bot!", "My father died and I need to change the flight"],
    "d": ["Where is my bag?", "what is the weight limit for cabin bags", "thanks, that is all", "bye"],
    "e": ["asdf", "???", "Quiero cambiar mi vuelo", "person"],
    "f": [
        "I am stuck in the lobby of it",
        "it says no each time and I give up on it",
        "my whatsit shows a red rectangle somehow",
        "ok then",
    ],
}


class NoTools:
    """No company is connected; the slow tier names what it was told to."""

    async def call(self, tool, args, key, claim=None):
        from baton.kernel.ports import ActionResult

        if tool == "look_again":
            told: dict[str, str | int] = {
                "intent": "password_reset",
                "confidence": 800,
                "runner_up": "other",
                "margin": 500,
            }
            known = "give up" in str(args["text"])
            return ActionResult(known, "" if known else "busy", {**told, "model": "slow-recorded"} if known else {})
        return ActionResult(ok=False, detail="refused")


class Talk:
    """Everything that happens, in the same order every time, over one committer or over many."""

    def __init__(self, open_store, folder: Path, restart_every: int = 0) -> None:
        self._open_store, self._folder, self._restart_every = open_store, folder, restart_every
        self.clock = FakeClock(END_MS)
        self._said = 0

    async def start(self) -> None:
        self.store: Store = self._open_store()
        await self.store.open(TABLES)
        from baton.stores.keys import SqliteKeys

        self.keys = SqliteKeys(self._folder / "keys.db", ROOT_KEY)
        self.committer = Committer(self.store, CRAFTS, self.keys, models(), self.clock)
        self.actor = Actor(self.committer, CRAFTS, NoTools())
        self.committer.outside = self.actor.start
        await self.actor.resume(await self.committer.start())

    async def stop(self) -> None:
        await self.store.close()
        self.keys.close()

    async def say(self, stream: str, *events, by: str, **how) -> None:
        asked = asyncio.create_task(self.committer.append(stream, *events, by=by, **how))
        await asyncio.sleep(0)
        await self.rest()
        await asked
        self._said += 1
        if self._restart_every and self._said % self._restart_every == 0:
            await self.stop()
            await self.start()

    async def rest(self) -> None:
        await self.committer.settle()
        while self.actor._running:
            await asyncio.sleep(0)
            await self.committer.settle()

    async def everything(self) -> None:
        await self.policies()
        await self.live()
        await self.told()
        for days in (1, 3, 9):
            self.clock.advance(days=days)
            await self.rest()

    async def policies(self) -> None:
        setting = asyncio.create_task(set_policies(self.committer, procedures()))
        while not setting.done():
            await self.committer.settle()
            await asyncio.sleep(0)
        await setting

    async def live(self) -> None:
        for who in ("kim", "mara"):
            await self.say(MAIN, RepReady(f"rep/{who}", "available", who, languages=("en", "es")), by=f"rep/{who}")
        for who in CUSTOMERS:
            await self.say(f"conversation/{who}", Started(language="en", customer=f"c{who}"), by="customer")
        for turn in range(4):
            for who, texts in CUSTOMERS.items():
                self.clock.advance(s=7)
                if turn < len(texts):
                    await self.say(f"conversation/{who}", TurnSaid("customer", texts[turn]), by="customer")
        for who, rep in (("a", "kim"), ("c", "mara"), ("e", "kim")):
            await self.say(MAIN, OfferTaken(f"rep/{rep}", f"conversation/{who}"), by=f"rep/{rep}")
            await self.say(MAIN, OfferPassed(f"rep/{rep}", f"conversation/{who}"), by=f"rep/{rep}")
            await self.say(
                f"conversation/{who}", TurnSaid("rep", "I can see it here", who=f"rep/{rep}"), by=f"rep/{rep}"
            )
        self.clock.advance(s=40)
        await self.rest()
        await self.say("conversation/d", TakenOver("rep/mara", "Mara"), by="rep/mara")
        await self.say("conversation/d", HandedBack("rep/mara"), by="rep/mara")
        await self.say(
            "conversation/a",
            WrappedUp("rep/kim", "refund", "yes", promise="I call you", promise_due_ms=END_MS + 86_400_000),
            by="rep/kim",
        )
        for who in CUSTOMERS:
            await self.say(f"conversation/{who}", Ended("closed_by_rep"), by="system")

    async def told(self) -> None:
        for n, story in enumerate(islice(history(7, days=20, end_ms=END_MS, per_day=12), STORIES)):
            for moment in moments(story, f"customer{story.customer}"):
                await self.say(f"conversation/told{n}", *moment.events, by="import/told", happened_at_ms=moment.at_ms)


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The log played once on SQLite: where it is, and its digest."""
    folder = tmp_path_factory.mktemp("product")

    async def play() -> str:
        talk = Talk(lambda: SqliteStore(folder / "log.db"), folder)
        await talk.start()
        await talk.everything()
        name = await digest(talk.store, talk.committer.codec, TABLES)
        await talk.stop()
        return name

    return folder, asyncio.run(play())


async def test_every_read_model_equals_the_fold_of_the_log(played):
    folder, _ = played
    talk = Talk(lambda: SqliteStore(folder / "log.db"), folder)
    await talk.start()
    live = await read_all(talk.store)
    await rebuild(talk.store, talk.committer.codec, CRAFTS, TABLES)
    again = await read_all(talk.store)
    await talk.stop()
    assert {name: rows for name, rows in again.items() if rows != live[name]} == {}
    assert [name for name, rows in live.items() if rows]


async def test_working_the_whole_log_again_decides_the_same(played, tmp_path: Path):
    folder, name = played
    talk = Talk(lambda: SqliteStore(folder / "log.db"), folder)
    await talk.start()
    fresh = SqliteStore(tmp_path / "fresh.db")
    await fresh.open(TABLES)
    await rework(talk.store, fresh, CRAFTS, talk.keys, models())
    assert await digest(fresh, talk.committer.codec, TABLES) == name
    await fresh.close()
    await talk.stop()


async def test_restarts_change_no_decision(played, tmp_path: Path):
    _, name = played
    talk = Talk(lambda: SqliteStore(tmp_path / "log.db"), tmp_path, restart_every=5)
    await talk.start()
    await talk.everything()
    assert await digest(talk.store, talk.committer.codec, TABLES) == name
    await talk.stop()


async def test_postgres_decides_the_same(played, postgres_url: str, tmp_path: Path):
    _, name = played
    talk = Talk(lambda: PostgresStore(postgres_url), tmp_path)
    await talk.start()
    await talk.everything()
    assert await digest(talk.store, talk.committer.codec, TABLES) == name
    await talk.stop()


async def read_all(store: Store) -> dict[str, list[str]]:
    """Every row of every read model."""
    return {str(t.name): sorted(str(sorted(r.items())) for r in await store.rows(select(*t.c))) for t in TABLES}
