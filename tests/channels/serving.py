"""A Baton in this process on a free port: real store, real server, an agent that echoes, and a client that reads events."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn

from baton.capabilities.routing import events as routing
from baton.kernel.capability import Crafts, Filed
from baton.kernel.clock import WallClock
from baton.kernel.committer import Committer
from baton.kernel.conversation import Decided, Ended, Holder, Proposed, To, TurnSaid
from baton.kernel.events import Event, Fact
from baton.kernel.facts import Facts
from baton.kernel.ports import Clock, Judgement
from baton.kernel.stream import Stream
from baton.settings import Settings
from baton.stores.keys import SqliteKeys
from baton.stores.sqlite import SqliteStore
from baton.web.app import App, Organisation, asgi
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

    def judge(self, text: str) -> Judgement:
        return Judgement()

    def search(self, text: str) -> list:
        return []


def echo_or_escalate(said: TurnSaid, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    holder = facts.get(Holder)
    if said.role == "customer" and (holder is None or holder.kind == "agent"):
        yield Proposed("escalate" if "person" in said.text else "echo")


def echo(decided: Decided, stream: Stream) -> Iterator[Event]:
    if stream.facts.get(Holder) is None:
        yield Holder("agent", "echo", 0, "Echo")
    yield TurnSaid("agent", f"You said: {stream.said('customer')[-1].text}", who="echo")


def escalate(decided: Decided, stream: Stream) -> Iterator[Event | To]:
    yield Holder("queue", epoch=_epoch(stream) + 1)
    yield To("assignment/main", routing.Waiting(stream.id, "refunds", stream.now_ms))


def holds(event: routing.Assigned, stream: Stream, facts: Facts) -> Iterator[Fact]:
    yield Holder("rep", event.rep, _epoch(stream) + 1, event.name)


def takes_over(event: routing.TakenOver, stream: Stream, facts: Facts) -> Iterator[Fact]:
    yield Holder("rep", event.rep, _epoch(stream) + 1, event.name)


def gives_back(event: routing.HandedBack, stream: Stream, facts: Facts) -> Iterator[Fact]:
    yield Holder("agent", "echo", _epoch(stream) + 1, "Echo")


def is_over(event: Ended, stream: Stream, facts: Facts) -> Iterator[Fact]:
    if stream.id.startswith("conversation/"):
        yield Holder("nobody", "", _epoch(stream) + 1)


def stands(event: routing.Waiting, stream: Stream, facts: Facts) -> Iterator[Fact]:
    yield routing.Place(event.conversation, "waiting", event.queue, event.since_ms)


def is_ready(event: routing.RepReady, stream: Stream, facts: Facts) -> Iterator[Fact]:
    yield routing.Post(event.rep, event.presence, stream.now_ms, event.name, event.skills)


def is_taken(event: routing.OfferTaken, stream: Stream, facts: Facts) -> Iterator[Fact | To]:
    place = facts.slot(routing.Place, event.conversation)
    if place is not None and place.state != "held":
        yield routing.Place(event.conversation, "held", place.queue, place.since_ms, event.rep)
        yield To(event.conversation, routing.Assigned(event.rep, event.rep.title(), 1000))


def is_gone(event: routing.Gone, stream: Stream, facts: Facts) -> Iterator[Fact]:
    if facts.slot(routing.Place, event.conversation):
        yield routing.Place(event.conversation, "gone", "", 0)


def _epoch(stream: Stream) -> int:
    holder = stream.facts.get(Holder)
    return holder.epoch if holder else 0


def crafts() -> Crafts:
    """The smallest contact centre: an echo, one queue, and reps who take from it."""
    made = Crafts()
    made.decide = {TurnSaid: [Filed("echo", echo_or_escalate)]}
    made.act = {run.__name__: Filed("echo", run) for run in (echo, escalate)}
    made.understand = {
        routing.Assigned: [Filed("echo", holds)], routing.TakenOver: [Filed("echo", takes_over)],
        routing.HandedBack: [Filed("echo", gives_back)], Ended: [Filed("echo", is_over)],
        routing.Waiting: [Filed("echo", stands)], routing.RepReady: [Filed("echo", is_ready)],
        routing.OfferTaken: [Filed("echo", is_taken)], routing.Gone: [Filed("echo", is_gone)],
    }  # fmt: skip
    return made


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
async def serving(home: Path, clock: Clock | None = None, settings: dict | None = None) -> AsyncIterator[Place]:
    """Serve until the block ends."""
    store, keys = SqliteStore(home / "log.db"), SqliteKeys(home / "keys.db")
    await store.open([])
    committer = Committer(store, crafts(), keys, NoModels(), clock or WallClock())
    await committer.start()
    organisation = Organisation("Halcyon Air", "Halcyon assistant", invented=True, openers=("Where is my bag?",))
    app = App(committer, Settings(home=home, **(settings or {})), organisation=organisation)
    for person in PEOPLE:
        app.accounts.add(person, "")
    app.tasks.append(committer.run)
    server = uvicorn.Server(uvicorn.Config(asgi(app), port=0, log_level="warning", timeout_graceful_shutdown=1))
    task = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Place(f"http://127.0.0.1:{port}", app)
    server.should_exit = True
    await task
    keys.close()
    await store.close()
