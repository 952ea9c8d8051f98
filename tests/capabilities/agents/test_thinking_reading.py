"""Whatever a model answers: nothing outside of its choices, no value nobody gave, no number and no link that no source has."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.capabilities.agents.events import Idea, Procedure, Slot, Step, Underway
from baton.capabilities.agents.procedures.state import State
from baton.capabilities.agents.thinking.answers import Answer, Named, Sentence
from baton.capabilities.agents.thinking.choices import Choices
from baton.capabilities.agents.thinking.made_up import made_up_links, made_up_numbers
from baton.capabilities.agents.thinking.reading import idea_of, print_of
from baton.kernel.conversation import Entry, Turn, TurnSaid
from baton.kernel.stream import Policies, Stream

pytestmark = pytest.mark.unit

SAID = "My booking is QX7RT2, the name is Weber."
PASSAGES = {"art-1#1": "One checked bag of 23 kg. See bags.halcyon.example.", "art-2#1": "Seats are free at check-in."}
FOUND = {"tool:booking": "booking: seat: 12A; paid: €120"}
CANCEL = Procedure(
    "cancel", "Cancel", ("cancel",), (Step("code", "ask", slot="code"), Step("yes", "confirm", say="Sure?")),
    slots=(Slot("code", "booking"), Slot("why")),
)  # fmt: skip
OTHER = Procedure("status", "Status", ("status",), (Step("tell", "tell", say="x"),))
UNDER_WAY = State(CANCEL, Underway("cancel", "code", tries=1), {})
CHOICES = Choices(PASSAGES, FOUND, (CANCEL, OTHER), UNDER_WAY, {"booking": ("code", "last_name")})
BEFORE = Idea(256, found={"tool:booking": {"seat": "12A", "paid_cents": 12_000}}, round=1)

WORDS = st.sampled_from(
    "one checked bag of 23 45 kg seats are free at check-in not https://x.example bags.halcyon.example 12A €120 password".split()
)
TEXT = st.lists(WORDS, max_size=9).map(lambda words: " ".join(words) + ".")
IDS = st.sampled_from(
    ["art-1#1", "art-2#1", "art-9#9", "tool:booking", "tool:refund", "cancel", "status", "refund", "booking", ""]
)
VALUES = st.lists(
    st.builds(
        Named,
        st.sampled_from(["code", "last_name", "why", "cents"]),
        st.sampled_from(["QX7RT2", "qx7rt2", "Weber", "12A", "40000", "", "x"]),
    ),
    max_size=4,
)
ANSWERS = st.builds(
    Answer, st.sampled_from(["answer", "start_procedure", "fill_slots", "look_up", "ask", "hand_over"]),
    st.lists(st.builds(Sentence, TEXT, st.lists(IDS, max_size=3)), max_size=4), IDS, IDS, VALUES, TEXT.map(lambda text: text.replace(".", "?")),
)  # fmt: skip


def stream() -> Stream:
    made = Stream("conversation/one", Policies())
    made.entry = Entry(256, made.id, TurnSaid("customer", SAID), "customer", 0, 0)
    made.turns.append(Turn("customer", SAID, 256))
    return made


@settings(max_examples=600, deadline=None)
@given(ANSWERS)
def test_no_answer_leads_outside_of_the_choices(answer: Answer) -> None:
    idea = idea_of(answer, BEFORE, CHOICES, stream())
    assert idea.procedure in {"", "cancel", "status"}
    assert idea.tool in {"", "booking"}
    assert set(idea.cites) <= set(PASSAGES)
    for position, start, end in idea.slots.values():
        assert position == 256
        assert SAID[start:end]
    for value in idea.args.values():
        assert str(value).casefold() in f"{SAID} 12A 12000".casefold()
    known = [*PASSAGES.values(), *FOUND.values(), SAID]
    assert made_up_numbers(str(idea.said), known) == []
    assert made_up_links(str(idea.said), [*PASSAGES.values(), SAID]) == []
    assert (idea.kind == "none") == bool(idea.why) or idea.kind == "passage"


def test_the_same_generator_gives_ideas_of_every_kind() -> None:
    kinds = {
        idea_of(answer, BEFORE, CHOICES, stream()).kind
        for answer in (
            Answer("answer", [Sentence("One checked bag of 23 kg.", ["art-1#1"])]),
            Answer("answer", [Sentence("One checked bag of 45 kg.", ["art-1#1"])]),
            Answer("start_procedure", procedure="status"),
            Answer("fill_slots", values=[Named("code", "qx7rt2")]),
            Answer("look_up", tool="booking", values=[Named("code", "QX7RT2"), Named("last_name", "weber")]),
            Answer("ask", question="Is it about the bag of 23 kg?"),
            Answer("hand_over"),
        )
    }
    assert kinds == {"answer", "passage", "start", "fill", "look_up", "ask", "hand_over"}


def test_a_proposal_is_known_again_and_another_is_not() -> None:
    one = Answer("look_up", tool="booking", values=[Named("code", "QX7RT2")])
    assert print_of(one) == print_of(Answer("look_up", tool="booking", values=[Named("code", "QX7RT2")]))
    assert print_of(one) != print_of(Answer("look_up", tool="booking", values=[Named("code", "QX7RT3")]))
