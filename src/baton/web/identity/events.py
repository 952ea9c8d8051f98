"""What identity says: who came in and how, who changed whose rights and why, and the policies of roles and sign-in.

Streams are `staff/<id>` for what concerns one person and `policy/identity.…` for policies.
"""

import msgspec

from baton.kernel.events import Event


class MadeRole(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A role of the organisation's own. `kind` is the role that ships which it was made from: whose conversations it sees.

    `allows` are `screen:act`; `cedar` is further Cedar about this role, empty mostly.
    """

    id: str
    title: str
    kind: str
    allows: tuple[str, ...] = ()
    cedar: str = ""


class Roles(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `identity.Roles`: the organisation's own roles, beside those that ship."""

    roles: tuple[MadeRole, ...] = ()


class GroupRole(msgspec.Struct, frozen=True, gc=False):
    """Who is in the directory's group `group` has `role`."""

    group: str
    role: str


class SignIns(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `identity.SignIns`: which group gives which role, the first that fits; and who must use a passkey."""

    groups: tuple[GroupRole, ...] = ()
    passkeys: tuple[str, ...] = ()


class AccountMade(Event, frozen=True, gc=False, omit_defaults=True):
    """An account was made: `how` is `page`, `api`, `scim` or `command`."""

    staff: str
    role: str
    by: str
    how: str = ""


class RoleGiven(Event, frozen=True, gc=False, omit_defaults=True):
    """Somebody's role changed; their sessions ended with it."""

    staff: str
    role: str
    before: str
    by: str
    why: str = ""


class AccountChanged(Event, frozen=True, gc=False, omit_defaults=True):
    """What is kept of somebody beside their rights changed: the names of what did, never the values."""

    staff: str
    by: str
    changed: tuple[str, ...] = ()


class AccountClosed(Event, frozen=True, gc=False, omit_defaults=True):
    """An account ended: sessions and keys stopped at once. `removed` where nothing is kept of it."""

    staff: str
    by: str
    why: str = ""
    removed: bool = False


class AccountOpened(Event, frozen=True, gc=False, omit_defaults=True):
    """An account that was closed may be used again."""

    staff: str
    by: str
    why: str = ""


class LinkMade(Event, frozen=True, gc=False, omit_defaults=True):
    """Somebody was given a link to set a password with, once, until `until_ms`."""

    staff: str
    by: str
    until_ms: int


class PasswordSet(Event, frozen=True, gc=False, omit_defaults=True):
    """A password was set by link; every session ended."""

    staff: str


class PasskeyAdded(Event, frozen=True, gc=False, omit_defaults=True):
    """Somebody added a passkey."""

    staff: str
    passkey: str


class PasskeyRemoved(Event, frozen=True, gc=False, omit_defaults=True):
    """A passkey was removed."""

    staff: str
    passkey: str
    by: str


class PasskeyRefused(Event, frozen=True, gc=False, omit_defaults=True):
    """A passkey that was known was refused: its counter went back, as a copy's would."""

    staff: str
    passkey: str
    why: str


class KeyMade(Event, frozen=True, gc=False, omit_defaults=True):
    """An API key was made; `key` are its first characters."""

    staff: str
    key: str
    by: str
    scopes: tuple[str, ...] = ()
    expires_ms: int = 0


class KeyRevoked(Event, frozen=True, gc=False, omit_defaults=True):
    """An API key was revoked."""

    staff: str
    key: str
    by: str


class SessionsEnded(Event, frozen=True, gc=False, omit_defaults=True):
    """Sessions of somebody's were ended by a person, or by the provider that had signed them in."""

    staff: str
    by: str
    count: int
    why: str = ""
