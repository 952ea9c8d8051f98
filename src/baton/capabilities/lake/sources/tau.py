"""Tau-bench: AI agents that serve simulated customers with tools, and whether the record ended as it should (Yao et al. 2024).

`reward` says whether the need was truly met: the system of record is as the task wants it and what had to be told was told.
Trials of one task belong together: `group` of the label is the task. The files hold no times.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from baton.capabilities.lake.events import Labelled, ToolCalled
from baton.capabilities.lake.sources.files import lines, opened
from baton.capabilities.lake.sources.history import (
    Conversation,
    Moment,
    Names,
    Skipped,
    conversation,
    digest,
    label_of,
    where,
)
from baton.capabilities.lake.sources.lenient import Record, listed, nested, text
from baton.capabilities.routing.events import HandedOver
from baton.kernel.conversation import Ended, Role, Started, TurnSaid
from baton.kernel.events import Event

SOURCE = "tau"
SUFFIXES = (".jsonl",)
TRANSFER = "transfer_to_human_agents"
STEP_MS = 1000
EPOCH_MS = 0
"""Times count from here: the importer lays them before its own now. Durations of this source mean nothing."""


def read(path: Path, names: Names) -> Iterator[Conversation | Skipped]:
    """The conversations of one file, one a line; `tools.json` beside it says which tools write."""
    file, company, writing = opened(path), label_of(path.parent.name) or SOURCE, _writing_tools(path.parent)
    first = True
    for row, line in lines(file):
        try:
            told = msgspec.json.decode(line)
        except msgspec.DecodeError:
            yield Skipped("the line is not whole JSON", where(path, row))
            continue
        known = isinstance(told, Mapping) and ("traj" in told or "messages_display" in told)
        if first and not known:
            yield Skipped("not a file of conversations", path.name)
            return
        first = False
        yield (
            _conversation(told, names, company, writing, where(path, row))
            if known
            else Skipped("no messages in the line", where(path, row))
        )
    if file.cut:
        yield Skipped("the file ends early", path.name)


def _conversation(told: Record, names: Names, company: str, writing: frozenset[str], at: str) -> Conversation | Skipped:
    messages = listed(told, "traj") or _displayed(text(told, "messages_display"))
    moments = [
        Moment(EPOCH_MS + n * STEP_MS, events)
        for n, m in enumerate(messages)
        if (events := _events(m, writing, messages[n + 1] if n + 1 < len(messages) else {}))
    ]
    said = [e for m in moments for e in m.events if isinstance(e, TurnSaid)]
    if not said:
        return Skipped("nobody said anything", at)
    external = digest(text(told, "task_id"), text(told, "trial"), *(s.text for s in said[:4]), said[-1].text)
    begun = Started(origin="imported", source=SOURCE, simulated=True, queue=company, language="en")
    handed = any(isinstance(e, HandedOver) for m in moments for e in m.events)
    end = (*_labels(told, company, writing), Ended("transferred" if handed else "imported"))
    last = moments[-1].at_ms + STEP_MS
    all_of_it = [Moment(EPOCH_MS, (begun,)), *moments, Moment(last, end)]
    return conversation(SOURCE, names.stream(SOURCE, external), "", all_of_it, len(said))


def _events(message: Record, writing: frozenset[str], following: Record) -> tuple[Event, ...]:
    role, said = text(message, "role"), text(message, "content").strip()
    if role not in {"user", "assistant"}:
        return ()
    speaker: Role = "customer" if role == "user" else "agent"
    turn = (TurnSaid(speaker, said),) if said and said not in {"###STOP###", "None"} else ()
    called = [text(nested(c, "function"), "name") for c in listed(message, "tool_calls")]
    over = (HandedOver(queue="people", reason="agent_transferred"),) if TRANSFER in called else ()
    ok = not (text(following, "role") == "tool" and text(following, "content").startswith("Error"))
    return (*turn, *(ToolCalled(name, name in writing, ok) for name in called if name), *over)


def _labels(told: Record, company: str, writing: frozenset[str]) -> Iterator[Labelled]:
    if not text(told, "task_id"):
        return
    task = f"{company}/{text(told, 'task_id')}"
    expected = {text(a, "name") for a in listed(told, "expected_actions")}
    yield Labelled("expected", int(bool(expected & writing)), "change" if expected & writing else "no_change", task)
    yield Labelled("expected_transfer", int(TRANSFER in expected), "", task)
    reward = told.get("reward")
    if isinstance(reward, int | float):
        yield Labelled("reward", int(reward >= 1), "", task)


def _displayed(shown: str) -> list[Record]:
    found: list[dict[str, object]] = []
    for line in shown.split("\n"):
        role, colon, rest = line.partition(": ")
        if colon and role in {"user", "assistant", "tool", "system"}:
            found.append({"role": role, "content": rest})
        elif found:
            found[-1]["content"] = f"{found[-1]['content']}\n{line}"
    return list(found)


def _writing_tools(folder: Path) -> frozenset[str]:
    beside = folder / "tools.json"
    if not beside.is_file():
        return frozenset()
    try:
        tools = msgspec.json.decode(beside.read_bytes())
    except msgspec.DecodeError:
        return frozenset()
    return (
        frozenset(text(t, "name") for t in tools if "WRITE" in text(t, "kind").upper())
        if isinstance(tools, list)
        else frozenset()
    )
