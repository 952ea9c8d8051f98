"""Conversations with a stated outcome, from tau-bench's files: what was said and done, and whether the need was truly met.

What the file says of the task is nothing to learn from, since nobody who serves knows it: expected actions are not read,
and of the instruction only a hash is kept, by which a task is known again in another file.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from baton.engines.models.evaluate.texts import opened
from baton.engines.models.training.process import Process, process_of, went_wrong
from baton.kernel.errors import BatonError
from baton.kernel.ports import Ending

TRANSFER = "transfer_to_human_agents"
_CHANGES = re.compile(r"(?:book|cancel|update|modify|change|send|create|add|remove|return|exchange|issue|pay|refund)_")
"""Names of tools that write, where no `tools.json` says it."""


class Outcome(NamedTuple):
    """One conversation: how it ended, whether the need was met, which task it tried, its row in the file, its messages, what was done.

    `group` names the task as the log does, `task` tells it apart whatever the file is called.
    """

    ending: Ending
    met: bool
    group: str
    row: int
    length: int
    task: str
    process: Process


def outcomes(path: Path, beside: Path | None = None) -> list[Outcome]:
    """The labelled conversations of a file, one a line. `tools.json` beside it (or `beside` another file) says which tools write."""
    writes = _writing(path.parent) or (_writing(beside.parent) if beside else frozenset())
    with opened(path) as lines:
        found = [_outcome(line, n, path, writes) for n, line in enumerate(lines, 1) if line.strip()]
    rows = [each for each in found if each is not None]
    if not rows:
        raise BatonError(
            "no_outcomes", 422, f"{path.name!r} has no conversation with a `reward`. Give a file with outcomes."
        )
    return rows


def checked(rows: Sequence[Outcome], of: str) -> None:
    """Raises where rows are the same, or all have one outcome: nothing can be learned from those."""
    seen: dict[tuple[tuple[str, ...], tuple[str, ...], str], int] = {}
    for each in rows:
        first = seen.setdefault((each.ending.served, each.ending.asked, each.group), each.row)
        if first != each.row:
            raise BatonError("duplicate_rows", 422, f"Rows {first} and {each.row} of {of} are the same. Remove one.")
    if len({each.met for each in rows}) < 2:
        raise BatonError("one_class", 422, f"All {len(rows)} rows of {of} have one outcome. Add some of the other.")


def _outcome(line: str, row: int, path: Path, writes: frozenset[str]) -> Outcome | None:
    try:
        told = json.loads(line)
    except json.JSONDecodeError as error:
        raise BatonError(
            "bad_json", 422, f"Row {row} of {path.name!r} is not JSON. Remove it or write it anew."
        ) from error
    if (
        not isinstance(told, dict)
        or not isinstance(told.get("reward"), int | float)
        or not isinstance(told.get("traj"), list)
    ):
        return None
    group = f"{path.parent.name}/{told.get('task_id')}"
    messages = [m for m in told["traj"] if isinstance(m, dict)]
    changing = writes or frozenset(name for name in _tools(messages) if _CHANGES.match(name))
    return Outcome(
        _ending(messages, changing, group), told["reward"] >= 1, group, row, len(messages), _task(told, group),
        process_of(messages, changing, TRANSFER),
    )  # fmt: skip


def _tools(messages: Sequence[dict[str, Any]]) -> set[str]:
    calls = (call for message in messages for call in message.get("tool_calls") or [])
    return {str((call.get("function") or {}).get("name", "")) for call in calls}


def _task(told: dict[str, Any], group: str) -> str:
    asked = str(told.get("instruction") or "")
    return hashlib.sha256(asked.encode()).hexdigest()[:16] if asked else group


def _ending(messages: Sequence[dict[str, Any]], writes: frozenset[str], group: str) -> Ending:
    said = {"user": list[str](), "assistant": list[str]()}
    changed = failed = 0
    handed = False
    for n, message in enumerate(messages):
        text = str(message.get("content") or "").strip()
        if message.get("role") in said and text and text not in {"###STOP###", "None"}:
            said[message["role"]].append(text)
        called = [str((c.get("function") or {}).get("name", "")) for c in message.get("tool_calls") or []]
        handed = handed or TRANSFER in called
        ok = not went_wrong(messages[n + 1] if n + 1 < len(messages) else {})
        changed += ok * sum(name in writes for name in called)
        failed += (not ok) * sum(name in writes for name in called)
    return Ending(tuple(said["assistant"]), tuple(said["user"]), changed, failed, handed, group)


def _writing(folder: Path) -> frozenset[str]:
    beside = folder / "tools.json"
    if not beside.is_file():
        return frozenset()
    return frozenset(
        str(t["name"]) for t in json.loads(beside.read_bytes()) if "WRITE" in str(t.get("kind", "")).upper()
    )
