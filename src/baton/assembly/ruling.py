"""Ruling: what replays must know of routing and of people: opening hours, what a policy may be, and who can do what."""

from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from baton.capabilities.orchestration.replaying.running import Rules
from baton.capabilities.routing.assigning.hours import is_open
from baton.capabilities.routing.events import Routing
from baton.capabilities.routing.rules.checking import checked
from baton.capabilities.routing.rules.revising import written
from baton.kernel.errors import BatonError
from baton.kernel.ports import Chance, Clock
from baton.web.staff import Accounts


def skills_in(file: Path, clock: Clock, chance: Chance) -> dict[str, tuple[str, ...]]:
    """The skills of reps of a file of accounts, if it is there."""
    if not file.exists():
        return {}
    accounts = Accounts(file, clock, chance)
    try:
        return {staff.id: staff.skills for staff in accounts.everyone() if staff.role == "rep"}
    finally:
        accounts.close()


def rules_of(skills: Mapping[str, tuple[str, ...]], now_ms: int) -> Rules:
    """Routing's own: opening hours and what a policy may be."""
    every = [skill for told in skills.values() for skill in told]
    return Rules(is_open, partial(_fit, every, now_ms), skills)


def _fit(skills: Collection[str], now_ms: int, rules: Routing) -> Routing:
    try:
        written(rules)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BatonError(
            "change_refused", 422, f"{where}: {first['msg']}, not {first['input']!r}. Nothing was run."
        ) from None
    return checked(rules, skills, now_ms)
