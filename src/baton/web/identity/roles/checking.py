"""Checking: what no role may do, whatever is written, and what a change gives and takes, before it is in force."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import cedarpy
import msgspec

from baton.kernel.cedar import too_much
from baton.kernel.errors import BatonError
from baton.web.identity.events import MadeRole, Roles
from baton.web.permissions import ACTS, SCREENS, Permissions
from baton.web.staff import ROLES, Staff

NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
TITLE: Final = re.compile(r"[^\x00-\x1f\"\\]{2,60}")
TAKEN: Final = ("none", "new")
"""Names of no role: who has none yet, and the page where one is made."""
MOST: Final = 50
CEDAR_MOST: Final = 8000
KINDS: Final = tuple(role for role in ROLES if role != "customer")
"""The roles that a role may be made from."""
ACTIONS: Final = ", ".join(f'"{act}"' for act in ACTS)
SCHEMA: Final = f"""
entity Role; entity Kind; entity Screen; entity Load {{ owner: Staff }};
entity Staff in [Role, Kind] {{ brand?: String, site?: String, employer?: String, team?: String }};
entity Conversation {{ reps: Set<Staff>, holder?: Staff }};
action {ACTIONS} appliesTo {{ principal: [Staff], resource: [Screen], context: {{ asked: Set<String>, scopes?: Set<String> }} }};
action "see", "speak" appliesTo {{ principal: [Staff], resource: [Conversation], context: {{ asked: Set<String>, scopes?: Set<String> }} }};
action "read_load" appliesTo {{ principal: [Staff], resource: [Load], context: {{ asked: Set<String>, scopes?: Set<String> }} }};
"""
ME: Final = "probe-me"
OTHER: Final = "probe-other"
WHOSE: Final = (
    ("conversations", "see those of others"), ("conversations", "see those they hold"), ("conversations", "speak where they hold"),
    ("desk", "read their own load"),
)  # fmt: skip
"""What further Cedar may give and take beside screens. A role has it from the one it is made from."""


@dataclass(frozen=True)
class Change:
    """What one role gains and loses, as `screen: act`, and how many people have it."""

    role: str
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    people: int


def checked(before: Roles, after: Roles, people: Sequence[Staff]) -> Permissions:
    """The permissions as they would be. Raises 422 where a role is not as it must be, or would do what none may; 409 where it is in use."""
    seen: set[str] = set()
    kinds = {role.id: role.kind for role in before.roles}
    for role in after.roles:
        _well_formed(role)
        if role.id in seen or kinds.get(role.id, role.kind) != role.kind:
            raise _refused(f"There is a role {role.id!r} already, made from another. Choose another name.")
        seen.add(role.id)
    if len(seen) > MOST:
        raise _refused(f"{MOST} roles are as many as there can be.")
    used = sorted({each.made_role for each in people if each.made_role} - seen)
    if used:
        raise BatonError(
            "role_in_use", 409, f"Somebody has the role {used[0]!r}. Give them another first. Nothing was changed."
        )
    permissions = Permissions(made=lambda: after)
    for broken in broken_by(permissions, people):
        raise BatonError("role_refused", 422, f"{broken} Nothing was changed.")
    return permissions


def _refused(told: str) -> BatonError:
    return BatonError("role_refused", 422, f"{told} Nothing was changed.")


def _well_formed(role: MadeRole) -> None:
    if not NAME.fullmatch(role.id) or role.id in {*ROLES, *TAKEN}:
        raise _refused(
            f"{role.id!r} cannot name a role: use small letters, digits and underscores, and no name that ships."
        )
    if not TITLE.fullmatch(role.title):
        raise _refused("A role needs a title of 2 to 60 characters, without quotation marks.")
    if role.kind not in KINDS:
        raise _refused(f"A role is made from one of {', '.join(KINDS)}, not from {role.kind!r}.")
    known = {f"{screen}:{act}" for screen in SCREENS for act in ACTS}
    if not set(role.allows) <= known:
        raise _refused(f"There is nothing called {min(set(role.allows) - known)!r} to allow.")
    if role.cedar.strip():
        _about_itself(role)


def _about_itself(role: MadeRole) -> None:
    """Further Cedar is read, means something, and is about this role alone: `principal in Role::"its name"`."""
    if len(role.cedar) > CEDAR_MOST:
        raise _refused(f"The Cedar is over {CEDAR_MOST} characters.")
    if beyond := too_much(role.cedar):
        raise _refused(f"The Cedar cannot be read: {beyond}.")
    try:
        read: dict[str, Any] = msgspec.json.decode(cedarpy.policies_to_json_str(role.cedar))
    except (ValueError, RecursionError) as error:
        raise _refused(f"The Cedar cannot be read: {error}.") from error
    mine = {"op": "in", "entity": {"type": "Role", "id": role.id}}
    if read.get("templates") or any(policy["principal"] != mine for policy in read["staticPolicies"].values()):
        raise _refused(
            f'Each policy of this role begins with principal in Role::"{role.id}", so that it is about nobody else.'
        )
    result = cedarpy.validate_policies(role.cedar, SCHEMA)
    if not result.validation_passed:
        raise _refused(f"The Cedar means nothing here: {'; '.join(str(error.error) for error in result.errors[:3])}.")


def broken_by(permissions: Permissions, people: Sequence[Staff]) -> Iterator[str]:
    """What holds whatever is written and would not, found by asking: of every role, and of everybody there is."""
    for staff in (*_probes(permissions), *_alike(people)):
        if permissions.may_read_load(staff, OTHER):
            yield f"The role {staff.rights!r} would read another's work load: it is a rep's own."
        if permissions.may_with(staff, "speak", "probe", [staff.id], OTHER) or permissions.may_with(
            staff, "speak", "probe", [staff.id]
        ):
            yield f"The role {staff.rights!r} would speak in a conversation that somebody else holds."
        if staff.role == "rep" and permissions.may_with(staff, "see", "probe", [OTHER]):
            yield f"The role {staff.rights!r} would read conversations of other reps."
        if staff.role == "customer" and permissions.opened_to(staff):
            yield "Customers would open a staff screen."
        keyed = msgspec.structs.replace(staff, scopes=frozenset({"nothing:nothing"}))
        asked = ((act, screen) for act in ACTS for screen in SCREENS if permissions.lets(staff, act, screen))
        if any(permissions.lets(keyed, act, screen) for act, screen in asked):
            yield f"A key of the role {staff.rights!r} would do more than its scopes."
    if people and not any(permissions.lets(each, "change", "admin") for each in people):
        yield "Nobody could change rights any more."
    for role, act, screen in ((r, a, s) for r in ROLES for a in ACTS for s in SCREENS):
        if permissions.may(role, act, screen) != _shipped().may(role, act, screen):
            yield f"The role {role!r}, which ships, would change. Make a role from it instead."
            return


@cache
def _shipped() -> Permissions:
    """What ships, each answer asked once."""
    return Permissions()


def _alike(people: Iterable[Staff]) -> list[Staff]:
    """One of all those who have the same rights and of whom the same is said: the policies tell them apart by nothing else."""
    found = {(each.rights, each.role, each.attributes): msgspec.structs.replace(each, scopes=None) for each in people}
    return list(found.values())


def _probes(permissions: Permissions) -> Iterator[Staff]:
    for role in permissions.roles:
        kind = permissions.kind(role)
        yield Staff(ME, "", "", kind, made_role="" if role == kind else role)


def difference(before: Permissions, after: Permissions, people: Iterable[Staff]) -> list[Change]:
    """What each role gains and loses. Conditions on what is said of people count for those there are."""
    everybody = list(people)
    found: list[Change] = []
    for role in dict.fromkeys((*before.roles, *after.roles)):
        mine = [each for each in everybody if each.rights == role]
        kind, alike = after.kind(role) or before.kind(role), _alike(mine)
        had, has = (_allowed(each, role, alike) | _whose(each, role, kind, alike) for each in (before, after))
        if had != has or (role in after.roles) != (role in before.roles):
            gains = has - had if role in after.roles else set()
            found.append(Change(role, _sorted(gains), _sorted(had - has), len(mine)))
    return found


def _allowed(permissions: Permissions, role: str, people: Iterable[Staff]) -> set[tuple[str, str]]:
    asked = [(screen, act) for screen in SCREENS for act in ACTS]
    own = {(screen, act) for screen, act in asked if permissions.may(role, act, screen)}
    return own | {(screen, act) for each in people for screen, act in asked if permissions.lets(each, act, screen)}


def _whose(permissions: Permissions, role: str, kind: str, people: Iterable[Staff]) -> set[tuple[str, str]]:
    """Which of `WHOSE` a role may; where there is no such role, which the one may that it is made from."""
    made_role = role if role in permissions.roles and role != kind else ""
    found: set[tuple[str, str]] = set()
    for each in (Staff(ME, "", "", kind), *people):
        staff = msgspec.structs.replace(each, made_role=made_role)
        sees = [permissions.may_with(staff, "see", "probe", [rep]) for rep in (OTHER, staff.id)]
        speaks = permissions.may_with(staff, "speak", "probe", [staff.id], staff.id)
        may = (*sees, speaks, permissions.may_read_load(staff, staff.id))
        found |= {what for what, yes in zip(WHOSE, may, strict=True) if yes}
    return found


def _sorted(pairs: set[tuple[str, str]]) -> tuple[str, ...]:
    acts = (*ACTS, *(what for _, what in WHOSE))
    ordered = sorted(pairs, key=lambda pair: (SCREENS.index(pair[0]), acts.index(pair[1])))
    return tuple(f"{screen}: {act.replace('_', ' ')}" for screen, act in ordered)
