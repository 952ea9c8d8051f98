"""Proposing: what a change of roles would give and take, shown before it is in force; and putting it in force, checked once more."""

import re
from dataclasses import dataclass

import msgspec

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.identity.events import MadeRole, Roles
from baton.web.identity.rights import end_sessions
from baton.web.identity.roles.checking import Change, checked, difference
from baton.web.identity.ruling import revise, revisions
from baton.web.permissions import Permissions
from baton.web.refusals import not_found
from baton.web.staff import Staff


@dataclass(frozen=True)
class Proposal:
    """Roles as they would be, who gains and loses what, and what whoever asks would lose by it (`screen: act`)."""

    after: Roles
    changes: list[Change]
    yours: tuple[str, ...] = ()


def with_role(app: App, id: str, told: MadeRole) -> Roles:
    """The roles with this one made, or changed where `id` names it; raises 422 where a new one is there already."""
    name = id or re.sub(r"[^a-z0-9]+", "_", told.title.strip().lower()).strip("_")[:40]
    cedar = told.cedar.replace("\r\n", "\n").strip()
    role = msgspec.structs.replace(told, id=name, title=" ".join(told.title.split()), cedar=cedar)
    others = tuple(each for each in app.policy(Roles).roles if each.id != name)
    if not id and len(others) != len(app.policy(Roles).roles):
        told_no = f"There is a role called {name!r} already. Choose another title. Nothing was changed."
        raise BatonError("role_refused", 422, told_no)
    return Roles(tuple(sorted((*others, role), key=lambda each: each.id)))


def without(app: App, id: str) -> Roles:
    """The roles without that one; raises 404 where there is none."""
    left = tuple(each for each in app.policy(Roles).roles if each.id != id)
    if len(left) == len(app.policy(Roles).roles):
        raise not_found()
    return Roles(left)


async def as_at(app: App, position: int) -> Roles:
    """The roles as the version at `position` had them, 0 for before any; raises 404 where there was none."""
    told = {at: each for at, _, each in await revisions(app, Roles)}
    if position and position not in told:
        raise not_found()
    return msgspec.json.decode(told[position].body, type=Roles) if position else Roles()


def propose(app: App, by: Staff, after: Roles) -> Proposal:
    """What would change. Raises 422 where a role is not as it must be, or would do what none may; 409 where one is in use."""
    people = app.accounts.everyone()
    permissions = checked(app.policy(Roles), after, people)
    changes = difference(app.permissions, permissions, people)
    mine = next((change.loses for change in changes if change.role == by.rights), ())
    return Proposal(after, changes, mine)


async def put_in_force(app: App, after: Roles, by: str, why: str, was: int) -> list[Change]:
    """Check once more, revise the policy, and end the sessions of everybody whose rights changed; what changed."""
    if not why.strip():
        raise BatonError("no_reason", 422, "Say why: the reason is kept with the change. Nothing was changed.")
    async with app.accounts.changing:
        people, before = app.accounts.everyone(), app.policy(Roles)
        changes = difference(Permissions(made=lambda: before), checked(before, after, people), people)
        await revise(app, after, by, why.strip(), was)
    touched = {change.role for change in changes}
    for each in people:
        if each.rights in touched:
            await end_sessions(app, each.id, by, "what the role may do changed")
    return changes
