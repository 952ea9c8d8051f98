import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.capabilities.sentiment.events import Mood
from baton.capabilities.sentiment.measure import moods
from baton.capabilities.sentiment.smoothing.exponential import after, again
from baton.capabilities.sentiment.tables import CONVERSATIONS
from baton.kernel.conversation import TurnSaid
from baton.kernel.ports import Judgement
from baton.kernel.tables import Tables
from tests.scenes.recorded import Talk, crafts_of

pytestmark = pytest.mark.unit


def test_the_filter_worked_by_hand() -> None:
    first = after(None, 500, 0)
    second = after(first, -500, 800)
    third = after(second, -101, 100)
    assert (first.score, second.score, third.score) == (500, 100, 20)
    assert (third.first, third.lowest, third.turns) == (500, 20, 3)
    assert (second.frustration, third.frustration) == (800, 533)


def test_upset_turns_count_in_a_row() -> None:
    mood = None
    counts = []
    for frustration in (600, 700, 100, 900):
        mood = after(mood, 0, frustration)
        counts.append(mood.upset_turns)
    assert counts == [1, 2, 0, 1]


def test_heard_again_a_turn_can_only_be_found_more_upset() -> None:
    calm = after(None, -100, 300)
    assert again(calm, 800) == Mood(-100, -100, 800, -100, -100, 1, "", 1)
    assert again(calm, 200) == again(calm, -1) == calm
    assert again(after(calm, -500, 700), 900).upset_turns == 1


def test_a_reps_turn_has_no_mood() -> None:
    scene = Talk(crafts_of("sentiment"))
    scene.begins()
    scene.models.said["I hate this job"] = Judgement(mood=-900)
    scene.happens(TurnSaid("rep", "I hate this job", who="r1"))
    scene.happens(TurnSaid("machine", "I hate this job"))
    assert scene.stream.facts.get(Mood) is None


def test_the_row_tells_how_it_began_and_ended() -> None:
    scene = Talk(crafts_of("sentiment"))
    scene.begins()
    scene.customer("Nice", Judgement(mood=600))
    scene.customer("Oh no", Judgement(mood=-900, frustration=700))
    mood = scene.stream.facts.get(Mood)
    tables = Tables()
    assert mood is not None
    moods(mood, scene.stream, tables)
    ((table, key, fold),) = tables
    assert (table, key) == (CONVERSATIONS, ("one",))
    assert fold.put == {"first": 600, "last": 0, "lowest": 0, "frustration": 700, "turns": 2}


@given(st.lists(st.tuples(st.integers(-1000, 1000), st.integers(0, 1000)), min_size=1, max_size=40))
def test_scores_stay_in_range_and_mirror(turns: list[tuple[int, int]]) -> None:
    mood = mirror = None
    for turn, frustration in turns:
        mood, mirror = after(mood, turn, frustration), after(mirror, -turn, frustration)
        assert -1000 <= mood.lowest <= mood.score <= 1000
        assert 0 <= mood.frustration <= 1000
        assert mirror.score == -mood.score
