"""Sessions: where somebody is signed in, since when, on what, and how they end."""

from typing import Final

import msgspec
from sqlalchemy import ColumnElement, Engine, delete, select, update
from sqlalchemy.engine import Row

from baton.kernel.ports import Chance, Clock
from baton.web.identity.once import hashed
from baton.web.identity.tables import SESSIONS, STAFF

IDLE_MS: Final = 2 * 3600 * 1000
ABSOLUTE_MS: Final = 12 * 3600 * 1000
SEEN_EVERY_MS: Final = 60_000
DEVICES: Final = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("python", "a program"),
    ("curl", "a program"),
)  # fmt: skip
SYSTEMS: Final = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)  # fmt: skip


class Came(msgspec.Struct, frozen=True, gc=False):
    """How somebody came in: `how` is password, passkey or provider; the rest tells them which session is which."""

    how: str = "password"
    device: str = ""
    address: str = ""
    subject: str = ""
    sid: str = ""


class Session(msgspec.Struct, frozen=True, gc=False):
    """One session. `id` is the hash of its secret and opens nothing."""

    id: str
    staff: str
    began_ms: int
    seen_ms: int
    how: str
    device: str
    address: str


def device_of(agent: str) -> str:
    """A browser and a system in words, from the User-Agent header: enough to know one's own by."""
    browser = next((name for mark, name in DEVICES if mark in agent), "Another browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if system else browser


class Sessions:
    """Sessions by the hash of their secret. Idle for two hours or twelve hours old, one is over."""

    def __init__(self, db: Engine, clock: Clock, chance: Chance) -> None:
        self._db, self._clock, self._chance = db, clock, chance

    def open(self, staff: str, came: Came) -> str:
        """A new session's secret: made anew at each sign-in, never taken over."""
        secret, now = self._chance.token(32), self._clock.now_ms()
        row = {"id": hashed(secret), "staff": staff, "began_ms": now, "seen_ms": now, **msgspec.structs.asdict(came)}
        with self._db.begin() as db:
            db.execute(delete(SESSIONS).where(SESSIONS.c.began_ms < now - ABSOLUTE_MS))
            db.execute(SESSIONS.insert().values(row))
        return secret

    def row(self, secret: str) -> Row[tuple[object, ...]] | None:
        """The account's row, and how and when its session began; None where it is unknown or over."""
        now, mine = self._clock.now_ms(), SESSIONS.c.id == hashed(secret)
        query = select(STAFF, SESSIONS.c.began_ms, SESSIONS.c.seen_ms, SESSIONS.c.how)
        with self._db.connect() as db:
            row = db.execute(
                query.join(SESSIONS, SESSIONS.c.staff == STAFF.c.id).where(mine, STAFF.c.disabled == 0)
            ).first()
        if row is None or now - row.seen_ms > IDLE_MS or now - row.began_ms > ABSOLUTE_MS:
            return None
        if now - row.seen_ms > SEEN_EVERY_MS:
            with self._db.begin() as db:
                db.execute(update(SESSIONS).where(mine).values(seen_ms=now))
        return row

    def of(self, staff: str) -> list[Session]:
        """Somebody's sessions that are not over, the one seen last first."""
        now = self._clock.now_ms()
        alive = (SESSIONS.c.seen_ms >= now - IDLE_MS) & (SESSIONS.c.began_ms >= now - ABSOLUTE_MS)
        query = select(SESSIONS).where(SESSIONS.c.staff == staff, alive).order_by(SESSIONS.c.seen_ms.desc())
        with self._db.connect() as db:
            return [
                Session(r.id, r.staff, r.began_ms, r.seen_ms, r.how, r.device, r.address) for r in db.execute(query)
            ]

    def end(self, secret: str) -> None:
        """End the session of this secret."""
        self._end(SESSIONS.c.id == hashed(secret))

    def end_one(self, staff: str, id: str) -> int:
        """End one session of somebody's, by its id; how many that were."""
        return self._end((SESSIONS.c.staff == staff) & (SESSIONS.c.id == id))

    def end_all(self, staff: str, but: str = "") -> int:
        """End every session of somebody's, but the one of the secret `but`; how many those were."""
        return self._end((SESSIONS.c.staff == staff) & (SESSIONS.c.id != hashed(but)))

    def end_at_provider(self, subject: str, sid: str) -> list[str]:
        """End what the provider says is over: one session of it, or all of a person; whose they were."""
        which = (SESSIONS.c.sid == sid) if sid else (SESSIONS.c.subject == subject)
        with self._db.begin() as db:
            ended = db.execute(delete(SESSIONS).where(SESSIONS.c.how == "provider", which).returning(SESSIONS.c.staff))
            return sorted({str(row.staff) for row in ended})

    def _end(self, which: ColumnElement[bool]) -> int:
        with self._db.begin() as db:
            return len(db.execute(delete(SESSIONS).where(which).returning(SESSIONS.c.id)).all())
