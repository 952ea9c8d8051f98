"""The Log port over time: the outbox, timers, open acts, absent capabilities, old versions, erased people."""

import asyncio
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from baton.kernel.actor import Actor, decided_at
from baton.kernel.capability import load
from baton.kernel.codec import ERASED
from baton.kernel.conversation import ActionDone, Decided, Due, Holder, TurnSaid
from baton.kernel.events import REGISTRY, Unknown
from baton.kernel.facts import Facts
from baton.kernel.lanes import lane_of
from baton.kernel.log import EntryRow, SendRow, Work
from baton.kernel.ports import ActionResult
from baton.kernel.tables import Tables
from tests.ports.craft.act import LATER_MS
from tests.ports.craft.events import Asked, Heard, Noted, Renamed, Told, Topic
from tests.ports.craft.tables import STREAMS
from tests.ports.failing import FailingStore
from tests.ports.logs import Place, all_of, say
from tests.ports.stand_ins import FakeClock

pytestmark = pytest.mark.port

HERE = "conversation/a"


class Ledger:
    """A tool that remembers what it did for which key."""

    def __init__(self, ok: bool | None = True) -> None:
        self.ok = ok
        self.calls: list[str] = []

    async def call(self, tool, args, key, claim=None) -> ActionResult:
        self.calls.append(key)
        return ActionResult(self.ok, args={"reference": 7})


async def test_what_is_said_to_another_stream_arrives_once_in_order_after_its_cause(committer):
    for n in range(12):
        await say(committer, HERE, Asked("elsewhere", str(n)))
    told = await all_of(committer.store, "customer/a")
    events = [committer.codec.decode(r.entry.stream, r.entry.body) for r in told]
    assert events == [Told(str(n)) for n in range(12)]
    causes = [int(r.entry.cause.partition(".")[0]) for r in told]
    assert causes == [r.entry.position for r in await all_of(committer.store, HERE)]
    assert await committer.store.sends(range(64)) == []


async def test_the_outbox_is_sent_once_after_a_restart_in_the_order_it_was_said(place):
    async with place.opened() as first:
        first._outbox.add = lambda rows: None
        for n in range(12):
            await say(first, HERE, Asked("elsewhere", str(n)))
        assert len(await first.store.sends(range(64))) == 12
    for _ in range(2):
        async with place.opened() as again:
            await again.settle()
            told = await all_of(again.store, "customer/a")
            assert [again.codec.decode(r.entry.stream, r.entry.body).nonce for r in told] == [str(n) for n in range(12)]
            assert await again.store.sends(range(64)) == []


async def test_a_send_whose_commit_failed_is_sent_after_all(place):
    store: Any = FailingStore(place.store())
    async with place.opened(store=store) as committer:
        put, puts = store.put, []

        async def fail_second(work):
            puts.append(work)
            if len(puts) == 2:
                raise OSError
            await put(work)

        store.put = fail_second
        await say(committer, HERE, Asked("elsewhere", "n1"))
        await committer.settle()
        assert len(await all_of(committer.store, "customer/a")) == 1
        assert await committer.store.sends(range(64)) == []


async def test_a_send_that_arrived_before_a_crash_leaves_the_outbox(place):
    async with place.opened() as first:
        first._outbox.add = lambda rows: None
        await say(first, HERE, Asked("elsewhere", "n1"))
        send = (await first.store.sends(range(64)))[0]
        event = first.codec.decode(send.stream, send.body)
        await say(first, send.stream, event, by="system", once=f"out:{send.source}")
    async with place.opened() as again:
        await again.settle()
        assert len(await all_of(again.store, "customer/a")) == 1
        assert await again.store.sends(range(64)) == []


async def test_a_timer_comes_due_once_even_after_restarts(place):
    clock = FakeClock()
    async with place.opened(clock=clock) as first:
        await say(first, HERE, Asked("later", "n1"))
        clock.advance(ms=LATER_MS - 1)
        await first.settle()
        assert len(await all_of(first.store, HERE)) == 1
    clock.advance(ms=1)
    for _ in range(2):
        async with place.opened(clock=clock) as again:
            await again.settle()
            rows = await all_of(again.store, HERE)
            assert [again.codec.decode(HERE, r.entry.body) for r in rows][1:] == [Due("reminder", "n1")]
            decided = [c.event for c in again.codec.decode_all(HERE, rows[1].caused) if isinstance(c.event, Decided)]
            assert decided[0].why == "due reminder"


async def test_a_timer_is_not_sent_before_its_time_by_the_clock_of_the_process(committer):
    await say(committer, HERE, Asked("later", "n1"))
    committer.nudge()
    await committer.settle()
    assert len(await all_of(committer.store, HERE)) == 1
    assert len(await committer.store.sends(range(64))) == 1


async def test_timers_far_ahead_are_not_held_in_memory_and_come_due_all_the_same(place):
    clock = FakeClock()
    async with place.opened(clock=clock) as committer:
        await say(committer, HERE, Asked("echo", "n0"))
        for days in (1, 8, 30):
            row = SendRow(f"{days * 256}.200", 0, HERE, clock.now_ms() + days * 86_400_000, 0, "system",
                          committer.codec.encode(HERE, Due("reminder", f"day {days}")))  # fmt: skip
            await _send(committer.store, row)
        for days in (1, 7, 22):
            clock.advance(days=days)
            await committer.settle()
        said = [committer.codec.decode(HERE, r.entry.body) for r in await all_of(committer.store, HERE)]
        assert [e.ref for e in said if isinstance(e, Due)] == ["day 1", "day 8", "day 30"]
        assert committer._outbox._rows == {}


async def test_outside_acts_left_open_are_returned_and_done_with_the_same_key(place):
    async with place.opened() as first:
        await say(first, HERE, Asked("outside", "n1"))
        await say(first, HERE, Asked("echo", "n2"))
    ledger = Ledger()
    async with place.opened() as again:
        acts = await again.store.acts(range(64))
        assert [a.stream for a in acts] == [HERE]
        actor = Actor(again, again.crafts, ledger)
        await actor.resume(acts)
        await _let(again, actor)
        rows = await all_of(again.store, HERE)
        done = again.codec.decode(HERE, rows[-1].entry.body)
        assert done.ok is True and done.key == acts[0].key == ledger.calls[0]
        assert await again.store.acts(range(64)) == []


async def test_start_returns_the_outside_acts_a_crash_left_open(place):
    async with place.opened() as first:
        await say(first, HERE, Asked("outside", "n1"))
        await say(first, "conversation/b", Asked("outside", "n2"))
        await say(first, HERE, Asked("echo", "n3"))
    async with place.opened() as again:
        acts = await again.start()
        assert sorted(a.stream for a in acts) == [HERE, "conversation/b"]
        decided = [await decided_at(again.store, again.codec, act) for act in acts]
        assert {d.args["nonce"] for d in decided if d} == {"n1", "n2"}


async def test_an_outcome_reported_twice_is_one_input(committer):
    await say(committer, HERE, Asked("outside", "n1"))
    key = (await committer.store.acts(range(64)))[0].key
    for _ in range(2):
        await say(committer, HERE, ActionDone("act_outside", key, ok=True), by="tool", once=f"act:{key}")
    assert len(await all_of(committer.store, HERE)) == 2
    assert await committer.store.acts(range(64)) == []


async def test_events_of_an_absent_capability_survive_it(place, monkeypatch: pytest.MonkeyPatch):
    async with place.opened() as whole:
        await say(whole, HERE, Asked("echo", "n1", text="private"))
        await say(whole, "assignment/x", Asked("echo", "n1"))
        before = await _everything(whole)
    with monkeypatch.context() as gone:
        for kind in (Asked, Heard, Noted, Topic):
            gone.delitem(REGISTRY, kind.event_name)
        async with place.opened() as less:
            less.crafts = load([])
            stream = await less.memory.stream("assignment/x")
            assert stream.facts.get(Heard) is None
            row = (await all_of(less.store, HERE))[0]
            assert isinstance(less.codec.decode(HERE, row.entry.body), Unknown)
            await say(less, "assignment/x", Told("n2"))
    async with place.opened() as again:
        assert (await _everything(again))[: len(before)] == before
        assert (await again.memory.stream("assignment/x")).facts.get(Heard) == Heard(1, before[1][0])


async def test_an_absent_capabilitys_facts_are_kept_when_others_change(place, monkeypatch: pytest.MonkeyPatch):
    async with place.opened() as whole:
        at = await say(whole, "assignment/x", Asked("person", "n1"))
    with monkeypatch.context() as gone:
        gone.delitem(REGISTRY, Heard.event_name)
        async with place.opened() as less:
            stream = await less.memory.stream("assignment/x")
            rows = less.memory.fact_rows(_touched(stream))
            await _put(less.store, rows)
    async with place.opened() as again:
        assert (await again.memory.stream("assignment/x")).facts.get(Heard) == Heard(1, at)


async def test_an_old_version_is_read_as_the_new(committer):
    body = msgspec.json.encode({"t": "craft.Renamed", "v": 1, "e": {"old": "value"}})
    row = EntryRow(256, lane_of(HERE), HERE, None, "import/x", "", 1, 1, body)
    await _write(committer.store, [row])
    assert committer.codec.decode(HERE, (await committer.store.at(256)).entry.body) == Renamed("value")
    committer.nudge()
    await committer.settle()
    assert (await committer.store.at(256)).caused is not None


async def test_a_row_that_no_longer_reads_stops_no_lane(committer):
    bodies = [b'{"t":"craft.Asked","v":1,"e":{"what":7}}', b'{"t":"craft.Renamed","v":0,"e":{}}']
    rows = [EntryRow(256 * n, lane_of(HERE), HERE, None, "import/x", "", 1, 1, b) for n, b in enumerate(bodies, 1)]
    await _write(committer.store, rows)
    committer.nudge()
    await committer.settle()
    await say(committer, HERE, Asked("echo", "n1"))
    assert all(r.caused is not None for r in await all_of(committer.store))


async def test_policies_are_found_whatever_the_language_of_the_database(postgres_url, tmp_path):
    place: Any = Place(postgres_url, tmp_path)
    async with place.opened() as committer:
        found = await committer.store.read(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_name IN ('entries', 'facts', 'outbox')"
            " AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
        )
    assert found == []


async def test_an_erased_person_reads_erased_and_the_log_still_works(place):
    async with place.opened() as first:
        await say(first, HERE, Asked("echo", "n1", text="my name is Jane"))
        first.keys.identify(HERE, "jane")
        assert first.keys.forget("jane") == 1
    async with place.opened() as again:
        rows = await all_of(again.store, HERE)
        assert again.codec.decode(HERE, rows[0].entry.body) == Asked("echo", "n1", text=ERASED)
        caused = [c.event for c in again.codec.decode_all(HERE, rows[0].caused)]
        assert next(e for e in caused if isinstance(e, Noted)) == Noted("echoed", "n1", private=ERASED)
        stream = await again.memory.stream(HERE)
        assert stream.turns[0].text == ERASED
        assert stream.facts.get(Heard).count == 1
        await say(again, HERE, Asked("echo", "n2", text="somebody new"))
        assert (await again.memory.stream(HERE)).ordinal == 2
        newest = (await all_of(again.store, HERE))[-1]
        assert again.codec.decode(HERE, newest.entry.body).text == "somebody new"


async def test_a_stream_erased_before_it_was_worked_blocks_no_lane(place):
    async with place.opened(lanes=()) as web:
        await say(web, HERE, Asked("echo", "n1", text="my name is Jane"))
        web.keys.identify(HERE, "jane")
        web.keys.forget("jane")
    async with place.opened() as worker:
        await worker.settle()
        row = (await all_of(worker.store, HERE))[0]
        assert row.caused is not None
        assert any(isinstance(c.event, TurnSaid) for c in worker.codec.decode_all(HERE, row.caused))


async def test_rows_of_read_models_are_named_as_their_columns(committer):
    await say(committer, HERE, Asked("echo"))
    row = (await committer.store.rows(select(*STREAMS.c).where(STREAMS.c.stream.in_([HERE, "other"]))))[0]
    assert [type(name) for name in row] == [str] * len(row)
    assert row["last_what"] == "echo"


async def _let(committer, actor: Actor) -> None:
    """Let acts run and their outcomes be worked."""
    running = asyncio.create_task(committer.run())
    await actor.settle()
    running.cancel()


async def _everything(committer) -> list[tuple[int, object, list[object]]]:
    rows = await all_of(committer.store)
    return [
        (
            r.entry.position,
            committer.codec.decode(r.entry.stream, r.entry.body),
            [c.event for c in committer.codec.decode_all(r.entry.stream, r.caused or b"[]")],
        )
        for r in rows
    ]


def _touched(stream):
    facts: Facts = stream.facts
    facts.put(Holder("queue", epoch=9))
    return stream


async def _put(store, facts) -> None:
    await store.begin(())
    await store.put(Work([], [], facts, [], [], [], [], {}, Tables()))
    await store.commit()


async def _send(store, row) -> None:
    await store.begin(())
    await store.put(Work([], [], [], [row], [], [], [], {}, Tables()))
    await store.commit()


async def _write(store, rows) -> None:
    await store.begin([r.lane for r in rows])
    await store.put(Work(rows, [], [], [], [], [], [], {}, Tables()))
    await store.commit()
