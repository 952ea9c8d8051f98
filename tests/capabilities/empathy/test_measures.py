"""The row of a need for a person: when it was asked for, who came, and where the AI kept it."""

from collections.abc import Callable

import pytest

from baton.capabilities.empathy import measure
from baton.capabilities.empathy.events import PersonDeclined, PersonNeeded
from baton.capabilities.empathy.tables import NEEDS
from baton.capabilities.routing.events import CallbackAsked
from baton.kernel.conversation import Decided, Ended, Holder, Proposed, Started, TurnSaid
from baton.kernel.events import Event
from baton.kernel.loop import Rest
from baton.kernel.ports import Judgement
from baton.kernel.tables import Tables, Value
from tests.scenes.recorded import Talk, crafts_of

pytestmark = pytest.mark.unit

ASKS = Judgement(asks_person=950, asks_person_span=(2, 10))
FURIOUS = Judgement(mood=-900, frustration=900)


class Counted:
    """A conversation whose every event is measured, as the committer does it."""

    def __init__(self, started: Started | None = None) -> None:
        self.scene, self.tables = Talk(crafts_of("empathy", "sentiment", "orchestration")), Tables()
        self.scene.begins(started)

    def say(self, text: str, judged: Judgement | None = None) -> None:
        self._fold(TurnSaid("customer", text), self.scene.customer(text, judged))

    def happens(self, event: Event) -> None:
        self._fold(event, self.scene.happens(event))

    def row(self) -> dict[str, Value]:
        (fold,) = self.tables.folds[NEEDS].values()
        return fold.put

    def _fold(self, event: Event, rest: Rest) -> None:
        handlers: dict[type[Event], Callable[..., None]] = {
            PersonNeeded: measure.needs, Holder: measure.reached, TurnSaid: measure.stays, Decided: measure.refused,
            CallbackAsked: measure.booked, Ended: measure.missed,
        }  # fmt: skip
        for each in (event, *(caused.event for caused in rest.caused)):
            if handler := handlers.get(type(each)):
                handler(each, self.scene.stream, self.tables)


def test_asking_once_costs_one_click_and_the_row_tells_when() -> None:
    told = Counted()
    told.say("A person, please", ASKS)
    asked_ms = told.scene.at_ms
    told.happens(Holder("queue", "general", 1))
    told.happens(Holder("rep", "r1", 2))
    row = told.row()
    assert (row["asked_ms"], row["needed_ms"], row["queued_ms"]) == (asked_ms, asked_ms, asked_ms + 1000)
    assert (row["clicks"], row["reached_ms"], row["stayed_with_ai"]) == (1, asked_ms + 2000, 0)
    assert (row["refused"], row["missed"], row["declined"]) == (0, 0, 0)


def test_two_asks_that_the_ai_spoke_over_are_two_clicks_and_a_debt() -> None:
    told = Counted()
    told.say("A person, please", ASKS)
    asked_ms = told.scene.at_ms
    told.happens(TurnSaid("agent", "Let me try first."))
    told.say("A person, please", ASKS)
    assert (told.row()["clicks"], told.row()["asked_ms"], told.row()["stayed_with_ai"]) == (2, asked_ms, 1)
    told.scene.stream.facts.put(Holder("nobody", epoch=1))
    told.happens(Ended("customer_left"))
    assert told.row()["missed"] == 1


def test_who_never_asked_has_no_time_of_asking() -> None:
    told = Counted()
    told.say("!!!", FURIOUS)
    assert (told.row()["clicks"], told.row().get("asked_ms"), told.row()["reason"]) == (0, None, "anger")


def test_who_left_the_queue_was_not_missed_by_the_ai() -> None:
    told = Counted()
    told.say("A person, please", ASKS)
    told.happens(Holder("queue", "general", 1))
    told.scene.stream.facts.put(Holder("nobody", epoch=2))
    told.happens(Ended("abandoned"))
    assert told.row()["missed"] == 0


def test_who_declined_is_neither_missed_nor_refused() -> None:
    told = Counted()
    told.say("!!!", FURIOUS)
    told.happens(PersonDeclined())
    escalate = Proposed("escalate", value=600)
    told.happens(Decided("answer", over=(escalate,)))
    told.scene.stream.facts.put(Holder("nobody", epoch=1))
    told.happens(Ended("customer_left"))
    assert (told.row()["declined"], told.row()["refused"], told.row()["missed"]) == (1, 0, 0)


def test_a_hand_over_that_was_outweighed_is_a_refusal() -> None:
    told = Counted()
    told.say("!!!", FURIOUS)
    told.happens(Decided("answer", over=(Proposed("escalate", value=600),)))
    assert told.row()["refused"] == 1


def test_in_history_the_ai_that_answers_a_call_for_a_person_owes_one() -> None:
    told = Counted(Started(origin="imported"))
    told.say("A person, please", ASKS)
    told.scene.stream.facts.put(Holder("agent", "a1", 1))
    told.happens(TurnSaid("agent", "How can I help?", who="a1"))
    told.scene.stream.facts.put(Holder("nobody", epoch=2))
    told.happens(Ended("imported"))
    assert (told.row()["stayed_with_ai"], told.row()["missed"]) == (1, 1)


def test_a_callback_is_on_the_row() -> None:
    told = Counted()
    told.say("A person, please", ASKS)
    told.happens(Holder("queue", "general", 1))
    told.happens(CallbackAsked("later"))
    assert told.row()["callback_ms"] == told.scene.at_ms


def test_a_tap_whose_words_were_not_heard_still_reaches_a_person() -> None:
    """The button says so itself: the fact is the input, and it is decided upon."""
    told = Counted()
    told.say("xyz")
    position = told.scene.position
    rest = told.scene.happens(PersonNeeded("asked", position, 1, 0, 3, asked=position, asks=1))
    assert [c.event.action for c in rest.caused if isinstance(c.event, Decided)] == ["escalate"]
