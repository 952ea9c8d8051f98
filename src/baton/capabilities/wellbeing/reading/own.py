"""Own: a rep's load as only they may read it, from their own stream. It is in no read model."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from baton.capabilities.wellbeing.events import Breather, Counting, Duty, Left, Load, LoadForgotten, Wellbeing
from baton.capabilities.wellbeing.load.counting import at
from baton.kernel.conversation import Entry
from baton.kernel.events import Event
from baton.web.app import App
from baton.web.reader import Told

HOUR_MS = 3_600_000
SHOWN_MS = 8 * HOUR_MS


@dataclass(frozen=True)
class Counted:
    """One conversation that counted: when it left their hands, how hard, whether the customer was hostile, the load after it."""

    key: str
    at_ms: int
    level: str
    hostile: bool
    milli_min: int


@dataclass(frozen=True)
class Mine:
    """A rep's load now, their breather, whether it is counted, and what counted in the last eight hours, newest first."""

    now_ms: int
    load: Load
    counts: bool
    presence: str
    breather: Breather | None
    counted: tuple[Counted, ...]

    @property
    def occupancy_permille(self) -> int | None:
        """Time with something in hand over time at work since the last break; None where that is less than a minute."""
        return 1000 * self.load.busy_ms // self.load.duty_ms if self.load.duty_ms >= 60_000 else None


async def mine(app: App, rep: str) -> Mine:
    """The load of one rep; who asks for it is checked before."""
    now_ms, rules = app.clock.now_ms(), app.policy(Wellbeing)
    stream = await app.reader.stream(f"rep/{rep}")
    facts = stream.facts if stream is not None else None
    load, duty = (facts.get(Load), facts.get(Duty)) if facts else (None, None)
    counting = facts.get(Counting) if facts else None
    told = since_forgotten(await app.reader.told(f"rep/{rep}"))
    counted = sorted(_counted(told, rules, now_ms - SHOWN_MS), key=lambda each: -each.at_ms)
    return Mine(
        now_ms, at(load, now_ms, duty, rules) if load else Load(now_ms, rested_ms=now_ms), counting is None or counting.on,
        duty.presence if duty else "offline", facts.get(Breather) if facts else None, tuple(counted),
    )  # fmt: skip


async def breather_of(app: App, rep: str) -> Breather | None:
    """The latest breather of a rep, whatever became of it."""
    stream = await app.reader.stream(f"rep/{rep}")
    return stream.facts.get(Breather) if stream is not None else None


def shown(breather: Breather | None, now_ms: int) -> Breather | None:
    """The breather to show at the desk now: one that is offered and not put off, or taken and not over."""
    if breather is None or breather.state not in {"offered", "taken"} or now_ms >= breather.until_ms:
        return None
    return None if breather.state == "offered" and now_ms < breather.hidden_ms else breather


def since_forgotten(told: list[Told]) -> list[Told]:
    """What a rep's stream tells since they last deleted it."""
    last = max((n for n, (entry, _) in enumerate(told) if isinstance(entry.event, LoadForgotten)), default=-1)
    return told[last + 1 :]


def exported(told: list[Told]) -> list[dict[str, object]]:
    """Every event of wellbeing on a rep's stream, as it is kept."""
    return [line for entry, caused in told for event in (entry.event, *caused) for line in _line(entry, event)]


def _line(entry: Entry, event: Event) -> Iterator[dict[str, object]]:
    if event.event_name.startswith("wellbeing."):
        yield {"at_ms": entry.happened_at_ms, "event": event.event_name, **msgspec.to_builtins(event)}


def _counted(told: list[Told], rules: Wellbeing, since_ms: int) -> Iterator[Counted]:
    for entry, caused in told:
        event, after = entry.event, next((fact for fact in caused if isinstance(fact, Load)), None)
        if isinstance(event, Left) and after is not None and event.at_ms >= since_ms:
            key = event.conversation.partition("/")[2]
            yield Counted(key, event.at_ms, event.level, event.hostility >= rules.hostile_at, after.milli_min)
