"""Canaries: people whose every personal value is unlike anything else, so that one byte of it found anywhere is a leak.

A whole Baton in this process over one home folder, what a canary leaves behind in it, and where to look afterwards.
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from baton.assembly.forgetting import newest_head, reasons
from baton.assembly.parts import Parts, assemble, running
from baton.capabilities.agents.events import ApprovalAsked, Gave
from baton.capabilities.lake.events import Labelled
from baton.capabilities.orchestration.events import IntentCorrected
from baton.capabilities.resolution.events import ProbeAnswered
from baton.capabilities.routing.events import Assigned, Transferred, WrappedUp
from baton.channels.desk.events import Noted
from baton.engines.personal import hide
from baton.kernel.conversation import ActionDone, Args, Ended, Failed, TurnSaid
from baton.kernel.events import Event
from baton.kernel.steps import StepDone
from baton.settings import Settings
from baton.web.app import App, asgi
from baton.web.front import Front
from baton.web.staff import ROLES, Staff

WORDS = ("bramble", "cobalt", "dapple", "ember", "fennel", "garnet", "hollow", "indigo", "juniper", "kestrel")


@dataclass(frozen=True)
class Canary:
    """One person. `marks` are the strings that nobody else has."""

    n: int

    @property
    def first(self) -> str:
        return f"Zyq{WORDS[self.n % 10].title()}{'abcdefghij'[self.n // 10]}"

    @property
    def last(self) -> str:
        return f"Vraxholm{WORDS[(self.n * 3 + 1) % 10]}{'klmnopqrst'[self.n // 10]}"

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def mail(self) -> str:
        return f"{self.first}.{self.last}@canary{self.n:02d}.example".lower()

    @property
    def phone(self) -> str:
        return f"+1 415 7{self.n:02d} 8{self.n:03d}"

    @property
    def address(self) -> str:
        return f"{4100 + self.n} Quillfeather{WORDS[self.n % 10]} Avenue, Springfield, IL 627{self.n:02d}"

    @property
    def secret(self) -> str:
        return f"my orangutan {WORDS[self.n % 10]}{self.n:02d}glimmerstone broke the suitcase"

    @property
    def marks(self) -> tuple[str, ...]:
        return (
            self.first, self.last, self.mail, self.phone, f"Quillfeather{WORDS[self.n % 10]} Avenue, Springfield, IL 627{self.n:02d}",
            f"{WORDS[self.n % 10]}{self.n:02d}glimmerstone",
        )  # fmt: skip


@dataclass
class Hall:
    """A whole Baton, and somebody who asks it over HTTP."""

    home: Path
    parts: Parts
    app: App
    front: Front
    client: httpx.AsyncClient
    tokens: dict[str, str]

    async def get(self, path: str, role: str = "admin") -> httpx.Response:
        return await self.client.get(path, headers={"authorization": f"Bearer {self.tokens[role]}"})

    async def ask(self, method: str, path: str, body: Any = None, role: str = "admin") -> httpx.Response:
        return await self.client.request(
            method, path, json=body, headers={"authorization": f"Bearer {self.tokens[role]}"}
        )

    async def say(self, stream: str, *events: Event, by: str = "system") -> None:
        await self.parts.committer.append(stream, *events, by=by)


@asynccontextmanager
async def hall(home: Path, log: str = "sqlite") -> AsyncIterator[Hall]:
    """Open a home and serve it until the block ends."""
    told: dict[str, Any] = {"home": home, "slow_tier": "off", "log": log}
    parts = await assemble(Settings(**told))
    app = App(parts.committer, parts.settings, wake=parts.wake)
    app.blobs, app.hiding.hide, app.reason = parts.blobs, hide, reasons(app)
    app.sealed = lambda: newest_head(parts.store)
    tokens: dict[str, str] = {}
    for role in ROLES:
        who = "kim" if role == "rep" else role
        app.accounts.add(Staff(who, f"{who}@halcyon.example", who.title(), role), "")
        tokens[role] = app.accounts.make_token(who, "test")
    front = asgi(app)
    async with (
        running(parts),
        httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://test") as client,
    ):
        yield Hall(home, parts, app, front, client, tokens)
    app.accounts.close()


async def lives(here: Hall, canary: Canary) -> list[str]:
    """Everything that a person leaves behind: two conversations on two identities, with notes, tools, promises and the rest; their keys."""
    keys = []
    for customer, channel in ((canary.mail, "chat"), (canary.phone, "voice")):
        begun = (
            await here.client.post("/api/chat/conversations", json={"customer": customer, "channel": channel})
        ).json()
        await _talks(here, canary, begun["id"], begun["token"])
        keys.append(begun["id"])
    one, other = (here.app.keys.known(said) for said in (canary.mail, canary.phone))
    from baton.capabilities.resolution.events import CustomersJoined

    into, moves = sorted((str(one), str(other)))
    await here.say(f"customer/{moves}", CustomersJoined(into, "kim"), by="staff/kim")
    return keys


async def _talks(here: Hall, canary: Canary, key: str, token: str) -> None:
    auth, at = {"authorization": f"Bearer {token}"}, f"/api/chat/conversations/{key}"
    stream = f"conversation/{key}"

    async def turn(text: str, nonce: str) -> None:
        told = await here.client.post(f"{at}/turns", json={"text": text, "nonce": nonce}, headers=auth)
        assert told.status_code == 202, told.text

    await turn(f"Hello, my name is {canary.name}, my email is {canary.mail} and my number is {canary.phone}.", "a")
    await turn(f"I live at {canary.address} and {canary.secret}. This is the third time I ask!", "b")
    await here.client.post(f"{at}/preferences", json={"plain": True}, headers=auth)
    await here.client.post(f"{at}/person", headers=auth)
    await here.client.post(f"{at}/callback", json={"contact": canary.phone}, headers=auth)
    person: Args = {"name": canary.name, "email": canary.mail}
    said = f"{canary.name}, {canary.address}"
    await here.say(stream, Assigned("kim", "Kim", 1000, "refunds"), by="rep/kim")
    await here.say(
        stream, TurnSaid("rep", f"Dear {canary.name}, I call you tomorrow at {canary.phone}.", who="kim"), by="rep/kim"
    )
    await here.say(stream, Noted("kim", f"{said}: {canary.secret}"), Transferred("kim", "refunds", said), by="rep/kim")
    await here.say(stream, ActionDone("run_tool", "k1", True, "done", {"code": 1}, person), by="system")
    await here.say(stream, StepDone("k2", "book", True, private=person), Gave("profile", person))
    await here.say(stream, ApprovalAsked("k3", "refund", "over_limit", said, key, "refunds"))
    await here.say(stream, IntentCorrected("lost_bag", "kim"), Labelled("outcome", 1, "met"), by="staff/kim")
    await here.say(stream, Failed("routing", "understand", "ValueError"))
    await here.say(
        stream, WrappedUp("kim", "refund", "yes", f"call {canary.name} at {canary.phone}", 1, 1000), by="rep/kim"
    )
    await here.client.post(f"{at}/rating", json={"scale": "csat", "score": 4}, headers=auth)
    await here.say(stream, Ended("closed_by_rep", "kim"), ProbeAnswered("yes", "reviewer", "kim", said), by="rep/kim")
    await here.get(f"/conversations/{key}", "analyst")
    await here.get(f"/conversations?q={canary.first}", "analyst")
    await here.get(f"/api/conversations/{key}.vcon", "analyst")
    why = f"{canary.name} ({canary.mail}) got a wrong answer"
    for act in ("stop", "start"):
        await here.ask("POST", f"/api/governance/{act}", {"agent": "*", "why": why})


async def settle(here: Hall) -> None:
    """Let everything come to rest."""
    lanes = sorted(here.parts.committer.lanes)
    for _ in range(200):
        now = here.parts.clock.now_ms()
        if not await here.parts.store.sends(lanes, now):
            break
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)


def bytes_of(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below a folder, whole: rows, free pages, write-ahead logs, whatever is there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()


def found_in(raw: bytes, canaries: list[Canary]) -> list[str]:
    """Marks that stand in these bytes, in any letter case, as UTF-8, UTF-16, base64 or hex."""
    lower, found = raw.lower(), []
    for canary in canaries:
        for mark in canary.marks:
            plain = mark.lower().encode()
            if plain in lower or mark.lower().encode("utf-16-le") in lower or plain.hex().encode() in lower:
                found.append(mark)
    return found


def hashes_of(canary: Canary, root: bytes) -> Iterator[bytes]:
    """Hashes of low-entropy values that somebody could try out: unkeyed ones, and keyed ones under the root key."""
    values = {
        canary.mail,
        canary.phone,
        canary.name,
        canary.first,
        canary.last,
        re.sub(r"\D", "", canary.phone),
        canary.address,
    }
    for value in values | {v.lower() for v in values}:
        raw = value.encode()
        for name in ("md5", "sha1", "sha256", "sha512"):
            yield hashlib.new(name, raw, usedforsecurity=False).digest()[:12]
        for size in (4, 6, 8, 10, 12, 16, 20, 32, 64):
            yield (
                hashlib.blake2b(raw, digest_size=size).digest()[:12]
                if size > 6
                else hashlib.blake2b(raw, digest_size=size).digest()
            )
        for kind in ("customer", "email", "phone", "conversation", "rep"):
            yield hmac.new(root, f"{kind}\0{value.strip().lower()}".encode(), hashlib.sha256).digest()[:12]


def hashes_in(raw: bytes, hashes: list[bytes]) -> int:
    """How many of these hashes stand in the bytes, as they are or as hex."""
    return sum(each in raw or each.hex().encode() in raw for each in hashes)
