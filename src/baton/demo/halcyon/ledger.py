"""The ledger of effects: one durable SQLite file in which every change of the record is written once, under its key.

It is the independent provider that kill tests count: it knows nothing of Baton's log. A change and its row commit together
(`synchronous=FULL`), a repeated key gives the first answer again, and the same key with other arguments is refused.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Literal

import msgspec

Value = str | int | bool
Answer = dict[str, Value]

SCHEMA = """
CREATE TABLE IF NOT EXISTS effects (
  n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, tool TEXT NOT NULL, subject TEXT NOT NULL,
  args BLOB NOT NULL, answer BLOB NOT NULL, at_ms INTEGER NOT NULL, asked INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS state (kind TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mail (n INTEGER PRIMARY KEY, email TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, at_ms INTEGER NOT NULL);
"""


class RecordError(Exception):
    """The system of record says no. `not_found`, `refused` (a rule, see message) or `conflict` (a key used for something else)."""

    def __init__(self, code: Literal["not_found", "refused", "conflict"], message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class Effect(msgspec.Struct, frozen=True):
    """One change that was really made. `asked` counts how often its key was sent: more than once after a lost reply."""

    n: int
    key: str
    tool: str
    subject: str
    args: Answer
    answer: Answer
    at_ms: int
    asked: int


class Mail(msgspec.Struct, frozen=True):
    """A message that the record sent, as it lies in the customer's mailbox."""

    email: str
    subject: str
    body: str
    at_ms: int


class Ledger:
    """The file. Several processes may open it at once; each change takes the write lock."""

    def __init__(self, path: Path | str, clock_ms: Callable[[], int]) -> None:
        self.clock_ms = clock_ms
        self._lock = RLock()
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def once(self, key: str, tool: str, subject: str, args: Answer, change: Callable[[], Answer]) -> Answer:
        """Make the change and write it down, unless this key has already done it; then its first answer."""
        with self._writing():
            done = self._done(key, tool, args)
            if done is not None:
                return done
            answer = change()
            row = (key, tool, subject, msgspec.json.encode(args), msgspec.json.encode(answer), self.clock_ms())
            self._db.execute("INSERT INTO effects(key,tool,subject,args,answer,at_ms,asked) VALUES(?,?,?,?,?,?,1)", row)
            return answer

    def put(self, kind: str, name: str, value: msgspec.Struct) -> None:
        """Keep the new state of one thing. Only inside `once`."""
        body = msgspec.json.encode(value)
        self._db.execute("INSERT OR REPLACE INTO state(kind,id,body) VALUES(?,?,?)", (kind, name, body))

    def get(self, kind: str, name: str) -> bytes | None:
        """The state of one thing as JSON, when it has changed."""
        with self._lock:
            row = self._db.execute("SELECT body FROM state WHERE kind=? AND id=?", (kind, name)).fetchone()
        return None if row is None else bytes(row[0])

    def changed(self, kind: str) -> Mapping[str, bytes]:
        """The states of every changed thing of a kind."""
        with self._lock:
            return dict(self._db.execute("SELECT id, body FROM state WHERE kind=?", (kind,)).fetchall())

    def post(self, mail: Mail) -> None:
        """Put a message in a mailbox. Only inside `once`."""
        row = (mail.email, mail.subject, mail.body, mail.at_ms)
        self._db.execute("INSERT INTO mail(email,subject,body,at_ms) VALUES(?,?,?,?)", row)

    def mailbox(self, email: str) -> tuple[Mail, ...]:
        """What was sent to an address, the newest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT email,subject,body,at_ms FROM mail WHERE email=? ORDER BY n DESC", (email,)
            ).fetchall()
        return tuple(Mail(*row) for row in rows)

    def newest(self, most: int) -> tuple[Mail, ...]:
        """What was sent last, to whomever, the newest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT email,subject,body,at_ms FROM mail ORDER BY n DESC LIMIT ?", (most,)
            ).fetchall()
        return tuple(Mail(*row) for row in rows)

    def effects(self, tool: str = "") -> tuple[Effect, ...]:
        """Every effect in order, or those of one tool."""
        with self._lock:
            rows = self._db.execute(
                "SELECT n,key,tool,subject,args,answer,at_ms,asked FROM effects WHERE ?='' OR tool=? ORDER BY n",
                (tool, tool),
            ).fetchall()
        return tuple(_effect(row) for row in rows)

    def _done(self, key: str, tool: str, args: Answer) -> Answer | None:
        row = self._db.execute("SELECT tool, args, answer FROM effects WHERE key=?", (key,)).fetchone()
        if row is None:
            return None
        if (row[0], bytes(row[1])) != (tool, msgspec.json.encode(args)):
            raise RecordError("conflict", f"Key {key!r} was used for another change. Use a new key for a new change.")
        self._db.execute("UPDATE effects SET asked = asked + 1 WHERE key=?", (key,))
        return msgspec.json.decode(row[2], type=Answer)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise


def _effect(row: tuple[int, str, str, str, bytes, bytes, int, int]) -> Effect:
    n, key, tool, subject, args, answer, at_ms, asked = row
    decode = msgspec.json.Decoder(Answer).decode
    return Effect(n, key, tool, subject, decode(args), decode(answer), at_ms, asked)
