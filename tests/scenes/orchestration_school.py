"""A landlord's office that teaches its own labels: a real app and store, rows invented, and the pool in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec

from baton.assembly.parts import Parts, assemble, running
from baton.assembly.replays import Replays
from baton.assembly.teaching import Teaching
from baton.capabilities.routing.events import Queue, Routing
from baton.engines.blobs import SealedBlobs
from baton.engines.pool import InlinePool
from baton.kernel.clock import FakeClock
from baton.kernel.conversation import PolicyRevised, Started, TurnSaid
from baton.kernel.events import Fact
from baton.kernel.stream import policy_name
from baton.settings import Settings
from baton.web.app import App, asgi
from baton.web.staff import Staff

F = TypeVar("F", bound=Fact)

START_MS = 1_790_000_000_000
THINGS = {
    "noise": ("the neighbours", "a party", "the music", "a dog", "the drilling"),
    "heating": ("the radiator", "the boiler", "my flat", "the bathroom", "the warm water"),
    "rent": ("my rent", "the deposit", "the invoice", "a payment", "the bill"),
}
SAID = {
    "noise": ("{} is too loud at night", "i cannot sleep because of {}", "please stop {}", "{} again since this morning"),
    "heating": ("{} is cold", "{} does not get warm", "it is freezing and {} is broken", "can you repair {}"),
    "rent": ("when is {} due", "{} seems too high", "i have paid {} twice", "where do i send {}"),
}  # fmt: skip
PEOPLE = {
    "dara": Staff("dara", "dara@example.com", "Dara", "admin"),
    "noor": Staff("noor", "noor@example.com", "Noor", "analyst"),
    "sam": Staff("sam", "sam@example.com", "Sam", "supervisor"),
    "mina": Staff("mina", "mina@example.com", "Mina", "rep"),
}


def examples(*more: str) -> bytes:
    """60 rows of three labels, and what else is given."""
    rows = [f"{said.format(thing)},{label}" for label in THINGS for thing in THINGS[label] for said in SAID[label]]
    return "\n".join(["text,label", *rows, *more, ""]).encode()


class School:
    """The office: what staff ask of the pages, and what customers say."""

    def __init__(self, parts: Parts, client: httpx.AsyncClient, tokens: dict[str, str]) -> None:
        self.parts, self._client, self._tokens = parts, client, tokens

    async def get(self, who: str, path: str) -> httpx.Response:
        """GET as someone."""
        return await self._client.get(path, headers=self._as(who))

    async def post(self, who: str, path: str, **form: str) -> httpx.Response:
        """POST a form as someone."""
        return await self._client.post(path, data=form, headers=self._as(who))

    async def put(self, who: str, path: str, body: dict[str, Any]) -> httpx.Response:
        """PUT data as someone."""
        return await self._client.put(path, json=body, headers={**self._as(who), "Accept": "application/json"})

    async def give(self, who: str, file: bytes, test: bytes = b"", **form: str) -> httpx.Response:
        """Give a file of examples."""
        files = {"file": ("labels.csv", file, "text/csv"), "test": ("test.csv" if test else "", test, "text/csv")}
        return await self._client.post("/understanding/heads", data=form, files=files, headers=self._as(who))

    async def taught(self, who: str, file: bytes | None = None, **form: str) -> str:
        """Give rows and wait for the head; its key."""
        given = await self.give(who, examples() if file is None else file, b"", **form)
        assert given.status_code == 303, given.text
        key = given.headers["location"].rpartition("/")[2]
        await self.until(key, "taught")
        return str(key)

    async def until(self, key: str, state: str) -> None:
        """Wait until a head stands so."""
        for _ in range(2000):
            heads = (await self.get("noor", "/api/intents/heads")).json()["heads"]
            found = next(each["state"] for each in heads if each["head"] == f"head/{key}")
            if found in {state, "failed"}:
                assert found == state
                return
            await asyncio.sleep(0.01)
        raise AssertionError(found)

    async def replayed(self, who: str, key: str) -> dict[str, Any]:
        """Wait until a replay is told; what it told."""
        for _ in range(2000):
            told: dict[str, Any] = await self.json(who, f"/api/replays/{key}")
            if told["state"] != "asked":
                return told
            await asyncio.sleep(0.01)
        raise AssertionError(key)

    async def json(self, who: str, path: str) -> dict[str, Any]:
        """GET as someone, as data."""
        told: dict[str, Any] = (await self.get(who, path)).json()
        return told

    async def seen(self) -> str:
        """The version that a form of now would carry."""
        made = (await self.get("dara", "/api/intents/switches")).json()["switches"]
        return str(made[0]["position"] if made else 0)

    async def begins(self, id: str) -> None:
        """A conversation starts."""
        await self.parts.committer.append(f"conversation/{id}", Started(), by="customer")

    async def customer(self, id: str, text: str) -> None:
        """The customer says something, and it is worked to rest."""
        await self.parts.committer.append(f"conversation/{id}", TurnSaid("customer", text), by="customer")

    async def fact(self, id: str, kind: type[F], when: Callable[[F], bool] = bool) -> F:
        """A fact of a conversation, once it is as wanted."""
        for _ in range(500):
            found = (await self.parts.committer.memory.stream(f"conversation/{id}")).facts.get(kind)
            if found is not None and when(found):
                return found
            await asyncio.sleep(0.01)
        raise AssertionError(found)

    def _as(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[who]}", "Accept": "text/html"} if who else {}


class Idle(Teaching):
    """Teaches nobody, as where the process ends before the run does."""

    async def waiting(self) -> list[str]:
        """Nothing to do."""
        return []


@asynccontextmanager
async def school(folder: Path, teaches: type[Teaching] = Teaching) -> AsyncIterator[School]:
    """The office, open."""
    settings = Settings.model_validate({"home": folder, "slow_tier": "off"})
    parts = await assemble(settings, clock=FakeClock(START_MS))
    parts.teaching = teaches(parts.committer, SealedBlobs(parts.blobs, parts.keys), InlinePool())
    parts.replays = Replays(parts.committer, parts.models, InlinePool(), dict)
    app = App(parts.committer, settings, wake=parts.wake)
    app.blobs = parts.blobs
    for staff in PEOPLE.values():
        app.accounts.add(staff, "correct horse battery staple")
    tokens = {name: app.accounts.make_token(staff.id, "test") for name, staff in PEOPLE.items()}
    transport = httpx.ASGITransport(app=asgi(app), raise_app_exceptions=False)
    async with running(parts), httpx.AsyncClient(transport=transport, base_url="http://baton.example") as client:
        queues = Routing(
            queues=(Queue(id="house", title="House", intents=("heating", "other")), Queue(id="money", title="Money"))
        )
        revised = PolicyRevised(policy_name(Routing), msgspec.Raw(msgspec.json.encode(queues)))
        await parts.committer.append(f"policy/{revised.policy}", revised, by="system")
        yield School(parts, client, tokens)
    app.accounts.close()
