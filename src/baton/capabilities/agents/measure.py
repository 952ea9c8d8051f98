"""Read models of agents."""

from collections.abc import Mapping

from baton.capabilities.agents.events import (
    SPEAKS,
    ApprovalAsked,
    ApprovalGiven,
    Attempts,
    Drawn,
    Thought,
    Underway,
    Unsettled,
)
from baton.capabilities.agents.procedures.engine import GIVE_UP
from baton.capabilities.agents.tables import (
    ACTIONS,
    APPROVALS,
    LIMITS,
    PROCEDURES,
    SCENARIO_RUNS,
    SERVED,
    SPENT,
    THOUGHTS,
    TRIAL_TALKS,
    TRIALS,
    UNSETTLED,
)
from baton.capabilities.agents.trials.agents import TrialAsked, TrialDone, TrialFailed, VersionForced
from baton.capabilities.governance.events import Disclosed
from baton.capabilities.lake.events import Labelled
from baton.kernel.conversation import Decided
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables

DAY_MS = 86_400_000
NONE = {"started": 0, "done": 0, "refused": 0, "stopped": 0, "given_up": 0, "unknown": 0}
SPENT_UP = " is spent"
"""What deciding says of a budget that is used up."""
FREE = {"calls": 0, "tokens": 0, "cost_micros": 0, "tool_calls": 0}
COUNTED = {"done": "done", "refused": "refused", "stopped": "stopped", "ended": "stopped", "unknown": "unknown"}


def did(event: Decided, stream: Stream, tables: Tables) -> None:
    """Count what an agent did, and the budgets it spent."""
    if event.by == "agents" and event.action == "escalate" and event.why.endswith(SPENT_UP):
        _limit(event.why.removesuffix(SPENT_UP), stream, tables)
    if event.by != "agents" or event.action not in SPEAKS:
        return
    attempts, day = stream.facts.get(Attempts), stream.now_ms // DAY_MS
    agent = attempts.agent if attempts else ""
    tables.add(ACTIONS, {"agent": agent, "action": event.action, "day": day}, times=1)
    if event.action == "start_procedure":
        _count(str(event.args["procedure"]), "started", day, tables)
    if event.action in {"run_tool", "look_up"}:
        tables.add(SPENT, {"conversation": stream.key}, **{**FREE, "tool_calls": 1})


def thought(event: Thought, stream: Stream, tables: Tables) -> None:
    """Count a call to a model, and what it took."""
    key: Mapping[str, str | int | None] = {
        "agent": event.agent, "version": event.version, "model": event.model, "provider": event.provider,
        "outcome": event.outcome, "day": stream.now_ms // DAY_MS,
    }  # fmt: skip
    tables.add(
        THOUGHTS, key, calls=1, input_tokens=event.input_tokens, output_tokens=event.output_tokens,
        cost_micros=event.cost_micros, ms=event.ms,
    )  # fmt: skip
    tokens = event.input_tokens + event.output_tokens
    took = {"calls": 1, "tokens": tokens, "cost_micros": event.cost_micros}
    tables.add(SPENT, {"conversation": stream.key}, **{**FREE, **took})


def drawn(event: Drawn, stream: Stream, tables: Tables) -> None:
    """Chance said which version serves."""
    tables.put(
        SERVED, {"conversation": stream.key}, agent=event.agent, version=event.version, permille=event.permille,
        against=event.against, at_ms=stream.now_ms,
    )  # fmt: skip


def spoke(event: Disclosed, stream: Stream, tables: Tables) -> None:
    """The first words of a version that had no rival."""
    now = stream.facts.get(Drawn)
    if now is None or now.agent != event.agent:
        tables.put(
            SERVED, {"conversation": stream.key}, agent=event.agent, version=event.version, permille=1000, against="",
            at_ms=stream.now_ms,
        )  # fmt: skip


def told(event: Labelled, stream: Stream, tables: Tables) -> None:
    """Which version served in imported history, by which chance (permille), against which other."""
    key = {"conversation": stream.key}
    if event.what == "agent_version":
        tables.put(SERVED, key, agent=event.group, version=event.text_label, permille=event.value, at_ms=stream.now_ms)
    elif event.what == "agent_rival":
        tables.put(SERVED, key, against=event.text_label)


def ended(event: Underway, stream: Stream, tables: Tables) -> None:
    """Count how a procedure ended."""
    day = stream.now_ms // DAY_MS
    if event.done and event.result in COUNTED:
        _count(event.procedure, COUNTED[event.result], day, tables)
    elif event.step == GIVE_UP and event.waits == 0 and not event.done:
        _count(event.procedure, "unknown" if event.result == "unknown" else "given_up", day, tables)


def asked(event: ApprovalAsked, stream: Stream, tables: Tables) -> None:
    """An approval waits for a rep."""
    if stream.id.startswith("conversation/"):
        row = {"conversation": stream.key, "action": event.action, "why": event.why, "queue": event.queue}
        tables.put(APPROVALS, {"approval": event.approval}, **row, asked_ms=stream.now_ms)


def answered(event: ApprovalGiven, stream: Stream, tables: Tables) -> None:
    """A rep answered it."""
    tables.put(APPROVALS, {"approval": event.approval}, answered_ms=stream.now_ms, ok=int(event.ok), rep=event.rep)


def unsettled(event: Unsettled, stream: Stream, tables: Tables) -> None:
    """An act whose outcome nobody knew, and what came of it."""
    tables.put(
        UNSETTLED, {"key": event.key}, conversation=stream.key, procedure=event.procedure, step=event.step, tool=event.tool,
        since_ms=event.since_ms, asked=event.asked, settled=event.settled, by=event.by, settled_ms=stream.now_ms if event.settled else None,
    )  # fmt: skip


def trial_asked(event: TrialAsked, stream: Stream, tables: Tables) -> None:
    """Somebody wants a version tried."""
    tables.put(
        TRIALS, {"trial": stream.key}, kind=event.kind, agent=event.agent, version=event.version, rival=event.rival, only=event.only, print="",
        n=event.n, seed=event.seed, staff=event.staff, asked_ms=stream.now_ms, state="asked", why="", over_ms=0, passed=0, failed=0, took_ms=0,
    )  # fmt: skip


def trial_done(event: TrialDone, stream: Stream, tables: Tables) -> None:
    """Every result of a trial."""
    went = [not each.wrong for each in event.scenarios] or [t.met for t in event.talks if t.version == event.version]
    tables.put(
        TRIALS, {"trial": stream.key}, state="done", print=event.print, over_ms=stream.now_ms, passed=sum(went), failed=len(went) - sum(went),
        took_ms=event.took_ms,
    )  # fmt: skip
    for each in event.scenarios:
        tables.put(
            SCENARIO_RUNS, {"trial": stream.key, "scenario": each.id}, agent=event.agent, version=event.version, at_ms=stream.now_ms,
            wrong=len(each.wrong), turns=each.turns, cost_micros=each.cost_micros, handed_over=int(each.handed_over), outcome=each.outcome, ms=each.ms,
        )  # fmt: skip
    for talk in event.talks:
        tables.put(
            TRIAL_TALKS, {"trial": stream.key, "version": talk.version, "n": talk.n}, persona=talk.persona, intent=talk.intent,
            complexity=talk.complexity, met=int(talk.met), ledger=talk.ledger, handed_over=int(talk.handed_over), gave_up=int(talk.gave_up),
            back=int(talk.back), turns=talk.turns, cost_micros=talk.cost_micros,
        )  # fmt: skip


def trial_failed(event: TrialFailed, stream: Stream, tables: Tables) -> None:
    """It could not be run."""
    tables.put(TRIALS, {"trial": stream.key}, state="failed", why=event.why, over_ms=stream.now_ms)


def forced(event: VersionForced, stream: Stream, tables: Tables) -> None:
    """Somebody lets a version take live traffic although scenarios fail or were not run."""
    tables.put(
        TRIALS, {"trial": stream.key}, kind="scenarios", agent=event.agent, version=event.version, rival="", only="", print=event.print, n=0, seed=0,
        staff=event.staff, asked_ms=stream.now_ms, state="forced", why=event.why, over_ms=stream.now_ms, passed=0, failed=len(event.failing), took_ms=0,
    )  # fmt: skip


def _count(procedure: str, what: str, day: int, tables: Tables) -> None:
    tables.add(PROCEDURES, {"procedure": procedure, "day": day}, **{**NONE, what: 1})


def _limit(what: str, stream: Stream, tables: Tables) -> None:
    attempts = stream.facts.get(Attempts)
    key: dict[str, str | int | None] = {
        "agent": attempts.agent if attempts else "", "what": what, "day": stream.now_ms // DAY_MS,
    }  # fmt: skip
    tables.add(LIMITS, key, times=1)
