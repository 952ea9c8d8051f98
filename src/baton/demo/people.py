"""The people of Halcyon Air: 24 reps and one staff account for each role. Invented."""

from datetime import date
from functools import cache
from typing import Literal

import msgspec

from baton.demo.halcyon.files import text_of, typed

Role = Literal["customer", "rep", "supervisor", "analyst", "planner", "knowledge_manager", "admin", "integration"]


class Rep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rep. `skills` maps queue id to level 1 to 5; `places` is how many written conversations at once."""

    id: str
    name: str
    email: str
    languages: tuple[str, ...]
    skills: dict[str, int]
    hired: date
    training_h: int
    pay_band: str
    site: str
    employer: str
    places: int

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues this rep serves."""
        return tuple(self.skills)


class Account(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sign-in for the demo; its password is made when the demo starts."""

    role: Role
    name: str
    email: str


class _Reps(msgspec.Struct, frozen=True):
    rep: tuple[Rep, ...]


class _Accounts(msgspec.Struct, frozen=True):
    account: tuple[Account, ...]


@cache
def reps() -> tuple[Rep, ...]:
    """The 24 reps."""
    return typed(text_of("people.toml"), _Reps).rep


@cache
def rep(rep_id: str) -> Rep:
    """The rep of that id, such as `jack.moreau`. Raises `KeyError` when there is none."""
    for found in reps():
        if found.id == rep_id:
            return found
    raise KeyError(f"no rep {rep_id!r}")


def accounts() -> tuple[Account, ...]:
    """One account for each role; more reps sign in with their own address."""
    return typed(text_of("staff.toml"), _Accounts).account


def able(queue: str, language: str) -> tuple[Rep, ...]:
    """Reps who serve a queue in a language, the most skilled first; in any language when nobody speaks it."""
    serve = [found for found in reps() if queue in found.skills]
    speak = [found for found in serve if language in found.languages]
    return tuple(sorted(speak or serve, key=lambda found: (-found.skills[queue], found.id)))
