"""The loop: one input to rest; outputs are never inputs; nothing a capability does can block it."""

import pytest

from baton.kernel.capability import Card, Crafts, Filed
from baton.kernel.conversation import Decided, Entry, Failed, Proposed, Started, To, TurnSaid, Vetoed
from baton.kernel.log import STEP
from baton.kernel.loop import DEPTH, to_rest
from baton.kernel.memory import recall
from baton.kernel.stream import Policies, Stream
from tests.ports.craft.events import Asked, Heard, Told, Topic
from tests.ports.logs import CRAFTS, NoModels

pytestmark = pytest.mark.unit

HERE = "conversation/a"


def entry(event, position=STEP) -> Entry:
    return Entry(position, HERE, event, "customer", 1000, 1000)


def work(event, crafts=CRAFTS, stream=None):
    stream = stream or Stream(HERE, Policies())
    return to_rest(entry(event), stream, crafts, NoModels()), stream


def crafts(**handlers) -> Crafts:
    """Crafts of these functions, by step."""
    made = Crafts()
    for step, filed in handlers.items():
        getattr(made, step).update(filed)
    return made


def test_facts_come_before_the_decision_and_the_decision_before_what_it_does():
    rest, _ = work(Asked("echo", "n1"))
    kinds = [type(c.event) for c in rest.caused]
    assert kinds.index(Heard) < kinds.index(Decided) < kinds.index(TurnSaid)


def test_the_best_proposal_wins_and_says_what_it_beat():
    rest, _ = work(Asked("later", "n1"))
    decided = next(c.event for c in rest.caused if isinstance(c.event, Decided))
    assert (decided.action, decided.by, [p.action for p in decided.over]) == ("act_later", "craft", ["echo"])


def test_an_output_is_understood_and_never_decided_upon():
    seen = []

    def understand(event: TurnSaid, stream, facts):
        seen.append(event.role)
        yield Heard(len(seen))

    def decide(event: TurnSaid, stream, facts):
        yield Proposed("reply", value=1)

    def reply(decided, stream):
        yield TurnSaid("agent", "hello")

    made = crafts(
        understand={TurnSaid: [Filed("x", understand)]},
        decide={TurnSaid: [Filed("x", decide)]},
        act={"reply": Filed("x", reply)},
    )
    rest, stream = work(TurnSaid("customer", "hi"), made)
    assert seen == ["customer", "agent"]
    assert sum(isinstance(c.event, Decided) for c in rest.caused) == 1
    assert [(t.role, t.position, t.n) for t in stream.turns] == [("customer", STEP, 0), ("agent", STEP, 3)]


def test_facts_that_lead_to_facts_stop_at_a_depth():
    def again(event: Asked | Heard, stream, facts):
        yield Heard(1)

    rest, _ = work(Asked("echo"), crafts(understand={Asked: [Filed("x", again)], Heard: [Filed("x", again)]}))
    assert len(rest.caused) == DEPTH


def test_too_much_is_said_to_be_so_and_every_position_stays_its_own():
    def flood(event: Asked, stream, facts):
        yield from (Topic(str(n), n) for n in range(1000))

    rest, stream = work(Asked("echo"), crafts(understand={Asked: [Filed("x", flood)]}))
    assert len(rest.caused) == STEP - 1
    assert rest.caused[-1].event == Failed("kernel", "loop", "TooMuch")
    assert len(stream.facts.all(Topic)) == STEP - 2


def test_what_is_imported_is_understood_and_never_decided_upon():
    stream = Stream(HERE, Policies())
    work(Started(origin="imported"), stream=stream)
    rest, _ = work(Asked("later", "n1"), stream=stream)
    assert not any(isinstance(c.event, Decided) for c in rest.caused)
    assert any(isinstance(c.event, Heard) for c in rest.caused)


def test_a_veto_bars_an_action_and_is_kept_with_the_decision():
    def veto(proposed: Proposed, stream, facts):
        if proposed.action == "act_later":
            yield Vetoed("act_later", "not today")

    made = crafts(understand=CRAFTS.understand, decide=CRAFTS.decide, act=CRAFTS.act)
    made.vetoes = [Filed("governance", veto)]
    rest, _ = work(Asked("later", "n1"), made)
    decided = next(c.event for c in rest.caused if isinstance(c.event, Decided))
    assert decided.action == "echo"
    assert decided.vetoed == (Vetoed("act_later", "not today"),)


def test_an_action_nobody_does_is_a_failure_that_blocks_nothing():
    def decide(event: Asked, stream, facts):
        yield Proposed("fly", value=1)

    rest, _ = work(Asked("echo"), crafts(decide={Asked: [Filed("x", decide)]}))
    assert rest.caused[-1].event == Failed("x", "act", "no act named fly")


@pytest.mark.parametrize("step", ["understand", "decide", "act"])
def test_a_handler_that_raises_says_so_in_its_step(step):
    def broken(*given):
        raise KeyError(step)

    def propose(event: Asked, stream, facts):
        yield Proposed("do", value=1)

    made = crafts(decide={Asked: [Filed("x", propose)]}, act={"do": Filed("x", lambda d, s: ())})
    {"understand": made.understand, "decide": made.decide}.get(step, {}).setdefault(Asked, []).append(
        Filed("y", broken)
    )
    if step == "act":
        made.act["do"] = Filed("y", broken)
    rest, _ = work(Asked("echo"), made)
    assert Failed("y", step, "KeyError") in [c.event for c in rest.caused]


def test_speaking_to_another_stream_causes_nothing_here():
    rest, _ = work(Asked("elsewhere", "n1"))
    assert rest.sends == [To("customer/a", Told("n1"))]
    assert not any(isinstance(c.event, Told) for c in rest.caused)


def test_a_stream_recalled_is_the_stream_that_was_worked():
    live, again = Stream(HERE, Policies()), Stream(HERE, Policies())
    for n, event in enumerate([Started(), Asked("echo", "1"), Asked("person", "2"), TurnSaid("customer", "3")], 1):
        rest = to_rest(entry(event, n * STEP), live, CRAFTS, NoModels())
        recall(again, entry(event, n * STEP), n, rest.caused)
        assert (again.turns, again.ordinal, again.live, again.started) == (
            live.turns,
            live.ordinal,
            live.live,
            live.started,
        )
        assert list(again.facts) == list(live.facts)


def test_a_card_names_trend_and_title():
    assert CRAFTS.cards["craft"] == Card(trend="base", title="Craft of the conformance tests")
