"""Worlds: a period's traffic as two worlds of the queue's twin, as it was and with the change, with the same customers in both.

Arrivals are as they were. Handle times are drawn from what was observed of the same queue, kind and complexity; patience is exponential, fitted with
those who were answered as censored (Mandelbaum and Zeltyn 2007); reps are at work as they were. A class of contacts holds those who meet open
hours in both worlds, before or after alone, so that the n-th customer of a class is the same one in both.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from baton.capabilities.orchestration.replaying.change import AiShare, Change
from baton.capabilities.orchestration.replaying.people import Grouped, grouped, with_staffing
from baton.capabilities.orchestration.replaying.rules import policy_of
from baton.capabilities.orchestration.replaying.traffic import Contact, Kept, Kind, Traffic, queue_of
from baton.capabilities.routing.events import Queue, Routing, Zone
from baton.kernel.errors import BatonError
from baton.kernel.queueing import Agent, ContactClass, Empirical, Exponential, Law, Policy, World
from baton.kernel.queueing.world import Complexity

IsOpen = Callable[[Queue, int, Iterable[Zone]], bool]
FEWEST = 20
"""Observations below which a class takes the law of its queue and kind, and those the law of all."""
MOST_OBSERVED = 5000
"""Durations that a law keeps: a sample by rank, so that it stays what it was."""
LEVELS: Mapping[str, Complexity] = {"low": "low", "medium": "medium", "high": "high"}


class Key(NamedTuple):
    """Contacts that are alike. `before` and `after` tell whether they met open hours as it was and with the change; `by_ai` those that AI kept."""

    queue: str
    kind: Kind
    level: str
    before: bool
    after: bool
    by_ai: bool = False

    @property
    def name(self) -> str:
        """Of the class."""
        return "/".join((self.queue, self.kind, self.level or "?", f"{self.before:d}{self.after:d}{self.by_ai:d}"))


class Side(NamedTuple):
    """A world, its policy, how many of its contacts met closed hours, and how many AI kept outside of it."""

    world: World
    policy: Policy
    closed: int
    kept: int


class Pair(NamedTuple):
    """As it was and with the change.

    `live` are those who met open hours as it was, work that can wait left out. `unserved` contacts, by queue, are in neither world: nobody who
    could serve them was at work.
    """

    before: Side
    after: Side
    keys: tuple[Key, ...]
    live: tuple[Contact, ...]
    unserved: Mapping[str, int]


class Sorted(NamedTuple):
    """Contacts by what they are alike in."""

    people: Mapping[Key, Sequence[Contact]]
    kept: Mapping[Key, Sequence[Kept]]

    def arrivals(self, key: Key, after: bool, since_ms: int) -> tuple[float, ...]:
        """When its contacts come, in one of the worlds."""
        if not (key.after if after else key.before):
            return ()
        at_ms = [each.started_ms for each in self.kept[key]] if key.by_ai else [c.offered_ms for c in self.people[key]]
        return tuple((each - since_ms) / 1000 for each in sorted(at_ms))


def paired(traffic: Traffic, change: Change, now: Routing, to: Routing, is_open: IsOpen) -> Pair:
    """Both worlds. Raises BatonError `nothing_to_replay` where nobody was offered to people, or nobody who serves them was at work."""
    if not traffic.contacts:
        raise BatonError(
            "nothing_to_replay", 422, "Nobody was offered to people in this period. Give another `--from` and `--to`."
        )
    found = _sorted(traffic, change, now, to, is_open)
    people = grouped(traffic, now)
    served = [key for key in (*found.people, *found.kept) if people.serves(key.queue)]
    if not served or not people.reps:
        raise BatonError(
            "nothing_to_replay", 422, "Nobody who serves was at work in this period, so there is no queue to replay."
        )
    keys, unserved = (
        tuple(sorted(set(served))),
        Counter({key.queue: len(each) for key, each in found.people.items() if not people.serves(key.queue)}),
    )
    make = _Making(traffic, change, found, keys, laws_of(traffic))
    return Pair(
        make.side(now, people, after=False), make.side(to, with_staffing(people, change.staffing, to, traffic), after=True),
        keys, tuple(c for key in keys if key.before and key.kind != "work" and not key.by_ai for c in found.people[key]), dict(unserved),
    )  # fmt: skip


def _sorted(traffic: Traffic, change: Change, now: Routing, to: Routing, is_open: IsOpen) -> Sorted:
    people: defaultdict[Key, list[Contact]] = defaultdict(list)
    kept: defaultdict[Key, list[Kept]] = defaultdict(list)

    def key(queue: str, kind: Kind, level: str, at_ms: int, by_ai: bool = False) -> Key:
        before = kind == "work" or is_open(queue_of(now, queue), at_ms, now.zones)
        after = kind == "work" or is_open(queue_of(to, queue), at_ms, to.zones)
        return Key(queue, kind, level, before, after, by_ai)

    for contact in traffic.contacts:
        people[key(contact.queue, contact.kind, contact.level, contact.offered_ms)].append(contact)
    if any(share.change_percent < 0 for share in change.ai_share):
        for each in traffic.kept:
            kept[key(each.queue, "chat", each.level, each.started_ms, by_ai=True)].append(each)
    return Sorted(people, kept)


class Laws(NamedTuple):
    """What durations are drawn from: handle times by (queue, kind, level), patience in seconds by queue, the AI's times, and what it resolves."""

    handle: Mapping[tuple[str, str, str], Law]
    patience_s: Mapping[str, float]
    agent: Law | None
    resolves_permille: Mapping[tuple[str, str], int]


def laws_of(traffic: Traffic) -> Laws:
    """Fitted on the period itself; where there is too little of a kind, on what is wider: "" stands for all."""
    seen: defaultdict[tuple[str, str, str], list[float]] = defaultdict(list)
    waits: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for c in traffic.contacts:
        for at in ((c.queue, c.kind, c.level), (c.queue, c.kind, ""), ("", c.kind, ""), ("", "", "")):
            if c.handle_s > 0:
                seen[at].append(c.handle_s)
        for queue in (c.queue, "") if c.kind != "work" else ():
            waits[queue][0] += max(0, (c.answered_ms or c.ended_ms) - c.offered_ms) / 1000
            waits[queue][1] += c.left
    enough = {at: law_of(s) for at, s in seen.items() if len(s) >= FEWEST or at == ("", "", "")}
    patience_s = {
        queue: waited_s / left for queue, (waited_s, left) in waits.items() if left >= FEWEST and waited_s > 0
    }
    agent = law_of([each.took_s for each in traffic.kept]) if traffic.kept else None
    return Laws(enough, patience_s, agent, _resolved(traffic))


def law_of(durations_s: Sequence[float]) -> Law:
    """As observed, at most `MOST_OBSERVED` of them."""
    told = sorted(durations_s)
    step = len(told) / MOST_OBSERVED
    return Empirical(tuple(told if step <= 1 else (told[int(step * n)] for n in range(MOST_OBSERVED))))


def _resolved(traffic: Traffic) -> dict[tuple[str, str], int]:
    """Of what AI had first, the share that it kept, in permille, by (queue, complexity)."""
    kept = Counter[tuple[str, str]]()
    passed = Counter[tuple[str, str]]()
    for each in traffic.kept:
        kept.update(_wider(each.queue, each.level))
    for contact in traffic.contacts:
        if contact.tried:
            passed.update(_wider(contact.queue, contact.level))
    return {
        at: 1000 * kept[at] // (kept[at] + passed[at])
        for at in {*kept, *passed} if kept[at] + passed[at] >= FEWEST or at == ("", "")
    }  # fmt: skip


def _wider(queue: str, level: str) -> tuple[tuple[str, str], ...]:
    return ((queue, level), ("", level), ("", "")) if queue and level else ((queue, level), ("", ""))


class _Making(NamedTuple):
    traffic: Traffic
    change: Change
    found: Sorted
    keys: tuple[Key, ...]
    laws: Laws

    def side(self, routing: Routing, people: Grouped, after: bool) -> Side:
        classes = tuple(self._class(key, routing, people, after) for key in self.keys)
        agent = self._agent()
        shares = self._shares(after) if agent else {}
        world = World(classes, people.groups, people.reps, agent=agent)
        breathers = self.change.breathers if after else None
        policy = policy_of(routing, world, {key.name: key.queue for key in self.keys}, people, shares, breathers)
        closed = sum(len(c) for key, c in self.found.people.items() if not (key.after if after else key.before))
        inside = sum(len(self.found.kept[key]) for key in self.keys if key.by_ai)
        return Side(world, policy, closed, len(self.traffic.kept) - inside)

    def _class(self, key: Key, routing: Routing, people: Grouped, after: bool) -> ContactClass:
        queue, patience_s = queue_of(routing, key.queue), self.laws.patience_s
        patient_s = patience_s.get(key.queue, patience_s.get("", 0.0)) if key.kind != "work" else 0.0
        return ContactClass(
            key.name, key.queue, self._handle(key), Exponential(patient_s) if patient_s else None,
            arrivals_s=self.found.arrivals(key, after, self.traffic.since_ms), complexity=LEVELS.get(key.level, "medium"),
            target_s=queue.deferred_target_s if key.kind == "work" else queue.target_s,
            load=people.capacity if key.kind == "call" else 1,
        )  # fmt: skip

    def _handle(self, key: Key) -> Law:
        wider = ((key.queue, key.kind, key.level), (key.queue, key.kind, ""), ("", key.kind, ""), ("", "", ""))
        return next(self.laws.handle[at] for at in wider if at in self.laws.handle)

    def _agent(self) -> Agent | None:
        if not self.change.ai_share or self.laws.agent is None:
            return None
        told = self.laws.resolves_permille

        def resolves(key: Key) -> int:
            if key.by_ai:
                return 1000
            return next((told[at] for at in _wider(key.queue, key.level) if at in told), 0)

        return Agent("AI", self.laws.agent, {key.name: resolves(key) for key in self.keys})

    def _shares(self, after: bool) -> dict[str, int]:
        """What AI has first: all that it kept, and with the change so much more or less."""
        shares = {key.name: 1000 for key in self.keys if key.by_ai}
        for key in self.keys if after else ():
            for share in self.change.ai_share:
                if _meant(share, key):
                    shares[key.name] = 10 * share.change_percent + (1000 if key.by_ai else 0)
        return shares


def _meant(share: AiShare, key: Key) -> bool:
    more = share.change_percent > 0
    return (
        more != key.by_ai
        and share.queue in {"", key.queue}
        and share.complexity in {"", key.level}
        and key.kind != "work"
    )
