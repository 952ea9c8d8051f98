"""Shown: what is agreed now for each site, what is to come, and how it changed."""

from typing import Literal

import msgspec

from baton.capabilities.governance.agreement.agreeing import NAME
from baton.capabilities.governance.agreement.measures import MEASURES
from baton.capabilities.governance.events import INSTALLED, Accord, Agreement, Term
from baton.kernel.conversation import PolicyRevised
from baton.web.app import App


class Line(msgspec.Struct, frozen=True):
    """A measure under an accord; `term` None where it does not exist for single reps."""

    measure: str
    title: str
    meaning: str
    term: Term | None


class Shown(msgspec.Struct, frozen=True):
    """An accord with its measures. `state`: in force, to come, over, or as installed."""

    state: Literal["in force", "to come", "over", "as installed"]
    accord: Accord
    lines: tuple[Line, ...]


class Change(msgspec.Struct, frozen=True):
    """A version of the agreement: when, who, why, and where it stands in the log."""

    position: int
    at_ms: int
    who: str
    why: str
    accords: int


def shown(app: App) -> list[Shown]:
    """Those in force first, then those to come, then those that are over; as installed where nothing was ever agreed."""
    now_ms, agreement = app.clock.now_ms(), app.policy(Agreement)
    in_force = agreement.at(now_ms)
    told = [_shown("in force", accord) for accord in in_force]
    if not any(a.from_ms <= now_ms for a in agreement.accords):
        told.append(_shown("as installed", INSTALLED))
    told += [_shown("to come", a) for a in agreement.accords if a.from_ms > now_ms]
    return told + [_shown("over", a) for a in reversed(agreement.accords) if a.from_ms <= now_ms and a not in in_force]


async def changes(app: App) -> list[Change]:
    """How it changed, the latest first."""
    found = []
    for entry, _ in await app.reader.told(f"policy/{NAME}"):
        if isinstance(entry.event, PolicyRevised):
            body = msgspec.json.decode(entry.event.body, type=Agreement)
            found.append(
                Change(entry.position, entry.happened_at_ms, entry.event.author, entry.event.why, len(body.accords))
            )
    return found[::-1]


def _shown(state: Literal["in force", "to come", "over", "as installed"], accord: Accord) -> Shown:
    lines = tuple(Line(measure, title, meaning, accord.term(measure)) for measure, (title, meaning) in MEASURES.items())
    return Shown(state, accord, lines)
