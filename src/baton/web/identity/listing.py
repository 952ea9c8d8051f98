"""Listing: who has an account, how they sign in and when they were last here, for the page and over HTTP."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.engine import Row

from baton.web.app import App
from baton.web.identity.tables import PASSKEYS, SESSIONS
from baton.web.staff import Staff, staff_of

Kept = Row[tuple[object, ...]]


class Listed(NamedTuple):
    """One account as lists show it; `seen_ms` of the session that was used last, 0 where there is none."""

    person: Staff
    closed: bool
    has_password: bool
    passkeys: int
    seen_ms: int


def fitting(app: App, sought: str = "", state: str = "open") -> list[Kept]:
    """Accounts whose name, address or id has `sought` in it: `open`, `closed` or `all`, by id."""
    word = sought.strip().casefold()
    rows = [row for row in app.accounts.rows() if word in f"{row.name} {row.email} {row.id}".casefold()]
    return [row for row in rows if state == "all" or bool(row.disabled) == (state == "closed")]


def listed(app: App, rows: list[Kept]) -> list[Listed]:
    """These accounts with how they sign in, and when."""
    with app.accounts.db.connect() as db:
        latest = select(SESSIONS.c.staff, func.max(SESSIONS.c.seen_ms)).group_by(SESSIONS.c.staff)
        seen = {str(who): int(at_ms) for who, at_ms in db.execute(latest)}
        counted = select(PASSKEYS.c.staff, func.count()).group_by(PASSKEYS.c.staff)
        keyed = {str(who): int(count) for who, count in db.execute(counted)}
    return [
        Listed(staff_of(row), bool(row.disabled), bool(row.password), keyed.get(row.id, 0), seen.get(row.id, 0))
        for row in rows
    ]
