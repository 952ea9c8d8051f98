"""The slow tier: vectors that do not depend on their neighbours, needs the fast tier leaves open, and no cost until it is asked."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from baton.engines.models import slow
from baton.engines.models.fast import FastTier
from baton.engines.models.heads import learn
from baton.engines.models.slow import SlowTier
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.unit

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def tier() -> SlowTier:
    return SlowTier()


def test_a_vector_does_not_depend_on_its_neighbours(tier: SlowTier) -> None:
    alike = [f"where is my {thing}" for thing in ("bag", "seat", "refund", "ticket", "money")] * 5
    texts = [*alike, "a" * 3000, "", "I was charged twice for one ticket and nobody answers"]
    together = tier.embed(texts)
    assert all(np.array_equal(tier.embed([text])[0], row) for text, row in zip(texts, together, strict=True))
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_a_judgement_does_not_depend_on_its_neighbours(tier: SlowTier) -> None:
    texts = [
        "where is my bag",
        "where is my seat",
        "you are useless",
        "this is great",
        "🎉",
        "",
        "nobody answers " * 90,
    ]
    assert [tier.judge_many([text])[0] for text in texts] == tier.judge_many(texts)
    assert np.array_equal(tier.read(texts).vectors, tier.embed(texts))
    assert [len(states) for states in tier.read(texts[:2]).states] == [6, 6]
    assert tier.judge_many([]) == []


def test_displeasure_is_heard_in_ordinary_words(tier: SlowTier) -> None:
    upset = ["I expected better from you than this", "so I am paying for nothing then", "what a waste of my afternoon"]
    calm = [
        "I would like to change my seat to the aisle",
        "when does the desk open on Sunday",
        "thanks, that was quick",
    ]
    worst, best = (tier.judge_many(texts) for texts in (upset, calm))
    assert min(each.frustration for each in worst) > max(each.frustration for each in best)


def test_near_meanings_are_near(tier: SlowTier) -> None:
    bag, luggage, password = tier.embed(["my bag is lost", "the luggage has gone missing", "reset my password"])
    assert bag @ luggage > bag @ password + 0.2


def test_both_tiers_together_name_more_than_the_fast_one(tier: SlowTier) -> None:
    lines = (HERE / "halcyon_fresh_turns.tsv").read_text("utf-8").splitlines()
    turns = [("" if intent == "none" else intent, text) for intent, text in (line.split("\t") for line in lines)]
    fast = FastTier().judge_many([text for _, text in turns])
    asked = [n for n, judged in enumerate(fast) if judged.unsure]
    guesses = dict(zip(asked, tier.judge_many([turns[n][1] for n in asked]), strict=True))
    alone = sum(not j.unsure and j.intent == intent for (intent, _), j in zip(turns, fast, strict=True))
    answers = [guesses[n].intent if n in guesses else fast[n].intent for n in range(len(turns))]
    given = [n for n in range(len(turns)) if n not in guesses or not guesses[n].unsure]
    right = sum(answers[n] == turns[n][0] for n in given)
    assert right > alone
    assert right / len(given) >= 0.7


def test_a_pool_process_makes_its_own_tier_once() -> None:
    assert slow.guesses(["I forgot my password"])[0].intent == "password_reset"


def test_five_examples_a_label_are_enough_to_start(tier: SlowTier) -> None:
    known = {
        "noise": [
            "the neighbours are loud",
            "music at night",
            "a party next door",
            "drilling since morning",
            "dogs bark all day",
        ],
        "heating": [
            "the radiator is cold",
            "no warm water",
            "my flat is freezing",
            "boiler broken",
            "heating does not start",
        ],
    }
    texts = [text for examples in known.values() for text in examples]
    head = learn(tier.embed(texts), [label for label, examples in known.items() for _ in examples])
    chances = head.chances(tier.embed(["somebody is shouting upstairs every night", "it is ice cold in the bathroom"]))
    assert [head.labels[n] for n in chances.argmax(axis=1)] == ["noise", "heating"]


def test_a_changed_model_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow, "MODEL_SHA256", "0" * 64)
    with pytest.raises(BatonError, match="pinned version"):
        SlowTier()


def test_a_server_that_never_asks_never_loads_it() -> None:
    asked = "import sys, baton.engines.models.fast, baton.engines.models.search, baton.engines.models.slow; print('onnxruntime' in sys.modules, 'sklearn' in sys.modules, 'scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "False"]
