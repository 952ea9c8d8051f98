"""Rights: accounts made, given roles, closed and opened. Each is on the log with who did it and why; the last administrator stays."""

import re
from typing import Final

import msgspec

from baton.capabilities.routing.events import MAIN, OwnerLost, RepReady
from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App
from baton.web.identity.events import (
    AccountChanged,
    AccountClosed,
    AccountMade,
    AccountOpened,
    LinkMade,
    RoleGiven,
    SessionsEnded,
)
from baton.web.identity.granting import is_program, revoke_all
from baton.web.identity.telling import tell
from baton.web.permissions import ACTS, SCREENS
from baton.web.refusals import not_found
from baton.web.staff import NO_ROLE, Staff, read_attributes, staff_of, written

ADDRESS: Final = re.compile(r"[^@\s\x00]{1,64}@[^@\s\x00]{1,189}")
LINK: Final = "link"
LINK_MS: Final = 24 * 3600 * 1000
ID_BYTES: Final = 9


def administrators(app: App) -> list[Staff]:
    """Who may change rights now."""
    return [each for each in app.accounts.everyone() if app.permissions.lets(each, "change", "admin")]


def known_role(app: App, role: str) -> str:
    """The role, if there is one of that name, or none yet; raises 422 else."""
    if role != NO_ROLE and role not in app.permissions.roles:
        raise BatonError("unknown_role", 422, f"{role!r} is no role. Use one of {', '.join(app.permissions.roles)}.")
    return role


def known_staff(app: App, staff_id: str) -> Staff:
    """The account, closed or not; raises 404 where there is none."""
    row = app.accounts.row(staff_id)
    if row is None:
        raise not_found()
    return staff_of(row)


def _another_administers(app: App, staff_id: str) -> None:
    left = [each.id for each in administrators(app) if each.id != staff_id]
    if not left:
        raise Conflict(
            "last_administrator",
            "Nobody else may change rights. Give somebody else that right first; nothing was changed.",
        )


async def make_account(app: App, staff: Staff, by: str, how: str) -> Staff:
    """Add an account without a password; its id is random where `staff` has none. Raises 409 for an address that is taken."""
    email = staff.email.strip().lower()
    if not ADDRESS.fullmatch(email):
        raise BatonError("bad_address", 422, f"{email!r} is no e-mail address. Write it like mara@example.com.")
    role = known_role(app, staff.rights)
    kind = app.permissions.kind(role) or NO_ROLE
    name = staff.id or f"p{app.chance.token(ID_BYTES)}"
    made = msgspec.structs.replace(staff, id=name, email=email, role=kind, made_role="" if kind == role else role)
    async with app.accounts.changing:
        _is_free(app, email)
        await tell(app, made.id, by, AccountMade(made.id, role, by, how))
        _is_free(app, email)
        app.accounts.add(made, "")
    return made


def _is_free(app: App, email: str) -> None:
    if any(row.email == email for row in app.accounts.rows()):
        raise Conflict("address_taken", f"{email!r} has an account already, open or closed. Nothing was changed.")


async def give_role(
    app: App, staff_id: str, role: str, by: str, why: str, *, by_group: bool = False, was: str = ""
) -> bool:
    """Give a role; sessions end with it, and keys where a person becomes a program or the other way round. Whether anything changed.

    Raises 409 where it would take the last administrator, or the role is not what it `was` when it was read.
    """
    async with app.accounts.changing:
        before = known_staff(app, staff_id)
        if was and was != before.rights:
            told = f"Somebody else gave them the role {before.rights!r} meanwhile. Look again, then give yours. Nothing was changed."
            raise Conflict("role_moved", told)
        if before.rights == known_role(app, role):
            app.accounts.change(staff_id, by_group=int(by_group))
            return False
        kind = app.permissions.kind(role) or NO_ROLE
        after = msgspec.structs.replace(before, role=kind, made_role="" if role == kind else role)
        if app.permissions.lets(before, "change", "admin") and not app.permissions.lets(after, "change", "admin"):
            _another_administers(app, staff_id)
        await tell(app, staff_id, by, RoleGiven(staff_id, role, before.rights, by, app.reason(why)))
        app.accounts.change(staff_id, role=kind, made_role=after.made_role, by_group=int(by_group))
        app.accounts.close_sessions(staff_id)
    if is_program(before) != is_program(after):
        await revoke_all(app, staff_id, by)
    if not app.permissions.lets(after, "serve", "desk"):
        await off_the_floor(app, before, by)
    return True


async def close_account(app: App, staff_id: str, by: str, why: str, *, remove: bool = False) -> None:
    """End an account: sessions and keys stop at once, what they hold goes back to its queue; `remove` keeps nothing of it."""
    async with app.accounts.changing:
        staff = known_staff(app, staff_id)
        if staff_id in [each.id for each in administrators(app)]:
            _another_administers(app, staff_id)
        await tell(app, staff_id, by, AccountClosed(staff_id, by, app.reason(why), remove))
        app.accounts.disable(staff_id)
        if remove:
            app.accounts.remove(staff_id)
    await off_the_floor(app, staff, by)


async def open_account(app: App, staff_id: str, by: str, why: str) -> None:
    """Let a closed account be used again, with the role and password it had."""
    known_staff(app, staff_id)
    await tell(app, staff_id, by, AccountOpened(staff_id, by, app.reason(why)))
    app.accounts.change(staff_id, disabled=0)


async def change_account(app: App, staff_id: str, by: str, **columns: object) -> None:
    """Change columns of the account beside its role. What is said of somebody may be what rights hang on: where those change, sessions end.

    Raises 409 where it would take the last administrator.
    """
    async with app.accounts.changing:
        before, row = known_staff(app, staff_id), app.accounts.row(staff_id)
        changed = tuple(sorted(name for name, value in columns.items() if getattr(row, name) != value))
        if not changed:
            return
        told = str(columns.get("attributes", written(before.attributes)))
        after = msgspec.structs.replace(before, attributes=read_attributes(told))
        lost, moved = _rights(app, before) - _rights(app, after), _rights(app, before) != _rights(app, after)
        if ("admin", "change") in lost:
            _another_administers(app, staff_id)
        await tell(app, staff_id, by, AccountChanged(staff_id, by, changed))
        app.accounts.change(staff_id, **columns)
        if moved:
            app.accounts.close_sessions(staff_id)


def _rights(app: App, staff: Staff) -> set[tuple[str, str]]:
    return {(screen, act) for screen in SCREENS for act in ACTS if app.permissions.lets(staff, act, screen)}


async def make_link(app: App, staff_id: str, by: str) -> str:
    """The secret of a link to set a password with: once, within a day; an earlier one opens nothing any more."""
    staff = app.accounts.by_id(staff_id)
    if staff is None:
        raise not_found()
    await tell(app, staff_id, by, LinkMade(staff_id, by, app.clock.now_ms() + LINK_MS))
    app.accounts.once.forget(LINK, staff_id)
    return app.accounts.once.make(LINK, staff_id, LINK_MS)


async def end_sessions(app: App, staff_id: str, by: str, why: str, *, one: str = "", but: str = "") -> int:
    """End one session of somebody's by its id, or all but the one of the secret `but`; how many ended."""
    ended = app.accounts.sessions.end_one(staff_id, one) if one else app.accounts.sessions.end_all(staff_id, but)
    if ended:
        await tell(app, staff_id, by, SessionsEnded(staff_id, by, ended, app.reason(why)))
    return ended


async def off_the_floor(app: App, staff: Staff, by: str) -> None:
    """Who may not serve any more is offered nothing; approvals they hold, and each conversation, go back to the front of their line."""
    post = app.board.posts.get(staff.id)
    asked = any(p.rep == staff.id and p.state == "held" and "#" in p.conversation for p in app.board.places.values())
    if post is not None and (asked or post.presence != "offline"):
        gone = RepReady(staff.id, "offline", staff.name, staff.skills, staff.languages, staff.capacity, "account")
        await app.committer.append(MAIN, gone, by=f"staff/{by}")
    for place in list(app.board.places.values()):
        if place.rep == staff.id and place.state == "held" and "#" not in place.conversation:
            await app.committer.append(place.conversation, OwnerLost(staff.id), by=f"staff/{by}")
