"""Replaying: the calls of the last days judged again, under the policies in force and under others."""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec
from sqlalchemy import desc, select

from baton.capabilities.governance.gate.grounds import again
from baton.capabilities.governance.gate.rules import Rules
from baton.capabilities.governance.gate.when import when
from baton.capabilities.governance.tables import CALLS
from baton.kernel.log import Store

DAY_MS = 86_400_000
MOST = 20_000
WORDY = ('"args"', '"facts"', '"numbers"', '"customer"', '"owner"')
"""What a rule may read that is not kept of a call."""


class Change(msgspec.Struct, frozen=True):
    """Calls that would have come out otherwise: how many, of which tool, by which rules, and one of them to look at."""

    tool: str
    risk: str
    kind: str
    allowed: bool
    rules: str
    times: int
    conversation: str


class Replay(msgspec.Struct, frozen=True):
    """What a text would have changed. `unsure` names rules that read what is not kept, so that they may differ from what is told."""

    days: int
    calls: int
    refused: int
    allowed: int
    changes: tuple[Change, ...]
    unsure: tuple[str, ...] = ()

    def in_short(self) -> str:
        """One line, kept with the version."""
        return f"{self.calls} calls of {self.days} days: {self.refused} newly refused, {self.allowed} newly allowed"


async def past_calls(store: Store, now_ms: int, days: int) -> list[Mapping[str, object]]:
    """The calls the gate judged in the last days, the newest first, at most `MOST`."""
    since = select(CALLS).where(CALLS.c.at_ms >= now_ms - days * DAY_MS).order_by(desc(CALLS.c.position)).limit(MOST)
    return list(await store.survey(since))


def replay(calls: Iterable[Mapping[str, object]], before: Rules, after: Rules, days: int, zone: str = "UTC") -> Replay:
    """Judge every call under both, each on the day and at the hour it was made."""
    found: Counter[tuple[str, str, str, bool, str]] = Counter()
    sample: dict[tuple[str, str, str, bool, str], str] = {}
    told = list(calls)
    for row in told:
        weekday, hour = when(int(str(row["at_ms"])), zone)
        grounds = again({**msgspec.json.decode(str(row["grounds"])), "weekday": weekday, "hour": hour})
        was, now = before.judge(grounds), after.judge(grounds)
        if was[0] != now[0]:
            at = (grounds.tool, grounds.risk, grounds.kind, now[0], ", ".join(now[1]) or "no rule permits it")
            found[at] += 1
            sample.setdefault(at, str(row["conversation"]).partition("/")[2])
    changes = tuple(Change(*at, times, sample[at]) for at, times in found.most_common())
    unsure = tuple(sorted({r.id for r in (*before.rules, *after.rules) if _reads_words(r.body)}))
    refused = sum(c.times for c in changes if not c.allowed)
    return Replay(days, len(told), refused, sum(c.times for c in changes) - refused, changes, unsure)


def _reads_words(body: Mapping[str, object]) -> bool:
    told = msgspec.json.encode(body.get("conditions", [])).decode()
    return any(word in told for word in WORDY)
