"""A taught head as it serves and as it is measured: words in the turn, all opinions on a second look, figures worked by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from baton.engines.blobs import FolderBlobs, SealedBlobs
from baton.engines.looking import Looking, answers
from baton.engines.models.own.intents import OwnTier, packed, unpacked
from baton.engines.models.own.learning import learn_intents
from baton.engines.models.own.measuring import Answered, measure
from baton.engines.models.own.rows import Row, numbered
from baton.engines.models.own.served import Heads
from baton.engines.models.slow import SlowTier
from baton.kernel.errors import BatonError
from baton.kernel.ports import ActionResult, Claim
from baton.stores.keys import SqliteKeys

pytestmark = pytest.mark.unit

HEAD = "head/one"
SAID = {"heating": "the heating is cold in", "noise": "it is loud in"}
PLACES = ("the hall", "my flat", "the cellar", "the attic", "my bath")
ROWS = numbered(
    [f"{said} {place}" for said in SAID.values() for place in PLACES], [label for label in SAID for _ in PLACES]
)


@pytest.fixture(scope="module")
def file() -> bytes:
    return packed(learn_intents(ROWS, SlowTier(Path("none")).embed))


class NoTools:
    async def call(self, tool: str, args: Mapping[str, object], key: str, claim: Claim | None = None) -> ActionResult:
        return ActionResult(False, "no_tool")


class Recording:
    """A pool in this process that keeps how many of the questions carried a file."""

    def __init__(self) -> None:
        self.sent = list[int]()

    def map(self, work: Any, items: Any) -> Any:
        self.sent += [sum(bool(question.file) for question in item) for item in items]
        return [work(item) for item in items]


async def test_a_second_look_asks_the_own_head_and_sends_its_file_once(file: bytes) -> None:
    pool = Recording()
    looking = Looking(NoTools(), pool, {"head/sent-once": file}.__getitem__)
    for n in range(2):
        came = await looking.call(
            "look_again", {"text": "the heating is cold in the kitchen", "head": "head/sent-once"}, str(n)
        )
        assert came.args["model"] == "head/sent-once"
        assert "heating" in {came.args["intent"], came.args["runner_up"]}
    assert pool.sent == [0, 1, 0]
    shipped = await looking.call("look_again", {"text": "I forgot my password", "head": ""}, "k")
    assert str(shipped.args["model"]).startswith("slow-")


async def test_a_head_that_is_gone_leaves_the_words_to_do() -> None:
    looking = Looking(NoTools(), Recording())
    assert (await looking.call("look_again", {"text": "x", "head": "head/gone"}, "k")).detail == "unavailable"
    assert answers([]) == []


def test_heads_are_read_once_and_a_missing_one_says_what_to_do(file: bytes) -> None:
    asked: list[str] = []

    def read(name: str) -> bytes | None:
        asked.append(name)
        return file if name == HEAD else None

    heads = Heads(read)
    assert heads(HEAD).by_words("the heating is cold in my flat").intent_runner_up in {"heating", "noise"}
    assert heads(HEAD) is heads(HEAD)
    assert asked == [HEAD]
    with pytest.raises(BatonError, match=r"There is no head 'head/two'.*restore the backup"):
        heads("head/two")


async def test_a_sealed_file_is_read_with_its_key_and_under_its_name_only(tmp_path: Path) -> None:
    plain, keys = FolderBlobs(tmp_path / "blobs"), SqliteKeys(tmp_path / "keys.db")
    blobs = SealedBlobs(plain, keys)
    await blobs.put(HEAD, HEAD, b"words of customers")
    assert await blobs.get(HEAD, HEAD) == b"words of customers"
    sealed = plain.read(HEAD)
    assert sealed is not None
    assert b"words" not in sealed
    await plain.put("head/other", sealed)
    assert await blobs.get(HEAD, "head/other") is None
    keys.forget(HEAD)
    assert await blobs.get(HEAD, HEAD) is None
    keys.close()


def test_figures_worked_by_hand(file: bytes) -> None:
    """Live: 2 of 3 in scope right, 1 without an answer, the one out of scope left alone; row by row the taught head gains 1 of 3."""
    held = [
        Row(2, "the heating is cold in the hall", "heating"), Row(3, "it is loud in the hall", "noise"),
        Row(4, "it is loud in the attic", "noise"), Row(5, "tell me a joke", "other"),
    ]  # fmt: skip

    def live(texts: Sequence[str]) -> Answered:
        sure = np.array([0.9, 0.9, 0.4, 0.1])
        return Answered(["heating", "noise", "heating", "noise"], [True, True, False, False], sure, 1 - sure)

    told = measure(OwnTier(unpacked(file)), live, ["heating"], held, ROWS, SlowTier(Path("none")).embed, "other")
    taught, now, simple = told.sides
    assert (taught.accuracy.value, simple.accuracy.value, taught.known, now.known) == (1.0, 1.0, 2, 1)
    assert (round(now.accuracy.value, 3), now.accuracy.n, round(now.abstained.value, 3)) == (0.667, 3, 0.333)
    assert (now.given_right.value, now.given_right.n, now.left_alone.value, now.left_alone.n) == (1.0, 2, 1.0, 1)
    assert (now.outside_auroc, told.inside, told.outside) == (1.0, 3, 1)
    assert (round(told.better.value, 3), told.better.n, told.confused) == (0.333, 3, ())
