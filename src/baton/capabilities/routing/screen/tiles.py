"""Tiles: six numbers, each with its interval or limit, the last hour as a line, and what is wrong in words."""

import msgspec

from baton.capabilities.routing.assigning.fitting import at_work
from baton.capabilities.routing.assigning.room import is_free
from baton.capabilities.routing.screen import hour, level
from baton.capabilities.routing.screen.agents import fleet
from baton.capabilities.routing.screen.alerts import LONG_MS, LONG_WORDS
from baton.capabilities.routing.screen.seen import Seen
from baton.capabilities.routing.screen.words import listed, plural
from baton.web.formats import TIED, clock, number, permille

LOAD_LIMIT = 850
"""Above this share of places in use, waits grow fast (utilisation of 85 %), and nobody has a moment between two customers."""


class Tile(msgspec.Struct, frozen=True):
    """A tile. `since_ms`: its second line ticks from there, after the words of `sub`."""

    id: str
    label: str
    value: str
    sub: str = ""
    says: str = ""
    values: list[float] = []
    limit: float | None = None
    kind: str = ""
    since_ms: int = 0


def tiles(seen: Seen) -> tuple[Tile, ...]:
    """The six."""
    return waiting(seen), service(seen), reach(seen), load(seen), ai(seen), promises(seen)


def waiting(seen: Seen) -> Tile:
    """Who waits for a person now."""
    line = seen.waiting
    long = [p for p in line if seen.now_ms - p.since_ms > LONG_MS]
    values = hour.counts(hour.waiting(seen.floor, seen.stretches), seen.now_ms)
    return Tile(
        "waiting", "Waiting now", number(len(line)), "longest" if line else "nobody waits", _waiting_says(seen, len(long)),
        values, kind="bad" if long else "", since_ms=line[0].since_ms if line else 0,
    )  # fmt: skip


def _waiting_says(seen: Seen, long: int) -> str:
    free = sum(map(is_free, seen.posts))
    room = (
        f"{plural(free, 'person', 'people')} {'has' if free == 1 else 'have'} room." if free else "Nobody has room now."
    )
    if long:
        return f"{plural(long, 'has', 'have')} waited longer than {LONG_WORDS}. {room}"
    if not seen.waiting:
        return room
    counted = [(seen.title(q), sum(p.queue == q for p in seen.waiting)) for q in {p.queue for p in seen.waiting}]
    return f"{listed([f'{title} {n}' for title, n in sorted(counted, key=lambda c: (-c[1], c[0]))][:3])}. {room}"


def _room(free: int) -> str:
    return f"{plural(free, 'person has', 'people have')} room." if free else "Nobody has room now."


def service(seen: Seen) -> Tile:
    """Service level of the last hour, counted from the moment a person was needed or asked for."""
    judged = level.in_target(seen.waits, seen.queues, seen.now_ms, seen.floor.led.outages)
    found = level.level(judged)
    limits = {q.target_permille for q in seen.shown_queues}
    limit = limits.pop() if len(limits) == 1 else None
    seconds = sorted({q.target_s for q in seen.shown_queues})
    within = (
        f"{seconds[0]}{TIED}s" if len(seconds) == 1 else f"{seconds[0]} to {seconds[-1]}{TIED}s" if seconds else "time"
    )
    below = bool(found.is_enough and limit and found.high < limit)
    goal = f"Limit {permille(limit, 0)} in {within}" if limit else f"Each queue has its own limit, in {within}"
    out = sum(level.in_outage(w, seen.floor.led.outages) for w in seen.waits)
    mark = f" {plural(out, 'wait')} in an outage {'is' if out == 1 else 'are'} left out." if out else ""
    says = f"{'Below its limit. ' if below else ''}{goal}, from the moment a person was needed. {plural(found.n, 'wait') if found.n else 'No wait to judge yet'}.{mark}"
    return Tile(
        "service", "Service level, 60 min", permille(found.permille, 1) if found.n else "no figure",
        found.words if found.n else "in the last 60 min", says, hour.shares(judged, seen.now_ms), limit, "warn" if below else "",
    )  # fmt: skip


def reach(seen: Seen) -> Tile:
    """What it takes to reach a person: asks, and the median time from the first of them."""
    middle, quoted = level.middle(seen.waits), level.kept(seen.waits)
    taps = level.asks(
        n for n in seen.floor.needs if n.needed_ms and n.conversation in {w.conversation for w in seen.waits}
    )
    left = sum(w.left == "left" for w in seen.waits)
    told = [f"{quoted.told} reached one inside the time they were told ({quoted.beside})."] if quoted.n else []
    if left:
        told.append(f"{plural(left, 'customer')} left before.")
    return Tile(
        "reach", "To reach a person", f"{taps} {'tap' if taps == 1 else 'asks'}",
        middle or "nobody reached one yet" if seen.waits else "nobody asked in the last hour",
        " ".join(told) or "Counted from the moment a person was needed or asked for.",
        [v / 1000 for v in hour.medians(hour.answered(seen.waits), seen.now_ms)],
    )  # fmt: skip


def load(seen: Seen) -> Tile:
    """How many of the places of those at work are in use."""
    here = [p for p in at_work(seen.posts) if p.presence in ("available", "wrap_up") or p.held]
    places, used = sum(p.capacity for p in here), sum(p.held + p.offered for p in here)
    share = round(1000 * used / places) if places else 0
    values = hour.counts(hour.with_people(seen.floor, seen.stretches), seen.now_ms)
    over = share > LOAD_LIMIT
    told = f"{number(used)} of {number(places)} places in use. "
    says = "Over the limit: waits grow fast from here. " if over else ""
    return Tile(
        "load", "Load, people", permille(share, 0) if places else "no figure", f"limit {permille(LOAD_LIMIT, 0)}",
        f"{says}{told}{_room(sum(map(is_free, here)))}" if places else "Nobody is at work.",
        [min(1000.0, 1000 * v / places) for v in values] if places else [], LOAD_LIMIT, "warn" if over else "",
    )  # fmt: skip


def ai(seen: Seen) -> Tile:
    """Conversations the AI has now; beside it the share whose need was met, never containment alone."""
    now = fleet(seen)
    out = [a.name for a in now.agents if a.state == "stopped"]
    above = [a.name for a in now.agents if a.above and a.state == "running"]
    says = f"{listed(out)} {'is' if len(out) == 1 else 'are'} stopped: customers go to people. " if out else ""
    says += f"{listed(above)} {'escalates' if len(above) == 1 else 'escalate'} more than usual. " if above else ""
    if now.handed_hour.n:
        usual = f", usual {now.usual.words}" if now.usual.n else ""
        ends = f" ({now.handed_hour.beside})" if now.handed_hour.is_enough else ""
        says += f"Escalating {now.handed_hour.told}{ends}{usual}."
    says = says or "None of its conversations ended in the last hour."
    values = hour.counts(hour.with_ai(seen.floor, seen.about), seen.now_ms)
    whole = f"met {now.met.told} ({now.met.words}) of {number(now.met.n)}"
    met = whole if now.met.is_enough else f"met {now.met.told}" if now.met.n else "none ended in 24 h"
    return Tile(
        "ai", "AI conversations", number(len(seen.with_ai)), met, says, values, kind="warn" if out or above else ""
    )


def promises(seen: Seen) -> Tile:
    """What was promised for today."""
    past = sum(p.due_ms < seen.now_ms for p in seen.promises)
    coming = next((p for p in seen.promises if p.due_ms >= seen.now_ms), None)
    says = (
        f"Next at {clock(coming.due_ms, seen.zone)}: {seen.name(coming.rep)} has it."
        if coming
        else "Nothing more is due today."
    )
    made = [(p.made_ms, seen.now_ms + 1) for p in seen.promises]
    return Tile(
        "promises", "Promises due today", number(len(seen.promises)), f"{number(past)} past their time" if past else "none past its time",
        says if seen.promises else "A promise with a date is counted here on its day.", hour.counts(made, seen.now_ms),
    )  # fmt: skip
