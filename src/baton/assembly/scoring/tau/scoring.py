"""`baton eval gate --suite tau`: two companies' policies as Cedar, their development tasks run behind them, and what they forbid.

- Allow: the correct calls of every task, made as a conversation with that customer would; the end state must equal that of
  the same calls made straight at the record (which answers as the recorded systems did, `checking.py`), and, where a recorded
  run that met the need made the same changes, that of its recorded answers.
- Deny: calls made of the data, one family for each rule, that must all be refused.
- Recorded: real runs of an AI behind the gate. They were made under an earlier wording of the airline's policy.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from baton.assembly.scoring.tau.airline import Airline
from baton.assembly.scoring.tau.airline_cases import airline_cases
from baton.assembly.scoring.tau.cases import Case, retail_cases
from baton.assembly.scoring.tau.checking import airline_answers, answered, plain, retail_answers
from baton.assembly.scoring.tau.data import Action, Database, Recorded, database, recorded, tasks
from baton.assembly.scoring.tau.retail import Retail
from baton.assembly.scoring.tau.running import Company, customer_of, with_reason
from baton.assembly.scoring.tau.tools import CHANGES, REASON

Figures = dict[str, object]
COMPANIES: Final = ("retail", "airline")
CASES: Final[Mapping[str, Callable[[Database], list[Case]]]] = {"retail": retail_cases, "airline": airline_cases}


async def score(folder: Path) -> dict[str, Figures]:
    """The figures of both companies."""
    tables = {name: database(folder, name) for name in COMPANIES}
    figures: dict[str, Figures] = {}
    for name in COMPANIES:
        figures[name] = {**await allowed(folder, name, tables[name]), **await denied(name, tables[name])}
    figures["recorded"] = await stopped(folder, tables["airline"])
    figures["answers"] = {
        "airline": _share(airline_answers(folder, tables["airline"])), "retail": _share(retail_answers(folder, tables["retail"])),
    }  # fmt: skip
    return figures


async def allowed(folder: Path, name: str, tables: Database) -> Figures:
    """The correct calls of every development task: how many the gate lets pass, and in how many tasks the end state is the expected one."""
    calls, refused, equal, witnessed = 0, [], 0, 0
    found, runs = tasks(folder, name), recorded(folder) if name == "airline" else []
    for task in found:
        company, straight = Company(name, tables), (Retail if name == "retail" else Airline)(tables)
        customer, fits = customer_of(task.says, task.actions, tables), True
        for action in task.actions:
            calls += 1
            result = await company.call(customer, with_reason(action, task.says))
            if result.detail == "not_allowed":
                refused.append(f"{action.tool} in task {task.id}")
            answered(straight, action)
        fits = company.record.state() == straight.state()
        expected = [
            run for run in runs if run.met and _changes(a for a, _ in run.calls) == _changes(task.actions) != []
        ]
        if expected:
            witnessed += 1
            fits = fits and _as_recorded(company.record.state(), expected[0])
        equal += fits
    return {
        "tasks": len(found), "end_state_equal": equal, "end_state_recorded": witnessed, "calls": calls, "calls_refused": refused,
    }  # fmt: skip


async def denied(name: str, tables: Database) -> Figures:
    """Calls that the policy forbids: how many there were, and which passed."""
    company, cases = Company(name, tables), CASES[name](tables)
    passed = [
        case.why for case in cases if await company.allows(case.customer, case.action, case.confirmed, case.evidence)
    ]
    return {"deny_cases": len(cases), "deny_passed": passed}


async def stopped(folder: Path, tables: Database) -> Figures:
    """Recorded runs behind the gate: in how many it would have stopped a change, by whether the need was met."""
    runs = recorded(folder)
    count = {"met": 0, "met_stopped": 0, "not_met": 0, "not_met_stopped": 0}
    for run in runs:
        kind = "met" if run.met else "not_met"
        count[kind] += 1
        count[f"{kind}_stopped"] += await _stops(run, tables)
    return dict(count)


async def _stops(run: Recorded, tables: Database) -> bool:
    company = Company("airline", tables)
    customer = customer_of(run.says, [action for action, _ in run.calls], tables)
    results = [
        await company.call(customer, with_reason(action, run.says)) for action, _ in run.calls if action.tool != "think"
    ]
    return any(result.detail == "not_allowed" for result in results)


def _changes(actions: Iterable[Action]) -> list[str]:
    return [
        json.dumps([a.tool, a.args], sort_keys=True)
        for a in actions
        if a.tool.startswith(CHANGES) and REASON not in a.args
    ]


def _as_recorded(state: Mapping[str, Any], run: Recorded) -> bool:
    """Whether the reservations are as the recorded answers left them."""
    last: dict[str, Any] = {}
    for action, answer in run.calls:
        if action.tool.startswith(CHANGES) and answer.startswith("{"):
            told = json.loads(answer)
            last[told["reservation_id"]] = told
    return all(plain(state["reservations"].get(code)) == plain(told) for code, told in last.items())


def _share(compared: Any) -> Figures:
    return {"calls": compared.calls, "equal": compared.equal}
