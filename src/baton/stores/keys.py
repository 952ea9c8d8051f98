"""Keys: one for each stream, wrapped by its customer's key, in a file of their own, apart from the log and its backups.

Wrapping is AES-256-GCM under the customer's key, which is wrapped under the organisation's root key
(`BATON_ROOT_KEY`, or made beside the file on first use). Forgetting the customer's key forgets every stream it wraps.

A customer's id is random, found by a keyed hash of what they gave to be known by. With the key the hash goes too: nobody, the holder of the
root key included, can tell afterwards whose id it was. What was destroyed is written to the forgotten list first (`stores/forgotten.py`).
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

from baton.stores.forgotten import Destroyed, ForgottenList, fingerprint

KEY_BYTES = 32
NONCE_BYTES = 12
OPEN = 20_000
SCHEMA = """
CREATE TABLE IF NOT EXISTS owners (owner TEXT PRIMARY KEY, wrapped BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS streams (stream TEXT PRIMARY KEY, owner TEXT NOT NULL, wrapped BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS streams_by_owner ON streams (owner);
CREATE TABLE IF NOT EXISTS people (looked TEXT PRIMARY KEY, customer TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS people_by_customer ON people (customer);
CREATE TABLE IF NOT EXISTS forgotten (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL);
INSERT OR IGNORE INTO forgotten VALUES (1, 0);
"""
PERSON = "customer"
"""The kind of identifier whose pseudonym is random, and can be forgotten."""


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
        self._list = ForgottenList(path.with_suffix(".forgotten"))
        self.catch_up()
        self._destroyed = self._at()

    def close(self) -> None:
        """Close the file and drop every open key."""
        self._open.clear()
        self._db.close()

    def of(self, stream: str) -> bytes | None:
        """The stream's open key, or None where it was forgotten or never made."""
        key = self._open.get(stream)
        if key is None and (key := self._read(stream)) is not None:
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
        owners: dict[str, bytes] = {}
        with self._at_once():
            known = {stream: key for stream in customers if (key := self._read(stream)) is not None}
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
        """Destroy the customer's key, and by what they were found; returns how many streams went dark with it."""
        return self.destroy(self.held(customer))

    def forget_streams(self, streams: Iterable[str]) -> int:
        """Destroy the keys of these streams alone, whoever they belong to; returns how many went dark."""
        return self.destroy([(stream, fingerprint(key)) for stream in streams if (key := self.of(stream)) is not None])

    def held(self, customer: str) -> list[Destroyed]:
        """What forgetting this customer would destroy: their own key, and that of each of their streams, as fingerprints."""
        owner = self._owner(customer)
        streams = [
            s for (s,) in self._db.execute("SELECT stream FROM streams WHERE owner = ? ORDER BY stream", (customer,))
        ]
        own = [(customer, fingerprint(owner))] if owner else []
        return own + [(stream, fingerprint(key)) for stream in streams if (key := self.of(stream)) is not None]

    def destroy(self, destroyed: Iterable[Destroyed]) -> int:
        """Destroy keys by name and fingerprint, where they are still there; returns how many streams went dark. Asked again it changes nothing."""
        told = list(destroyed)
        with self._at_once():
            at = self._list.add(told)
            gone = self._delete(told)
            self._db.execute("UPDATE forgotten SET at = ?", (at,))
        self._open.clear()
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return gone

    def present(self, destroyed: Iterable[Destroyed]) -> set[Destroyed]:
        """Those of these keys, by name and fingerprint, that are still there."""
        return {
            (name, print_)
            for name, print_ in destroyed
            if print_ in {fingerprint(key) for key in (self._read(name), self._owner(name)) if key is not None}
        }

    def catch_up(self) -> int:
        """Destroy what the forgotten list names and an older copy of this file has brought back; returns how many streams went dark."""
        told, at = self._list.after(self._at())
        if not told:
            return 0
        with self._at_once():
            gone = self._delete(told)
            self._db.execute("UPDATE forgotten SET at = ?", (at,))
        self._open.clear()
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return gone

    def moved(self) -> bool:
        """Whether keys were destroyed since this was last asked, by whichever process: open ones are dropped then."""
        before, self._destroyed = self._destroyed, self._at()
        if before != self._destroyed:
            self._open.clear()
        return before != self._destroyed

    def pseudonym(self, kind: str, value: str) -> str:
        """What stands for a personal identifier in the log, made lower case and stripped first.

        Of a customer a random name, kept under a keyed hash until they are forgotten; of anything else the keyed hash itself
        (HMAC-SHA-256, 96 bits).
        """
        if kind != PERSON:
            return self._hashed(kind, value)
        return self.known(value) or self._named(self._hashed(kind, value))

    def known(self, value: str) -> str | None:
        """The customer who gave this identifier, or None where nobody did, or they were forgotten."""
        row = self._db.execute(
            "SELECT customer FROM people WHERE looked = ?", (self._hashed(PERSON, value),)
        ).fetchone()
        return str(row[0]) if row else None

    def _named(self, looked: str) -> str:
        """A new name. Customers of before names were random keep the hash. The next commit, of their stream's key, syncs it."""
        old = self._db.execute("SELECT 1 FROM owners WHERE owner = ?", (looked,)).fetchone()
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(
            "INSERT OR IGNORE INTO people VALUES (?, ?)", (looked, looked if old else os.urandom(12).hex())
        )
        self._db.execute("PRAGMA synchronous = FULL")
        return str(self._db.execute("SELECT customer FROM people WHERE looked = ?", (looked,)).fetchone()[0])

    def _hashed(self, kind: str, value: str) -> str:
        told = f"{kind}\0{value.strip().lower()}".encode()
        return hmac.new(self._root, told, sha256).hexdigest()[:24]

    def _delete(self, destroyed: Iterable[Destroyed]) -> int:
        gone = 0
        for name, print_ in destroyed:
            key, owner = self._read(name), self._owner(name)
            if key is not None and fingerprint(key) == print_:
                gone += self._db.execute("DELETE FROM streams WHERE stream = ?", (name,)).rowcount
                self._db.execute("DELETE FROM owners WHERE owner = ?", (name,))
            elif owner is not None and fingerprint(owner) == print_:
                gone += self._db.execute("DELETE FROM streams WHERE owner = ?", (name,)).rowcount
                self._db.execute("DELETE FROM owners WHERE owner = ?", (name,))
                self._db.execute("DELETE FROM people WHERE customer = ?", (name,))
        return gone

    def _read(self, stream: str) -> bytes | None:
        row = self._db.execute(
            "SELECT s.owner, s.wrapped, o.wrapped FROM streams s JOIN owners o USING (owner) WHERE s.stream = ?",
            (stream,),
        ).fetchone()
        return None if row is None else _unwrap(_unwrap(self._root, row[2], row[0]), row[1], stream)

    def _owner(self, owner: str) -> bytes | None:
        row = self._db.execute("SELECT wrapped FROM owners WHERE owner = ?", (owner,)).fetchone()
        return None if row is None else _unwrap(self._root, row[0], owner)

    def _at(self) -> int:
        """How far the forgotten list was read."""
        return int(self._db.execute("SELECT at FROM forgotten").fetchone()[0])

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
        known = self._owner(owner)
        if known is not None:
            return known
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
