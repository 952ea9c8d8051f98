"""What one client was shown of an answer in the making: it begins the turn, or is said to be taken back. Whatever comes, in whatever order."""

import asyncio
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baton.channels.chat.partial import Shown, partial_of
from baton.engines.wake import LocalWake
from baton.kernel.conversation import ActionDone, Holder, TurnSaid
from baton.kernel.events import Event
from baton.kernel.minds import Partial
from baton.web.hub import Hub
from baton.web.live import Tab

pytestmark = pytest.mark.unit

THOUGHT = ActionDone("think", "a", True)


def told(shown: Shown, *steps: Partial | Sequence[Event]) -> list[str]:
    """What the client is told, in order: texts so far, empty where they are taken back."""
    found: list[Partial] = []
    for step in steps:
        found += shown.written(step) if isinstance(step, Partial) else shown.settle(step)
    return [each.text for each in found]


def test_what_grows_is_told_and_the_turn_that_begins_with_it_takes_its_place() -> None:
    shown = Shown()
    assert told(shown, Partial("a", "One."), Partial("a", "One."), Partial("a", "One. Two.")) == ["One.", "One. Two."]
    assert told(shown, [THOUGHT, TurnSaid("agent", "One. Two. Three.")]) == []
    assert told(shown, Partial("a", "One. Two. Three.")) == [], "a signal that comes late says nothing more"


@pytest.mark.parametrize(
    "heard",
    [
        [THOUGHT],
        [THOUGHT, TurnSaid("agent", "Something else.")],
        [THOUGHT, TurnSaid("system", "I am passing you to a person now.")],
        [TurnSaid("customer", "I mean another bag")],
        [Holder("rep", "mina", 2, "Mina")],
        [ActionDone("run_tool", "b", True), TurnSaid("agent", "It is done.")],
    ],
)
def test_anything_else_takes_it_back(heard: list[Event]) -> None:
    shown = Shown()
    assert told(shown, Partial("a", "One."), heard, Partial("a", "One. Two.")) == ["One.", ""]
    assert told(shown, Partial("c", "Three.")) == ["Three."], "another thought is told again"


def test_what_takes_itself_back_is_taken_back_once() -> None:
    assert told(Shown(), Partial("a", "One."), Partial("a", ""), [THOUGHT], Partial("a", "Two.")) == ["One.", ""]
    assert told(Shown(), Partial("a", "")) == [], "what nobody saw is not taken back"


def test_other_signals_are_no_partials() -> None:
    assert partial_of(b'{"role":"agent","on":true}') is None
    assert partial_of(b'{"role":"customer","on":true}') is None
    assert partial_of(msgspec.json.encode(Partial("a", '"customer"'))) == Partial("a", '"customer"')


async def test_what_is_written_goes_over_no_wire_and_to_no_staff() -> None:
    wake, tab = LocalWake(), Tab(["conversation/x"])
    hub = Hub(wake)
    hub.watch("conversation/x", tab.signal("conversation/x"))
    heard = asyncio.ensure_future(anext(wake.signals("conversation/x")))
    await asyncio.sleep(0)
    await hub.signal("conversation/x", msgspec.json.encode(Partial("a", "One.")))
    assert tab.typing == {}
    await hub.signal("conversation/x", b'{"role":"agent","on":true}')
    assert await heard == b'{"role":"agent","on":true}'
    assert list(tab.typing) == ["conversation/x"]


TEXTS = st.sampled_from(["", "One.", "One. Two.", "One. Two. Three.", "Else."])
STEPS = st.lists(
    st.one_of(
        st.builds(Partial, st.sampled_from("abc"), TEXTS),
        TEXTS.map(lambda text: [TurnSaid("agent", text or "-")]),
        st.sampled_from("abc").map(lambda key: [ActionDone("think", key, True)]),
        st.tuples(st.sampled_from("abc"), TEXTS).map(
            lambda made: [ActionDone("think", made[0], True), TurnSaid("agent", made[1] or "-")]
        ),
        st.just([TurnSaid("customer", "And another thing")]),
        st.just([Holder("queue", "", 2)]),
    ),
    max_size=14,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_at_any_turn_what_a_client_has_before_it_begins_the_turn_or_was_taken_back(
    steps: list[Partial | list[Event]],
) -> None:
    """A client that keeps to what it is told: only grows, or is emptied; nothing is left over when something is said."""
    shown, seen, over = Shown(), "", set[str]()
    for step in steps:
        if isinstance(step, Partial):
            for each in shown.written(step):
                assert each.thought not in over
                assert each.text == "" or each.text.startswith(seen)
                seen = each.text
                over |= {each.thought} if not seen else set()
            continue
        for each in shown.settle(step):
            assert (each.text, bool(seen)) == ("", True)
            seen = ""
            over.add(each.thought)
        over |= {e.key for e in step if isinstance(e, ActionDone)}
        turns = [e.text for e in step if isinstance(e, TurnSaid) and e.role == "agent"]
        if any(isinstance(e, TurnSaid | Holder) for e in step):
            assert not seen or any(text.startswith(seen) for text in turns)
            seen = ""
