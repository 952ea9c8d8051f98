"""A Baton in this process on a free port: real store, real server, an agent that echoes, and a client that reads events."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import httpx
import msgspec
from sqlalchemy import Table

from baton.capabilities.agents.events import Agent, Agents
from baton.capabilities.routing import events as routing
from baton.engines.audit.tables import METADATA as AUDIT
from baton.kernel.capability import Crafts, Filed, load
from baton.kernel.clock import WallClock
from baton.kernel.committer import Committer
from baton.kernel.conversation import Decided, Holder, PolicyRevised, Proposed, TurnSaid
from baton.kernel.events import Event
from baton.kernel.facts import Facts
from baton.kernel.lanes import LANES
from baton.kernel.ports import Clock, Judgement, Met
from baton.kernel.stream import Stream
from baton.settings import Settings
from baton.stores.keys import SqliteKeys
from baton.stores.sqlite import SqliteStore
from baton.web.app import App, Organisation
from baton.web.server import Server
from baton.web.staff import Staff

PASSWORD = "correct horse battery staple"
PEOPLE = (
    Staff("jack", "jack@halcyon.example", "Jack Moreau", "rep", ("refunds",)),
    Staff("sofia", "sofia@halcyon.example", "Sofia Lindt", "rep", ("refunds",)),
    Staff("mara", "mara@halcyon.example", "Mara Nilsen", "supervisor"),
    Staff("ruth", "ruth@halcyon.example", "Ruth Ekwueme", "analyst"),
    Staff("viktor", "viktor@halcyon.example", "Viktor Aune", "planner"),
    Staff("beatriz", "beatriz@halcyon.example", "Beatriz Lobo", "knowledge_manager"),
    Staff("dara", "dara@halcyon.example", "Dara Quinn", "admin"),
    Staff("bridge", "bridge@halcyon.example", "Payments bridge", "integration"),
    Staff("ana", "ana@example.com", "Ana Ruiz", "customer"),
)


class NoModels:
    """Understands nothing."""

    version = "none"

    def ahead(self, texts) -> None: ...

    def judge(self, text: str, head: str = "") -> Judgement:
        return Judgement()

    def search(self, text: str) -> list:
        return []

    def met(self, ending) -> Met:
        return Met()


def echo_or_escalate(said: TurnSaid, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """The smallest agent there is."""
    holder = facts.get(Holder)
    if said.role == "customer" and (holder is None or holder.kind == "agent"):
        yield Proposed("escalate" if "person" in said.text else "echo")


def echo(decided: Decided, stream: Stream) -> Iterator[Event]:
    yield TurnSaid("agent", f"You said: {stream.said('customer')[-1].text}", who="echo")


def crafts(*also: str) -> Crafts:
    """Routing as it is, what a test wants beside it, and an agent that echoes."""
    made = load([f"baton.capabilities.{name}" for name in ("routing", *also)])
    made.decide[TurnSaid] = [Filed("echo", echo_or_escalate)]
    made.act["echo"] = Filed("echo", echo)
    return made


def tables_of(made: Crafts) -> list[Table]:
    """The read models of these capabilities."""
    names = [f"{module.__name__}.tables" for module in made.modules.values()]
    return [t for name in names if find_spec(name) for t in import_module(name).METADATA.sorted_tables]


POLICIES = (
    ("agents.Agents", Agents((Agent("echo", "Echo", approved=True),))),
    ("routing.Routing", routing.Routing((routing.Queue("refunds", "Refunds", "refunds"),))),
)


@dataclass
class Place:
    """A Baton that serves, and what a test wants to look at inside it."""

    url: str
    app: App

    def http(self, **options) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, timeout=20, **options)

    def token(self, who: str) -> dict[str, str]:
        """The header of an API token of someone's own."""
        return {"Authorization": f"Bearer {self.app.accounts.make_token(who, 'test')}"}

    async def begin(self, client: httpx.AsyncClient, **body) -> "Talk":
        made = (await client.post("/api/chat/conversations", json=body)).raise_for_status().json()
        return Talk(client, made["id"], made["token"])


@dataclass
class Talk:
    """A customer's end of one conversation."""

    client: httpx.AsyncClient
    id: str
    token: str

    @property
    def path(self) -> str:
        return f"/api/chat/conversations/{self.id}"

    @property
    def auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def say(self, text: str, nonce: str) -> httpx.Response:
        return await self.client.post(f"{self.path}/turns", json={"text": text, "nonce": nonce}, headers=self.auth)

    async def post(self, what: str, **body) -> httpx.Response:
        return await self.client.post(f"{self.path}/{what}", json=body or None, headers=self.auth)

    @asynccontextmanager
    async def events(self, last: int = 0) -> AsyncIterator[AsyncIterator[dict]]:
        headers = {**self.auth, **({"Last-Event-ID": str(last)} if last else {})}
        async with self.client.stream("GET", f"{self.path}/events", headers=headers) as response:
            assert response.status_code == 200, await response.aread()
            yield read_events(response)


async def read_events(response: httpx.Response) -> AsyncIterator[dict]:
    event: dict = {}
    async for line in response.aiter_lines():
        if not line and event.get("event"):
            yield event
        if not line:
            event = {}
        name, _, value = line.partition(": ")
        if name in ("id", "event"):
            event[name] = int(value) if name == "id" else value
        elif name == "data":
            event |= json.loads(value)


@asynccontextmanager
async def serving(
    home: Path,
    clock: Clock | None = None,
    settings: dict | None = None,
    made: Crafts | None = None,
    lanes: range = range(LANES),
) -> AsyncIterator[Place]:
    """Serve until the block ends."""
    store, keys = SqliteStore(home / "log.db"), SqliteKeys(home / "keys.db")
    made = made or crafts()
    await store.open([*tables_of(made), *AUDIT.sorted_tables])
    committer = Committer(store, made, keys, NoModels(), clock or WallClock(), lanes)
    await committer.start()
    organisation = Organisation("Halcyon Air", "Halcyon assistant", invented=True, openers=("Where is my bag?",))
    app = App(committer, Settings(home=home, **(settings or {})), organisation=organisation)
    for person in PEOPLE:
        app.accounts.add(person, "")
    app.tasks.append(committer.run)
    server = Server(app, "127.0.0.1", 0)
    task = asyncio.ensure_future(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn tells it by a flag
        await asyncio.sleep(0.01)
    for name, policy in POLICIES:
        await committer.append(
            f"policy/{name}", PolicyRevised(name, msgspec.Raw(msgspec.json.encode(policy))), by="system"
        )
    yield Place(server.address, app)
    server.should_exit = True
    await task
    keys.close()
    await store.close()


@contextmanager
def in_thread(home: Path, **options) -> Iterator[Place]:
    """Serve in a thread of its own, for tests that are not async."""
    up, down, found = threading.Event(), asyncio.Event(), []
    loop = asyncio.new_event_loop()

    async def main() -> None:
        async with serving(home, **options) as served:
            found.append(served)
            up.set()
            await down.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(main()))
    thread.start()
    assert up.wait(60)
    yield found[0]
    loop.call_soon_threadsafe(down.set)
    thread.join(20)
    loop.close()
