"""However the first turn of an AI is said, it says that an AI speaks, once, and the log has the evidence."""

import ast
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from baton.capabilities.floor.events import OutageTold
from baton.capabilities.governance.events import Disclosed
from baton.capabilities.governance.register.texts import TEXTS
from baton.capabilities.governance.tables import DISCLOSURES
from baton.capabilities.routing.events import HandedBack
from baton.kernel.conversation import Holder, Started, TurnSaid
from tests.scenes.agents_floor import Floor, floor

pytestmark = pytest.mark.scene

Way = Callable[[Floor], Awaitable[None]]


def says(text: str) -> Way:
    async def customer(it: Floor) -> None:
        await it.customer(text)

    return customer


async def handed_back(it: Floor) -> None:
    await it.customer("I want to talk to a person")
    epoch = it.fact(Holder)
    assert epoch is not None
    await it.append("conversation/one", Holder(kind="rep", who="mina.okafor", epoch=epoch.epoch + 1), by="system")
    await it.append("conversation/one", TurnSaid("rep", "Hello.", who="mina.okafor"), by="rep/mina.okafor")
    await it.append("conversation/one", HandedBack(by="rep/mina.okafor"), by="rep/mina.okafor")


WAYS: dict[str, Way] = {
    "a greeting": says("Hello"),
    "an answer from an article": says("What time do I need to be at the airport?"),
    "a question back": says("The blorp of my frumious is wabe"),
    "a procedure": says("I am locked out of the app and need a new password"),
    "what it is": says("Are you a robot?"),
    "thanks": says("Thank you"),
    "a hand-back": handed_back,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
async def test_the_first_turn_of_an_ai_says_so(way: Way, tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await way(it)
        turns = [t for t in it.stream().turns if t.role == "agent"]
        assert turns, "an AI spoke"
        assert turns[0].text.startswith(TEXTS["en"])
        told = it.fact(Disclosed)
        assert told is not None
        assert (told.agent, told.version, told.language, told.position) == ("assistant", "1", "en", turns[0].position)
        await it.customer("How long do refunds take?")
        later = [t for t in it.stream().turns if t.role == "agent"][1:]
        assert not any(TEXTS["en"] in t.text for t in later), "once"
        (row,) = await it.committer.store.rows(select(DISCLOSURES))
        assert (row["agent"], row["language"], row["shown"]) == ("assistant", "en", 1)


@pytest.mark.parametrize("language", ["es", "de", "fr"])
async def test_it_is_told_in_the_customers_language(language: str, tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.append("conversation/one", Started(channel="chat", language=language), by="customer")
        await it.customer("Hello")
        first = next(t for t in it.stream().turns if t.role == "agent")
        assert first.text.startswith(TEXTS[language])


SPEAKERS = {
    "src/baton/capabilities/agents/act.py": "first_words(stream, agent",
    "src/baton/capabilities/floor/act.py": "disclosure(stream, agent",
}
"""Both begin with `governance.events.disclosure`, agents by way of `first_words`. Imported and invented history is told elsewhere and never acts."""


def test_nobody_else_speaks_as_an_agent() -> None:
    found = set()
    for path in Path("src/baton").rglob("*.py"):
        if path.parts[2] == "demo" or "sources" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "TurnSaid":
                role = next((k.value for k in node.keywords if k.arg == "role"), node.args[0] if node.args else None)
                if isinstance(role, ast.Constant) and role.value == "agent":
                    found.add(str(path))
    assert found == SPEAKERS.keys()
    for speaker, begins in SPEAKERS.items():
        assert begins in Path(speaker).read_text(encoding="utf-8"), speaker
    voice = Path("src/baton/capabilities/agents/answers/voice.py").read_text(encoding="utf-8")
    assert "else disclosure(stream, agent" in voice


def test_an_outage_that_is_told_first_is_told_by_who_says_that_it_is_an_ai() -> None:
    from tests.capabilities.routing.world import World
    from tests.scenes.test_floor_outage import CRAFTS, PAYMENTS

    world = World(crafts=CRAFTS)
    world.policies.add("floor.Outage", world.position, msgspec.json.encode(PAYMENTS))
    talk = world.begins("comes", Started(language="fr"))
    world.settle()
    first = next(t for t in world.streams[talk].turns if t.role == "agent")
    assert first.text.startswith(TEXTS["fr"])
    assert world.streams[talk].facts.get(Disclosed) is not None
    assert OutageTold("o1").over is False
