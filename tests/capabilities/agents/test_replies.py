"""A yes counts only where every word of it agrees; whatever else is said with it is asked again."""

import pytest

from baton.capabilities.agents.procedures.replies import reply

pytestmark = pytest.mark.unit
CANCEL = "If I cancel booking {code}, {quote.cents:money} comes back. It cannot be taken back. Shall I cancel it now?"
SEAT = "Seat {seat} on {flight.number} costs {seat:price}. Shall I take it and give up {booking.seat}?"


@pytest.mark.parametrize(
    "text",
    ["Yes, cancel it", "I confirm", "no problem, go ahead", "ja, stornieren", "Kein Problem, machen Sie das", "de acuerdo, cancélela",
     "claro que sí, sin problema", "d'accord, annulez", "oui, pas de souci", "Yes please \N{THUMBS UP SIGN}"],
)  # fmt: skip
def test_who_agrees_in_words_of_the_question_says_yes(text: str) -> None:
    assert reply(text, CANCEL) == "yes"


@pytest.mark.parametrize(
    "text",
    ["yes, when pigs fly", "sure, and the moon as well", "yes it is a lot, forget it", "ok, I will think about it", "ja, das ist teuer",
     "sí, pero otro", "sí, 5.000", "oui, enfin j'hésite", "yes for the other one", "ok \N{THUMBS DOWN SIGN}", "> yes",
     "\"yes go ahead and do it\" is what the mail says"],
)  # fmt: skip
def test_a_yes_with_anything_else_is_asked_again(text: str) -> None:
    assert reply(text, CANCEL) == ""


def test_a_word_of_the_act_agrees_to_that_act_alone() -> None:
    assert (reply("ja, stornieren", CANCEL), reply("ja, stornieren", SEAT)) == ("yes", "")
    assert (reply("ok, take it", SEAT), reply("ok, take it", CANCEL)) == ("yes", "")
    assert reply("yes, it cannot be taken back", CANCEL) == "", "only the question's own words, not all that was told"


@pytest.mark.parametrize(("text", "said"), [("cancel", "no"), ("cancel that please", "no"), ("cancel my trip", ""), ("non merci", "no")])  # fmt: skip
def test_who_comes_to_cancel_something_does_not_say_no(text: str, said: str) -> None:
    assert reply(text) == said
