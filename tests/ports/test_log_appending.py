"""The Log port: what is appended is there once, in order, on disk, or not at all."""

import asyncio

import msgspec
import pytest
from sqlalchemy import select

from baton.kernel.conversation import Decided, Failed, Holder, Pinned, PolicyRevised, Started, TurnSaid
from baton.kernel.errors import Conflict
from baton.kernel.lanes import lane_of
from baton.kernel.log import STEP
from tests.ports.craft.events import Asked, Heard, Noted, Topic
from tests.ports.craft.tables import KINDS, STREAMS
from tests.ports.logs import all_of, say

pytestmark = pytest.mark.port

HERE = "conversation/a"


def lane_mates(stream: str) -> str:
    """Another stream of the same lane."""
    return next(s for n in range(10_000) if lane_of(s := f"conversation/m{n}") == lane_of(stream))


async def test_a_turn_is_worked_with_all_it_causes_in_one_commit(committer):
    before = committer.syncs
    at = await say(committer, HERE, Asked("echo", "n1", text="hello"))
    assert committer.syncs == before + 1
    assert at % STEP == 0
    row = await committer.store.at(at)
    events = [c.event for c in committer.codec.decode_all(HERE, row.caused)]
    assert [type(e) for e in events] == [Heard, Topic, Decided, TurnSaid, Noted]
    assert events[-1] == Noted("echoed", "n1", private="of n1", parts=("n1", "twice"), amounts={"n1": 2})
    assert await committer.store.rows(select(STREAMS.c.count, STREAMS.c.last_what)) == [
        {"count": 1, "last_what": "echo"}
    ]


async def test_the_same_once_with_the_same_event_is_one_entry(committer):
    first = await say(committer, HERE, Asked("echo", "n1"), once="k")
    assert await say(committer, HERE, Asked("echo", "n1"), once="k") == first
    assert len(await all_of(committer.store, HERE)) == 1


async def test_the_same_once_twice_in_one_commit_is_one_entry(committer):
    asked = [
        asyncio.create_task(committer.append(HERE, Asked("echo", "n1"), by="customer", once="k")) for _ in range(5)
    ]
    await asyncio.sleep(0)
    await committer.settle()
    assert len({await a for a in asked}) == 1
    assert len(await all_of(committer.store, HERE)) == 1


async def test_the_same_once_with_another_event_is_refused(committer):
    await say(committer, HERE, Asked("echo", "n1"), once="k")
    with pytest.raises(Conflict) as refused:
        await say(committer, HERE, Asked("echo", "n2"), once="k")
    assert refused.value.status == 409
    assert len(await all_of(committer.store, HERE)) == 1


async def test_the_same_once_with_other_personal_text_is_refused(committer):
    await say(committer, HERE, Asked("echo", "n1", text="mine"), once="k")
    with pytest.raises(Conflict):
        await say(committer, HERE, Asked("echo", "n1", text="yours"), once="k")


async def test_the_same_once_on_another_stream_is_another_entry(committer):
    assert await say(committer, HERE, Asked("echo"), once="k") != await say(
        committer, "conversation/b", Asked("echo"), once="k"
    )


async def test_several_events_go_in_together_with_the_first_ones_position(committer):
    at = await say(committer, HERE, Started(), Asked("echo", "1"), Asked("echo", "2"), once="k")
    rows = await all_of(committer.store, HERE)
    assert [r.entry.position for r in rows] == [at, at + STEP, at + 2 * STEP]
    assert [r.ordinal for r in rows] == [1, 2, 3]
    assert await say(committer, HERE, Started(), Asked("echo", "1"), Asked("echo", "2"), once="k") == at


async def test_inputs_of_one_stream_in_one_commit_are_counted_and_seen_one_by_one(committer):
    asked = [asyncio.create_task(committer.append(HERE, Asked("echo", str(n)), by="customer")) for n in range(3)]
    await asyncio.sleep(0)
    await committer.settle()
    await asyncio.gather(*asked)
    rows = await all_of(committer.store, HERE)
    assert [r.ordinal for r in rows] == [1, 2, 3]
    whys = [
        e.event.why for r in rows for e in committer.codec.decode_all(HERE, r.caused) if isinstance(e.event, Decided)
    ]
    assert whys == ["topics echo1", "topics echo2", "topics "]


async def test_a_turn_that_rests_on_an_old_epoch_is_refused(committer):
    await say(committer, HERE, Asked("echo"), expect=0)
    await say(committer, HERE, Asked("person"))
    with pytest.raises(Conflict) as refused:
        await say(committer, HERE, Asked("echo"), expect=0)
    assert refused.value.code == "baton_moved"
    await say(committer, HERE, Asked("echo"), expect=1)
    assert len(await all_of(committer.store, HERE)) == 3


async def test_a_turn_sent_in_the_same_moment_as_the_handover_is_refused(committer):
    moved = asyncio.create_task(committer.append(HERE, Asked("person"), by="customer"))
    late = asyncio.create_task(committer.append(HERE, Asked("echo"), by="agent/1", expect=0))
    await asyncio.sleep(0)
    await committer.settle()
    await moved
    with pytest.raises(Conflict):
        await late
    assert len(await all_of(committer.store, HERE)) == 1


async def test_a_capability_that_raises_says_so_and_blocks_nothing(committer):
    at = await say(committer, HERE, Asked("raise", "n1"))
    row = await committer.store.at(at)
    events = [c.event for c in committer.codec.decode_all(HERE, row.caused)]
    assert Failed("craft", "understand", "ValueError") in events
    assert any(isinstance(e, TurnSaid) for e in events)


async def test_facts_stay_true_after_a_restart(place):
    async with place.opened() as first:
        for what in ("echo", "person", "echo", "outside", "echo"):
            await say(first, HERE, Asked(what))
        await say(first, "assignment/x", Asked("outside"))
        held = [sorted(map(repr, (await first.memory.stream(s)).facts)) for s in (HERE, "assignment/x")]
    async with place.opened() as second:
        streams = [await second.memory.stream(s) for s in (HERE, "assignment/x")]
        assert [sorted(map(repr, s.facts)) for s in streams] == held
        assert [s.ordinal for s in streams] == [5, 1]
        assert streams[0].facts.get(Holder).epoch == 1
        assert streams[0].facts.slot(Topic, "echo") is None
        await say(second, HERE, Asked("echo"))
        assert streams[0].ordinal == 6


async def test_sums_start_at_zero_whatever_made_the_row(committer):
    await say(committer, HERE, Started())
    await say(committer, "assignment/main", Asked("echo"))
    await say(committer, HERE, Asked("main", "n1"))
    await say(committer, "assignment/main", Asked("echo"))
    rows = {r["stream"]: r for r in await committer.store.rows(select(*STREAMS.c))}
    assert (rows["assignment/main"]["asked"], rows["assignment/main"]["count"]) == (2, 3)
    await say(committer, HERE, Asked("main", "n2"))
    await say(committer, "conversation/c", Asked("main", "n3"))
    kinds = {r["kind"]: r["n"] for r in await committer.store.rows(select(*KINDS.c))}
    assert kinds["main"] == 3


async def test_a_row_made_by_put_can_be_added_to(committer):
    await say(committer, HERE, Asked("main", "n1"))
    await say(committer, "assignment/main", Asked("echo"))
    rows = {r["stream"]: r["asked"] for r in await committer.store.rows(select(STREAMS.c.stream, STREAMS.c.asked))}
    assert rows["assignment/main"] == 1


async def test_what_happened_earlier_keeps_its_own_time(committer, clock):
    at = await say(committer, HERE, Asked("echo"), happened_at_ms=1_000_000)
    entry = (await committer.store.at(at)).entry
    assert entry.happened_at_ms == 1_000_000
    assert entry.at_ms == committer.clock.now_ms()


async def test_a_policy_holds_from_its_position_on_for_every_stream(place):
    async with place.opened() as one:
        await say(one, HERE, Started())
        at = await say(one, "policy/craft", PolicyRevised("craft.Limit", body=msgspec.Raw(b'{"most":3}')), by="rep/1")
        await say(one, "conversation/b", Started())
        assert (await one.memory.stream(HERE)).facts.get(Pinned).versions == {}
        assert (await one.memory.stream("conversation/b")).facts.get(Pinned).versions == {"craft.Limit": at}
    async with place.opened() as two:
        await say(two, "conversation/c", Started())
        assert (await two.memory.stream("conversation/c")).facts.get(Pinned).versions == {"craft.Limit": at}


async def test_positions_are_unique_and_ordered_within_their_lane(place):
    mate = lane_mates(HERE)
    async with place.running() as one:
        said = [
            one.append(s, Asked("echo", str(n)), by="customer")
            for n in range(40)
            for s in (HERE, mate, "conversation/z")
        ]
        positions = await asyncio.gather(*said)
        assert len(set(positions)) == len(positions)
        lane = [r.entry.position for r in await all_of(one.store) if lane_of(r.entry.stream) == lane_of(HERE)]
        assert lane == sorted(lane) and len(lane) == 80


async def test_a_reader_beside_an_open_commit_sees_only_what_is_on_disk(committer):
    await say(committer, HERE, Asked("echo", "n1"))
    seen: list[int] = []
    put = committer.store.put

    async def peeking(work):
        await put(work)
        await asyncio.create_task(look())

    async def look():
        seen.append(len(await committer.store.stream(HERE)))
        seen.append(len(await committer.store.history(HERE)))

    committer.store.put = peeking
    await say(committer, HERE, Asked("echo", "n2"))
    assert seen == [1, 1]
    assert len(await committer.store.stream(HERE)) == 2
