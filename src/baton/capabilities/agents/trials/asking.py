"""Asking: a trial is asked for and looked up; scenarios are written, changed and taken away. Each is an event, with who and why."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from sqlalchemy import select

from baton.capabilities.agents.events import Agent, Agents
from baton.capabilities.agents.tables import SCENARIO_RUNS, TRIALS
from baton.capabilities.agents.trials.agents import Kind, ScenarioFile, Scenarios, TrialAsked, TrialDone
from baton.capabilities.agents.trials.scenario import Line, scenario_of
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError
from baton.kernel.stream import policy_name
from baton.web.app import App
from baton.web.refusals import not_found

NAME: Final = policy_name(Scenarios)
LISTED: Final = 100
RUNS: Final = 10
MOST_SCENARIOS: Final = 200
MOST_CUSTOMERS: Final = 500
COMPANY: Final = "halcyon"


class Kept(msgspec.Struct, frozen=True):
    """A line of the list: what was tried, how far it is, and how many scenarios passed and failed."""

    trial: str
    kind: Kind
    agent: str
    version: str
    rival: str
    only: str
    n: int
    seed: int
    staff: str
    asked_ms: int
    state: str
    why: str
    over_ms: int
    passed: int
    failed: int
    took_ms: int


class Ran(msgspec.Struct, frozen=True):
    """One run of one scenario. `wrong` is how much was not as expected."""

    trial: str
    scenario: str
    version: str
    at_ms: int
    wrong: int
    turns: int
    cost_micros: int


class Answer(msgspec.Struct, frozen=True):
    """A trial with its results and talks, once it is done."""

    kept: Kept
    done: TrialDone | None
    lines: Mapping[str, tuple[Line, ...]]


def versions_in(app: App) -> list[Agent]:
    """Every version of every agent, those in force first."""
    known = app.policy(Agents)
    return [*known.agents, *known.versions]


async def ask(
    app: App, staff: str, kind: Kind, label: str, *, rival: str = "", n: int = 0, seed: int = 1, only: str = ""
) -> str:
    """Ask for a trial of `id@version`; its id. Raises 422 where it cannot be run."""
    agent = next((each for each in versions_in(app) if each.label == label), None)
    if agent is None:
        raise BatonError("no_version", 422, f"There is no version {label!r}. Choose one of the list.")
    company = COMPANY if app.organisation.invented else ""
    if kind == "scenarios" and not app.policy(Scenarios).files:
        raise BatonError("no_scenarios", 422, "There is no scenario to run. Write one first.")
    if kind == "customers" and not (company and 1 <= n <= MOST_CUSTOMERS):
        raise BatonError("no_customers", 422, f"Between 1 and {MOST_CUSTOMERS} customers can be simulated, and only at the invented company they belong to.")  # fmt: skip
    other = next((each.version for each in versions_in(app) if rival and each.label == rival), "")
    if rival and (not other or rival == label or rival.partition("@")[0] != agent.id):
        raise BatonError("no_rival", 422, "Compare it with another version of the same agent.")
    key = app.chance.token(9)
    asked = TrialAsked(kind, agent.id, agent.version, staff, other, n, seed, only, company)
    await app.committer.append(f"trial/{key}", asked, by=f"staff/{staff}")
    return key


async def every(app: App, kind: Kind | None = None) -> list[Kept]:
    """The newest trials first."""
    query = select(*TRIALS.c).order_by(TRIALS.c.asked_ms.desc()).limit(LISTED)
    rows = await app.store.rows(query if kind is None else query.where(TRIALS.c.kind == kind))
    return [msgspec.convert(dict(row), Kept, strict=False) for row in rows]


async def one(app: App, key: str) -> Answer:
    """A trial; raises 404."""
    rows = await app.store.rows(select(*TRIALS.c).where(TRIALS.c.trial == key))
    if not rows:
        raise not_found()
    told = [entry.event for entry, _ in await app.reader.told(f"trial/{key}")]
    done = next((event for event in reversed(told) if isinstance(event, TrialDone)), None)
    return Answer(msgspec.convert(dict(rows[0]), Kept, strict=False), done, _lines(done))


async def runs(app: App, ids: Sequence[str]) -> dict[str, list[Ran]]:
    """The last ten runs of each scenario, the newest first."""
    c = SCENARIO_RUNS.c
    query = select(c.trial, c.scenario, c.version, c.at_ms, c.wrong, c.turns, c.cost_micros).order_by(c.at_ms.desc())
    found: dict[str, list[Ran]] = {each: [] for each in ids}
    for row in await app.store.rows(query.limit(RUNS * MOST_SCENARIOS)):
        each = msgspec.convert(dict(row), Ran, strict=False)
        if len(found.get(each.scenario, [None] * RUNS)) < RUNS:
            found[each.scenario].append(each)
    return found


async def keep(app: App, staff: str, text: str, why: str, was: str = "") -> ScenarioFile:
    """Put a scenario in force, in the place of `was` where that is named. Raises 422 where it cannot be read."""
    covered = app.cover(text.replace("\r\n", "\n").strip() + "\n")
    made = scenario_of(covered)
    files = app.policy(Scenarios).files
    taken = next((file for file in files if file.id == made.id and made.id != was), None)
    if taken is not None:
        raise BatonError("id_taken", 422, f"There is a scenario {made.id!r} already. Give this one another id.")
    if len(files) >= MOST_SCENARIOS and not was:
        raise BatonError("too_many", 422, f"At most {MOST_SCENARIOS} scenarios are kept. Take one away first.")
    file = ScenarioFile(made.id, made.title, covered, staff)
    await _revise(app, staff, [*(f for f in files if f.id not in {was, made.id}), file], why)
    return file


async def take_away(app: App, staff: str, id: str, why: str) -> None:
    """A scenario is no longer run. Raises 404."""
    files = app.policy(Scenarios).files
    if not any(file.id == id for file in files):
        raise not_found()
    await _revise(app, staff, [file for file in files if file.id != id], why)


async def _revise(app: App, staff: str, files: Sequence[ScenarioFile], why: str) -> None:
    body = msgspec.Raw(msgspec.json.encode(Scenarios(tuple(sorted(files, key=lambda file: file.id)))))
    event = PolicyRevised(NAME, body, staff, app.reason(why.strip()))
    once = f"scenarios:{app.committer.memory.policies.as_of(1 << 62).get(NAME, 0)}"
    await app.committer.append(f"policy/{NAME}", event, by=f"staff/{staff}", once=once)


def _lines(done: TrialDone | None) -> Mapping[str, tuple[Line, ...]]:
    if done is None or not done.transcripts:
        return {}
    return msgspec.json.decode(done.transcripts, type=dict[str, tuple[Line, ...]])
