"""A process that owns lanes of a log under test: it takes turns on standard input and answers on standard output.

Run as `python -m tests.ports.log_process URL FOLDER LANES [LEDGER]`, where LANES is `0-63`, or `-` for none. Each line in
is `{"id", "stream", "what", "nonce"}`, each line out `{"id", "position"}` or `{"id", "error"}`; the first is `ready`. With
a LEDGER, outside acts are done there.
"""

import asyncio
import json
import logging
import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path

import baton.kernel.committer as committer_module
from baton.kernel.actor import Actor
from baton.kernel.clock import WallClock
from baton.kernel.committer import Committer
from baton.kernel.errors import BatonError
from baton.kernel.ports import ActionResult, Claim
from tests.ports.craft.events import Asked
from tests.ports.logs import CRAFTS, TABLES, NoModels, Place

LOOK_S = 0.1


class Provider:
    """Another company's system: one effect a key, kept in its own file, and every call counted."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._db.execute("PRAGMA journal_mode = WAL").fetchall()
        self._db.execute("CREATE TABLE IF NOT EXISTS effects (key TEXT PRIMARY KEY, nonce TEXT)")
        self._db.execute("CREATE TABLE IF NOT EXISTS calls (key TEXT)")

    async def call(self, tool: str, args: Mapping[str, object], key: str, claim: Claim | None = None) -> ActionResult:
        """Make the effect once for its key."""
        self._db.execute("INSERT INTO calls VALUES (?)", (key,))
        await asyncio.sleep(0.01)
        self._db.execute("INSERT OR IGNORE INTO effects VALUES (?, ?)", (key, args["nonce"]))
        await asyncio.sleep(0.01)
        return ActionResult(ok=True)


def lanes_of(text: str) -> range:
    """`0-63` as a range, `-` as none."""
    first, _, last = text.partition("-")
    return range(int(first), int(last) + 1) if first else range(0)


def answer(line: object) -> None:
    """One line out, at once."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def take(committer: Committer, asked: dict[str, str]) -> None:
    """One turn in, one answer out when it is on disk."""
    try:
        event = Asked(asked["what"], asked["nonce"], text=f"text of {asked['nonce']}")
        at = await committer.append(asked["stream"], event, by="customer", once=asked["nonce"])
        answer({"id": asked["id"], "position": at})
    except BatonError as error:
        answer({"id": asked["id"], "error": error.code})


async def serve(place: Place, lanes: range, ledger: str) -> None:
    """Take turns until standard input ends."""
    committer_module.LOOK_S = LOOK_S
    store = place.store()
    await store.open(TABLES)
    committer = Committer(store, CRAFTS, place.keys(), NoModels(), WallClock(), lanes)
    acts = await committer.start()
    resuming: set[asyncio.Task[None]] = set()
    if ledger:
        actor = Actor(committer, CRAFTS, Provider(Path(ledger)))
        committer.outside = actor.start
        committer.inherited = lambda acts: resuming.add(asyncio.create_task(actor.resume(acts)))
        committer.inherited(acts)
    running = asyncio.create_task(committer.run())
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    answer("ready")
    turns = set()
    while line := await reader.readline():
        turn = asyncio.create_task(take(committer, json.loads(line)))
        turns.add(turn)
        turn.add_done_callback(turns.discard)
    running.cancel()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    url, folder, lanes, *rest = sys.argv[1:]
    asyncio.run(serve(Place(url, Path(folder)), lanes_of(lanes), rest[0] if rest else ""))
