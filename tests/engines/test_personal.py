"""Personal data in the text of turns: what is found, what is left alone, and that hiding is safe on any text."""

import json
import re
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.engines.models.evaluate.pii import baseline, eval_pii, intervals, scored
from baton.engines.models.evaluate.texts import opened
from baton.engines.personal.finder import finder
from baton.engines.personal.formats import fixed
from baton.engines.personal.tagger import NEVER, Tagged, best, spans_of
from baton.engines.personal.whole import whole
from baton.engines.personal.words import Vocabulary, looks, read, shaped
from baton.kernel.cover import Found

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("write to anna.lee+x@example.co.uk", ["email"]),
        ("my number is +1 (415) 555-2671 ext 22", ["phone"]),
        ("DE89 3704 0044 0532 0130 00 please", ["iban"]),
        ("ssn 536-22-8726", ["ssn"]),
        ("you can call me on 78 651 450", ["phone"]),
        ("they call it booking 78651450", []),
        ("my social security number is 536228726", ["ssn"]),
        ("from 192.168.10.4 and 2001:db8::8a2e:370:7334", ["ip", "ip"]),
        ("see https://example.com/a?b=1, then www.example.org.", ["url", "url"]),
        ("4111 1111 1111 1111", ["card"]),
        ("flight HA1187 on 12 May 2026 at 18:40 for 239 euro, booking HX4K2P", []),
        ("version 1.2.3.4.5 costs 1,234.50", []),
        ("the item ID is 5052031638", []),
        ("my passport number is X1234567", ["id"]),
        ("call me on five five five oh one two three four double seven", ["phone"]),
        ("double seven three four five six nine is my phone", ["phone"]),
        ("four one one one, one one one one, one one one one, one one one one", ["card"]),
        ("my social security number is five three six two two eight seven two six", ["ssn"]),
        ("john dot smith at gmail dot com thanks", ["email"]),
        ("escríbame a ana punto lopez arroba correo punto es", ["email"]),
        (
            "my iban is d e eight nine three seven zero four double zero four four zero five three two zero one three triple zero",
            ["iban"],
        ),
        ("one of the two bags, three days ago", []),
        ("look at my order at the shop dot", []),
    ],
)
def test_personal_values_of_a_fixed_format_are_found(text: str, kinds: list[str]) -> None:
    assert [found.kind for found in fixed(text)] == kinds


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Hi, my name is Anna Bell.", "Hi, my name is [name]."),
        ("my name is john smith and i live at four oh two elm avenue apartment three b", "my name is [name] and i live at [address]"),
        ("Please send it to 12 Elm Street, Springfield, IL 62701", "Please send it to [address]"),
        ("Hola, me llamo María Fernández y vivo en la Calle Mayor 12, 28013 Madrid", "Hola, me llamo [name] y vivo en la [address]"),
        ("Mein Name ist Jürgen Müller, ich wohne in der Hauptstraße 5, 10115 Berlin", "Mein Name ist [name], ich wohne in der [address]"),
        ("je m'appelle Camille Dupont, j'habite 12 rue de la Paix, 75002 Paris", "je m'appelle [name], j'habite [address]"),
        ("the booking is under Smith, call +1 (415) 555-2671", "the booking is under [name], call [phone]"),
        ("I want to fly from Paris to New York on May 5, seat 12A", "I want to fly from Paris to New York on May 5, seat 12A"),
        ("Flight HA1187, booking HX4K2P, 239 euro", "Flight HA1187, booking HX4K2P, 239 euro"),
        ("my name is wrong on the ticket", "my name is wrong on the ticket"),
        ("[card ••1111] of [name]", "[card ••1111] of [name]"),
        ("an exercise", "an exercise"),
        ("Present: Anna, Zoran, Mia and Tomasz", "Present: [name], [name], [name] and [name]"),
        ("my kids anna, mehmet and olga are ill", "my kids [name], [name] and [name] are ill"),
        ("", ""),
    ],
)  # fmt: skip
def test_names_and_addresses_are_hidden_and_the_rest_is_left(said: str, shown: str) -> None:
    assert finder().hide([said]) == [shown]


PARTS = st.sampled_from(
    ["my name is", "Anna", "Müller", "12 Elm Street", "75002", "call", "double seven", "4111 1111 1111 1111", "a@b.co", "[name]",
     "\n", ",", "👩‍👧", "東京", "\ue000", "\ud800", "Ελένη", "i live at", "[card ••1111]", "##", "dot", "at", "com", "İ"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PARTS, max_size=14).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_what_is_found_lies_in_the_text_in_order_and_apart(text: str) -> None:
    at = 0
    for found in finder().find([text])[0]:
        assert at <= found.start < found.end <= len(text)
        at = found.end


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_hiding_twice_is_hiding_once(text: str) -> None:
    once = finder().hide([text])
    assert finder().hide(once) == once


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(TEXTS, max_size=5))
def test_a_text_is_read_the_same_alone_and_among_others(texts: list[str]) -> None:
    assert finder().find(texts) == [finder().find([text])[0] for text in texts]


@pytest.mark.parametrize(
    "piece",
    ["my name is Anna Bell ", "one ", "a.", "x@", "4111 ", "AB12 ", "::1", "dot at com ", " at a dot com", "iban a ", "👩", "\n", "12 Elm St, "],
)  # fmt: skip
def test_a_megabyte_takes_time_in_step_with_its_length(piece: str) -> None:
    def spent(size: int) -> float:
        text = piece * (size // len(piece))
        began = time.process_time()
        finder().find([text])
        return time.process_time() - began

    spent(1000)
    assert spent(160_000) < 12 * spent(40_000) + 0.5


def test_the_best_row_of_tags_by_hand() -> None:
    """Two words: 5 and 5 for "goes on" cannot begin; "name begins" 3 then "goes on" 5 is 8, against 4 + 1 for out, out."""
    changes = np.zeros((5, 5), dtype=np.int32)
    changes[[0, 3, 4], 2] = NEVER
    scores = np.array([[4, 3, 5, 0, 0], [1, 0, 5, 0, 0], [4, 3, 0, 0, 0]], dtype=np.int32)
    assert best(scores, [(0, 2), (2, 3)], changes) == [1, 2, 0]


def test_tags_become_spans_by_hand() -> None:
    words = [(0, 4), (5, 9), (9, 10), (11, 14)]
    assert spans_of(words, [1, 2, 0, 3]) == [Tagged("name", 0, 9), Tagged("address", 11, 14)]


@pytest.mark.parametrize(
    ("text", "tagged", "made"),
    [
        ("says Hauta-aho today", ["Hauta"], ["Hauta-aho"]),
        ("says Anna-Lena Bell", ["Lena Bell"], ["Anna-Lena Bell"]),
        ("Bell-Lee", ["Bell", "Lee"], ["Bell", "Lee"]),
        ("Bell - Lee", ["Bell"], ["Bell"]),
        ("12 Elm St\n Rome\n Italy 62701", ["12 Elm St", "62701"], ["12 Elm St\n Rome\n Italy 62701"]),
        ("12 Elm St, 62701", ["12 Elm St", "62701"], ["12 Elm St, 62701"]),
        ("from 12 Elm St to 4 Oak Rd", ["12 Elm St", "4 Oak Rd"], ["12 Elm St", "4 Oak Rd"]),
        ("12 Elm St. A B C D E F G 62701", ["12 Elm St", "62701"], ["12 Elm St", "62701"]),
        ("on May 5, seat 12A", ["May 5, seat 12A"], []),
        ("seat 12A, then 12 Elm St", ["seat 12A", "12 Elm St"], ["12 Elm St"]),
        ("on June 3rd, 12 Elm Street", ["June 3rd, 12 Elm Street"], ["12 Elm Street"]),
        ("12 Elm St Rome Anna 62701", ["12 Elm St", "Anna", "62701"], ["12 Elm St", "Anna", "62701"]),
    ],
)  # fmt: skip
def test_double_names_and_addresses_of_several_lines_are_made_whole(
    text: str, tagged: list[str], made: list[str]
) -> None:
    """In these a name has no digit and an address has one."""
    found = [
        Tagged("address" if re.search(r"\d", part) else "name", at := text.index(part), at + len(part))
        for part in tagged
    ]
    assert [text[each.start : each.end] for each in whole(text, found)] == made


def test_words_and_their_looks() -> None:
    text = "O'Brien, 12b Élan\nok"
    said = read([text], Vocabulary())
    assert [text[a:b] for a, b in said.spans[0]] == ["O'Brien", ",", "12", "b", "Élan", "\n", "ok"]
    assert [shaped(word) for word in ("Anna", "anna", "ANNA", "McCoy", "A", "2024", ",", "東京")] == [
        "Xx", "xx", "XX", "XxX", "X", "digits 4", ",", "otheré",
    ]  # fmt: skip


def test_words_that_mean_like_things_share_two_classes_and_a_name_never_seen_has_its_shape() -> None:
    known = Vocabulary(classes={"said": (7, 3), "shouted": (7, 3), "train": (8, 3)})
    said, shouted, owned, train, unseen = (
        looks(word, known) for word in ("said", "Shouted", "said's", "train", "Zoran")
    )
    assert said[8:] == shouted[8:] == owned[8:]
    assert train[8] != said[8] and train[9] == said[9]
    assert unseen[8] == unseen[9] == unseen[2]


def document(text: str, *spans: tuple[str, str]) -> dict[str, object]:
    """A labelled document: types and values."""
    return {
        "full_text": text,
        "spans": [
            {"entity_type": kind, "start_position": text.index(value), "end_position": text.index(value) + len(value)}
            for kind, value in spans
        ],
    }


def test_the_figures_by_hand() -> None:
    """Found: "Anna" of "Anna Bell" (a letter stays open: missed), the zip (right), "Rome" as a name (wrong). 1 of 2; 2 of 3."""
    documents = [document("Anna Bell, 62701, Rome", ("PERSON", "Anna Bell"), ("ZIP_CODE", "62701"), ("GPE", "Rome"))]
    figures = scored(documents, [[Found("name", 0, 4), Found("address", 11, 16), Found("name", 18, 22)]])
    assert (figures["recall"], figures["precision"], figures["documents_with_leak"]) == (0.5, 0.6667, 1)
    assert figures["by_type"] == {"GPE": 1.0, "PERSON": 0.0, "ZIP_CODE": 1.0}


def test_intervals_by_hand() -> None:
    """Two wordings, one right and one wrong: drawn again, both may be the right one or the wrong one; one wording has no width."""
    right, wrong = document("I am Anna", ("PERSON", "Anna")), document("Bell rang", ("PERSON", "Bell"))
    told = intervals([{**right, "template_id": 1}, {**wrong, "template_id": 2}], [[Found("name", 5, 9)], []])
    assert told["recall PERSON"] == [0.5, 0.0, 1.0, 2]
    assert told["precision name"] == told["precision"] == [1.0, 1.0, 1.0, 1]
    one = intervals([{**right, "template_id": 1}, {**wrong, "template_id": 1}], [[Found("name", 5, 9)], []])
    assert one["recall names addresses"] == [0.5, 0.5, 0.5, 2]


def test_a_file_is_scored_beside_the_baseline(tmp_path: Path) -> None:
    path = tmp_path / "documents.json"
    path.write_text(
        json.dumps([document("my name is Anna Bell", ("PERSON", "Anna Bell")), document("where is my bag")])
    )
    figures = eval_pii(path, lambda told: None)
    assert (figures["recall"], figures["precision"], figures["documents_with_leak"], figures["n"]) == (1.0, 1.0, 0, 2)
    assert figures["baseline_recall"] == 1.0
    assert figures["intervals"]["precision name"] == [1.0, 1.0, 1.0, 1]
    assert [found.kind for found in baseline("he lives at 12 elm street")] == ["address"]


def test_names_that_customers_of_another_company_said_are_found(data_dir: Path) -> None:
    """Conversations the weights were not fitted on: names known from the company's own records, where customers say them."""
    with opened(data_dir / "tau/airline/users.json.gz") as stored:
        users = json.load(stored)
    with opened(data_dir / "tau/airline/ai_conversations_gpt4o.jsonl.gz") as lines:
        told = [json.loads(line) for line in lines]
    hit, total = 0, 0
    for each in told:
        known = [users[user]["name"] for user in re.findall(r"[a-z]+_[a-z]+_\d+", each["instruction"]) if user in users]
        names = "|".join(name for one in known for name in one.values())
        texts = [turn["content"] for turn in each["traj"] if turn["role"] in ("user", "assistant") and turn["content"]]
        for text, found in zip(texts, finder().find(texts), strict=True):
            for match in re.finditer(rf"(?<![\w/@.-])(?:{names})(?![\w@])", text) if names else ():
                total += 1
                hit += any(f.start <= match.start() and match.end() <= f.end for f in found)
    assert total > 100
    assert hit / total >= 0.95
