"""Slices: escalations by what led to them, each with the conversations it could have happened in.

A share is only as good as what it is a share of. Reason: all conversations an AI had. Intent, version, hour: those of that
intent, version, hour. Turn: those that came to that turn. Step and field: those whose procedure came to that step, or wanted
that field.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from baton.capabilities.escalations.reading.parts import Escalation, Part, Read, monday, periods
from baton.kernel.stats import Estimate, clustered_share
from baton.kernel.stats.control import Chart, Kind, control_chart

DIMENSIONS: Mapping[str, str] = {
    "reason": "Reason", "intent": "Intent", "version": "AI version", "turn": "Turn", "step": "Procedure step", "hour": "Hour",
    "field": "Missing field",
}  # fmt: skip
MOST = 24
"""Rows a breakdown shows before the rest is one press away."""
LATE_TURN = 10
"""Turns from here on are one group: few conversations get there."""
BETWEEN = " / "


class Group(msgspec.Struct, frozen=True):
    """Escalations of one value: conversations with one, how many there were, of how many conversations, and how it went."""

    value: str
    conversations: int
    escalations: int
    of: int
    share: Estimate
    chart: Chart


class Series(msgspec.Struct, frozen=True):
    """A chart with the first day of each of its periods."""

    starts: tuple[date, ...]
    chart: Chart


def groups(read: Read, by: str, weekly: bool = False, kind: Kind = "p") -> list[Group]:
    """One group per value of a dimension, most escalations first (hours and turns in their order)."""
    starts, tallies = _starts(read, weekly), _tallied(read, by, weekly)
    made = [_group(value, tally, starts, kind) for value, tally in tallies.items()]
    if by in {"turn", "hour"}:
        return sorted(made, key=lambda g: int(g.value))
    return sorted(made, key=lambda g: (-g.conversations, -g.of, g.value))


def series(read: Read, by: str = "", value: str = "", weekly: bool = False, kind: Kind = "p") -> Series:
    """All escalations over time, or those of one value of a dimension."""
    starts, tally = _starts(read, weekly), _tallied(read, by, weekly).get(value, _Tally())
    return Series(tuple(starts), control_chart(tally.counts(starts, kind), kind))


def matching(read: Read, by: str = "", value: str = "") -> list[tuple[Part, Escalation]]:
    """The escalations behind a number, latest first."""
    found = [(part, e) for part in read.parts for e in part.escalations if _of(read, part, e, by) == value]
    return sorted(found, key=lambda each: -each[1].at_ms)


def within(read: Read, start: date, weekly: bool) -> Read:
    """Only what began in the period that starts on this day."""
    kept = tuple(p for p in read.parts if _start(read, p, weekly) == start)
    return msgspec.structs.replace(read, parts=kept)


def overall(read: Read) -> Estimate:
    """Conversations that went from AI to a person, of those an AI had."""
    return share_of((p.cluster, bool(p.escalations)) for p in read.parts)


def share_of(told: Iterable[tuple[str, bool]]) -> Estimate:
    """A share of conversations, where those of one customer are not independent."""
    sums: dict[str, tuple[int, int]] = {}
    for cluster, yes in told:
        met, n = sums.get(cluster, (0, 0))
        sums[cluster] = (met + yes, n + 1)
    return clustered_share(sums)


class _Tally:
    """The conversations in which escalations of one value could have happened, and in which they did."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bool]] = []
        self.n, self.x, self.events = Counter[date](), Counter[date](), Counter[date]()

    def add(self, part: Part, start: date, hits: int) -> None:
        """One more conversation, with this many escalations."""
        self.told.append((part.cluster, hits > 0))
        self.n[start] += 1
        self.x[start] += hits > 0
        self.events[start] += hits

    def counts(self, starts: Iterable[date], kind: Kind) -> list[tuple[int, int]]:
        """What a chart is made of."""
        x = self.events if kind == "u" else self.x
        return [(x[at], self.n[at]) for at in starts]


def _tallied(read: Read, by: str, weekly: bool) -> dict[str, _Tally]:
    found: dict[str, _Tally] = {}
    reasons = {_of(read, p, e, by) for p in read.parts for e in p.escalations} if by == "reason" else set()
    for part in read.parts:
        start = _start(read, part, weekly)
        hits = Counter(_of(read, part, e, by) for e in part.escalations)
        for value in {*(reasons or _could(read, part, by)), *hits}:
            if value or not by:
                found.setdefault(value, _Tally()).add(part, start, hits[value])
    return found


def _group(value: str, tally: _Tally, starts: list[date], kind: Kind) -> Group:
    chart = control_chart(tally.counts(starts, kind), kind)
    return Group(value, tally.x.total(), tally.events.total(), len(tally.told), share_of(tally.told), chart)


def _starts(read: Read, weekly: bool) -> list[date]:
    return periods((read.day(p) for p in read.parts), weekly)


def _start(read: Read, part: Part, weekly: bool) -> date:
    return monday(read.day(part)) if weekly else read.day(part)


def _could(read: Read, part: Part, by: str) -> Iterable[str]:
    """The values an escalation of this conversation could have had, whether or not there was one."""
    if by == "turn":
        return [str(turn) for turn in range(1, min(part.turns, LATE_TURN) + 1)]
    if by == "step":
        return {f"{s.procedure}{BETWEEN}{s.step}" for s in part.steps}
    if by == "field":
        return {f"{s.procedure}{BETWEEN}{s.field}" for s in part.steps if s.field}
    return [_of_part(read, part, by)]


def _of_part(read: Read, part: Part, by: str) -> str:
    if by == "hour":
        return str(read.hour(part))
    return {"intent": part.intent, "version": part.version}.get(by, "") or ("unknown" if by else "")


def _of(read: Read, part: Part, escalation: Escalation, by: str) -> str:
    """The value of an escalation; empty where it has none."""
    if by == "reason":
        return escalation.reason or "unknown"
    if by == "turn":
        return str(min(max(escalation.turn, 1), LATE_TURN))
    if by in {"step", "field"}:
        at = escalation.step if by == "step" else escalation.field
        return f"{escalation.procedure}{BETWEEN}{at}" if at else ""
    return _of_part(read, part, by)
