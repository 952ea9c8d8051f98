"""Facts: the latest of each type and slot, the same live and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.kernel.conversation import Holder
from baton.kernel.facts import Facts
from baton.kernel.log import FactRow
from baton.kernel.memory import Memory
from baton.kernel.stream import Policies, Stream
from tests.kernel.test_codec import codec_of
from tests.ports.craft.events import Heard, Topic

pytestmark = pytest.mark.unit

STREAM = "assignment/x"
FACTS = st.lists(
    st.one_of(
        st.builds(Topic, name=st.sampled_from("abcdé"), times=st.integers(0, 9), settled=st.booleans()),
        st.builds(Heard, count=st.integers(0, 9)),
        st.builds(Holder, kind=st.just("rep"), epoch=st.integers(0, 9)),
    ),
    max_size=30,
)


class Rows:
    """A store of facts alone."""

    def __init__(self):
        self.rows: dict[str, FactRow] = {}

    def put(self, rows) -> None:
        for row in rows:
            if row.body is None:
                self.rows.pop(row.slot, None)
            else:
                self.rows[row.slot] = row

    async def facts(self, stream):
        return list(self.rows.values())

    async def ordinal(self, stream):
        return 0


def memory_of(store):
    """A memory over facts alone."""
    return Memory(store, codec_of())


@given(commits=st.lists(FACTS, max_size=6))
async def test_what_is_stored_commit_by_commit_reads_back_as_what_holds(commits):
    store = Rows()
    memory = memory_of(store)
    live = Stream(STREAM, Policies())
    for facts in commits:
        for fact in facts:
            live.facts.put(fact)
        store.put(memory.fact_rows(live))
    again = await memory.stream(STREAM)
    for kind in (Heard, Holder):
        assert again.facts.get(kind) == live.facts.get(kind)
    assert again.facts.all(Topic) == live.facts.all(Topic)


@given(facts=FACTS)
def test_a_slot_holds_the_last_that_was_put_unless_it_was_over(facts):
    held = Facts()
    for fact in facts:
        held.put(fact)
    for name in "abcdé":
        last = next((f for f in reversed(facts) if isinstance(f, Topic) and f.name == name), None)
        assert held.slot(Topic, name) == (None if last is None or last.settled else last)


def test_all_slots_come_in_the_same_order_whatever_the_history():
    first, second = Facts(), Facts()
    for name in "bca":
        first.put(Topic(name, 1))
    for name in "abc":
        second.put(Topic(name, 1))
    assert first.all(Topic) == second.all(Topic)


def test_a_copy_stays_as_it_was():
    held = Facts()
    held.put(Topic("a", 1))
    copy = held.copy()
    held.put(Topic("a", 2))
    held.put(Heard(3))
    assert copy.slot(Topic, "a") == Topic("a", 1)
    assert copy.get(Heard) is None


def test_only_what_changed_is_written():
    memory = memory_of(Rows())
    live = Stream(STREAM, Policies())
    live.facts.put(Topic("a", 1))
    live.facts.put(Heard(1))
    assert [r.slot for r in memory.fact_rows(live)] == ["", "craft.Topic:a"]
    assert memory.fact_rows(live) == []
    live.facts.put(Topic("a", 2, settled=True))
    rows = memory.fact_rows(live)
    assert [(r.slot, r.body) for r in rows] == [("craft.Topic:a", None)]
