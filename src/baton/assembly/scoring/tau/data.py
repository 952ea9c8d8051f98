"""The data: databases, development tasks and recorded conversations, read from the folder of development data and never kept."""

import gzip
import json
from collections.abc import Mapping
from copy import deepcopy
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
    """A development task: all that the customer wants, knows and is told to say, and the correct calls in order."""

    id: str
    says: str
    actions: tuple[Action, ...]


class Recorded(NamedTuple):
    """A recorded conversation with an AI: each call with what it was answered, and whether the need was truly met."""

    task: str
    trial: int
    met: bool
    says: str
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


class Rows(dict[str, Any]):
    """A table that shares its rows with the data until one is asked for by `known`: then that row is its own."""

    def __init__(self, rows: Row) -> None:
        super().__init__(rows)
        self._own: set[str] = set()

    def own(self, id: str) -> Row:
        """The row, to be changed here alone."""
        if id not in self._own:
            self._own.add(id)
            self[id] = deepcopy(self[id])
        row: Row = self[id]
        return row


def known(table: Row, id: str, what: str) -> Row:
    """A row of a table; refused where there is none."""
    if id not in table:
        raise Refused(f"{what} not found")
    found: Row = table.own(id) if isinstance(table, Rows) else table[id]
    return found


def _json(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


def _task(raw: Mapping[str, Any]) -> Task:
    told = raw["user_scenario"]["instructions"]
    actions = (raw.get("evaluation_criteria") or {}).get("actions") or []
    calls = tuple(Action(a["name"], a["arguments"]) for a in actions if a.get("requestor", "assistant") == "assistant")
    says = " ".join(str(told.get(part) or "") for part in ("reason_for_call", "known_info", "task_instructions"))
    return Task(str(raw["id"]), says, calls)


def _recorded(raw: Mapping[str, Any]) -> Recorded:
    asked: dict[str, Action] = {}
    calls: list[tuple[Action, str]] = []
    for said in raw["traj"]:
        for call in said.get("tool_calls") or []:
            asked[call["id"]] = Action(call["function"]["name"], json.loads(call["function"]["arguments"]))
        if said["role"] == "tool":
            calls.append((asked[said["tool_call_id"]], said["content"]))
    return Recorded(
        str(raw["task_id"]), int(raw["trial"]), float(raw["reward"]) == 1.0, str(raw["instruction"]), tuple(calls)
    )
