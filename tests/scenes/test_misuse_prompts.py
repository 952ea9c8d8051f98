"""What a customer says of themselves and of others stays inside: no model server and no trace is told a byte of it."""

import json
from pathlib import Path

import pytest

from baton.engines.tracing import spans_of
from baton.kernel.explain import explained
from tests.scenes.agents_mind import MINDED, does, minded
from tests.scenes.canaries import Canary

pytestmark = pytest.mark.scene
CARD, IBAN = "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00"


async def test_no_word_that_names_a_person_reaches_a_model_or_a_trace(tmp_path: Path) -> None:
    canary = Canary(3)
    asks = [does("ask", question="And what else shall I look at for [name 1]?") for _ in range(5)]
    async with minded(tmp_path, *asks, agent=MINDED, again=True) as it:
        for text in (
            f"Hello, my name is {canary.name} and something is odd with the thing",
            f"My email is {canary.mail} and the thing is still odd", f"You can call me at {canary.phone} about the odd thing",
            f"I live at {canary.address}, and it is odd", f"My card is {CARD} and my IBAN is {IBAN}, is that odd too?",
        ):  # fmt: skip
            await it.says(text)
        assert it.server.asked, "the model was asked"
        spans = spans_of(await explained(it.floor.committer.store, it.floor.committer.codec, "conversation/one"))
        assert spans
        told = json.dumps(it.server.asked, ensure_ascii=False) + "\n".join(it.server.heads) + repr(spans)
        left = [
            mark for mark in (*canary.marks, CARD, IBAN, CARD.replace(" ", ""), IBAN.replace(" ", "")) if mark in told
        ]
        assert left == []
