import pytest

from baton.capabilities.orchestration.events import Intent
from baton.capabilities.orchestration.reading.repeats import times_asked
from baton.kernel.conversation import TurnSaid
from baton.kernel.ports import Judgement
from tests.scenes.recorded import Talk, crafts_of

pytestmark = pytest.mark.unit

REFUND = Judgement(intent="refund_status", intent_confidence=900, intent_margin=700, issues=1)
SEAT = Judgement(intent="seat_change", intent_confidence=800, issues=1)


def talk() -> Talk:
    talk = Talk(crafts_of("orchestration"))
    talk.begins()
    return talk


def intent_of(talk: Talk) -> Intent:
    found = talk.stream.facts.get(Intent)
    assert found is not None
    return found


def test_a_yes_keeps_what_the_customer_wanted() -> None:
    scene = talk()
    scene.customer("Where is my refund?", REFUND)
    scene.customer("Yes please", Judgement(affirms=1000))
    assert intent_of(scene).label == "refund_status"


def test_thanks_that_look_like_a_request_change_nothing() -> None:
    scene = talk()
    scene.customer("Where is my refund?", REFUND)
    scene.customer("Hello there", Judgement(intent="booking_new", small_talk=900))
    assert intent_of(scene).label == "refund_status"


def test_a_second_wish_is_a_second_issue() -> None:
    scene = talk()
    scene.customer("Where is my refund?", REFUND)
    scene.customer("And I need another seat", SEAT)
    scene.customer("So, the refund again please: where is it?", REFUND)
    found = intent_of(scene)
    assert (found.label, found.issues, found.seen) == ("refund_status", 2, ("refund_status", "seat_change"))


def test_a_label_that_fits_nothing_displaces_none_that_says_more() -> None:
    scene = talk()
    scene.customer("Where is my refund?", REFUND)
    scene.customer("I paid by card in March", Judgement(intent="other", intent_confidence=900))
    assert intent_of(scene).label == "refund_status"


def test_nothing_is_said_again_while_nothing_changes() -> None:
    scene = talk()
    scene.customer("Where is my refund?", REFUND)
    assert scene.customer("It was 80 euros", Judgement()).caused == []


def test_an_unclear_first_turn_says_that_it_is_unclear() -> None:
    scene = talk()
    scene.customer("It is about the thing", Judgement(intent_confidence=300, intent_runner_up="refund_status"))
    found = intent_of(scene)
    assert (found.label, found.runner_up, found.issues) == ("", "refund_status", 1)


def test_only_the_customer_says_what_the_customer_wants() -> None:
    scene = talk()
    scene.models.said["Is it about a refund?"] = REFUND
    scene.happens(TurnSaid("agent", "Is it about a refund?"))
    assert scene.stream.facts.get(Intent) is None


def test_the_same_question_is_counted() -> None:
    scene = talk()
    for text in ("Where is my refund?", "So where is my refund?", "Where is my refund then?"):
        scene.customer(text, REFUND)
    assert intent_of(scene).asked == 3


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("This is the fourth time I'm explaining this.", 4),
        ("I already told you my number", 2),
        ("Ya lo he dicho", 2),
        ("What time does it leave?", 1),
        ("Is it my second bag?", 1),
    ],
)
def test_a_customer_who_says_that_they_repeat_is_believed(text: str, times: int) -> None:
    assert times_asked(text, ()) == times


def test_two_plain_yeses_are_no_repeat() -> None:
    assert times_asked("yes", ["yes"], nothing=True) == 1


def test_words_that_lead_on_are_no_repeat() -> None:
    assert times_asked("more details", ["more details", "more details"]) == 1
