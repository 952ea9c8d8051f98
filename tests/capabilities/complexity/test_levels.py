import pytest

from baton.capabilities.agents.events import Attempts, Underway
from baton.capabilities.complexity.events import Complexity, ComplexityOverridden, HistoryAsked, HistoryKnown
from baton.capabilities.complexity.measure import levels
from baton.capabilities.lake.events import ToolCalled
from baton.capabilities.resolution.events import Contact, Promise
from baton.capabilities.routing.events import Transferred
from baton.kernel.conversation import Started, TurnSaid
from baton.kernel.ports import Judgement
from baton.kernel.tables import Tables
from tests.scenes.recorded import START_MS, Talk, crafts_of

pytestmark = pytest.mark.unit

CLEAR = Judgement(intent="refund_status", intent_confidence=950, intent_margin=900, issues=1)
DAY_MS = 86_400_000


def talk(started: Started | None = None) -> Talk:
    scene = Talk(crafts_of("orchestration", "sentiment", "complexity"))
    scene.begins(started)
    return scene


def complexity_of(scene: Talk) -> Complexity:
    found = scene.stream.facts.get(Complexity)
    assert found is not None
    return found


def test_one_clear_question_is_easy() -> None:
    scene = talk()
    scene.customer("Where is my refund?", CLEAR)
    assert (complexity_of(scene).level, complexity_of(scene).score, complexity_of(scene).reasons) == ("low", 0, ())


def test_each_sign_adds_its_points() -> None:
    scene = talk(Started(verified="claimed"))
    scene.stream.facts.put(Attempts(answered=2, failed=1))
    scene.stream.facts.put(Underway("refund", "ask_ref", tries=2))
    scene.customer("Where is my refund?", CLEAR)
    found = complexity_of(scene)
    assert (found.score, found.level) == (60 + 60 + 100 + 100, "medium")
    assert found.reasons == ("failed_attempts", "hard_step", "identity", "systems")


def test_a_person_whose_identity_is_proven_has_no_hurdle() -> None:
    scene = talk(Started(verified="verified"))
    scene.stream.facts.put(Underway("refund", "ask_ref"))
    scene.customer("Where is my refund?", CLEAR)
    assert "identity" not in complexity_of(scene).reasons


def test_unclear_upset_and_passed_on_is_hard() -> None:
    scene = talk()
    scene.customer("This is a mess", Judgement(mood=-900, frustration=800, intent_confidence=300))
    scene.happens(Transferred("r1", "refunds"), by="rep/r1")
    found = complexity_of(scene)
    assert (found.score, found.level) == (150 + 100 + 100 + 150, "high")


def test_tools_of_imported_history_count_once_each() -> None:
    scene = talk(Started(origin="imported"))
    scene.customer("Where is my refund?", CLEAR)
    for tool in ("get_booking", "get_booking", "refund"):
        scene.happens(ToolCalled(tool))
    assert complexity_of(scene).touched == ("tool:get_booking", "tool:refund")


def test_a_long_conversation_is_not_hard_for_being_long() -> None:
    scene = talk()
    for n in range(30):
        scene.customer(f"Detail {n} of many, all of it different{n}", CLEAR)
    assert complexity_of(scene).level == "low"


def test_what_a_rep_says_stays() -> None:
    scene = talk()
    scene.customer("Where is my refund?", CLEAR)
    scene.happens(ComplexityOverridden("high", "r1"), by="rep/r1")
    scene.customer("It was paid in March by card", CLEAR)
    found = complexity_of(scene)
    assert (found.level, found.graded, found.overridden) == ("high", "low", True)


def test_the_row_shows_both_levels() -> None:
    scene = talk()
    scene.customer("Where is my refund?", CLEAR)
    scene.happens(ComplexityOverridden("high", "r1"), by="rep/r1")
    tables = Tables()
    levels(complexity_of(scene), scene.stream, tables)
    ((_, key, fold),) = tables
    assert key == ("one",)
    assert (fold.put["level"], fold.put["graded"], fold.put["overridden"]) == ("high", "low", 1)


def test_a_machine_customer_is_graded_without_a_mood() -> None:
    scene = talk()
    scene.models.said["I call for a customer"] = CLEAR
    scene.happens(TurnSaid("machine", "I call for a customer"))
    assert complexity_of(scene).level == "low"


def customer(*contacts: Contact) -> Talk:
    """A customer's stream that keeps these contacts."""
    known = Talk(crafts_of("complexity"), id="customer/c1")
    for contact in contacts:
        known.stream.facts.put(contact)
    return known


def contact(n: int, intent: str, days_ago: int) -> Contact:
    """A contact that ended so many days before."""
    ended_ms = START_MS - days_ago * DAY_MS
    return Contact(f"conversation/{n}", intent, "chat", ended_ms, ended_ms, "agent", "met")


def test_earlier_contacts_of_the_customer_are_asked_for_and_counted() -> None:
    (asked,) = talk(Started(customer="c1")).begins(Started(customer="c1")).sends
    assert (asked.stream, asked.event) == ("customer/c1", HistoryAsked("conversation/one", START_MS + 2000))
    known = customer(contact(0, "seat_change", 1), contact(1, "", 2), contact(2, "seat_change", 40))
    (told,) = known.happens(asked.event).sends
    assert told.event == HistoryKnown(2, {"seat_change": 1})
    scene = talk()
    scene.customer("Where is my refund?", CLEAR)
    scene.happens(told.event)
    assert (complexity_of(scene).score, complexity_of(scene).reasons) == (120, ("earlier_contacts",))


def test_contacts_after_it_began_are_no_history_of_it() -> None:
    known = customer(contact(0, "refund_status", 1), contact(1, "refund_status", 5))
    (told,) = known.happens(HistoryAsked("conversation/one", START_MS - 3 * DAY_MS)).sends
    assert told.event == HistoryKnown(1, {"refund_status": 1})


def test_coming_back_about_the_same_counts_more_than_another_contact() -> None:
    scene = talk()
    scene.customer("Where is my refund?", CLEAR)
    scene.happens(HistoryKnown(3, {"refund_status": 2, "seat_change": 1}))
    found = complexity_of(scene)
    assert (found.score, found.reasons) == (2 * 120 + 60, ("came_back", "earlier_contacts"))


def test_a_promise_that_is_open_is_a_sign() -> None:
    known = customer()
    known.stream.facts.put(Promise("p", "one", "write", "rep", "mina", START_MS - DAY_MS, START_MS + DAY_MS))
    (told,) = known.happens(HistoryAsked("conversation/two", START_MS)).sends
    assert told.event == HistoryKnown(0, {}, 1)
    scene = talk()
    scene.customer("Where is my refund?", CLEAR)
    scene.happens(told.event)
    assert complexity_of(scene).reasons == ("open_promise",)


def test_complications_add_up_as_they_are_named() -> None:
    scene = talk()
    scene.customer("Where is my refund? I booked through a travel agency.", CLEAR)
    assert complexity_of(scene).told == ("other_party",)
    scene.customer("The name on the ticket does not match my passport.", CLEAR)
    found = complexity_of(scene)
    assert (found.told, found.score, found.level) == (("other_party", "records_differ"), 200, "medium")


def test_what_a_rep_or_agent_says_is_no_complication() -> None:
    scene = talk()
    scene.customer("Where is my refund?", CLEAR)
    scene.happens(TurnSaid("agent", "Was it booked through a travel agency?"))
    assert complexity_of(scene).told == ()
