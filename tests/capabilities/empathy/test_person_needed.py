import pytest

from baton.capabilities.agents.events import Attempts
from baton.capabilities.empathy.events import PersonDeclined, PersonNeeded
from baton.capabilities.empathy.measure import needs, reached
from baton.capabilities.empathy.triggers import phrases
from baton.capabilities.routing.events import HandedBack, HandedOver
from baton.kernel.conversation import Decided, Holder, TurnSaid
from baton.kernel.loop import Rest
from baton.kernel.ports import Judgement
from baton.kernel.tables import Tables
from tests.scenes.recorded import Talk, crafts_of, said_of

pytestmark = pytest.mark.unit

ASKS = Judgement(asks_person=950, asks_person_span=(2, 10))
ANGRY = Judgement(mood=-800, frustration=700)
CALM = Judgement(mood=100)


def talk() -> Talk:
    scene = Talk(crafts_of("empathy", "sentiment", "orchestration"))
    scene.begins()
    return scene


def needed_of(scene: Talk) -> PersonNeeded:
    found = scene.stream.facts.get(PersonNeeded)
    assert found is not None
    return found


def escalated(rest: Rest) -> tuple[object, int]:
    (decided,) = said_of(rest, Decided)
    assert isinstance(decided, Decided) and decided.action == "escalate"
    return decided.args["reason"], decided.value


def test_asking_is_enough_within_the_same_turn() -> None:
    scene = talk()
    rest = scene.customer("A person, please", ASKS)
    assert escalated(rest) == ("asked", 9000)
    assert needed_of(scene) == PersonNeeded("asked", scene.position, 1, 2, 10, asked=scene.position, asks=1)


@pytest.mark.parametrize(
    "text",
    [
        "Je voudrais parler à un conseiller", "Quero falar com um atendente", "Vorrei parlare con un operatore",
        "Ik wil een medewerker spreken", "Chcę porozmawiać z konsultantem", "Bir temsilci ile görüşmek istiyorum",
        "Jag vill prata med en människa", "Позовите оператора", "Humano",
    ],
)  # fmt: skip
def test_asking_in_a_language_the_models_do_not_know(text: str) -> None:
    assert escalated(talk().customer(text)) == ("asked", 9000)


def test_anger_needs_two_turns_or_one_that_is_furious() -> None:
    scene = talk()
    assert said_of(scene.customer("This is bad", ANGRY), Decided) == []
    assert escalated(scene.customer("Really bad", ANGRY)) == ("anger", 6000)
    assert escalated(talk().customer("!!!", Judgement(mood=-900, frustration=900))) == ("anger", 6000)


def test_a_calm_turn_between_two_angry_ones_is_no_alarm() -> None:
    scene = talk()
    for text, judged in (("This is bad", ANGRY), ("All right", CALM), ("But also bad", ANGRY)):
        assert said_of(scene.customer(text, judged), Decided) == []


@pytest.mark.parametrize(
    "text", ["My mother died on Monday", "Ich muss zur Beerdigung", "mi padre falleció", "we lost our baby"]
)
def test_grief_is_told_from_distress(text: str) -> None:
    assert escalated(talk().customer(text, Judgement(distress=900))) == ("bereavement", 9000)


def test_distress_reaches_a_person() -> None:
    assert escalated(talk().customer("I sleep at the airport", Judgement(distress=700))) == ("distress", 9000)


@pytest.mark.parametrize(
    "text",
    [
        "I will sue you",
        "You will hear from my lawyer",
        "I'm going to take you to court",
        "Mein Anwalt meldet sich",
        "voy a demandarlos",
    ],
)
def test_a_threat_of_law_reaches_a_person(text: str) -> None:
    assert escalated(talk().customer(text)) == ("legal", 8000)


@pytest.mark.parametrize(
    "text",
    [
        "My husband is a lawyer and flies with me", "Is there a court near the airport?", "I lost my bag", "Sue is my wife's name",
        "my phone died", "I need a ticket for one person", "Is a legal guardian allowed to fly with her?",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_alarm(text: str) -> None:
    assert said_of(talk().customer(text), PersonNeeded) == []


def test_two_failed_attempts_and_the_same_question_thrice() -> None:
    scene = talk()
    scene.happens(Attempts(answered=2, failed=2))
    assert escalated(scene.customer("Hm", CALM)) == ("failed_attempts", 5500)
    scene = talk()
    scene.customer("Where is my refund?")
    scene.customer("So where is my refund?")
    assert escalated(scene.customer("Where is my refund then?")) == ("loop", 5500)


def test_nobody_is_needed_twice_while_waiting_or_with_a_person() -> None:
    scene = talk()
    for kind in ("queue", "rep"):
        scene.stream.facts.put(Holder(kind, "x", 3))
        assert said_of(scene.customer("A person, please", ASKS), PersonNeeded) == []


def test_a_person_please_works_also_after_a_hand_back() -> None:
    scene = talk()
    scene.customer("A person, please", ASKS)
    scene.stream.facts.put(Holder("rep", "r1", 2))
    scene.stream.facts.put(Holder("agent", "a1", 3))
    assert said_of(scene.customer("Thanks", CALM), Decided) == []
    assert escalated(scene.customer("A person, please", ASKS)) == ("asked", 9000)


def test_who_declines_a_person_is_asked_with_less_weight_until_they_ask_themselves() -> None:
    scene = talk()
    scene.customer("This is bad", ANGRY)
    scene.customer("Really bad", ANGRY)
    scene.happens(PersonDeclined())
    assert escalated(scene.customer("Go on then", CALM)) == ("anger", 60)
    assert escalated(scene.customer("A person, please", ASKS)) == ("asked", 9000)


def test_who_goes_back_to_the_ai_while_waiting_has_declined() -> None:
    scene = talk()
    scene.customer("This is bad", ANGRY)
    scene.customer("Really bad", ANGRY)
    scene.stream.facts.put(Holder("queue", "general", 1))
    scene.happens(HandedBack("customer"))
    scene.stream.facts.put(Holder("agent", "a1", 2))
    assert escalated(scene.customer("Bad again", ANGRY)) == ("anger", 60)


def test_a_stronger_reason_replaces_a_weaker_one() -> None:
    scene = talk()
    scene.customer("!!!", Judgement(mood=-900, frustration=900))
    assert needed_of(scene).reason == "anger"
    scene.customer("My mother died", Judgement(distress=900))
    assert (needed_of(scene).reason, needed_of(scene).count) == ("bereavement", 2)


def test_an_agent_that_gives_up_needed_a_person() -> None:
    scene = talk()
    scene.happens(HandedOver("general", "no_answer"), by="agent/a1")
    assert needed_of(scene).reason == "no_answer"


def test_words_of_the_agent_need_nobody() -> None:
    scene = talk()
    scene.models.said["You can talk to a person"] = ASKS
    scene.happens(TurnSaid("agent", "You can talk to a person"))
    assert scene.stream.facts.get(PersonNeeded) is None


def test_the_row_tells_when_it_was_needed_and_when_a_person_came() -> None:
    scene, tables = talk(), Tables()
    scene.customer("A person, please", ASKS)
    asked_ms = scene.at_ms
    needs(needed_of(scene), scene.stream, tables)
    for holder in (Holder("queue", "general", 1), Holder("rep", "r1", 2), Holder("rep", "r2", 4)):
        scene.happens(holder, by="system")
        reached(holder, scene.stream, tables)
    ((_, key, fold),) = tables
    assert key == ("one", 0)
    assert (fold.put["needed_ms"], fold.put["queued_ms"], fold.put["reached_ms"]) == (
        asked_ms,
        asked_ms + 1000,
        asked_ms + 2000,
    )
    assert (fold.put["reason"], fold.put["reached"], fold.put["declined"]) == ("asked", 1, 0)


def test_a_span_shows_where_it_was_said() -> None:
    text = "Well, you will hear from my lawyer soon"
    start, end = phrases.threatens_law(text, phrases.words_of(text)) or (0, 0)
    assert text[start:end] == "hear from my lawyer"
