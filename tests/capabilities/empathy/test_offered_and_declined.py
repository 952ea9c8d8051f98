"""A person offered where what is listened for may go unheard or is only possible, and declined who was sent for unasked."""

import msgspec
import pytest

from baton.capabilities.agents.act import answer
from baton.capabilities.agents.events import Procedures
from baton.capabilities.empathy.events import PersonDeclined, PersonNeeded, PersonOffered, Triggers
from baton.capabilities.empathy.triggers.declining import declines
from baton.capabilities.knowledge.events import Article, Articles, Section
from baton.capabilities.routing.events import HandedBack
from baton.demo.policies import agents
from baton.demo.register import register
from baton.kernel.conversation import Decided, Holder, Started, To, TurnSaid
from baton.kernel.ports import Judgement
from baton.kernel.stream import policy_name
from tests.scenes.recorded import START_MS, Talk, crafts_of, said_of

pytestmark = pytest.mark.unit

ITALIAN = Judgement(language="it", unheard="it")
GRIEF = Judgement(distress=900)


def talk(started: Started | None = None) -> Talk:
    scene = Talk(crafts_of("empathy", "sentiment", "orchestration"))
    scene.begins(started)
    return scene


def let_an_agent_speak(scene: Talk) -> None:
    """The agents of the demo, approved as they are."""

    for policy in (agents(), register(agents(), Procedures(), START_MS)):
        scene.stream.policies.add(policy_name(type(policy)), 1, msgspec.json.encode(policy))


def in_grief() -> Talk:
    scene = talk()
    scene.customer("My mother died", GRIEF)
    scene.stream.facts.put(Holder("queue", "bereavement", 1))
    return scene


def test_a_language_nobody_measured_brings_the_offer_of_a_person_once() -> None:
    scene = talk()
    rest = scene.customer("Vorrei cambiare il mio volo", ITALIAN)
    assert said_of(rest, PersonOffered) == [PersonOffered("language", "it", scene.position)]
    assert said_of(rest, Decided) == []
    assert said_of(scene.customer("Il mio volo è domani", ITALIAN), PersonOffered) == []


def test_a_measured_language_brings_none() -> None:
    assert said_of(talk().customer("Quiero cambiar mi vuelo", Judgement(language="es")), PersonOffered) == []


def test_history_is_offered_nothing() -> None:
    scene = talk(Started(origin="imported"))
    assert said_of(scene.customer("Vorrei cambiare il mio volo", ITALIAN), PersonOffered) == []


def test_grief_in_a_language_nobody_measured_still_reaches_a_person() -> None:
    (decided,) = said_of(talk().customer("a minha mãe faleceu", Judgement(unheard="pt")), Decided)
    assert isinstance(decided, Decided)
    assert (decided.action, decided.args["reason"]) == ("escalate", "bereavement")


def test_a_wreath_ordered_is_no_grief() -> None:
    assert said_of(talk().customer("funeral flowers, where is my order", Judgement(distress=100)), PersonNeeded) == []


def test_who_declines_while_waiting_goes_back_to_the_ai() -> None:
    scene = in_grief()
    rest = scene.customer("No thanks, just answer my question")
    (decided,) = said_of(rest, Decided)
    assert isinstance(decided, Decided) and decided.action == "stay_with_ai"
    assert said_of(rest, PersonDeclined) == [PersonDeclined("bereavement")]
    assert rest.sends == [To(scene.stream.id, HandedBack("customer"))]
    needed = scene.stream.facts.get(PersonNeeded)
    assert needed is not None and (needed.declined, needed.declined_at) == (True, scene.position)


def test_who_goes_on_telling_is_not_sent_back() -> None:
    assert said_of(in_grief().customer("No, it happened on Monday and I cannot think of anything else"), Decided) == []


def test_who_asked_for_a_person_is_not_sent_back_for_a_no() -> None:
    scene = talk()
    scene.customer("A person, please", Judgement(asks_person=950))
    scene.stream.facts.put(Holder("queue", "general", 1))
    assert said_of(scene.customer("no thanks"), Decided) == []


def test_a_rep_is_not_left_for_a_no() -> None:
    scene = in_grief()
    scene.stream.facts.put(Holder("rep", "kim", 2))
    assert said_of(scene.happens(TurnSaid("customer", "no thanks")), Decided) == []


@pytest.mark.parametrize(
    "text",
    [
        "no thanks", "No, thank you, just answer please", "just answer me", "I'd rather stay with the AI", "no", "I don't need a person",
        "no gracias", "prefiero seguir con el asistente", "no necesito hablar con nadie", "nein danke", "antworten Sie einfach",
        "ich möchte lieber bei der KI bleiben", "non merci", "je préfère rester avec l'IA", "pas besoin d'un conseiller",
    ],
)  # fmt: skip
def test_declining_in_four_languages(text: str) -> None:
    assert declines(text)


@pytest.mark.parametrize(
    "text",
    ["no he died", "thank you", "yes please", "I need a person", "nothing helps", "no puedo más", "nein, er ist tot", "personne ne m'aide"],
)  # fmt: skip
def test_what_is_no_refusal(text: str) -> None:
    assert not declines(text)


def test_the_offer_comes_with_the_answer_in_the_customers_language() -> None:
    scene = Talk(crafts_of("empathy"))
    let_an_agent_speak(scene)
    scene.begins()
    scene.customer("Vorrei cambiare il mio volo", ITALIAN)
    greets = Decided("answer", args={"line": "greeting"})
    (first,) = [said.text for said in answer(greets, scene.stream) if isinstance(said, TurnSaid)]
    assert first.endswith("Se preferisce una persona, scriva: persona.")
    scene.customer("Grazie", ITALIAN)
    (later,) = [said.text for said in answer(greets, scene.stream) if isinstance(said, TurnSaid)]
    assert "persona" not in later


def test_after_a_trigger_what_a_company_wrote_is_said_without_its_feelings() -> None:
    scene = Talk(crafts_of("empathy"))
    section = Section(1, "Grief", "We are so sorry for your loss. The fare is half the price.")
    let_an_agent_speak(scene)
    scene.stream.policies.add(
        policy_name(Articles), 0, msgspec.json.encode(Articles((Article("a", "Grief", (section,)),)))
    )
    scene.begins()
    scene.customer("My mother died", GRIEF)
    said = [
        each.text
        for each in answer(Decided("answer", args={"cite": "a#1"}), scene.stream)
        if isinstance(each, TurnSaid)
    ]
    assert "half the price" in said[0] and "sorry" not in said[0]


POSSIBLE = Judgement(distress=300, language="de")


def test_distress_that_is_only_possible_brings_the_offer_of_a_person_once() -> None:
    scene = talk()
    rest = scene.customer("Mir wächst alles über den Kopf", POSSIBLE)
    assert said_of(rest, PersonOffered) == [PersonOffered("distress", "de", scene.position)]
    assert said_of(rest, PersonNeeded) == []
    assert said_of(rest, Decided) == []
    assert said_of(scene.customer("Wirklich alles", POSSIBLE), PersonOffered) == []


def test_below_what_the_company_set_nothing_is_offered() -> None:
    assert said_of(talk().customer("I lost my bag", Judgement(distress=49)), PersonOffered) == []
    careful = talk()
    careful.stream.policies.add(policy_name(Triggers), 0, msgspec.json.encode(Triggers(possible_distress=20)))
    assert len(said_of(careful.customer("I lost my bag", Judgement(distress=49)), PersonOffered)) == 1


@pytest.mark.parametrize("judged", [Judgement(distress=900), Judgement(distress=300, asks_person=950)])
def test_where_a_person_is_needed_none_is_only_offered(judged: Judgement) -> None:
    rest = talk().customer("I cannot go on", judged)
    assert (len(said_of(rest, PersonNeeded)), said_of(rest, PersonOffered)) == (1, [])


def test_while_a_person_has_it_none_is_offered() -> None:
    scene = talk()
    scene.stream.facts.put(Holder("rep", "kim", 2))
    assert said_of(scene.customer("I am so tired of it all", POSSIBLE), PersonOffered) == []


def test_a_later_certain_sign_still_hands_over() -> None:
    scene = talk()
    scene.customer("I am so tired of it all", POSSIBLE)
    (decided,) = said_of(scene.customer("I want to die", Judgement(distress=900)), Decided)
    assert isinstance(decided, Decided)
    assert (decided.action, decided.args["reason"]) == ("escalate", "distress")


def test_an_offer_is_no_need_and_so_no_debt() -> None:
    scene = talk()
    scene.customer("I am so tired of it all", POSSIBLE)
    assert scene.stream.facts.get(PersonNeeded) is None


def test_possible_distress_is_answered_with_an_offer_and_no_label() -> None:
    scene = Talk(crafts_of("empathy"))
    let_an_agent_speak(scene)
    scene.begins()
    scene.customer("Mir wächst alles über den Kopf", POSSIBLE)
    greets = Decided("answer", args={"line": "greeting"})
    (first,) = [said.text for said in answer(greets, scene.stream) if isinstance(said, TurnSaid)]
    assert first.endswith("schreiben Sie: Mensch.")
