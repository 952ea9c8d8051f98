"""Keys: one for each stream, wrapped by its customer's key, in a file of their own, apart from the log and its backups.

Wrapping is AES-256-GCM under the customer's key, which is wrapped under the organisation's root key
(`BATON_ROOT_KEY`, or made beside the file on first use). Forgetting the customer's key forgets every stream it wraps.
"""

import hmac
import os
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
OPEN = 20_000
SCHEMA = """
CREATE TABLE IF NOT EXISTS owners (owner TEXT PRIMARY KEY, wrapped BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS streams (stream TEXT PRIMARY KEY, owner TEXT NOT NULL, wrapped BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS streams_by_owner ON streams (owner);
"""


class SqliteKeys:
    """The key store of one organisation."""

    def __init__(self, path: Path, root: bytes | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 10000", "secure_delete = ON"):
            self._db.execute(f"PRAGMA {pragma}").fetchall()
        self._db.executescript(SCHEMA)
        self._root = root or _root(path.with_suffix(".root"))
        self._open: OrderedDict[str, bytes] = OrderedDict()

    def close(self) -> None:
        """Close the file and drop every open key."""
        self._open.clear()
        self._db.close()

    def of(self, stream: str) -> bytes | None:
        """The stream's open key, or None where it was forgotten or never made."""
        key = self._open.get(stream)
        if key is None:
            row = self._db.execute(
                "SELECT s.owner, s.wrapped, o.wrapped FROM streams s JOIN owners o USING (owner) WHERE s.stream = ?",
                (stream,),
            ).fetchone()
            if row is None:
                return None
            key = _unwrap(_unwrap(self._root, row[2], row[0]), row[1], stream)
            self._keep(stream, key)
        return key

    def make(self, streams: Iterable[str]) -> None:
        """Make and keep a key for each stream that has none. On disk when it returns.

        A stream without a known customer owns its own key until `identify` wraps it anew.
        """
        missing = sorted(s for s in streams if s not in self._open and self.of(s) is None)
        if not missing:
            return
        with self._at_once():
            for stream in missing:
                owner_key, key = os.urandom(KEY_BYTES), os.urandom(KEY_BYTES)
                self._db.execute(
                    "INSERT OR IGNORE INTO owners VALUES (?, ?)", (stream, _wrap(self._root, owner_key, stream))
                )
                self._db.execute(
                    "INSERT OR IGNORE INTO streams VALUES (?, ?, ?)", (stream, stream, _wrap(owner_key, key, stream))
                )

    def identify(self, stream: str, customer: str) -> None:
        """Wrap the stream's key anew under the customer's key."""
        self.make([stream])
        key = self.of(stream)
        if key is None:
            return
        with self._at_once():
            owner_key = self._owner_key(customer)
            self._db.execute(
                "UPDATE streams SET owner = ?, wrapped = ? WHERE stream = ?",
                (customer, _wrap(owner_key, key, stream), stream),
            )
            self._db.execute("DELETE FROM owners WHERE owner = ?", (stream,))

    def identify_all(self, customers: Mapping[str, str]) -> None:
        """Make each stream's key under its customer's, or wrap it anew: {stream: customer}, in one commit."""
        known = {stream: key for stream in customers if (key := self.of(stream)) is not None}
        owners: dict[str, bytes] = {}
        with self._at_once():
            for stream, customer in customers.items():
                owner_key = owners.get(customer) or owners.setdefault(customer, self._owner_key(customer))
                key = known.get(stream) or os.urandom(KEY_BYTES)
                self._db.execute(
                    "INSERT INTO streams VALUES (?, ?, ?) ON CONFLICT (stream) "
                    "DO UPDATE SET owner = excluded.owner, wrapped = excluded.wrapped",
                    (stream, customer, _wrap(owner_key, key, stream)),
                )
                if stream in known:
                    self._db.execute("DELETE FROM owners WHERE owner = ? AND owner <> ?", (stream, customer))

    def forget(self, customer: str) -> int:
        """Destroy the customer's key; returns how many streams went dark with it."""
        self._open.clear()
        with self._at_once():
            gone = self._db.execute("DELETE FROM streams WHERE owner = ?", (customer,)).rowcount
            self._db.execute("DELETE FROM owners WHERE owner = ?", (customer,))
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone

    def pseudonym(self, kind: str, value: str) -> str:
        """A keyed hash (HMAC-SHA-256, 96 bits) of a personal identifier, made lower case and stripped first."""
        told = f"{kind}\0{value.strip().lower()}".encode()
        return hmac.new(self._root, told, sha256).hexdigest()[:24]

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def _owner_key(self, owner: str) -> bytes:
        row = self._db.execute("SELECT wrapped FROM owners WHERE owner = ?", (owner,)).fetchone()
        if row is not None:
            return _unwrap(self._root, row[0], owner)
        key = os.urandom(KEY_BYTES)
        self._db.execute("INSERT INTO owners VALUES (?, ?)", (owner, _wrap(self._root, key, owner)))
        return key

    def _keep(self, stream: str, key: bytes) -> None:
        self._open[stream] = key
        if len(self._open) > OPEN:
            self._open.popitem(last=False)


def _root(path: Path) -> bytes:
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(handle, os.urandom(KEY_BYTES))
        os.fsync(handle)
        os.close(handle)
    return path.read_bytes()


def _wrap(under: bytes, key: bytes, bound: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(under).encrypt(nonce, key, bound.encode())


def _unwrap(under: bytes, wrapped: bytes, bound: str) -> bytes:
    return AESGCM(under).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound.encode())
