"""The data: databases, development tasks and recorded conversations, read from the folder of development data and never kept."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

Row = dict[str, Any]
Database = dict[str, Row]
"""Tables by name, rows by id, as the files have them."""


class Refused(Exception):
    """A system of record says no, in these words; nothing was changed."""


class Action(NamedTuple):
    """A tool call that a task, or a recorded agent, makes."""

    tool: str
    args: Row


class Task(NamedTuple):
    """A development task: what the customer wants and says, and the correct calls in order."""

    id: str
    wants: str
    known: str
    actions: tuple[Action, ...]


class Recorded(NamedTuple):
    """A recorded conversation with an AI: each call with what it was answered, and whether the need was truly met."""

    task: str
    trial: int
    met: bool
    calls: tuple[tuple[Action, str], ...]


def database(folder: Path, company: str) -> Database:
    """A company's tables."""
    if company == "retail":
        return dict(_json(folder / "tau" / "retail" / "db.json.gz"))
    names = ("users", "reservations", "flights")
    return {name: _json(folder / "tau" / "airline" / f"{name}.json.gz") for name in names}


def tasks(folder: Path, company: str) -> list[Task]:
    """Its development tasks."""
    found = json.loads((folder / "tau" / company / "tasks_train.json").read_text(encoding="utf-8"))
    return [_task(each) for each in found]


def recorded(folder: Path) -> list[Recorded]:
    """The recorded conversations of the airline, with true outcomes."""
    with gzip.open(folder / "tau" / "airline" / "ai_conversations_gpt4o.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [_recorded(json.loads(line)) for line in lines]


def known(table: Row, id: str, what: str) -> Row:
    """A row of a table; refused where there is none."""
    found: Row | None = table.get(id)
    if found is None:
        raise Refused(f"{what} not found")
    return found


def _json(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


def _task(raw: Mapping[str, Any]) -> Task:
    told = raw["user_scenario"]["instructions"]
    actions = (raw.get("evaluation_criteria") or {}).get("actions") or []
    calls = tuple(Action(a["name"], a["arguments"]) for a in actions if a.get("requestor", "assistant") == "assistant")
    return Task(str(raw["id"]), str(told.get("reason_for_call")), str(told.get("known_info")), calls)


def _recorded(raw: Mapping[str, Any]) -> Recorded:
    asked: dict[str, Action] = {}
    calls: list[tuple[Action, str]] = []
    for said in raw["traj"]:
        for call in said.get("tool_calls") or []:
            asked[call["id"]] = Action(call["function"]["name"], json.loads(call["function"]["arguments"]))
        if said["role"] == "tool":
            calls.append((asked[said["tool_call_id"]], said["content"]))
    return Recorded(str(raw["task_id"]), int(raw["trial"]), float(raw["reward"]) == 1.0, tuple(calls))
