"""Writes a golden log: what this version of Baton stores, for every later one to read. `python -m tests.golden.writing`.

The keys are fixed and open, the texts invented, so anybody can read it. A file that was released is never written again:
a new version adds a file of its own.
"""

import asyncio
import base64
import json
import tempfile
from hashlib import blake2b
from pathlib import Path

import msgspec

from baton.kernel.conversation import ActionDone, Due, Ended, Holder, PolicyRevised, Started, TurnSaid
from baton.kernel.digest import digest
from baton.kernel.events import Event
from baton.kernel.log import Recorded
from tests.ports.craft.events import Asked
from tests.ports.logs import TABLES, Place, all_of, say

FOLDER = Path(__file__).parent
HERE = "conversation/golden"
SAID: list[tuple[str, Event, str]] = [
    (
        "policy/craft",
        PolicyRevised("craft.Limit", body=msgspec.Raw(b'{"most":3}'), author="rep/1", why="invented"),
        "rep/1",
    ),
    (HERE, Started(channel="chat", language="en", customer="c0ffee", brand="halcyon", verified="claimed"), "customer"),
    (HERE, TurnSaid("customer", "Hello, my bag did not arrive. Größe: 23 kg ✈", nonce="1"), "customer"),
    (HERE, Asked("echo", "2", text="where is it?"), "customer"),
    (HERE, Asked("outside", "3"), "customer"),
    (
        HERE,
        ActionDone("act_outside", "k", ok=True, detail="paid", args={"cents": 1250}, private={"name": "Jane Doe"}),
        "tool",
    ),
    (HERE, Asked("person", "4"), "customer"),
    (HERE, Holder("rep", who="rep/1", epoch=2, name="Sam"), "system"),
    (HERE, TurnSaid("rep", "I found it.", who="rep/1", cites=("bags#2",), card="bag AB123"), "rep/1"),
    (HERE, Asked("elsewhere", "5"), "customer"),
    (HERE, Asked("later", "6"), "customer"),
    (HERE, Due("reminder", "6"), "system"),
    (HERE, Ended("closed_by_rep", rep="rep/1"), "rep/1"),
]


class GoldenKeys:
    """Keys that anybody can make again."""

    def of(self, stream: str) -> bytes | None:
        """The stream's key."""
        return blake2b(stream.encode(), digest_size=32, key=b"golden").digest()

    def make(self, streams: object) -> None:
        """There is nothing to make."""

    def close(self) -> None:
        """There is nothing to close."""


class GoldenPlace(Place):
    """A log under golden keys."""

    def keys(self):
        """The golden keys."""
        return GoldenKeys()


def line_of(row: Recorded) -> str:
    """An input and what it caused as one line of JSON."""
    entry = row.entry
    fields = {f: getattr(entry, f) for f in entry.__struct_fields__ if f != "body"}
    bodies = {"body": base64.b64encode(entry.body).decode(), "caused": base64.b64encode(row.caused or b"").decode()}
    return json.dumps({**fields, "ordinal": row.ordinal, **bodies}, ensure_ascii=False)


async def written() -> tuple[list[str], str]:
    """The lines of a fresh golden log, and its digest."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with GoldenPlace(str(folder / "log.db"), folder).opened() as committer:
            for stream, event, by in SAID:
                await say(committer, stream, event, by=by)
            return [line_of(row) for row in await all_of(committer.store)], await digest(
                committer.store, committer.codec, TABLES
            )


def write(version: str) -> None:
    """Write the golden log of a version, unless it is there."""
    lines, name = asyncio.run(written())
    with (FOLDER / f"{version}.jsonl").open("x") as out:
        out.write(json.dumps({"version": version, "digest": name}) + "\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    from baton import __version__

    write(__version__)
