"""The head over tokens: worked by hand, taught to find one token among many, and steady whatever stands beside a text."""

from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from baton.engines.models.attention import Attention, AttentionHead
from baton.engines.models.training.attention import Tokens, as_head, fit_attention, logits
from baton.engines.models.training.figures import auroc
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.unit


def test_a_look_worked_by_hand() -> None:
    """Two tokens; the look weighs the first three times as much (shares 3/4 and 1/4). Its one trait shows 2 of the first and
    -4, cut to 0, of the second: 1.5 in all. Read by 2 and less 1 the logit is 2, a chance of 881 permille."""
    head = AttentionHead(
        looks=1,
        weigh=np.array([[log(3)], [0]], "<f2").tobytes(),
        show=np.array([[2], [-4]], "<f2").tobytes(),
        level=np.zeros(1, "<f4").tobytes(),
        read=np.array([2], "<f4").tobytes(),
        bias=-1.0,
    )
    states = np.eye(2, dtype=np.float32)
    assert Attention(head).logit(states) == pytest.approx(2.0, abs=1e-3)
    assert Attention(head).permille(states) == 881


def test_what_is_certain_stays_a_permille() -> None:
    nothing = np.zeros((1, 1), "<f2").tobytes()
    head = AttentionHead(1, nothing, nothing, b"\0" * 4, b"\0" * 4, 1e9)
    assert Attention(head).permille(np.zeros((3, 1), np.float32)) == 1000


def test_one_token_among_many_is_found_and_again_the_same_way() -> None:
    known, marks = _needles(400)
    at = np.arange(400)
    weights = fit_attention(known, marks, np.ones(400), at[:300], rounds=50)
    scores = logits(weights, known, at[300:])
    assert auroc(scores, marks[300:]) > 0.95
    again = fit_attention(known, marks, np.ones(400), at[:300], rounds=50)
    assert as_head(weights, 1.0, 0.0) == as_head(again, 1.0, 0.0)
    head = Attention(as_head(weights, 1.0, 0.0))
    alone = [head.logit(known.of(at[n : n + 1])[0]) for n in range(300, 400)]
    assert np.allclose(alone, scores, atol=0.05)


def _needles(count: int) -> tuple[Tokens, npt.NDArray[np.float64]]:
    """Texts of four to nine tokens, half of them with one that means something."""
    chance = np.random.default_rng(1)
    counts = chance.integers(4, 10, count)
    states = chance.standard_normal((counts.sum(), 12)).astype(np.float16)
    starts = np.cumsum(counts) - counts
    marks = (np.arange(count) % 2).astype(np.float64)
    states[starts[marks == 1] + 1, :3] += 6
    return Tokens(states, starts, counts), marks


def test_displeasure_is_scored_beside_words_and_a_file_of_one_kind_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="needs the train extra")
    from baton.engines.models.evaluate.feelings import eval_frustration

    said = [(f"this {thing} is awful, a waste {n}", 2) for n in range(12) for thing in ("game", "plan", "film", "team")]
    said += [
        (f"this {thing} was lovely, thanks {n}", 15) for n in range(12) for thing in ("game", "plan", "film", "team")
    ]
    (tmp_path / "train.tsv").write_text("".join(f"{text}\t{label}\tid\n" for text, label in said))
    (tmp_path / "calm.tsv").write_text("".join(f"{text}\t{label}\tid\n" for text, label in said if label == 15))
    (tmp_path / "test.tsv").write_text(
        "what an awful film\t2\tx\na lovely thought\t15\ty\nawful\t3\tz\nthanks\t15\tw\n"
    )
    found = eval_frustration(tmp_path / "train.tsv", tmp_path / "test.tsv", lambda line: None)
    assert (found["n"], found["fast_auroc"], found["baseline_auroc"]) == (4, 1, 1)
    assert found["ece_low"] <= found["ece"] <= found["ece_high"]
    with pytest.raises(BatonError, match=r"'calm\.tsv' has too few"):
        eval_frustration(tmp_path / "calm.tsv", tmp_path / "test.tsv", lambda line: None)


def test_the_name_of_a_label_is_one_more_example(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="needs the train extra")
    from baton.engines.models.evaluate.intents import eval_intent_fewshot

    train = "text,label\nit never came,lost_luggage\nwhat is it worth,exchange_rate\n"
    (tmp_path / "train.csv").write_text(train)
    (tmp_path / "test.csv").write_text(
        "text,label\nmy luggage was lost,lost_luggage\nthe rate of exchange,exchange_rate\n"
    )
    found = eval_intent_fewshot(tmp_path / "train.csv", tmp_path / "test.csv", 1, 1, lambda line: None)
    assert (found["accuracy"], found["n"]) == (1, 2)
