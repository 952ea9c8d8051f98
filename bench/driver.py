"""Customers that talk as fast as they are answered, from a process of their own, over plain sockets."""

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

QUESTIONS = (
    "How long do refunds take?",
    "How do I choose a seat?",
    "When can I check in online?",
    "What is the bag allowance?",
    "How do I claim a lost bag?",
    "What can I buy while my bag is late?",
    "What is the compensation for a delayed flight?",
    "How do I cancel a booking?",
    "Which seats have more legroom?",
    "How do I install the app?",
    "What is two step sign in?",
    "What do corporate plans cost?",
    "Can I pay with points?",
    "How do I report a damaged suitcase?",
    "Which ways of paying do you take?",
    "What does the light fare include?",
    "Can I take my dog on board?",
    "How many points do I earn?",
    "How do I correct my name?",
    "Why did my card payment fail?",
    "What do I get when my flight is delayed?",
    "What documents do children need?",
    "Where do I send a complaint?",
    "How does the standard fare differ from flex?",
    "Do I need a visa?",
    "What are the benefits of silver?",
    "How do I earn points with partners?",
    "How much does an extra bag cost?",
    "How do I get my boarding pass?",
    "Can my cat fly with me?",
    "What is a flex fare?",
    "How do I update the app?",
    "Where do I find the invoice?",
)
"""What customers ask: each is understood, looked up and answered with a citation."""
BEGINS = ("", "Hi, ", "Hello, ", "Quick question: ", "One more thing: ", "Also: ", "A question: ", "Then: ")
ENDS = (
    "",
    " Thanks.",
    " Thank you!",
    " Please.",
    " I could not find it.",
    " I looked on the site.",
    " It is for May.",
    " Regards, Ana",
    " Bye",
    " Tom",
)
"""Ways to put it, so that hardly any two turns of a run are the same text."""
TURNS_EACH = 16
MOST_TURNS_PER_S = 3000


@dataclass
class Seen:
    """What the customers saw: latencies from post to answer in milliseconds, conversations used, and what the meter ran up."""

    latencies_ms: list[float] = field(default_factory=list)
    opened: int = 0
    metered: list[float] = field(default_factory=list)


class Connection:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def open(self) -> None:
        """Connect."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def post(self, path: str, body: bytes, token: str = "") -> dict[str, object]:
        """Send a body, read the answer."""
        auth = f"Authorization: Bearer {token}\r\n" if token else ""
        head = f"POST {path} HTTP/1.1\r\nHost: b\r\n{auth}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.writer.write(head.encode() + body)
        head_bytes = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head_bytes.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        answer: dict[str, object] = json.loads(await self.reader.readexactly(length))
        if int(head_bytes[9:12]) >= 400:
            raise RuntimeError(f"{path} answered {answer!r}")
        return answer

    def close(self) -> None:
        """Hang up."""
        self.writer.close()


async def listen(port: int, id: str, token: str, answers: asyncio.Queue[str]) -> None:
    """Read a conversation's event stream; put `listening` once it is open, `agent` for each agent turn, `queue` when the baton leaves the agent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 18)
    writer.write(
        f"GET /api/chat/conversations/{id}/events HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    answers.put_nowait("listening")
    try:
        event = b""
        while line := await reader.readline():
            if line.startswith(b"event: "):
                event = line[7:].strip()
            elif line.startswith(b"data: "):
                data = line[6:]
                if event == b"turn" and b'"agent"' in data:
                    answers.put_nowait("agent")
                elif event == b"holder" and b'"queue"' in data:
                    answers.put_nowait("queue")
    finally:
        writer.close()


class Open:
    """An open conversation: its name, its token and what its event stream says."""

    def __init__(self, name: str, token: str) -> None:
        self.name, self.token = name, token
        self.answers: asyncio.Queue[str] = asyncio.Queue()
        self.ear: asyncio.Task[None] | None = None


async def opened(port: int, count: int) -> list[Open]:
    """Open `count` conversations with their event streams, before anything is timed."""
    connection = Connection(port)
    await connection.open()
    found = []
    for _ in range(count):
        answer = await connection.post("/api/chat/conversations", b"{}")
        each = Open(str(answer["id"]), str(answer["token"]))
        each.ear = asyncio.get_running_loop().create_task(listen(port, each.name, each.token, each.answers))
        await each.answers.get()
        found.append(each)
    connection.close()
    return found


def hang_up(conversations: list[Open]) -> None:
    """Close their event streams."""
    for each in conversations:
        if each.ear is not None:
            each.ear.cancel()


async def customer(port: int, seen: Seen, pool: list[Open], until: float, rng: random.Random) -> None:
    """One place in the crowd: conversation after conversation until the time is up."""
    connection = Connection(port)
    await connection.open()
    while time.perf_counter() < until and pool:
        await _converse(connection, pool.pop(), seen, until, rng)
    connection.close()


async def _converse(connection: Connection, open_: Open, seen: Seen, until: float, rng: random.Random) -> None:
    seen.opened += 1
    for n, text in enumerate(rng.sample(QUESTIONS, TURNS_EACH)):
        if time.perf_counter() > until:
            return
        while not open_.answers.empty():
            open_.answers.get_nowait()
        began = time.perf_counter()
        body = json.dumps({"text": rng.choice(BEGINS) + text + rng.choice(ENDS), "nonce": f"n{n}"}).encode()
        await connection.post(f"/api/chat/conversations/{open_.name}/turns", body, open_.token)
        if await asyncio.wait_for(open_.answers.get(), 30) == "queue":
            return
        seen.latencies_ms.append((time.perf_counter() - began) * 1000)


async def crowd(port: int, concurrency: int, seconds: float, meter: Callable[[], list[float]], seed: int = 1) -> Seen:
    """`concurrency` customers for `seconds`, in conversations opened before; `meter` is read where the time begins and ends."""
    seen = Seen()
    pool = await opened(port, max(concurrency + 40, round(MOST_TURNS_PER_S * seconds / TURNS_EACH)))
    everyone = list(pool)
    before = meter()
    until = time.perf_counter() + seconds
    async with asyncio.TaskGroup() as group:
        for n in range(concurrency):
            group.create_task(customer(port, seen, pool, until, random.Random(seed * 1000 + n)))
    seen.metered = [after - at for at, after in zip(before, meter(), strict=True)]
    hang_up(everyone)
    return seen
