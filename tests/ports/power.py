"""Power cuts: SQLite over a disk that forgets a random half of what was written and not yet synced.

A kill -9 proves nothing about durability: the operating system keeps what a dead process wrote. Here every write is
remembered with what it wrote over until its file is synced; at the cut, a copy of the files is made in which each
remembered write happened or did not.
"""

import random
from collections.abc import Sequence
from pathlib import Path

import apsw

from baton.stores.sqlite import SqliteStore

Written = tuple[int, bytes]


class Disk(apsw.VFS):
    """A file system that cuts the power at its `cut_at`-th write or sync."""

    def __init__(self, name: str, into: Path, seed: int, cut_at: int) -> None:
        super().__init__(name, "")
        self.vfs_name = name
        self._into, self._chance, self._cut_at = into, random.Random(seed), cut_at
        self.unsynced: dict[str, list[Written]] = {}
        self.calls = 0
        self.accepted: list[str] = []
        self.accepted_at_cut: list[str] | None = None

    def xOpen(self, name, flags):  # noqa: N802 - SQLite's name
        return DiskFile(self, name, flags)

    def count(self) -> None:
        """One more call; perhaps the last before the cut."""
        self.calls += 1
        if self.calls == self._cut_at:
            self.accepted_at_cut = list(self.accepted)
            for path, written in self.unsynced.items():
                if Path(path).exists():
                    self._survive(Path(path), written)

    def _survive(self, path: Path, written: list[Written]) -> None:
        content = bytearray(path.read_bytes())
        for offset, before in reversed(written):
            if self._chance.random() < 0.5:
                content[offset : offset + len(before)] = before
        (self._into / path.name).write_bytes(content)


class DiskFile(apsw.VFSFile):
    """A file of that disk."""

    def __init__(self, disk: Disk, name, flags) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        disk.unsynced.setdefault(self._path, [])

    def xWrite(self, data, offset):  # noqa: N802 - SQLite's name
        self._disk.count()
        size = self.xFileSize()
        before = self.xRead(min(len(data), max(0, size - offset)), offset) if offset < size else b""
        self._disk.unsynced[self._path].append((offset, before.ljust(len(data), b"\0")))
        return super().xWrite(data, offset)

    def xSync(self, flags):  # noqa: N802 - SQLite's name
        self._disk.count()
        done = super().xSync(flags)
        self._disk.unsynced[self._path].clear()
        return done


class Connection:
    """An apsw connection that answers as the standard library's does."""

    def __init__(self, path: Path, vfs: str) -> None:
        self._db = apsw.Connection(str(path), vfs=vfs)

    @property
    def in_transaction(self) -> bool:
        return self._db.in_transaction

    def execute(self, sql: str, params: Sequence[object] = ()) -> "Answer":
        return Answer(list(self._db.execute(sql, tuple(params))), self._db.changes())

    def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> "Answer":
        before = self._db.total_changes()
        self._db.executemany(sql, [tuple(row) for row in rows])
        return Answer([], self._db.total_changes() - before)

    def close(self) -> None:
        self._db.close()


class Answer:
    """What a statement gave: its rows, and how many it changed."""

    def __init__(self, rows: list[tuple[object, ...]], rowcount: int) -> None:
        self._rows, self.rowcount = rows, rowcount

    def fetchall(self) -> list[tuple[object, ...]]:
        return self._rows

    def fetchone(self) -> tuple[object, ...] | None:
        return self._rows[0] if self._rows else None


class PoweredStore(SqliteStore):
    """The SQLite store on such a disk, as durable as `synchronous` says."""

    def __init__(self, path: Path, vfs: str, synchronous: str = "FULL") -> None:
        super().__init__(path)
        self._vfs, self._synchronous = vfs, synchronous

    def _connect(self):
        db = Connection(self.path, self._vfs)
        for pragma in ("journal_mode = WAL", f"synchronous = {self._synchronous}", "wal_autocheckpoint = 20"):
            db.execute(f"PRAGMA {pragma}").fetchall()
        return db
