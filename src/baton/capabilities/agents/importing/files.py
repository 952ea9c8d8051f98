"""Files to import: flow graphs, lists of actions, policies and procedure files, told apart by what is in them."""

import json
from collections.abc import Iterator
from pathlib import Path

from baton.capabilities.agents.importing.actions import draft_of_actions, needs_in
from baton.capabilities.agents.importing.drafting import Draft
from baton.capabilities.agents.importing.flows import draft_of_flow
from baton.capabilities.agents.importing.policies import drafts_of_policy
from baton.capabilities.agents.procedures.files import looked_at
from baton.kernel.errors import BatonError

MOST_CHARS = 5_000_000
"""More of a file is not read: no policy is that long, and what is cut off is broken JSON."""


def drafts_in(path: Path) -> list[Draft]:
    """Every draft of a file, or of the files of a folder.

    Raises:
        BatonError: there is nothing that can be read as one.
    """
    files = sorted(p for p in path.iterdir() if p.suffix in {".json", ".md", ".toml"}) if path.is_dir() else [path]
    found = [draft for file in files for draft in _of(file)]
    if not found:
        raise BatonError(
            "no_procedures", 422,
            f"No procedures were found in {str(path)!r}. Give a flow graph or a list of actions (JSON), a policy (Markdown) or procedures (TOML).",
        )  # fmt: skip
    return found


def _of(path: Path) -> Iterator[Draft]:
    try:
        text = path.read_text(encoding="utf-8")[:MOST_CHARS]
        if path.suffix == ".json":
            yield from _of_json(json.loads(text), path)
        elif path.suffix == ".toml":
            yield from _of_toml(text, path)
        else:
            yield from drafts_of_policy(text, path.name)
    except (OSError, ValueError, RecursionError) as error:
        raise BatonError(
            "unreadable", 422, f"{str(path)!r} cannot be read: {error}. Correct it and import it again."
        ) from error


def _of_json(body: object, path: Path) -> Iterator[Draft]:
    for name, each in body.items() if isinstance(body, dict) else ():
        if isinstance(each, dict) and isinstance(each.get("graph"), dict):
            yield draft_of_flow(str(name), each, path.name)
        elif isinstance(each, list) and each and all(isinstance(action, str) for action in each):
            yield draft_of_actions(str(name), each, _needs(path), path.name)


def _needs(path: Path) -> dict[str, tuple[str, ...]]:
    beside = path.with_name("ontology.json")
    if not beside.is_file():
        return {}
    found = json.loads(beside.read_text(encoding="utf-8"))
    return needs_in(found) if isinstance(found, dict) else {}


def _of_toml(text: str, path: Path) -> Iterator[Draft]:
    made, wrong = looked_at(path.name, text, {})
    if made is None:
        raise ValueError(" ".join(problem.told for problem in wrong))
    yield Draft(made, path.name)
