"""Granting: what a key may be given, by whom and for whom. What a key does is logged as its owner: a person's is made by them alone."""

from dataclasses import dataclass
from typing import Final

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.identity.events import KeyMade, KeyRevoked
from baton.web.identity.keys import SCIM, SHOWN, Key
from baton.web.identity.once import hashed
from baton.web.identity.telling import tell
from baton.web.permissions import ACTS, SCREENS
from baton.web.refusals import not_found
from baton.web.staff import Staff

DAY_MS: Final = 86_400_000
LASTS: Final = {"30": "30 days", "90": "90 days", "365": "A year"}
MOST_KEYS: Final = 50
PROGRAM: Final = "integration"
"""The role of accounts that are no person: others may make their keys."""


@dataclass(frozen=True)
class Offered:
    """A scope that may be given to a key."""

    scope: str
    screen: str
    act: str


@dataclass(frozen=True)
class Made:
    """A key that was made. `secret` is shown this once."""

    secret: str
    key: Key


def is_program(staff: Staff) -> bool:
    """Whether an account is of a program and of nobody: its role is `integration`, or made from it."""
    return staff.role == PROGRAM


def offered(app: App, owner: Staff, by: Staff | None = None) -> list[Offered]:
    """What a key of `owner`'s may be given by `by`: all that both may do; provisioning where both may change rights."""
    both = (owner, by or owner)
    may = [Offered(f"{s}:{a}", s, a) for s in SCREENS for a in ACTS if _all_may(app, both, a, s)]
    return may + ([Offered(SCIM, "people", "provision (SCIM)")] if _all_may(app, both, "change", "admin") else [])


def _all_may(app: App, people: tuple[Staff, ...], act: str, screen: str) -> bool:
    return all(app.permissions.lets(each, act, screen) for each in people)


def see_that_may_have_one(owner: Staff, by: Staff) -> None:
    """Raise 403 where `by` would make a key of another person's: whatever it did would be logged as theirs."""
    if owner.id != by.id and not is_program(owner):
        told = (
            f"{owner.name} makes keys of their own, at /me: what a key does is logged as its owner. For a program, add an account with the "
            "role 'integration' and make its key. Nothing was made."
        )
        raise BatonError("key_of_a_person", 403, told)


async def make_key(app: App, owner: Staff, by: Staff, name: str, days: str, scopes: tuple[str, ...]) -> Made:
    """A key of `owner`'s. Raises 403 where that is another person, 422 for a scope that owner and maker do not both have."""
    see_that_may_have_one(owner, by)
    name = " ".join(name.split())
    allowed = {each.scope for each in offered(app, owner, by)}
    if not name or days not in LASTS or not scopes or not set(scopes) <= allowed:
        told = "Give the key a name, an age, and at least one thing that its owner, and whoever makes it, may do. Nothing was made."
        raise BatonError("no_such_scope", 422, told)
    if len(app.accounts.keys.listed(owner.id)) >= MOST_KEYS:
        raise BatonError("too_many_keys", 422, f"{MOST_KEYS} keys are as many as one account has. Revoke one first.")
    expires_ms = app.clock.now_ms() + int(days) * DAY_MS
    secret = app.accounts.keys.make(owner.id, name, scopes, expires_ms, by.id)
    try:
        await tell(app, owner.id, by.id, KeyMade(owner.id, secret[:SHOWN], by.id, scopes, expires_ms))
    except BatonError:
        app.accounts.keys.revoke(secret)
        raise
    return Made(secret, next(key for key in app.accounts.keys.listed(owner.id) if key.id == hashed(secret)))


async def revoke_key(app: App, key: str, by: str, owner: str = "") -> None:
    """End a key by its id; raises 404 where there is none, or none of `owner`'s."""
    ended = app.accounts.keys.revoke_one(key, owner)
    if ended is None:
        raise not_found()
    await tell(app, ended.staff, by, KeyRevoked(ended.staff, ended.begins, by))


async def revoke_all(app: App, owner: str, by: str) -> None:
    """End every key of an account."""
    for key in app.accounts.keys.listed(owner):
        await revoke_key(app, key.id, by, owner)
