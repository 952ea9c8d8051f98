"""Training of names and addresses: labels stay on their values, slopes are right, and the same texts give the same weights."""

import gzip
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from baton.engines.personal.finder import Finder
from baton.engines.personal.formats import fixed
from baton.engines.personal.tagger import NEVER, TAGS, Tagger
from baton.engines.personal.training import invented
from baton.engines.personal.training.chain import slope
from baton.engines.personal.training.firms import firm
from baton.engines.personal.training.fit import fitted, frequent_words, tags_of
from baton.engines.personal.training.invented import _LIST, Labelled, filled, people, spoken, templates
from baton.engines.personal.training.making import packed
from baton.engines.personal.training.meaning import Meaning, _in_small_letters, trade
from baton.engines.personal.training.real import labelled, multidogo, pieces, refilled, somewhere

faker = pytest.importorskip("faker", reason="needs the train extra")
pytest.importorskip("scipy", reason="needs the train extra")
pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def few_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing thousands of names of fifty countries takes long: here everybody and every street has one of three."""
    monkeypatch.setattr(invented, "_pool", lambda locale, kind: ["Anna Bell", "Élan Önder", "Ng Ha"])


MEANT = Meaning(["bag", "zed"], [1, 2], [0, 1], frozenset({"bag"}), frozenset({"bag", "red"}))
DOCUMENT = {
    "full_text": "Anna Bell of Rome lives at 12 Elm Street",
    "template_id": 3,
    "spans": [
        {"entity_type": "STREET_ADDRESS", "entity_value": "12 Elm Street", "start_position": 27, "end_position": 40},
        {"entity_type": "PERSON", "entity_value": "Anna Bell", "start_position": 0, "end_position": 9},
        {"entity_type": "GPE", "entity_value": "Rome", "start_position": 13, "end_position": 17},
    ],
}  # fmt: skip


def test_every_template_is_filled_and_its_labels_stand_on_whole_values() -> None:
    chance = random.Random(1)
    for language, line in templates():
        made = filled(line, language, chance)
        assert not any(mark in made.text for mark in "{}")
        assert _LIST.search(line) or len(made.marks) == sum(line.count(f"{{{slot}}}") for slot in ("name", "first", "last", "address", "street", "road", "suburb", "corner", "zip"))  # fmt: skip
        assert all(made.text[start:end].strip() for start, end, _ in made.marks)


def test_a_text_as_it_is_heard_keeps_its_labels() -> None:
    written = Labelled("I'm Anna Bell, 12 Elm St.", ((4, 13, "name"), (15, 24, "address")))
    heard = {spoken(written, random.Random(seed)) for seed in range(8)}
    told = {(each.text, tuple(each.text[a:b] for a, b, _ in each.marks)) for each in heard}
    assert told == {
        ("i'm anna bell 12 elm st", ("anna bell", "12 elm st")),
        ("i'm anna bell one two  elm st", ("anna bell", "one two  elm st")),
    }


def test_tags_of_words_by_hand() -> None:
    each = Labelled("Anna Bell, Rome", ((0, 9, "name"),))
    assert list(tags_of(each, [(0, 4), (5, 9), (9, 10), (11, 15)])) == [1, 2, 0, 0]


def test_a_cue_is_frequent_and_a_name_is_not() -> None:
    texts = [Labelled("name Anna", ((5, 9, "name"),))] * 20
    assert frequent_words(texts) == {"name"}


def test_slopes_are_those_of_the_likelihood() -> None:
    """Each slope against the difference the loss makes when its score or change is moved a little."""
    chance = np.random.default_rng(3)
    scores: Any = chance.normal(size=(2, 3, len(TAGS)))
    changes: Any = chance.normal(size=(len(TAGS), len(TAGS)))
    changes[[0, 3, 4], 2] = changes[[0, 1, 2], 4] = NEVER
    mask = np.array([[True, True, True], [True, True, False]])
    truth = np.array([[0, 1, 2], [3, 4, 0]], dtype=np.int8)
    by_score, by_change, _ = slope(scores, truth, mask, changes)
    small = 1e-5
    for array, got, places in (
        (scores, by_score, [(0, 0, 1), (0, 2, 2), (1, 1, 4), (1, 0, 0)]),
        (changes, by_change, [(0, 1), (1, 2), (3, 4)]),
    ):
        for place in places:
            array[place] += small
            more = slope(scores, truth, mask, changes)[2]
            array[place] -= 2 * small
            less = slope(scores, truth, mask, changes)[2]
            array[place] += small
            assert got[place] == pytest.approx((more - less) / (2 * small), abs=1e-4)


def test_the_same_texts_give_the_same_weights_and_the_weights_know_the_texts() -> None:
    chance = random.Random(2)
    names = [
        Labelled(f"my name is {n} ok", ((11, 11 + len(n), "name"),)) for n in ("Anna", "Tom", "Mia", "Lee", "Ben") * 8
    ]
    texts = [*names, *(filled("my bag is {color}", "en", chance) for _ in range(30))]
    first, second = (fitted(texts, lambda told: None, MEANT, epochs=4) for _ in range(2))
    assert packed(first) == packed(second)
    assert Finder(Tagger(first)).hide(["my name is Zed ok", "my bag is red"]) == [
        "my name is [name] ok",
        "my bag is red",
    ]


def test_what_is_known_of_words_ships_with_the_weights() -> None:
    weights = fitted([Labelled("Zed here", ((0, 3, "name"),))], lambda told: None, MEANT, epochs=1)
    assert weights.vocabulary().classes == {"bag": (1, 0), "zed": (2, 1)}
    assert Tagger(weights).plain == {"bag", "red"} <= Tagger(weights).usual


def test_people_are_told_one_after_another() -> None:
    chance = random.Random(1)
    made = [filled("with {people}", "de", chance) for _ in range(40)]
    assert {len(each.marks) for each in made} == {2, 3, 4, 5, 6, 7}
    assert all(what == "name" for each in made for _, _, what in each.marks)
    assert any(" und " in each.text for each in made)


def test_a_document_is_read_and_filled_with_other_people() -> None:
    assert labelled(DOCUMENT).marks == ((0, 9, "name"), (27, 40, "address"))
    other = refilled(DOCUMENT, random.Random(4))
    (a, b, _), (c, d, _) = other.marks
    assert (
        other.text[b:].startswith(" of ") and other.text[:c].endswith(" lives at ") and d == len(other.text) and a == 0
    )


def test_everybody_stands_alone_once_at_least() -> None:
    told = list(people(1))
    assert {"Anna Bell", "Ng Ha"} <= {each.text for each in told}
    assert all(each.marks == ((0, len(each.text), "name"),) for each in told)


def test_a_company_is_nobody() -> None:
    chance = random.Random(1)
    made = [firm("Lee", chance) for _ in range(200)]
    assert any(each.startswith("Lee ") for each in made) and len(set(made)) > 100
    assert filled("{company} of {nation} make", "en", chance).marks == ()


def test_comments_about_people_and_places_get_invented_ones(tmp_path: Path) -> None:
    (tmp_path / "emotion").mkdir()
    rows = [
        "my boss is at home\t1\tx",
        "[NAME] is at home\t1\tx",
        "so {odd} at home\t1\tx",
        "nobody is away\t1\tx",
        "My bank is German\t1\tx",
    ]
    with gzip.open(tmp_path / "emotion/goemotions_train.tsv.gz", "wt", encoding="utf-8") as lines:
        lines.write("\n".join(rows))
    told = list(somewhere(tmp_path))
    assert len(told) == 4
    assert [[what for _, _, what in each.marks] for each in told] == [["name", "address"]] * 2 + [[]] * 2
    assert "boss" not in told[0].text and "bank" not in told[2].text


def test_plain_words_are_written_small_and_pieces_are_made_of_them(tmp_path: Path) -> None:
    for folder in ("emotion", "intents", "tau/banking"):
        (tmp_path / folder).mkdir(parents=True)
    rows = ["so the bag is red\t1\tx", "but the bag of Zoran is red\t1\tx", "red zoran!\t1\tx", "zoran, or Zoran\t1\tx"]
    with gzip.open(tmp_path / "emotion/goemotions_train.tsv.gz", "wt", encoding="utf-8") as lines:
        lines.write("\n".join(rows))
    (tmp_path / "intents/banking77_train.csv").write_text("text,category\nwhere is it,x\n")
    (tmp_path / "intents/clinc150_train_val.json").write_text(
        '{"train": [["where to", "x"]], "test": [["never", "x"]]}'
    )
    (tmp_path / "tau/banking/kb.jsonl").write_text('{"content": "The bag"}\n')
    plain = _in_small_letters(tmp_path)
    assert plain == {"the", "bag", "is", "red", "where"}
    made = list(pieces(tmp_path, plain))
    assert all(set(each.text.lower().split()) <= plain and each.marks == () for each in made)
    assert "csat" in trade() and "rehearsal" in trade()


def test_slots_of_chats_become_labels(tmp_path: Path) -> None:
    folder = tmp_path / "multidogo"
    folder.mkdir()
    rows = [
        "utterance\tslot-labels",
        "anna bell here\tname name O",
        "in austin\tO current_city",
        "anna bell here\tname name O",
        "broken\t",
    ]
    with gzip.open(folder / "media_train.tsv.gz", "wt", encoding="utf-8") as lines:
        lines.write("\n".join(rows))
    assert [(each.text, each.marks) for each in multidogo(tmp_path)] == [("anna bell here", ((0, 9, "name"),))]


DIGITS = "zero one two three four five six seven eight nine".split()


def aloud(value: str) -> str:
    """A number as it is said and written down by speech recognition: "77" is "double seven", a letter stands alone."""
    pieces = [found.group() for found in re.finditer(r"(\d)\1|\d|[A-Z]", value)]
    return " ".join(
        each.lower() if each.isalpha() else ("double " if len(each) == 2 else "") + DIGITS[int(each[0])]
        for each in pieces
    )


@pytest.mark.parametrize("locale", ["en_US", "en_GB", "de_DE", "es_ES", "fr_FR"])
def test_values_of_a_fixed_format_are_found_written_and_spoken(locale: str) -> None:
    """Values of five countries that no rule was made from: at least 99 of 100 of each kind."""
    fake = faker.Faker(locale)
    fake.seed_instance(1234)
    mail = {"@": " at ", ".": " dot ", "_": " underscore ", "-": " dash "}
    values = [
        *((f"write to {v} please", v) for v in (fake.ascii_email() for _ in range(100))),
        *(
            (f"my email is {v}", v)
            for v in (re.sub("[@._-]", lambda m: mail[m[0]], fake.ascii_email()) for _ in range(100))
        ),
        *((f"call me on {v}", v) for v in (fake.phone_number() for _ in range(100))),
        *((f"my number is {v}", v) for v in (aloud(fake.phone_number().partition("x")[0]) for _ in range(100))),
        *((f"from {v} please", v) for v in (fake.iban() for _ in range(100))),
        *((f"transfer from {v} now", v) for v in (aloud(fake.iban()) for _ in range(100))),
        *((f"charge {v} please", v) for v in (fake.credit_card_number("visa") for _ in range(100))),
        *((f"charge {v} please", v) for v in (aloud(fake.credit_card_number("amex")) for _ in range(100))),
    ]
    missed = [text for text, value in values if not inside(value, text)]
    assert len(missed) <= len(values) // 100, missed


def inside(value: str, text: str) -> bool:
    start = text.index(value)
    return any(found.start <= start and found.end >= start + len(value) for found in fixed(text))
