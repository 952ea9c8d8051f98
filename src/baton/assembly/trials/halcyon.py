"""Halcyon Air's scenarios: files of the invented company, in force in its demo, and what the command line runs where none is named."""

from importlib.resources import as_file, files
from pathlib import Path

import msgspec

from baton.capabilities.agents.procedures.files import procedures_of
from baton.capabilities.agents.trials.agents import ScenarioFile, Scenarios
from baton.capabilities.agents.trials.scenario import scenario_of
from baton.demo.halcyon.files import texts_in
from baton.demo.policies import articles, costs, hash_of, individual, routing, wellbeing
from baton.kernel.committer import Committer
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError
from baton.kernel.stream import policy_name

AUTHOR = "halcyon"


def theirs() -> Scenarios:
    """The scenarios that ship with Halcyon Air."""
    return Scenarios(tuple(_file(text, AUTHOR) for _, text in texts_in("scenarios", ".toml")))


def their_policies() -> dict[str, str]:
    """What is in force at Halcyon Air for a talk, as JSON by name: articles, procedures, queues and prices."""
    with as_file(files("baton.demo") / "halcyon") as folder:
        made = procedures_of(folder / "procedures", folder / "tools.toml")
    every: tuple[msgspec.Struct, ...] = (articles(), routing(), costs(), individual(), wellbeing(), made)
    return {policy_name(type(each)): msgspec.json.encode(each).decode() for each in every}


def scenarios_at(path: Path) -> Scenarios:
    """A scenario file, or every one in a folder. Raises 404 where there is none, and 422 where one cannot be read."""
    paths = sorted(path.rglob("*.toml")) if path.is_dir() else [path]
    if not paths or not paths[0].is_file():
        raise BatonError("no_scenarios", 404, f"There is no scenario at {str(path)!r}. Name a .toml file, or a folder of them.")  # fmt: skip
    return Scenarios(tuple(_file(each.read_text(encoding="utf-8"), "") for each in paths))


async def set_scenarios(committer: Committer) -> None:
    """Put them in force, once for each content: what somebody changed on the screen since stays."""
    name, body = policy_name(Scenarios), msgspec.json.encode(theirs())
    event = PolicyRevised(name, msgspec.Raw(body), AUTHOR, "Halcyon Air, invented")
    once = f"halcyon:{hash_of(body)}"
    await committer.append(f"policy/{name}", event, by="system", once=once)


def _file(text: str, author: str) -> ScenarioFile:
    made = scenario_of(text)
    return ScenarioFile(made.id, made.title, text, author)
