"""Changed in the last hour: policies, the kill switch and takeovers, each with who did it and a way to why."""

import msgspec

from baton.capabilities.floor.events import FLOOR
from baton.capabilities.governance.events import Stop
from baton.capabilities.routing.events import MAIN
from baton.capabilities.routing.screen.floor import HOUR_MS
from baton.capabilities.routing.screen.seen import Seen
from baton.capabilities.routing.screen.words import POLICIES, listed
from baton.kernel.committer import Committer
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import policy_name

SWITCH = policy_name(Stop)
SHOWN = 8


class Revision(msgspec.Struct, frozen=True):
    """A revision of a policy; of the kill switch also the agents stopped by it and those started again."""

    position: int
    at_ms: int
    policy: str
    version: int
    author: str
    why: str
    stopped: tuple[str, ...] = ()
    started: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """A line of the log: what, who, when; `conversation` where it was about one, else the `stream` it stands in."""

    position: int
    at_ms: int
    text: str
    who: str
    conversation: str = ""
    is_person: bool = True
    stream: str = ""


class Changes(msgspec.Struct, frozen=True):
    """The latest changes, and how many there were."""

    shown: tuple[Change, ...]
    total: int


class Revisions:
    """Every revision of a policy, read from the log as far as it has gone."""

    def __init__(self, committer: Committer) -> None:
        self._committer = committer
        self._newest = 0
        self._halted: tuple[str, ...] = ()
        self._versions: dict[str, int] = {}
        self.all: list[Revision] = []

    async def read(self) -> list[Revision]:
        """All of them, those appended since the last time included."""
        for row in await self._committer.store.policies(self._newest):
            event = self._committer.memory.entry(row).event
            if isinstance(event, PolicyRevised) and row.position > self._newest:
                self.all.append(self._revision(event, row.position, row.at_ms))
                self._newest = row.position
        return self.all

    def _revision(self, event: PolicyRevised, position: int, at_ms: int) -> Revision:
        version = self._versions[event.policy] = self._versions.get(event.policy, 0) + 1
        made = Revision(position, at_ms, event.policy, version, event.author, event.why)
        if event.policy != SWITCH:
            return made
        before, self._halted = self._halted, msgspec.json.decode(event.body, type=Stop).agents
        stopped, started = set(self._halted) - set(before), set(before) - set(self._halted)
        return msgspec.structs.replace(made, stopped=tuple(sorted(stopped)), started=tuple(sorted(started)))


def changes(seen: Seen, revisions: list[Revision]) -> Changes:
    """The part: revisions and takeovers of the last hour, latest first."""
    since_ms = seen.now_ms - HOUR_MS
    found = [
        Change(
            r.position, r.at_ms, told(r, seen), seen.name(r.author) if r.author else "", is_person=seen.knows(r.author)
        )
        for r in revisions
        if r.at_ms >= since_ms
    ]
    for taken in seen.floor.taken:
        text = "Took over a conversation at once."
        found.append(Change(taken.position, taken.at_ms, text, taken.name or seen.name(taken.rep), taken.conversation))
    found += _led(seen)
    found.sort(key=lambda c: (-c.at_ms, -c.position))
    return Changes(tuple(found[:SHOWN]), len(found))


def _led(seen: Seen) -> list[Change]:
    """Who joined which conversation, what cover was bought, who was lent."""
    led, hour = seen.floor.led, seen.now_ms - HOUR_MS
    joined = [
        Change(t.position, t.at_ms, "Spoke in a conversation as a third.", t.name, t.conversation) for t in led.thirds
    ]
    bought = [
        Change(c.position, c.at_ms, f"One more on {seen.title(c.queue)} for {c.minutes} minutes, {c.kind}.", c.name, stream=FLOOR)
        for c in led.covers if c.at_ms > hour
    ]  # fmt: skip
    lent = [
        Change(o.position, o.at_ms, f"{seen.name(o.rep)} serves {listed([seen.title(s) for s in o.skills.split(',')])} for a while.", seen.name(o.by), stream=MAIN)
        for o in led.loans if o.until_ms and o.at_ms > hour
    ]  # fmt: skip
    return [*joined, *bought, *lent]


def told(revision: Revision, seen: Seen) -> str:
    """A revision in words."""
    parts = []
    for verb, ids in (("Stopped", revision.stopped), ("Started again:", revision.started)):
        if ids:
            parts.append(f"{verb} {'every AI agent' if '*' in ids else listed([seen.agent(i) for i in ids])}.")
    if parts or revision.policy == SWITCH:
        return " ".join(parts) or "Turned the kill switch; nothing changed."
    return f"{POLICIES.get(revision.policy, revision.policy)}: revision {revision.version} is in force."
