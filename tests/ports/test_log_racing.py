"""The Log port under races: writers in tasks and in processes, readers that tail, workers that share lanes."""

import asyncio
from collections import Counter
from itertools import chain

import pytest
from sqlalchemy import select

from baton.kernel.lanes import LANES, lane_of
from baton.kernel.log import Store
from tests.ports.craft.events import Asked
from tests.ports.craft.tables import KINDS
from tests.ports.logs import TABLES, Place, all_of, say
from tests.ports.processes import LogProcess, processes

pytestmark = pytest.mark.port

WRITERS = 8


async def talk(process: LogProcess, who: str, turns: int, what: str = "echo") -> list[int]:
    """One customer who says the next thing when the last was accepted."""
    return [await process.post(f"conversation/{who}", what, f"{who}-{n}") for n in range(turns)]


async def test_eight_writers_in_one_process_lose_and_repeat_nothing(place):
    async with place.running() as committer:

        async def write(who: int) -> list[int]:
            return [
                await committer.append(f"conversation/{who}", Asked("echo", f"{who}-{n}"), by="customer")
                for n in range(25)
            ]

        positions = await asyncio.gather(*(write(w) for w in range(WRITERS)))
        rows = await all_of(committer.store)
    assert sorted(chain(*positions)) == [r.entry.position for r in rows]
    assert all(p == sorted(p) for p in positions)
    assert all(r.caused is not None for r in rows)


async def test_eight_writers_of_one_once_agree_on_one_position(place):
    async with place.running() as committer:
        said = [committer.append("conversation/a", Asked("echo", "n"), by="customer", once="k") for _ in range(WRITERS)]
        assert len(set(await asyncio.gather(*said))) == 1
        assert len(await all_of(committer.store)) == 1


async def test_two_processes_on_one_log_each_append_and_one_works(postgres_url, tmp_path):
    place = Place(postgres_url, tmp_path)
    async with processes(place, ["-", "0-63"]) as (web, worker):
        talks = [talk(p, f"{name}{n}", 15) for p, name in ((web, "w"), (worker, "o")) for n in range(WRITERS)]
        positions = await asyncio.gather(*talks)
        rows = await worked(place, WRITERS * 2 * 15)
    assert Counter(chain(*positions)) == Counter(r.entry.position for r in rows)
    kinds = await count(place)
    assert kinds["echo"] == kinds["decided"] == WRITERS * 2 * 15


async def test_two_processes_that_race_for_one_once_agree(postgres_url, tmp_path):
    place = Place(postgres_url, tmp_path)
    async with processes(place, ["-", "-", "0-63"]) as (one, other, _):
        for n in range(10):
            assert len({*await asyncio.gather(*(p.post("conversation/a", "echo", f"k{n}") for p in (one, other)))}) == 1
        await worked(place, 10)
    assert (await count(place))["echo"] == 10


async def test_a_reader_by_lane_cursor_never_misses_an_entry_under_eight_writers(postgres_url, tmp_path):
    place = Place(postgres_url, tmp_path)
    seen: Counter[int] = Counter()

    async def tail(store: Store, done: asyncio.Event) -> None:
        cursors = dict.fromkeys(range(LANES), 0)
        while True:
            last = done.is_set()
            rows = await store.recorded(min(cursors.values()), 100_000)
            for row in rows:
                lane = lane_of(row.entry.stream)
                if row.entry.position > cursors[lane]:
                    cursors[lane] = row.entry.position
                    seen[row.entry.position] += 1
            if last:
                return
            await asyncio.sleep(0.002)

    async with processes(place, ["-"] * 4) as writers:
        store = place.store()
        await store.open(TABLES)
        done = asyncio.Event()
        reading = asyncio.create_task(tail(store, done))
        talks = [talk(writers[n % 4], f"{n}", 40) for n in range(WRITERS)]
        positions = await asyncio.gather(*talks)
        done.set()
        await reading
        await store.close()
    assert seen == Counter(chain(*positions))


async def test_two_workers_on_the_same_lanes_work_every_input_once(postgres_url, tmp_path):
    place = Place(postgres_url, tmp_path)
    async with processes(place, ["0-63", "0-63", "-"]) as (one, other, web):
        talks = [
            talk(p, f"{name}{n}", 12, "main") for p, name in ((one, "a"), (other, "b"), (web, "c")) for n in range(3)
        ]
        await asyncio.gather(*talks)
        rows = await worked(place, 2 * 9 * 12)
    kinds = await count(place)
    assert kinds["main"] == kinds["decided"] == 9 * 12
    main = [r for r in rows if r.entry.stream == "assignment/main"]
    assert len(main) == len({r.entry.once for r in main}) == 9 * 12
    for stream in {r.entry.stream for r in rows}:
        assert [r.ordinal for r in rows if r.entry.stream == stream] == list(
            range(1, 1 + sum(r.entry.stream == stream for r in rows))
        )


async def test_a_worker_takes_over_the_lanes_of_one_that_was_killed(postgres_url, tmp_path):
    place, ledger = Place(postgres_url, tmp_path), str(tmp_path / "provider.db")
    async with processes(place, ["0-63", "-"], ledger) as (owner, web):
        await talk(web, "a", 5, "outside")
        standby = LogProcess(place, "0-63", ledger)
        await standby.start()
        talking = asyncio.create_task(talk(web, "b", 20, "outside"))
        await asyncio.sleep(0.2)
        await owner.kill()
        await talking
        rows = await worked(place, 50)
        await standby.end()
        await owner.start()
    decided = [r.entry.once for r in rows if r.entry.by == "tool"]
    assert len(decided) == len(set(decided)) == 25


async def test_two_workers_that_know_nothing_of_each_other_are_fenced(place):
    async with place.opened() as one, place.opened() as other:
        for committer in (one, other):
            committer.store.own = _all_lanes
            committer.nudge()
            await committer.settle()
        for n in range(6):
            for committer, name in ((one, "one"), (other, "other")):
                await say(committer, "conversation/a", Asked("echo", f"{name}{n}"))
                await say(committer, "conversation/b", Asked("main", f"{name}{n}"))
        rows = await all_of(one.store)
        for stream in ("conversation/a", "conversation/b", "assignment/main"):
            assert [r.ordinal for r in rows if r.entry.stream == stream] == list(range(1, 13))
    assert (await count(place))["decided"] == 24


async def test_a_worker_overtaken_in_the_middle_of_its_thought_changes_nothing(place):
    async with place.opened() as slow, place.opened() as quick:
        for committer in (slow, quick):
            committer.store.own = _all_lanes
            committer.nudge()
            await committer.settle()
        ahead, raced = slow.models.ahead, []

        def overtake(texts):
            ahead(texts)
            raced.append(len(texts))

        look = slow.store.look

        async def looked_then_overtaken(*given):
            seen = await look(*given)
            if not raced:
                raced.append(0)
                await slow.store.rollback()
                await say(quick, "conversation/a", Asked("echo", "quick"))
                await slow.store.begin([lane_of("conversation/a")])
            return seen

        slow.store.look, slow.models.ahead = looked_then_overtaken, overtake
        await say(slow, "conversation/a", Asked("echo", "slow"))
        rows = await all_of(slow.store)
        assert [r.ordinal for r in rows] == [1, 2]
        events = [slow.codec.decode(r.entry.stream, r.entry.body).nonce for r in rows]
        assert events == ["quick", "slow"]


async def _all_lanes(lanes):
    return frozenset(lanes)


async def test_a_worker_that_comes_late_finds_what_others_left(place):
    async with place.opened(lanes=()) as web:
        for n in range(300):
            asyncio.get_running_loop().create_task(
                web.append(f"conversation/{n % 7}", Asked("echo", str(n)), by="customer")
            )
        await asyncio.sleep(0)
        await web.settle()
        assert all(r.caused is None for r in await all_of(web.store))
    async with place.opened() as worker:
        await worker.settle()
        rows = await all_of(worker.store)
    assert len(rows) == 300
    assert all(r.caused is not None for r in rows)


async def test_a_turn_that_rests_on_the_epoch_waits_for_the_worker(place):
    async with place.running(lanes=()) as web:
        await web.append("conversation/a", Asked("person"), by="customer")
        rests = asyncio.create_task(web.append("conversation/a", Asked("echo", "after"), by="rep/1", expect=1))
        await asyncio.sleep(0.1)
        assert not rests.done()
        async with place.opened() as worker:
            await worker.settle()
        async with asyncio.timeout(5):
            await rests


async def test_a_worker_hears_of_lanes_it_owns(place):
    rung: list[frozenset[int]] = []
    async with place.opened(lanes=()) as web:
        web.ring = rung.append
        await say(web, "conversation/a", Asked("echo"))
    assert rung == [frozenset({lane_of("conversation/a")})]


async def worked(place, count: int):
    """All inputs, when there are `count` and each was worked."""
    store = place.store()
    await store.open(TABLES)
    try:
        async with asyncio.timeout(60):
            while True:
                rows = await all_of(store)
                if len(rows) >= count and all(r.caused is not None for r in rows):
                    return rows
                await asyncio.sleep(0.05)
    finally:
        await store.close()


async def count(place) -> dict[str, int]:
    """The sums that every lane adds to."""
    store = place.store()
    await store.open(TABLES)
    try:
        return {str(r["kind"]): int(str(r["n"])) for r in await store.rows(select(*KINDS.c))}
    finally:
        await store.close()
