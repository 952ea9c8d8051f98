"""Customers that talk as fast as they are answered, from a process of their own, over plain sockets."""

import asyncio
import json
import random
import time
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
    "When do I have to be at the airport?",
    "Can I pay with points?",
    "What if my flight is cancelled?",
    "How do I report a damaged suitcase?",
    "How do I turn on two step sign in?",
    "Which ways of paying do you take?",
    "How do I choose a seat with more legroom?",
    "When does check in open for my flight?",
)
TURNS_EACH = 16


@dataclass
class Seen:
    """What the customers saw: latencies from post to answer, in milliseconds, and conversations opened."""

    latencies_ms: list[float] = field(default_factory=list)
    opened: int = 0


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


async def customer(port: int, seen: Seen, until: float, rng: random.Random) -> None:
    """One place in the crowd: conversation after conversation until the time is up."""
    connection = Connection(port)
    await connection.open()
    while time.perf_counter() < until:
        opened = await connection.post("/api/chat/conversations", b"{}")
        name, token = str(opened["id"]), str(opened["token"])
        seen.opened += 1
        answers: asyncio.Queue[str] = asyncio.Queue()
        ear = asyncio.get_running_loop().create_task(listen(port, name, token, answers))
        await answers.get()
        await _converse(connection, name, token, answers, seen, until, rng)
        ear.cancel()
    connection.close()


async def _converse(
    connection: Connection,
    name: str,
    token: str,
    answers: asyncio.Queue[str],
    seen: Seen,
    until: float,
    rng: random.Random,
) -> None:
    for n, text in enumerate(rng.sample(QUESTIONS, TURNS_EACH)):
        if time.perf_counter() > until:
            return
        began = time.perf_counter()
        while not answers.empty():
            answers.get_nowait()
        await connection.post(
            f"/api/chat/conversations/{name}/turns", json.dumps({"text": text, "nonce": f"n{n}"}).encode(), token
        )
        if await asyncio.wait_for(answers.get(), 30) == "queue":
            return
        seen.latencies_ms.append((time.perf_counter() - began) * 1000)


async def crowd(port: int, concurrency: int, seconds: float, seed: int = 1) -> Seen:
    """`concurrency` customers for `seconds`."""
    seen = Seen()
    until = time.perf_counter() + seconds
    async with asyncio.TaskGroup() as group:
        for n in range(concurrency):
            group.create_task(customer(port, seen, until, random.Random(seed * 1000 + n)))
    return seen
