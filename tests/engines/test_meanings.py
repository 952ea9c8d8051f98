"""Meanings: read once, kept in a file, compared in whole numbers; what nobody wrote about stands beside."""

from pathlib import Path

import numpy as np
import pytest

from baton.capabilities.orchestration.reading.nearness import read
from baton.engines.looking import written
from baton.engines.meanings import Known, Meanings, Vectors, strange
from baton.engines.models.slow import SIZE

pytestmark = pytest.mark.unit

BAGS = Known("art-19#1", "section", "Bags. 23 kg.", ("Bags. 23 kg.", "Bags. Ten at most."), ("What may a case weigh?",))
SEATS = Known("art-21#2", "section", "Seats. From 6 euros.", ("Seats. From 6 euros.",))
CANCEL = Known("booking_cancel", "act", asked=("Cancel my booking",))


def towards(*places: int) -> Vectors:
    """A unit vector along some of the axes."""
    made = np.zeros(SIZE, np.float32)
    made[list(places)] = 1
    return made / np.float32(np.sqrt(len(places)))


VECTORS = {
    "Bags. 23 kg.": towards(0), "Bags. Ten at most.": towards(0, 1), "What may a case weigh?": towards(2), "Seats. From 6 euros.": towards(3),
    "Cancel my booking": towards(4),
}  # fmt: skip


def filled(path: Path | None = None) -> Meanings:
    """Meanings that have read everything, strange questions along an axis of their own."""
    made = Meanings(path)
    made.learn((BAGS, SEATS, CANCEL))
    while texts := made.missing(7):
        made.keep(texts, np.stack([VECTORS.get(text, towards(9)) for text in texts]))
    return made


def test_a_question_is_near_to_a_section_by_what_customers_ask_of_it() -> None:
    near = filled().near(towards(2))
    assert near is not None
    assert (near.sections[0].name, near.sections[0].asked) == ("art-19#1", 1000)
    assert near.sections[0].sentences == (0, 0)
    assert near.strange == 0


def test_each_sentence_tells_how_near_it_is_and_so_does_what_is_strange() -> None:
    near = filled().near(towards(0, 9))
    assert near is not None
    assert near.sections[0].sentences == (707, 500)
    assert near.strange == 707
    act = filled().near(towards(4))
    assert act is not None
    assert (act.acts[0].name, act.acts[0].asked) == ("booking_cancel", 1000)


def test_before_everything_is_read_nothing_is_said_of_anything() -> None:
    made = Meanings()
    assert (made.ready, made.near(towards(0)), made.missing(5)) == (False, None, [])
    made.learn((BAGS,))
    assert made.near(towards(0)) is None
    assert len(made.missing(1000)) == len(set(BAGS.texts)) + len(strange())


def test_what_was_read_is_not_read_again_after_a_start_and_a_change_costs_its_own_sentences(tmp_path: Path) -> None:
    path = tmp_path / "meanings.npz"
    before = filled(path).near(towards(0, 2))
    again = Meanings(path)
    again.learn((BAGS, SEATS, CANCEL))
    assert again.missing(1) == []
    assert again.near(towards(0, 2)) == before
    again.learn((BAGS, Known("art-22#1", "section", "Rows. 10 to 12."), CANCEL))
    assert again.missing(5) == ["Rows. 10 to 12."]


def test_a_broken_file_is_read_as_none(tmp_path: Path) -> None:
    (tmp_path / "meanings.npz").write_bytes(b"PK\x03\x04 and then nothing")
    made = Meanings(tmp_path / "meanings.npz")
    made.learn((SEATS,))
    assert made.missing(1)


def test_a_disk_that_takes_nothing_costs_the_file_and_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert filled(tmp_path / "gone" / "meanings.npz").near(towards(2)) is not None
    assert "could not be kept" in caplog.text


def test_what_was_read_of_articles_that_went_meanwhile_is_kept_nowhere(tmp_path: Path) -> None:
    made = Meanings(tmp_path / "meanings.npz")
    made.learn((SEATS,))
    texts = made.missing(500)
    made.learn(())
    made.keep(texts, np.stack([towards(9)] * len(texts)))
    assert not made.ready
    assert not (tmp_path / "meanings.npz").exists()


def test_nearness_stands_in_a_log_as_labels_and_numbers_and_is_read_back() -> None:
    near = filled().near(towards(0, 2))
    assert near is not None
    told = written(near)
    assert str(told["near"]).startswith("art-19#1:707:707:707,500;art-21#2:0:0:0")
    first, second = read(told["near"])
    assert (first.name, first.whole, first.asked, first.sentences) == ("art-19#1", 707, 707, (707, 500))
    assert second.name == "art-21#2"
    assert read("") == read("nonsense;:1:2:3;art-1#1:x:1:") == ()
