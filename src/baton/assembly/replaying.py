"""`baton replay`: past traffic against a changed policy, from the command line, without a word to the log."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from baton.assembly.parts import Parts, opened
from baton.assembly.ruling import rules_of, skills_in
from baton.capabilities.orchestration.events import Figure, Line, ReplayDone
from baton.capabilities.orchestration.replaying.change import read_change
from baton.capabilities.orchestration.replaying.comparing import TITLES, calibration, reproduced
from baton.capabilities.orchestration.replaying.deciding import Loop
from baton.capabilities.orchestration.replaying.running import (
    Asked,
    answered,
    of_decisions,
    period,
    prepared,
    simulated,
)
from baton.capabilities.orchestration.replaying.shown import METHODS, UNKNOWABLE
from baton.engines.twin import simulate
from baton.kernel.queueing import Twin
from baton.settings import Settings

Say = Callable[[str], None]
Figures = dict[str, object]


async def replayed(
    settings: Settings, since: str, until: str, file: Path, seed: int, decisions: int, say: Say
) -> Figures:
    """What `baton replay` prints."""
    change = read_change(file)
    async with opened(settings) as parts:
        asked = Asked(change, *period(since, until, "UTC"), seed, decisions)
        done = await run(parts, asked, skills_in(parts.settings.home / "staff.db", parts.clock, parts.chance), say)
    return figures_of(done, change.title or file.stem)


async def run(
    parts: Parts, asked: Asked, skills: Mapping[str, tuple[str, ...]], say: Say, twin: Twin = simulate
) -> ReplayDone:
    """One replay over an opened log."""
    began = time.monotonic()
    loop = Loop(parts.store, parts.committer.codec, parts.crafts, parts.models)
    rules = rules_of(skills, parts.clock.now_ms())
    ready = await prepared(loop, asked, parts.committer.memory.policies, rules)
    say(f"{len(ready.traffic.contacts)} contacts of people, {len(ready.traffic.kept)} kept by AI; simulating")
    told = simulated(ready.simulation(twin))
    say("deciding again")
    decisions = await of_decisions(loop, ready)
    return answered(ready, told, decisions, time.monotonic() - began)


def figures_of(done: ReplayDone, title: str) -> Figures:
    """The answer as one object: a line a figure, with its method."""
    again = done.redecided
    return {
        "change": title, "contacts": done.contacts, "kept_by_ai": done.kept, "reps": done.reps, "reps_with_logged_presence": done.reps_logged,
        "seeds": done.seeds, "lines": {_named(line): _line(line) for line in done.lines},
        "methods": dict(METHODS), "calibration": {
            line.name: {"happened": line.happened, "simulated": line.before.value, "runs": [line.least, line.most]} for line in calibration(done.lines)
        },
        "reproduced": reproduced(done.lines), "decisions": {
            "method": "recorded inputs through the loop, as it was and with the change, up to the first difference",
            "conversations": again.there, "drawn": again.drawn, "unreadable": again.dark, "decisions": again.decisions, "as_recorded": again.same, "astray": again.astray,
            "changed_conversations_permille": _figure(again.changed), "kinds": again.kinds,
            "examples": [msgspec.to_builtins(each) for each in again.examples],
        },
        "off_policy": msgspec.to_builtins(done.weighed), "unserved": done.unserved, "not_simulated": list(done.unknown),
        "cannot_know": list(UNKNOWABLE), "run_seconds": done.seconds,
    }  # fmt: skip


def in_words(figures: Figures) -> list[str]:
    """The answer for a terminal: a line a figure, then what it rests on and what cannot be known."""
    lines: Any = figures["lines"]
    decisions: Any = figures["decisions"]
    weighed: Any = figures["off_policy"]
    unknown: Any = figures["not_simulated"]
    told = [
        f"{figures['change']}: {figures['contacts']} contacts of people, {figures['kept_by_ai']} kept by AI, {figures['reps']} reps"
    ]
    told += [_in_words(named, line) for named, line in lines.items()]
    told += [str(figures["reproduced"]), *_of_decisions(decisions), _of_chance(weighed)]
    told += [f"Not simulated: {name}" for name in unknown]
    return [*told, *(f"Cannot be known: {each}" for each in UNKNOWABLE)]


def _of_decisions(decisions: Any) -> list[str]:
    if not decisions["drawn"]:
        return ["Recorded decisions: none to decide again. Imported and invented history decided nothing."]
    share, low, high = (value / 10 for value in decisions["changed_conversations_permille"])
    told = (
        f"Recorded decisions: {decisions['as_recorded']} of {decisions['decisions']} came out as recorded; of {decisions['drawn']} conversations "
        f"(of {decisions['conversations']}) {share:.1f} % ({low:.1f} to {high:.1f}) go another way. By {decisions['method']}."
    )
    kinds = [f"  {count} x {kind}" for kind, count in decisions["kinds"].items()]
    return [
        told,
        *kinds,
        *(f"  baton explain {each['position']}: {each['would']}" for each in decisions["examples"][:5]),
    ]


def _of_chance(weighed: Any) -> str:
    if weighed.get("why_not"):
        return f"Off-policy: nothing is claimed, since {weighed['why_not']}."
    chancy, offers, effective, clipped = (weighed.get(name, 0) for name in ("chancy", "offers", "effective", "clipped"))
    return f"Off-policy: {chancy} of {offers} offers were left to chance; they weigh as much as {effective}, {clipped} weights clipped."


def _in_words(named: str, line: Any) -> str:
    queue = named.partition(" ")[2]
    (was, _, _), (would, _, _), (more, low, high) = line["before"], line["after"], line["difference"]
    shown = partial(_shown, unit=line["unit"])
    apart = partial(_shown, unit="points" if line["unit"] == "permille" else line["unit"])
    real = "" if line["happened"] is None or line["unit"] == "count" else f"; happened {shown(line['happened'])}"
    return (
        f"  {line['title']}{f' ({queue})' if queue else ''}: {shown(was)}, with the change {shown(would)}, difference "
        f"{apart(more)} ({apart(low)} to {apart(high)}){real}; {line['method']}"
    )


def _shown(value: int, unit: str) -> str:
    told = {"permille": f"{value / 10:.1f} %", "points": f"{value / 10:+.1f} points", "ms": f"{value / 1000:.1f} s"}
    return told.get(unit, str(value))


def _named(line: Line) -> str:
    return f"{line.name} {line.queue}" if line.queue else line.name


def _line(line: Line) -> Figures:
    title = TITLES[line.name][0] if line.name in TITLES else line.name
    return {
        "title": title, "unit": line.unit, "happened": line.happened, "before": _figure(line.before), "after": _figure(line.after),
        "difference": _figure(line.difference), "method": line.method,
    }  # fmt: skip


def _figure(told: Figure) -> list[int]:
    """Value, low, high."""
    return [told.value, told.low, told.high]
