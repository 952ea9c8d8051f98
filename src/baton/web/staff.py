"""Staff: who may sign in, their sessions and their API tokens. Kept in a file of their own, apart from the log."""

import asyncio
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, cast

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    select,
    update,
)
from sqlalchemy.engine import Row

from baton.kernel.errors import BatonError
from baton.kernel.ports import Chance, Clock

Role = Literal["customer", "rep", "supervisor", "analyst", "planner", "knowledge_manager", "admin", "integration"]
ROLES: Final[tuple[Role, ...]] = (
    "customer", "rep", "supervisor", "analyst", "planner", "knowledge_manager", "admin", "integration",
)  # fmt: skip
IDLE_MS: Final = 2 * 3600 * 1000
ABSOLUTE_MS: Final = 12 * 3600 * 1000
SEEN_EVERY_MS: Final = 60_000
TOKEN_PREFIX: Final = "bt_"  # noqa: S105  not a secret: it lets secret scanners find one

METADATA = MetaData()
STAFF = Table(
    "web_staff", METADATA,
    Column("id", String, primary_key=True), Column("email", String, unique=True, nullable=False), Column("name", String, nullable=False),
    Column("role", String, nullable=False), Column("password", String, nullable=False), Column("disabled", Integer, nullable=False),
    Column("skills", String, nullable=False), Column("languages", String, nullable=False), Column("capacity", Integer, nullable=False),
)  # fmt: skip
SESSIONS = Table(
    "web_sessions", METADATA,
    Column("id", String, primary_key=True), Column("staff", String, nullable=False, index=True),
    Column("began_ms", BigInteger, nullable=False), Column("seen_ms", BigInteger, nullable=False),
)  # fmt: skip
TOKENS = Table(
    "web_tokens", METADATA,
    Column("id", String, primary_key=True), Column("staff", String, nullable=False, index=True), Column("name", String, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
)  # fmt: skip


class Staff(msgspec.Struct, frozen=True, gc=False):
    """Someone who signed in. `id` is the rep id in the log; skills are queue ids; capacity is conversations at once."""

    id: str
    email: str
    name: str
    role: Role
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    capacity: int = 3


class Accounts:
    """Accounts, sessions and tokens. Passwords are argon2id (19 MiB, 2 passes, RFC 9106's second choice scaled by OWASP)."""

    def __init__(self, path: Path, clock: Clock, chance: Chance) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._clock, self._chance = clock, chance
        self._db = _opened(path)
        METADATA.create_all(self._db)
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._nobody = self._hasher.hash(chance.token())
        self._at_once = asyncio.Semaphore(2)

    def close(self) -> None:
        """Close the file."""
        self._db.dispose()

    def add(self, staff: Staff, password: str) -> None:
        """Add an account, or change it: an existing one of that id is replaced and its sessions end."""
        if staff.role not in ROLES:
            raise BatonError("unknown_role", 422, f"{staff.role!r} is no role. Use one of {', '.join(ROLES)}.")
        row = {
            "id": staff.id, "email": staff.email.strip().lower(), "name": staff.name, "role": staff.role, "disabled": 0,
            "password": self._hasher.hash(password) if password else "", "skills": ",".join(staff.skills),
            "languages": ",".join(staff.languages), "capacity": staff.capacity,
        }  # fmt: skip
        with self._db.begin() as db:
            db.execute(delete(STAFF).where((STAFF.c.id == staff.id) | (STAFF.c.email == row["email"])))
            db.execute(delete(SESSIONS).where(SESSIONS.c.staff == staff.id))
            db.execute(STAFF.insert().values(row))

    def everyone(self) -> list[Staff]:
        """Every enabled account, by id."""
        with self._db.connect() as db:
            return [_staff(row) for row in db.execute(select(STAFF).where(STAFF.c.disabled == 0).order_by(STAFF.c.id))]

    def by_email(self, email: str) -> Staff | None:
        """The enabled account of an address."""
        with self._db.connect() as db:
            row = db.execute(select(STAFF).where(STAFF.c.email == email.strip().lower(), STAFF.c.disabled == 0)).first()
        return _staff(row) if row else None

    def disable(self, staff_id: str) -> None:
        """End an account: its sessions and tokens stop at once."""
        with self._db.begin() as db:
            db.execute(update(STAFF).where(STAFF.c.id == staff_id).values(disabled=1))
            for table in (SESSIONS, TOKENS):
                db.execute(delete(table).where(table.c.staff == staff_id))

    async def check(self, email: str, password: str) -> Staff | None:
        """The account whose password this is, or None. An unknown address takes as long as a wrong password."""
        with self._db.connect() as db:
            row = db.execute(select(STAFF).where(STAFF.c.email == email.strip().lower(), STAFF.c.disabled == 0)).first()
        stored = row.password if row is not None and row.password else self._nobody
        async with self._at_once:
            right = await asyncio.to_thread(self._verify, stored, password)
        return _staff(row) if right and row is not None and row.password else None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    def open_session(self, staff: Staff) -> str:
        """A new session's secret id; it is made anew at each sign-in, never taken over."""
        secret, now = self._chance.token(32), self._clock.now_ms()
        with self._db.begin() as db:
            db.execute(delete(SESSIONS).where(SESSIONS.c.began_ms < now - ABSOLUTE_MS))
            db.execute(SESSIONS.insert().values(id=_hashed(secret), staff=staff.id, began_ms=now, seen_ms=now))
        return secret

    def of_session(self, secret: str) -> Staff | None:
        """Who a session belongs to; None where it is unknown, idle for two hours, or twelve hours old."""
        now, hashed = self._clock.now_ms(), _hashed(secret)
        query = select(STAFF, SESSIONS.c.began_ms, SESSIONS.c.seen_ms).join(SESSIONS, SESSIONS.c.staff == STAFF.c.id)
        with self._db.connect() as db:
            row = db.execute(query.where(SESSIONS.c.id == hashed, STAFF.c.disabled == 0)).first()
        if row is None or now - row.seen_ms > IDLE_MS or now - row.began_ms > ABSOLUTE_MS:
            return None
        if now - row.seen_ms > SEEN_EVERY_MS:
            with self._db.begin() as db:
                db.execute(update(SESSIONS).where(SESSIONS.c.id == hashed).values(seen_ms=now))
        return _staff(row)

    def close_session(self, secret: str) -> None:
        """End one session."""
        with self._db.begin() as db:
            db.execute(delete(SESSIONS).where(SESSIONS.c.id == _hashed(secret)))

    def close_sessions(self, staff_id: str) -> None:
        """End every session of an account."""
        with self._db.begin() as db:
            db.execute(delete(SESSIONS).where(SESSIONS.c.staff == staff_id))

    def make_token(self, staff_id: str, name: str) -> str:
        """A new API token of an account; it is shown this once, only its hash is kept."""
        token = TOKEN_PREFIX + self._chance.token(32)
        with self._db.begin() as db:
            db.execute(
                TOKENS.insert().values(id=_hashed(token), staff=staff_id, name=name, made_ms=self._clock.now_ms())
            )
        return token

    def of_token(self, token: str) -> Staff | None:
        """Who an API token belongs to."""
        query = (
            select(STAFF)
            .join(TOKENS, TOKENS.c.staff == STAFF.c.id)
            .where(TOKENS.c.id == _hashed(token), STAFF.c.disabled == 0)
        )
        with self._db.connect() as db:
            row = db.execute(query).first()
        return _staff(row) if row else None

    def revoke_token(self, token: str) -> None:
        """End one API token."""
        with self._db.begin() as db:
            db.execute(delete(TOKENS).where(TOKENS.c.id == _hashed(token)))


def _opened(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def durable(connection: object, _: object) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 10000"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    return engine


def _hashed(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _staff(row: Row[tuple[object, ...]]) -> Staff:
    skills = tuple(s for s in row.skills.split(",") if s)
    languages = tuple(s for s in row.languages.split(",") if s)
    return Staff(row.id, row.email, row.name, cast(Role, row.role), skills, languages, row.capacity)
