"""Staff: who may sign in, their sessions and their API tokens. Kept in a file of their own, apart from the log."""

import asyncio
from pathlib import Path
from typing import Final, Literal

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.engine import Row

from baton.kernel.errors import BatonError
from baton.kernel.ports import Chance, Clock
from baton.web.identity.keys import ApiKeys, scopes_of
from baton.web.identity.once import Once
from baton.web.identity.sessions import ABSOLUTE_MS, IDLE_MS, Came, Sessions
from baton.web.identity.tables import PASSKEYS, SESSIONS, STAFF, TOKENS, opened

__all__ = ["ABSOLUTE_MS", "IDLE_MS", "NO_ROLE", "ROLES", "Accounts", "Role", "Staff"]

Role = Literal["customer", "rep", "supervisor", "analyst", "planner", "knowledge_manager", "admin", "integration"]
ROLES: Final[tuple[Role, ...]] = (
    "customer", "rep", "supervisor", "analyst", "planner", "knowledge_manager", "admin", "integration",
)  # fmt: skip
NO_ROLE: Final = "none"
"""Who was provisioned and has no role yet: nothing is open to them."""
ATTRIBUTES: Final = ("brand", "site", "employer", "team")
NOBODY: Final = Came()


class Staff(msgspec.Struct, frozen=True, gc=False):
    """Someone who signed in. `id` is the rep id in the log; skills are queue ids; capacity is conversations at once.

    `role` is one that ships; `made_role` the organisation's own that was made from it, where they have one. `attributes`
    are pairs of `ATTRIBUTES` and their value. `scopes` narrow what a key may do; None for a session and for older keys.
    """

    id: str
    email: str
    name: str
    role: str
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    capacity: int = 3
    made_role: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    scopes: frozenset[str] | None = None
    how: str = ""

    @property
    def rights(self) -> str:
        """The role that says what they may."""
        return self.made_role or self.role


class Accounts:
    """Accounts and passwords; sessions, keys and what opens once are kept beside them.

    Passwords are argon2id (19 MiB, 2 passes, RFC 9106's second choice scaled by OWASP).
    """

    def __init__(self, path: Path, clock: Clock, chance: Chance) -> None:
        self._clock, self._chance = clock, chance
        self.db = opened(path)
        self.sessions = Sessions(self.db, clock, chance)
        self.keys, self.once = ApiKeys(self.db, clock, chance), Once(self.db, clock, chance)
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._nobody = self._hasher.hash(chance.token())
        self._at_once = asyncio.Semaphore(2)
        self.changing = asyncio.Lock()
        """Held while rights change, so that two changes at once cannot take the last administrator."""

    def close(self) -> None:
        """Close the file."""
        self.db.dispose()

    def add(self, staff: Staff, password: str) -> None:
        """Add an account, or change it: an existing one of that id is replaced and its sessions end."""
        if staff.role not in (*ROLES, NO_ROLE):
            raise BatonError("unknown_role", 422, f"{staff.role!r} is no role. Use one of {', '.join(ROLES)}.")
        now = self._clock.now_ms()
        row = {
            "id": staff.id, "email": staff.email.strip().lower(), "name": staff.name, "role": staff.role, "disabled": 0,
            "password": self._hasher.hash(password) if password else "", "skills": ",".join(staff.skills),
            "languages": ",".join(staff.languages), "capacity": staff.capacity, "made_role": staff.made_role,
            "attributes": written(staff.attributes), "made_ms": now, "changed_ms": now,
        }  # fmt: skip
        with self.db.begin() as db:
            db.execute(delete(STAFF).where((STAFF.c.id == staff.id) | (STAFF.c.email == row["email"])))
            db.execute(delete(SESSIONS).where(SESSIONS.c.staff == staff.id))
            db.execute(STAFF.insert().values(row))

    def everyone(self) -> list[Staff]:
        """Every enabled account, by id."""
        return [staff_of(row) for row in self.rows(STAFF.c.disabled == 0)]

    def rows(self, which: ColumnElement[bool] | None = None) -> list[Row[tuple[object, ...]]]:
        """Accounts as they are kept, closed ones too, by id."""
        query = select(STAFF).order_by(STAFF.c.id)
        with self.db.connect() as db:
            return list(db.execute(query if which is None else query.where(which)))

    def row(self, staff_id: str) -> Row[tuple[object, ...]] | None:
        """One account as it is kept, closed or not."""
        return next(iter(self.rows(STAFF.c.id == staff_id)), None)

    def by_email(self, email: str) -> Staff | None:
        """The enabled account of an address."""
        found = self.rows((STAFF.c.email == email.strip().lower()) & (STAFF.c.disabled == 0))
        return staff_of(found[0]) if found else None

    def by_id(self, staff_id: str) -> Staff | None:
        """The enabled account of an id."""
        row = self.row(staff_id)
        return staff_of(row) if row is not None and not row.disabled else None

    def change(self, staff_id: str, **columns: object) -> None:
        """Change columns of an account; what that ends is for whoever changes it to end."""
        with self.db.begin() as db:
            db.execute(update(STAFF).where(STAFF.c.id == staff_id).values(changed_ms=self._clock.now_ms(), **columns))

    def set_password(self, staff_id: str, password: str) -> None:
        """Give a new password; every session ends."""
        self.change(staff_id, password=self._hasher.hash(password))
        self.sessions.end_all(staff_id)

    def disable(self, staff_id: str) -> None:
        """End an account: its sessions and tokens stop at once."""
        self.change(staff_id, disabled=1)
        self._shut(staff_id)

    def remove(self, staff_id: str) -> None:
        """Keep nothing of an account but what the log tells of its id."""
        self._shut(staff_id)
        with self.db.begin() as db:
            db.execute(delete(PASSKEYS).where(PASSKEYS.c.staff == staff_id))
            db.execute(delete(STAFF).where(STAFF.c.id == staff_id))

    def _shut(self, staff_id: str) -> None:
        with self.db.begin() as db:
            for table in (SESSIONS, TOKENS):
                db.execute(delete(table).where(table.c.staff == staff_id))
        self.once.forget("link", staff_id)

    async def check(self, email: str, password: str) -> Staff | None:
        """The account whose password this is, or None. An unknown address takes as long as a wrong password."""
        row = next(iter(self.rows((STAFF.c.email == email.strip().lower()) & (STAFF.c.disabled == 0))), None)
        stored = row.password if row is not None and row.password else self._nobody
        async with self._at_once:
            right = await asyncio.to_thread(self._verify, stored, password)
        return staff_of(row) if right and row is not None and row.password else None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    def open_session(self, staff: Staff, came: Came = NOBODY) -> str:
        """A new session's secret id; it is made anew at each sign-in, never taken over."""
        return self.sessions.open(staff.id, came)

    def of_session(self, secret: str) -> Staff | None:
        """Who a session belongs to; None where it is unknown, idle for two hours, or twelve hours old."""
        row = self.sessions.row(secret)
        return msgspec.structs.replace(staff_of(row), how=row.how) if row is not None else None

    def close_session(self, secret: str) -> None:
        """End one session."""
        self.sessions.end(secret)

    def close_sessions(self, staff_id: str) -> None:
        """End every session of an account."""
        self.sessions.end_all(staff_id)

    def make_token(self, staff_id: str, name: str) -> str:
        """A new API token of an account; it is shown this once, only its hash is kept."""
        return self.keys.make(staff_id, name)

    def of_token(self, token: str) -> Staff | None:
        """Who an API token belongs to, narrowed to its scopes."""
        row = self.keys.row(token)
        return (
            msgspec.structs.replace(staff_of(row), scopes=scopes_of(row.scopes), how="key") if row is not None else None
        )

    def revoke_token(self, token: str) -> None:
        """End one API token."""
        self.keys.revoke(token)


def staff_of(row: Row[tuple[object, ...]]) -> Staff:
    """The account of a row."""
    skills = tuple(s for s in row.skills.split(",") if s)
    languages = tuple(s for s in row.languages.split(",") if s)
    return Staff(
        row.id,
        row.email,
        row.name,
        row.role,
        skills,
        languages,
        row.capacity,
        row.made_role,
        read_attributes(row.attributes),
    )


def written(attributes: tuple[tuple[str, str], ...]) -> str:
    """Attributes as they are kept."""
    return msgspec.json.encode(dict(sorted(attributes))).decode() if attributes else ""


def read_attributes(written: str) -> tuple[tuple[str, str], ...]:
    """Attributes of what is kept."""
    return tuple(sorted(msgspec.json.decode(written, type=dict[str, str]).items())) if written else ()
