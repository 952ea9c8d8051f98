"""Once: secrets that open one thing one time and not for long: challenges, links, states of a sign-in elsewhere."""

from hashlib import sha256

from sqlalchemy import Engine, delete

from baton.kernel.ports import Chance, Clock
from baton.web.identity.tables import ONCE


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Once:
    """Secrets by purpose. Only hashes are kept; taking one deletes it, whatever comes of it."""

    def __init__(self, db: Engine, clock: Clock, chance: Chance) -> None:
        self._db, self._clock, self._chance = db, clock, chance

    def make(self, purpose: str, value: str, lasts_ms: int, secret: str = "") -> str:
        """A secret that stands for `value` until it is taken or `lasts_ms` are over; made here where not given."""
        secret, now = secret or self._chance.token(32), self._clock.now_ms()
        with self._db.begin() as db:
            db.execute(delete(ONCE).where(ONCE.c.expires_ms < now))
            row = {"id": hashed(f"{purpose}\0{secret}"), "purpose": purpose, "value": value}
            db.execute(ONCE.insert().prefix_with("OR REPLACE").values(**row, expires_ms=now + lasts_ms))
        return secret

    def take(self, purpose: str, secret: str) -> str | None:
        """What the secret stands for, this once; None where it is unknown, used or over."""
        found = ONCE.c.id == hashed(f"{purpose}\0{secret}")
        with self._db.begin() as db:
            row = db.execute(delete(ONCE).where(found).returning(ONCE.c.value, ONCE.c.expires_ms)).first()
        return str(row.value) if row is not None and row.expires_ms >= self._clock.now_ms() else None

    def look(self, purpose: str, secret: str) -> str | None:
        """What the secret stands for, without using it up."""
        with self._db.connect() as db:
            row = db.execute(ONCE.select().where(ONCE.c.id == hashed(f"{purpose}\0{secret}"))).first()
        return str(row.value) if row is not None and row.expires_ms >= self._clock.now_ms() else None

    def forget(self, purpose: str, value: str) -> None:
        """Every secret of a purpose that stands for `value` opens nothing any more."""
        with self._db.begin() as db:
            db.execute(delete(ONCE).where(ONCE.c.purpose == purpose, ONCE.c.value == value))
