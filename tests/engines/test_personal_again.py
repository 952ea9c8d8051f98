"""A name said once is a name wherever it stands again, in one text and in the texts of one conversation."""

import time

import pytest

from baton.engines.personal.again import again, parts
from baton.engines.personal.hiding import Cloak
from baton.kernel.cover import Found

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("names", "known"),
    [
        (["Anna Bell"], {"Anna", "Bell"}),
        (["Jean-Luc O'Brien"], {"Jean", "Luc", "O'Brien"}),
        (["Li Na", "Grace de Witt"], {"Witt"}),
    ],
)
def test_a_name_is_told_again_by_its_words_that_are_long_enough_and_no_plain_ones(
    names: list[str], known: set[str]
) -> None:
    assert parts(names, {"grace"}) == known


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Anna Bell called. Bell: later", ["Anna Bell", "Bell"]),
        ("Anna Bell. Ask Anna Bell, or Bell-Anna", ["Anna Bell", "Anna Bell", "Bell-Anna"]),
        ("Anna Bell and anna, Annabell, Anna7, Anna_x, anna@Bell", ["Anna Bell"]),
        ("nobody here", []),
    ],
)
def test_the_same_name_is_found_wherever_it_stands(text: str, named: list[str]) -> None:
    found = [Found("name", 0, 9)] if text.startswith("Anna Bell") else []
    names = [text[each.start : each.end] for each in again(text, found, frozenset({"Anna", "Bell"}))]
    assert names == named


def test_a_name_of_an_earlier_turn_is_hidden_where_nothing_announces_it() -> None:
    cloak = Cloak()
    hidden = cloak.hide(["Vraxholmk, as ever", "my name is Zoran Vraxholmk"])
    assert "Vraxholmk" not in " ".join(hidden)
    assert [cloak.put_back(text) for text in hidden] == ["Vraxholmk, as ever", "my name is Zoran Vraxholmk"]
    assert "Zoran" not in cloak.hide(["Zoran once more"])[0]


def test_many_names_take_time_in_step_with_the_text() -> None:
    def spent(many: int) -> float:
        names = [
            f"N{'abcdefghij'[n % 10]}{'abcdefghij'[n // 10 % 10]}{'abcdefghij'[n // 100 % 10]}q" for n in range(many)
        ]
        text = " ".join([*names, *names])
        began = time.process_time()
        again(text, [], parts(names, ()))
        return time.process_time() - began

    spent(100)
    assert spent(16_000) < 12 * spent(4_000) + 0.2
