"""Checking the tools against what real systems answered: every recorded call of the airline is made again, in order, from a fresh record.

The recorded system had faults of its own, left out of the comparison by name: it called a state `province`, it never wrote
the new cabin down when flights changed, and it priced the second flight of a search that goes past midnight by the first
day. The shop's recordings show answers without the calls; where one shows a changed order, the call is read off the change.
"""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from baton.assembly.scoring.tau.airline import Airline
from baton.assembly.scoring.tau.data import Action, Database, Refused, Row, recorded
from baton.assembly.scoring.tau.retail import Retail

_FAULTS: Final = {"cabin"}
_RENAMED: Final = {"province": "state"}
_ANSWER: Final = re.compile(r"^tool: (\{.*\})$", re.MULTILINE)


class Compared(NamedTuple):
    """Answers compared, how many were equal, and the calls that were answered otherwise."""

    calls: int
    equal: int
    others: tuple[str, ...]


def airline_answers(folder: Path, tables: Database) -> Compared:
    """Each recorded call against the same call here."""
    calls, others = 0, []
    for each in recorded(folder):
        record = Airline(tables)
        for action, answer in each.calls:
            if action.tool == "think":
                continue
            calls += 1
            if not _same(answer, answered(record, action)):
                others.append(f"{action.tool} in task {each.task}, trial {each.trial}")
    return Compared(calls, calls - len(others), tuple(others))


def retail_answers(folder: Path, tables: Database) -> Compared:
    """Each changed order that a recording shows, against the same change made here."""
    calls, others = 0, []
    with gzip.open(folder / "tau" / "retail" / "ai_conversations_fewshot.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            record = Retail(tables)
            for shown in _orders(json.loads(line)["messages_display"]):
                action = _read_off(record.orders[shown["order_id"]], shown)
                if action is None:
                    continue
                calls += 1
                if not _same(json.dumps(shown), answered(record, action)):
                    others.append(f"{action.tool} of {shown['order_id']} in recording {number}")
    return Compared(calls, calls - len(others), tuple(others))


def answered(record: Airline | Retail, action: Action) -> str:
    """What a tool answers, as text."""
    try:
        told = getattr(record, action.tool)(**action.args)
    except Refused as refused:
        return f"Error: {refused}"
    return told if isinstance(told, str) else json.dumps(told)


def _orders(display: str) -> Iterator[Row]:
    for found in _ANSWER.findall(display):
        told = json.loads(found)
        if "order_id" in told:
            yield told


def _read_off(before: Row, after: Row) -> Action | None:
    """The call that made `before` look like `after`; None where nothing changed, or two calls would have done it."""
    order, status = after["order_id"], after["status"]
    if status == before["status"]:
        return (
            Action("modify_pending_order_address", {"order_id": order, **after["address"]})
            if after["address"] != before["address"]
            else None
        )
    if status == "cancelled":
        return Action("cancel_pending_order", {"order_id": order, "reason": after.get("cancel_reason", "")})
    if status == "return requested":
        args = {"item_ids": after["return_items"], "payment_method_id": after["return_payment_method_id"]}
        return Action("return_delivered_order_items", {"order_id": order, **args})
    if status == "exchange requested" and len(after["exchange_items"]) == 1:
        args = {"item_ids": after["exchange_items"], "new_item_ids": after["exchange_new_items"]}
        by = {"payment_method_id": after["exchange_payment_method_id"]}
        return Action("exchange_delivered_order_items", {"order_id": order, **args, **by})
    if status == "pending (item modified)":
        pairs = [(a["item_id"], b["item_id"]) for a, b in zip(before["items"], after["items"], strict=True) if a != b]
        args = {"item_ids": [old for old, _ in pairs], "new_item_ids": [new for _, new in pairs]}
        by = {"payment_method_id": after["payment_history"][-1]["payment_method_id"]}
        return Action("modify_pending_order_items", {"order_id": order, **args, **by})
    return None


def _same(recorded_answer: str, answer: str) -> bool:
    try:
        return bool(plain(json.loads(recorded_answer)) == plain(json.loads(answer)))
    except json.JSONDecodeError:
        return recorded_answer == answer


def plain(value: Any) -> Any:
    """A recorded value without the faults of the system it was recorded from."""
    if isinstance(value, dict):
        return {_RENAMED.get(name, name): plain(each) for name, each in value.items() if name not in _FAULTS}
    return [plain(each) for each in value] if isinstance(value, list) else value
