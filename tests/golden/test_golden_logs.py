"""Golden logs: what a released Baton wrote is read the same for ever, and comes to the same again."""

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import pytest

from baton.kernel.codec import Codec
from baton.kernel.conversation import ActionDone, Decided, TurnSaid
from baton.kernel.digest import digest
from baton.kernel.events import Unknown
from baton.kernel.log import CausedRow, EntryRow, Work
from baton.kernel.memory import recall
from baton.kernel.rebuild import rebuild
from baton.kernel.stream import Policies, Stream
from baton.kernel.tables import Tables
from tests.golden.writing import FOLDER, HERE, SAID, GoldenKeys, GoldenPlace, written
from tests.ports.craft.events import Asked, Noted
from tests.ports.logs import CRAFTS, TABLES

pytestmark = pytest.mark.golden

LOGS = sorted(FOLDER.glob("*.jsonl"))


@pytest.fixture(params=LOGS, ids=lambda path: path.stem)
def lines(request) -> list[dict]:
    return [json.loads(line) for line in request.param.read_text().splitlines()]


def events_of(line: dict) -> list:
    keys: Any = GoldenKeys()
    codec, stream = Codec(keys), line["stream"]
    body, caused = base64.b64decode(line["body"]), base64.b64decode(line["caused"])
    return [codec.decode(stream, body), *(c.event for c in codec.decode_all(stream, caused or b"[]"))]


def test_there_is_a_golden_log():
    assert LOGS


def test_every_input_reads_as_what_was_said(lines):
    read = [events_of(line)[0] for line in lines[1:] if not line["cause"]]
    assert read == [event for _, event, _ in SAID]


def test_nothing_in_it_became_unknown(lines):
    assert not [e for line in lines[1:] for e in events_of(line) if isinstance(e, Unknown)]


def test_sealed_texts_open(lines):
    said = [e for line in lines[1:] for e in events_of(line)]
    assert next(e for e in said if isinstance(e, TurnSaid)).text == "Hello, my bag did not arrive. Größe: 23 kg ✈"
    assert next(e for e in said if isinstance(e, ActionDone)).private == {"name": "Jane Doe"}
    assert next(e for e in said if isinstance(e, Noted)) == Noted(
        "echoed", "2", private="of 2", parts=("2", "twice"), amounts={"2": 2}
    )
    assert next(e for e in said if isinstance(e, Asked)).text == "where is it?"


def test_decisions_read_with_what_they_beat(lines):
    decided = [e for line in lines[1:] for e in events_of(line) if isinstance(e, Decided)]
    assert [d.action for d in decided][:2] == ["echo", "act_outside"]
    assert decided[1].over[0].action == "echo"
    assert decided[1].key and decided[1].why


def test_no_text_is_readable_without_the_keys():
    for path in LOGS:
        for line in path.read_text().splitlines()[1:]:
            row = json.loads(line)
            stored = base64.b64decode(row["body"]) + base64.b64decode(row["caused"])
            assert not any(text in stored for text in (b"bag did not", b"Jane", b"I found it", b"where is it"))


async def test_its_read_models_and_digest_come_out_as_they_were(lines, tmp_path: Path):
    async with GoldenPlace(str(tmp_path / "log.db"), tmp_path).opened() as committer:
        store, rows, caused = committer.store, [], []
        for line in lines[1:]:
            body, causes, ordinal = (line.pop(name) for name in ("body", "caused", "ordinal"))
            rows.append(EntryRow(**line, body=base64.b64decode(body)))
            caused.append(CausedRow(line["position"], line["lane"], line["stream"], ordinal, base64.b64decode(causes)))
        facts = await _facts(committer, rows, caused)
        await _put(store, Work(rows, caused, facts, [], [], [], [], {}, Tables()))
        await rebuild(store, committer.codec, CRAFTS, TABLES)
        assert await digest(store, committer.codec, TABLES) == lines[0]["digest"]


def test_the_same_script_comes_to_the_same_digest_today(lines):
    assert asyncio.run(written())[1] == lines[0]["digest"]


def test_the_golden_conversation_is_there(lines):
    assert {line["stream"] for line in lines[1:]} >= {HERE, "policy/craft", "customer/golden"}


async def _facts(committer, rows, caused):
    """The facts of each stream, folded from what is recorded."""
    streams: dict[str, Stream] = {}
    for row, causes in zip(rows, caused, strict=True):
        stream = streams.setdefault(row.stream, Stream(row.stream, Policies()))
        recall(stream, committer.memory.entry(row), causes.ordinal, committer.codec.decode_all(row.stream, causes.body))
    return [fact for stream in streams.values() for fact in committer.memory.fact_rows(stream)]


async def _put(store, work: Work) -> None:
    await store.begin(())
    await store.put(work)
    await store.commit()
