"""The Log port when something fails: nothing is half kept, nothing is acknowledged that is not on disk."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from baton.kernel.conversation import Failed
from baton.kernel.errors import BatonError
from baton.stores.postgres import PostgresStore
from baton.stores.sqlite import SqliteStore
from tests.ports.craft.events import Asked
from tests.ports.craft.tables import KINDS
from tests.ports.failing import FailingStore
from tests.ports.logs import TABLES, Place, all_of, say
from tests.ports.servers import PostgresServer

pytestmark = pytest.mark.port

HERE = "conversation/a"
MOST_CALLS = 60


async def at_once(committer, turns: list[Asked], once: bool = True):
    """Several turns in one commit; what each was answered."""
    said = [
        asyncio.create_task(committer.append(HERE, t, by="customer", once=t.nonce if once else None)) for t in turns
    ]
    await asyncio.sleep(0)
    for _ in range(5):
        await committer.settle()
    return await asyncio.gather(*said, return_exceptions=True)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_whatever_call_fails_everyone_is_told_and_a_repeat_is_one_entry(place, after: bool):
    store = FailingStore(place.store(), after)
    async with place.opened(store=store) as committer:
        await say(committer, HERE, Asked("echo", "first"), once="first")
        fired, n = True, 0
        while fired:
            n += 1
            store.calls, store.fails_at = 0, n
            turns = [Asked(what, f"{n}-{what}") for what in ("echo", "main", "outside")]
            answers = await at_once(committer, turns)
            fired = store.calls >= n
            store.fails_at = 0
            kept = {r.entry.once: r.entry.position for r in await all_of(committer.store, HERE)}
            for turn, answer in zip(turns, answers, strict=True):
                if isinstance(answer, int):
                    assert kept[turn.nonce] == answer
                else:
                    assert answer.status in (503, 507)
            assert all(isinstance(a, int) for a in await at_once(committer, turns))
            assert n < MOST_CALLS
        await committer.settle()
        rows = await all_of(committer.store, HERE)
        names = [r.entry.once for r in rows]
        assert len(names) == len(set(names)) == 1 + 3 * n
        assert all(r.caused is not None for r in rows)
        assert [r.ordinal for r in rows] == list(range(1, len(rows) + 1))
        assert len(await all_of(committer.store, "assignment/main")) == n
        kinds = {r["kind"]: r["n"] for r in await committer.store.rows(select(*KINDS.c))}
        assert kinds["main"] == n and kinds["echo"] == n + 1
    assert n > 5


@pytest.mark.parametrize("nonce", ["a\0b", "\ud800"], ids=["NUL", "half a surrogate"])
async def test_what_no_database_keeps_is_refused_alone(place, nonce: str):
    async with place.opened() as committer:
        good, bad, better = await at_once(
            committer, [Asked("echo", "1"), Asked("echo", nonce), Asked("echo", "2")], once=False
        )
        assert isinstance(good, int) and isinstance(better, int)
        assert (bad.status, bad.code) == (400, "unfit_event")
        assert await say(committer, HERE, Asked("echo", "n", text="sealed texts\0 may hold it"))
        assert await say(committer, HERE, Asked("echo", r"written out: \u0000"))


@pytest.mark.parametrize("once", ["a\0b", "\ud800", "x" * 301, ""], ids=["NUL", "half a surrogate", "long", "empty"])
async def test_a_name_that_no_database_keeps_is_refused(committer, once: str):
    with pytest.raises(BatonError) as refused:
        await say(committer, HERE, Asked("echo"), once=once)
    assert refused.value.status == 400
    await say(committer, HERE, Asked("echo"), once="fine ✓ 1")


async def test_an_input_that_cannot_be_written_as_worked_is_passed_over_and_blocks_nobody(place):
    async with place.opened() as committer:
        turns = [Asked(what, f"{n}-{what}") for n in range(3) for what in ("echo", "huge", "main")]
        answers = await at_once(committer, turns)
        assert all(isinstance(a, int) for a in answers)
        rows = await all_of(committer.store, HERE)
        assert [r.ordinal for r in rows] == list(range(1, 10))
        told = [[c.event for c in committer.codec.decode_all(HERE, r.caused)] for r in rows]
        assert [len(events) == 1 and isinstance(events[0], Failed) for events in told] == [False, True, False] * 3
        kinds = {r["kind"]: r["n"] for r in await committer.store.rows(select(*KINDS.c))}
        assert (kinds["echo"], kinds["main"], kinds.get("huge")) == (3, 3, None)


async def test_a_backlog_with_such_inputs_is_worked_all_the_same(place):
    async with place.opened(lanes=()) as web:
        for n in range(20):
            await say(web, f"conversation/{n % 3}", Asked("huge" if n % 7 == 3 else "echo", str(n)))
    async with place.opened() as worker:
        await worker.settle()
        rows = await all_of(worker.store)
        assert all(r.caused is not None for r in rows)
        assert sum(b'"commit"' in (r.caused or b"") for r in rows) == 3
        await say(worker, HERE, Asked("echo"))


async def test_a_failed_commit_leaves_nothing_in_memory(place):
    store: Any = FailingStore(place.store())
    async with place.opened(store=store) as committer:
        await say(committer, HERE, Asked("person", "n1"))
        before = sorted(map(repr, (await committer.memory.stream(HERE)).facts))
        put, store.fails_at = committer.store.put, -1

        async def fail(work):
            raise OSError

        store.put = fail
        with pytest.raises(BatonError):
            await say(committer, HERE, Asked("person", "n2"))
        store.put = put
        assert sorted(map(repr, (await committer.memory.stream(HERE)).facts)) == before
        assert len(await all_of(committer.store)) == 1


async def test_stopping_fails_what_waits_and_keeps_what_was_acknowledged(place):
    async with place.running() as committer:
        kept = await committer.append(HERE, Asked("echo", "n1"), by="customer")
        waiting = [
            asyncio.create_task(committer.append(HERE, Asked("echo", str(n)), by="customer")) for n in range(200)
        ]
        await asyncio.sleep(0)
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    async with place.opened() as committer:
        positions = {r.entry.position for r in await all_of(committer.store)}
    assert kept in positions
    assert positions >= {a for a in answers if isinstance(a, int)}


async def test_a_full_database_refuses_with_507_reads_go_on_and_it_recovers(tmp_path: Path):
    place: Any = Place(str(tmp_path / "log.db"), tmp_path)
    async with place.opened() as committer:
        await say(committer, HERE, Asked("echo", "n1", text="x" * 1000))
        db = committer.store._write
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 4}")
        with pytest.raises(BatonError) as refused:
            await fill(committer)
        assert (refused.value.status, refused.value.code) == (507, "disk_full")
        rows = await all_of(committer.store)
        assert all(r.caused is not None for r in rows)
        assert (await committer.memory.stream(HERE)).ordinal == len(rows)
        db.execute(f"PRAGMA max_page_count = {pages + 10_000}")
        await say(committer, HERE, Asked("echo", "again"))
        assert len(await all_of(committer.store)) == len(rows) + 1


@pytest.fixture
def small_disk(tmp_path: Path):
    """A disk of 6 MB, where this may be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("A small disk may not be mounted here. Run the tests as root to try a disk that is really full.")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


async def test_a_disk_that_is_really_full_refuses_keeps_what_it_accepted_and_recovers(small_disk: Path):
    place, ballast = Place(str(small_disk / "log.db"), small_disk), small_disk / "ballast"
    ballast.write_bytes(bytes(2_000_000))
    kept: dict[str, int] = {}
    async with place.opened() as committer:
        refused = await _fill_disk(committer, kept)
        assert (refused.status, refused.code) == (507, "disk_full")
        rows = {r.entry.once: r.entry.position for r in await all_of(committer.store)}
        assert {n: rows.get(n) for n in kept} == kept
        ballast.unlink()
        await say(committer, HERE, Asked("echo", "again"), once="again")
    async with place.opened() as committer:
        rows = {r.entry.once: r.entry.position for r in await all_of(committer.store)}
        assert {n: rows.get(n) for n in kept} == kept and "again" in rows
        await committer.settle()
        assert all(r.caused is not None for r in await all_of(committer.store))


async def _fill_disk(committer, kept: dict[str, int]) -> BatonError:
    for n in range(2000):
        name = f"f{n}"
        try:
            kept[name] = await say(committer, f"conversation/{n % 50}", Asked("echo", name, text="x" * 3000), once=name)
        except BatonError as refused:
            return refused
    raise AssertionError("the disk was never full")


async def fill(committer) -> None:
    """Say long things until it is refused."""
    for n in range(200):
        await say(committer, HERE, Asked("echo", f"f{n}", text="x" * 1000))


async def test_a_server_that_was_killed_is_found_again_and_nothing_acknowledged_is_lost(
    short_folder: Path, tmp_path: Path
):
    folder = short_folder / "killed-log"
    folder.mkdir()
    server = PostgresServer(folder)
    await asyncio.to_thread(server.start)
    url = await asyncio.to_thread(server.fresh_database)
    place = Place(url, tmp_path)
    kept: dict[str, int] = {}

    async def customer(committer, who: int) -> None:
        for n in range(20):
            while f"{who}-{n}" not in kept:
                try:
                    event = Asked("echo", f"{who}-{n}")
                    kept[event.nonce] = await committer.append(
                        f"conversation/{who}", event, by="customer", once=event.nonce
                    )
                except BatonError:
                    await asyncio.sleep(0.05)

    try:
        async with place.running() as committer:
            talking = [asyncio.create_task(customer(committer, who)) for who in range(4)]
            for _ in range(2):
                await asyncio.sleep(0.1)
                await asyncio.to_thread(server.kill)
                await asyncio.to_thread(server.start)
            async with asyncio.timeout(60):
                await asyncio.gather(*talking)
            rows = {r.entry.once: r.entry.position for r in await all_of(committer.store)}
        assert rows == kept
    finally:
        await asyncio.to_thread(server.drop)


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
async def test_a_postgres_that_may_lose_commits_is_refused(short_folder: Path, setting: str):
    folder = short_folder / f"weak_{setting}"
    folder.mkdir()
    server = PostgresServer(folder, settings={setting: "off"})
    await asyncio.to_thread(server.start)
    try:
        with pytest.raises(BatonError) as refused:
            await PostgresStore(server.url()).open(TABLES)
        assert refused.value.code == "weak_store"
        assert setting in refused.value.message and "on" in refused.value.message
    finally:
        await asyncio.to_thread(server.drop)


async def test_a_sqlite_that_lies_in_memory_is_refused():
    with pytest.raises(BatonError) as refused:
        await SqliteStore(Path(":memory:")).open(TABLES)
    assert refused.value.code == "weak_store"


async def test_a_sqlite_that_cannot_keep_a_journal_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("baton.stores.sqlite.PRAGMAS", ("journal_mode = MEMORY", "synchronous = NORMAL"))
    with pytest.raises(BatonError) as refused:
        await SqliteStore(tmp_path / "log.db").open(TABLES)
    assert "journal_mode" in refused.value.message


async def test_a_server_that_is_not_there_is_told_with_what_to_do() -> None:
    with pytest.raises(BatonError, match="Start it, or check the address") as told:
        await PostgresStore("postgresql://127.0.0.1:1/baton").open([])
    assert told.value.status == 503
