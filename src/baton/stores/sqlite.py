"""SQLite: one file, one writer, WAL with synchronous = FULL. SQL runs on the event loop; only COMMIT leaves it."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from baton.kernel.errors import BatonError
from baton.kernel.log import STEP
from baton.stores.sql import Params, SqlStore

log = logging.getLogger(__name__)
BUSY_MS = 10_000
PRAGMAS = ("journal_mode = WAL", "synchronous = FULL")
WAL_BYTES = 16_000_000
"""How far the write-ahead log grows before it is copied into the file, beside the writer."""
SURVEYS = 2
"""How many long reads run at once, each in a thread with a connection of its own."""


class SqliteStore(SqlStore):
    """The embedded store."""

    dialect = "sqlite"
    shared = False
    bad_data = (sqlite3.DataError, sqlite3.IntegrityError)
    blob = "BLOB"
    text = "TEXT"
    sa: Dialect = sqlite_dialect(paramstyle="qmark")

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last = -1
        self._version = -1
        self._wal = path.with_name(f"{path.name}-wal")
        self._copying: asyncio.Future[None] | None = None

    async def open(self, tables: Iterable[Table]) -> None:
        """Connect and make what is missing. Readers use a connection of their own; WAL lets them not wait."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._write, self._read, self._checkpoints = self._connect(), self._connect(), self._connect()
        self._read.execute("PRAGMA query_only = ON")
        self._surveys, self._surveying = ThreadPoolExecutor(SURVEYS, "survey"), threading.local()
        self._surveyed: list[sqlite3.Connection] = []
        await self.make(tables)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, cached_statements=512)
        for pragma in (*PRAGMAS, f"busy_timeout = {BUSY_MS}", "cache_size = -32000", "wal_autocheckpoint = 0"):
            db.execute(f"PRAGMA {pragma}").fetchall()
        mode, sync = db.execute("PRAGMA journal_mode").fetchone()[0], db.execute("PRAGMA synchronous").fetchone()[0]
        if mode != "wal" or sync < 2:
            db.close()
            raise BatonError("weak_store", 500, f"{str(self.path)!r} runs with journal_mode {mode!r} and synchronous {sync!r}. "
                             "Move it to a local disk that supports WAL; Baton does not start with less.")  # fmt: skip
        return db

    async def close(self) -> None:
        """Close every connection; the last one copies the write-ahead log into the file."""
        if self._copying is not None:
            await asyncio.wait([self._copying])
        await asyncio.to_thread(self._surveys.shutdown, cancel_futures=True)
        for db in (*self._surveyed, self._read, self._checkpoints, self._write):
            db.close()

    async def own(self, lanes: Iterable[int]) -> frozenset[int]:
        """All of them: a second process on one file is kept right by the cursors alone."""
        return frozenset(lanes)

    async def begin(self, lanes: Sequence[int]) -> None:
        """Begin; the file's one write lock covers every lane."""
        self._write.execute("BEGIN IMMEDIATE")
        self._owner = asyncio.current_task()

    async def commit(self) -> None:
        """Commit in a thread: it is the only sync the writer waits for."""
        self._owner = None
        await asyncio.to_thread(self._write.execute, "COMMIT")
        if (self._copying is None or self._copying.done()) and self._wal.stat().st_size > WAL_BYTES:
            self._copying = asyncio.get_running_loop().run_in_executor(None, self._copy)

    def _copy(self) -> None:
        try:
            self._checkpoints.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.Error:
            log.exception(
                "the write-ahead log could not be copied into the file; it is tried again after the next commit"
            )

    async def rollback(self) -> None:
        """Undo; what was reserved is read anew."""
        self._owner = None
        self._last = -1
        if self._write.in_transaction:
            self._write.execute("ROLLBACK")

    async def moved(self) -> bool:
        """Whether another connection wrote since the last look."""
        version: int = self._write.execute("PRAGMA data_version").fetchone()[0]
        same, self._version = version == self._version, version
        if not same:
            self._last = -1
        return not same

    async def reserve(self, count: int) -> list[int]:
        """Positions after the last: the write lock makes them growing in commit order."""
        if self._last < 0:
            self._last = self._write.execute("SELECT coalesce(max(position), 0) FROM entries").fetchone()[0]
        first = self._last + STEP
        self._last += STEP * count
        return list(range(first, self._last + 1, STEP))

    async def many(self, sql: str, rows: Sequence[Params]) -> int:
        """Run a write statement once a row."""
        return self._write.executemany(sql, rows).rowcount if rows != [()] else self._write.execute(sql).rowcount

    async def fetch(self, sql: str, params: Params = ()) -> list[tuple[object, ...]]:
        """Read in the open transaction where it is this task's, else what is committed."""
        return (self._write if self.mine else self._read).execute(sql, params).fetchall()

    async def read(self, sql: str, params: Params = ()) -> list[tuple[object, ...]]:
        """Read what is committed."""
        return self._read.execute(sql, params).fetchall()

    async def scan(self, sql: str, params: Params) -> list[tuple[object, ...]]:
        """Read what is committed in a thread: the loop goes on with turns, and so does the writer (WAL)."""
        return await asyncio.get_running_loop().run_in_executor(self._surveys, self._survey, sql, params)

    def _survey(self, sql: str, params: Params) -> list[tuple[object, ...]]:
        db: sqlite3.Connection | None = getattr(self._surveying, "db", None)
        if db is None:
            db = self._surveying.db = self._connect()
            db.execute("PRAGMA query_only = ON")
            db.execute("PRAGMA temp_store = MEMORY")
            self._surveyed.append(db)
        return db.execute(sql, params).fetchall()
