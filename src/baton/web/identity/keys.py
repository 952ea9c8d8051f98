"""API keys: what a program signs in with. A key does no more than its owner, and no more than its scopes."""

from typing import Final

import msgspec
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.engine import Row

from baton.kernel.ports import Chance, Clock
from baton.web.identity.once import hashed
from baton.web.identity.tables import STAFF, TOKENS

PREFIX: Final = "bt_"
"""Not a secret: it lets secret scanners find one."""
SHOWN: Final = 8
EVERYTHING: Final = "*"
SCIM: Final = "scim"
USED_EVERY_MS: Final = 60_000


class Key(msgspec.Struct, frozen=True, gc=False):
    """A key as lists show it. `id` is its hash; `begins` its first characters; times are 0 where there is none."""

    id: str
    staff: str
    name: str
    begins: str
    scopes: tuple[str, ...]
    made_by: str
    made_ms: int
    expires_ms: int
    used_ms: int


class ApiKeys:
    """Keys by the hash of the key."""

    def __init__(self, db: Engine, clock: Clock, chance: Chance) -> None:
        self._db, self._clock, self._chance = db, clock, chance

    def make(self, staff: str, name: str, scopes: tuple[str, ...] = (), expires_ms: int = 0, by: str = "") -> str:
        """A new key; it is shown this once, only its hash is kept. Without scopes it does all that its owner may."""
        key = PREFIX + self._chance.token(32)
        row = {
            "id": hashed(key), "staff": staff, "name": name, "made_ms": self._clock.now_ms(), "scopes": " ".join(scopes),
            "begins": key[:SHOWN], "made_by": by or staff, "expires_ms": expires_ms,
        }  # fmt: skip
        with self._db.begin() as db:
            db.execute(TOKENS.insert().values(row))
        return key

    def row(self, key: str) -> Row[tuple[object, ...]] | None:
        """The owner's row with the key's scopes; None where the key is unknown, expired, or its owner left."""
        now, mine = self._clock.now_ms(), TOKENS.c.id == hashed(key)
        query = select(STAFF, TOKENS.c.scopes, TOKENS.c.expires_ms, TOKENS.c.used_ms)
        with self._db.connect() as db:
            row = db.execute(
                query.join(TOKENS, TOKENS.c.staff == STAFF.c.id).where(mine, STAFF.c.disabled == 0)
            ).first()
        if row is None or (row.expires_ms and row.expires_ms <= now):
            return None
        if now - row.used_ms > USED_EVERY_MS:
            with self._db.begin() as db:
                db.execute(update(TOKENS).where(mine).values(used_ms=now))
        return row

    def listed(self, staff: str = "") -> list[Key]:
        """Every key, or somebody's, the newest first."""
        query = select(TOKENS).order_by(TOKENS.c.made_ms.desc(), TOKENS.c.id)
        with self._db.connect() as db:
            return [_key(row) for row in db.execute(query.where(TOKENS.c.staff == staff) if staff else query)]

    def revoke(self, key: str) -> None:
        """End the key."""
        with self._db.begin() as db:
            db.execute(delete(TOKENS).where(TOKENS.c.id == hashed(key)))

    def revoke_one(self, id: str, staff: str = "") -> Key | None:
        """End one key by its id, of somebody's where told; the key that ended, or None where there is none."""
        found = next((key for key in self.listed(staff) if key.id == id), None)
        if found is not None:
            with self._db.begin() as db:
                db.execute(delete(TOKENS).where(TOKENS.c.id == id))
        return found


def scopes_of(written: str) -> frozenset[str] | None:
    """The scopes of a key; None where it has none and does all that its owner may."""
    return frozenset(written.split()) if written else None


def _key(row: Row[tuple[object, ...]]) -> Key:
    return Key(
        row.id, row.staff, row.name, row.begins, tuple(row.scopes.split()), row.made_by, row.made_ms, row.expires_ms, row.used_ms,
    )  # fmt: skip
