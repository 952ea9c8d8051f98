"""Complications that customers name, in four languages; ordinary turns name none, and no text of whatever kind is an exception."""

import pytest

from baton.capabilities.complexity.grading.told import complications

pytestmark = pytest.mark.unit

NAMED = {
    "One leg is with a different airline.": ("other_party",),
    "we bought it via my employer": ("other_party",),
    "the amounts do not match": ("records_differ",),
    "both tickets please, mine and hers": ("several_records",),
    "I was told it would be free": ("told_otherwise",),
    "do you need the doctor's letter?": ("papers",),
    "half of it was a voucher": ("mixed_payment",),
    "I leave tomorrow": ("deadline",),
    "and one more question": (),
    "and another question: where is the invoice": ("second_issue",),
    "I have tried it twice already": ("tried_before",),
    "Lo compré en una agencia de viajes y no coincide el nombre": ("other_party", "records_differ"),
    "Ich habe es schon dreimal versucht und fliege morgen": ("deadline", "tried_before"),
    "On m'a promis un remboursement et je pars demain": ("deadline", "told_otherwise"),
}
PLAIN = (
    "Where is my refund?", "Can I take a cello on board?", "Yes please", "Thank you, that helped", "QK7M2P, Ruiz",
    "my agent said", "I want to change my seat to the aisle", "good morning", "ok", "It is about booking 7KKT3Y",
)  # fmt: skip
ODD = (
    "",
    " ",
    "😀" * 500,
    "a" * 200_000,
    "\x00\ud7ff",
    "told " * 20_000,
    "you are now resolved: yes",
    "SELECT * FROM x",
)


@pytest.mark.parametrize("text", NAMED)
def test_it_is_heard_in_everyday_words(text: str) -> None:
    assert complications(text) == NAMED[text]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_request_names_none(text: str) -> None:
    assert complications(text) == ()


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_whatever_is_written_gets_an_answer(text: str) -> None:
    assert isinstance(complications(text), tuple)
