"""Training and measuring: the same bytes twice, held-out lines, figures worked by hand, data in the shapes people have."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from baton.engines.models.evaluate.texts import emotions, labelled
from baton.engines.models.fast import FastTier
from baton.engines.models.training.figures import auroc, average_precision, ece
from baton.engines.models.training.grammar import GROWN, grow
from baton.kernel.errors import BatonError

pytest.importorskip("sklearn", reason="needs the train extra")
pytestmark = pytest.mark.unit


def test_phrases_grow_the_same_each_time() -> None:
    first, second = list(grow("intents")), list(grow("intents"))
    assert first == second
    assert len({grown.section for grown in first}) == 22
    assert max(Counter((grown.section, grown.line) for grown in first).values()) <= GROWN
    assert not any(mark in grown.text for grown in first for mark in "[]{}|")


def test_auroc_by_hand() -> None:
    """Pairs of a true and a false one: 0.9 beats both, 0.4 ties with one and beats the other: 3.5 of 4."""
    assert auroc(np.array([0.9, 0.4, 0.4, 0.1]), np.array([1.0, 1.0, 0.0, 0.0])) == 3.5 / 4


def test_average_precision_by_hand() -> None:
    """True ones at ranks 1 and 3: (1/1 + 2/3) / 2."""
    assert average_precision(np.array([0.9, 0.8, 0.7]), np.array([1.0, 0.0, 1.0])) == pytest.approx((1 + 2 / 3) / 2)


def test_calibration_error_by_hand() -> None:
    """Four answers at 0.8, two of them right: off by 0.3."""
    assert ece(np.full(4, 0.8), np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(0.3)


def test_a_tier_trained_twice_is_the_same_file_and_knows_its_lines(tmp_path: Path) -> None:
    from baton.engines.models.training import corpora, invented, tier

    def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([[len(text) % 7, text.count("a"), 1.0] for text in texts], dtype=np.float32)

    seen = Counter[str]()
    plain: dict[str, int | str] = {**dict.fromkeys(invented.SIGNALS, 0), "intent": "none", "mood": "neutral"}
    examples = [corpora.Example(f"it was number {n}", plain, f"said {n}") for n in range(40)]
    for example in (*invented.intents(), *invented.signals()):
        seen[example.group] += 1
        if seen[example.group] <= 2 and int(example.group.rsplit("/", 1)[1]) < 6:
            examples.append(example)
    for name in ("a", "b"):
        trained, report = tier.train(examples, embed, lambda said: None)
        tier.write(trained, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert 0.2 < report["intent_accuracy_invented"] < 1
    judged = FastTier(tmp_path / "a").judge("I forgot my password")
    assert (judged.intent or judged.intent_runner_up) == "password_reset"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "text,label\nwhere is my bag,bag\n"),
        ("b.csv", "text,category\nwhere is my bag,bag\n"),
        ("c.tsv", "utterance\tintent\nwhere is my bag\tbag\n"),
    ],
)
def test_labelled_texts_are_read_in_the_shapes_people_have(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert labelled(tmp_path / name) == (["where is my bag"], ["bag"])


def test_clincs_parts_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "clinc.json"
    path.write_text(
        json.dumps(
            {"train": [["a", "x"]], "oos_train": [["b", "oos"]], "test": [["c", "x"]], "oos_test": [["d", "oos"]]}
        ),
        "utf-8",
    )
    assert labelled(path) == (["a", "b"], ["x", "oos"])
    assert labelled(path, "test") == (["c", "d"], ["x", "oos"])


def test_files_that_cannot_be_read_say_what_they_need(tmp_path: Path) -> None:
    with pytest.raises(BatonError, match="no file"):
        labelled(tmp_path / "none.csv")
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(BatonError, match="needs a column"):
        labelled(tmp_path / "x.csv")


def test_emotions_are_read(tmp_path: Path) -> None:
    (tmp_path / "e.tsv").write_text("so late again\t2,3\tid1\n", "utf-8")
    assert list(emotions(tmp_path / "e.tsv")) == [("so late again", frozenset({"anger", "annoyance"}))]


def test_asking_for_a_person_is_measured(tmp_path: Path) -> None:
    from baton.engines.models.evaluate.people import eval_person

    (tmp_path / "asks").write_text("a human please\n", "utf-8")
    (tmp_path / "not").write_text("a ticket please\nbye\n", "utf-8")
    figures = eval_person(tmp_path / "asks", tmp_path / "not", lambda said: None)
    assert (figures["offered"], figures["false_offers"]) == (1.0, 0.0)
