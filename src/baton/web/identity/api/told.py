"""Told: accounts, sessions, keys and what somebody may, as they are answered."""

from baton.web.app import App
from baton.web.identity.api.bodies import (
    Attributes,
    ChangeOut,
    HappenedOut,
    HistoryOut,
    KeyOut,
    LinkOut,
    PersonOut,
    SessionOut,
)
from baton.web.identity.details import version_of
from baton.web.identity.history import history
from baton.web.identity.keys import Key
from baton.web.identity.listing import Kept, listed
from baton.web.identity.rights import known_staff
from baton.web.identity.roles.checking import Change
from baton.web.identity.sessions import Session
from baton.web.permissions import ACTS, SCREENS
from baton.web.staff import Staff


def people(app: App, rows: list[Kept]) -> list[PersonOut]:
    """These accounts."""
    return [_person(row, *told) for row, told in zip(rows, listed(app, rows), strict=True)]


def person(app: App, staff_id: str) -> PersonOut:
    """One account; raises 404 where there is none."""
    known_staff(app, staff_id)
    return people(app, [row for row in [app.accounts.row(staff_id)] if row is not None])[0]


def _person(row: Kept, who: Staff, closed: bool, has_password: bool, passkeys: int, seen_ms: int) -> PersonOut:
    return PersonOut(
        id=who.id, name=who.name, email=who.email, role=who.rights, kind=who.role, closed=closed, by_group=bool(row.by_group),
        has_password=has_password, passkeys=passkeys, seen_ms=seen_ms, skills=list(who.skills), languages=list(who.languages),
        capacity=who.capacity, attributes=Attributes(**dict(who.attributes)), version=version_of(row),
    )  # fmt: skip


def session(one: Session, here: str = "") -> SessionOut:
    """One session; `here` is the id of the one that asks."""
    return SessionOut(
        id=one.id, began_ms=one.began_ms, seen_ms=one.seen_ms, how=one.how or "password", device=one.device, address=one.address,
        this=one.id == here,
    )  # fmt: skip


def key(one: Key, now_ms: int) -> KeyOut:
    """One key."""
    return KeyOut(
        id=one.id, owner=one.staff, name=one.name, begins=one.begins, scopes=list(one.scopes), made_by=one.made_by, made_ms=one.made_ms,
        expires_ms=one.expires_ms, used_ms=one.used_ms, expired=bool(one.expires_ms) and one.expires_ms <= now_ms,
    )  # fmt: skip


async def happened(app: App, staff_id: str) -> HistoryOut:
    """What the log tells of somebody."""
    found = await history(app, staff_id)
    return HistoryOut(history=[HappenedOut(at_ms=h.at_ms, what=h.what, by=h.by, why=h.why) for h in found])


def link(address: str, until_ms: int) -> LinkOut:
    """A link."""
    return LinkOut(link=address, until_ms=until_ms)


def change(one: Change) -> ChangeOut:
    """What one role gains and loses."""
    return ChangeOut(role=one.role, gains=list(one.gains), loses=list(one.loses), people=one.people)


def may(app: App, who: Staff) -> dict[str, list[str]]:
    """What somebody may do: screens that they may do nothing on are left out."""
    asked = {screen: [act for act in ACTS if app.permissions.lets(who, act, screen)] for screen in SCREENS}
    return {screen: acts for screen, acts in asked.items() if acts}


def role_may(app: App, role: str) -> dict[str, list[str]]:
    """The same of a role, with nothing said of whoever has it."""
    asked = {screen: [act for act in ACTS if app.permissions.may(role, act, screen)] for screen in SCREENS}
    return {screen: acts for screen, acts in asked.items() if acts}
