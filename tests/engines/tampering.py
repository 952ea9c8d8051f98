"""What somebody who owns the database may do to it: from one changed byte to everything made anew with valid hashes of their own."""

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec

from baton.engines.audit.heads import Head, Signing
from baton.engines.audit.verify import Frontier, leaf_bytes, leaf_hash
from tests.engines.audited import SIGNING

Tamper = Callable[[sqlite3.Connection, random.Random, Path], None]
ROWS = """SELECT e.position, e.lane, e.stream, e.once, e.by, e.cause, e.at_ms, e.happened_at_ms, e.body,
    coalesce(c.ordinal, 0), c.body FROM entries e LEFT JOIN caused c ON c.position = e.position"""


def copied(published: Path, to: Path) -> Path:
    """The home folder and what was published, copied; the copy is at `to`."""
    shutil.copytree(published.parent, to.parent, dirs_exist_ok=True)
    return to


def one_of(db: sqlite3.Connection, chance: random.Random) -> int:
    """A position that was sealed."""
    found: int = chance.choice(db.execute("SELECT position FROM audit_leaves").fetchall())[0]
    return found


def patched(db: sqlite3.Connection, position: int) -> None:
    """The kept hash of an entry made to fit what is stored now."""
    row = db.execute(f"{ROWS} WHERE e.position = ?", (position,)).fetchone()
    db.execute("UPDATE audit_leaves SET hash = ? WHERE position = ?", (leaf_hash(leaf_bytes(*row)).hex(), position))


def maybe_patched(db: sqlite3.Connection, chance: random.Random, *positions: int) -> None:
    """Half of those who tamper know of the kept hashes."""
    for position in positions if chance.random() < 0.5 else ():
        patched(db, position)


def renumbered(db: sqlite3.Connection) -> None:
    """The sequence made dense again after something was taken out or put in."""
    rows = db.execute("SELECT position, hash FROM audit_leaves ORDER BY seq, position").fetchall()
    db.execute("DELETE FROM audit_leaves")
    db.executemany(
        "INSERT INTO audit_leaves (seq, position, hash) VALUES (?, ?, ?)", [(n, *row) for n, row in enumerate(rows)]
    )


def edit(db: sqlite3.Connection, chance: random.Random, home: Path) -> None:
    """One byte of what somebody said, or of what was decided; or who said it, or to whom."""
    at, what = one_of(db, chance), chance.choice(("entries", "caused", "by", "once", "cause", "stream", "ordinal"))
    if what in ("entries", "caused"):
        body = bytearray(db.execute(f"SELECT body FROM {what} WHERE position = ?", (at,)).fetchone()[0])
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        db.execute(f"UPDATE {what} SET body = ? WHERE position = ?", (bytes(body), at))
    elif what == "ordinal":
        db.execute("UPDATE caused SET ordinal = ordinal + 1 WHERE position = ?", (at,))
    else:
        db.execute(f"UPDATE entries SET {what} = ? WHERE position = ?", (f"other-{chance.random()}", at))
    maybe_patched(db, chance, at)


def delete(db: sqlite3.Connection, chance: random.Random, home: Path) -> None:
    """An entry, with or without what it caused; what it caused alone; half the time its place in the sequence too."""
    at, what = one_of(db, chance), chance.choice((("entries",), ("caused",), ("entries", "caused")))
    for table in what:
        db.execute(f"DELETE FROM {table} WHERE position = ?", (at,))
    if "entries" in what and chance.random() < 0.5:
        db.execute("DELETE FROM audit_leaves WHERE position = ?", (at,))
        renumbered(db)


def insert(db: sqlite3.Connection, chance: random.Random, home: Path) -> None:
    """An entry among others, half the time with a place of its own in the sequence."""
    at = one_of(db, chance)
    row = list(db.execute("SELECT * FROM entries WHERE position = ?", (at,)).fetchone())
    row[0], row[3] = at + chance.randrange(1, 256), f"forged-{chance.random()}"
    db.execute(f"INSERT INTO entries VALUES ({','.join('?' * len(row))})", row)
    if chance.random() < 0.5:
        seq = db.execute("SELECT seq FROM audit_leaves WHERE position = ?", (at,)).fetchone()[0]
        db.execute("UPDATE audit_leaves SET seq = -seq - 2 WHERE seq > ?", (seq,))
        db.execute("UPDATE audit_leaves SET seq = -seq - 1 WHERE seq < 0")
        db.execute("INSERT INTO audit_leaves (seq, position, hash) VALUES (?, ?, '')", (seq + 1, row[0]))
        patched(db, row[0])


def reorder(db: sqlite3.Connection, chance: random.Random, home: Path) -> None:
    """Two entries change places: what they hold, or where they stand in the sequence."""
    one, other = one_of(db, chance), one_of(db, chance)
    while other == one:
        other = one_of(db, chance)
    if chance.random() < 0.5:
        bodies = [db.execute("SELECT body FROM entries WHERE position = ?", (at,)).fetchone()[0] for at in (one, other)]
        for at, body in zip((other, one), bodies, strict=True):
            db.execute("UPDATE entries SET body = ? WHERE position = ?", (body, at))
        maybe_patched(db, chance, one, other)
    else:
        seqs = [
            db.execute("SELECT seq FROM audit_leaves WHERE position = ?", (at,)).fetchone()[0] for at in (one, other)
        ]
        db.execute("UPDATE audit_leaves SET seq = -1 WHERE position = ?", (one,))
        db.execute("UPDATE audit_leaves SET seq = ? WHERE position = ?", (seqs[0], other))
        db.execute("UPDATE audit_leaves SET seq = ? WHERE position = ?", (seqs[1], one))


def lanes(db: sqlite3.Connection, chance: random.Random, home: Path) -> None:
    """An entry is put on another lane, alone or with what it caused."""
    at = one_of(db, chance)
    for table in ("entries", "caused") if chance.random() < 0.5 else ("entries",):
        db.execute(f"UPDATE {table} SET lane = (lane + ?) % 64 WHERE position = ?", (chance.randrange(1, 64), at))
    maybe_patched(db, chance, at)


def times(db: sqlite3.Connection, chance: random.Random, home: Path) -> None:
    """Something happened, or was learned, at another time."""
    at, what = one_of(db, chance), chance.choice(("at_ms", "happened_at_ms"))
    by = chance.choice((-1, 1)) * chance.randrange(1, 86_400_000)
    db.execute(f"UPDATE entries SET {what} = {what} + ? WHERE position = ?", (by, at))
    maybe_patched(db, chance, at)


def truncate(db: sqlite3.Connection, chance: random.Random, home: Path) -> None:
    """The newest entries go, and everything that tells of them in the database."""
    size = db.execute("SELECT count(*) FROM audit_leaves").fetchone()[0]
    left = chance.randrange(1, size)
    gone = "SELECT position FROM audit_leaves WHERE seq >= ?"
    for table in ("entries", "caused"):
        db.execute(f"DELETE FROM {table} WHERE position IN ({gone})", (left,))
    db.execute("DELETE FROM audit_leaves WHERE seq >= ?", (left,))
    db.execute("DELETE FROM audit_heads WHERE size > ?", (left,))
    if chance.random() < 0.7:
        resigned(db, SIGNING, [left])


def rebuild(db: sqlite3.Connection, chance: random.Random, home: Path) -> None:
    """History is made anew, with valid hashes and heads, signed with the log's own key or with another."""
    edit(db, chance, home)
    sizes = [row[0] for row in db.execute("SELECT size FROM audit_heads ORDER BY size")]
    db.execute("DELETE FROM audit_heads")
    for position in [row[0] for row in db.execute("SELECT position FROM audit_leaves")]:
        if db.execute("SELECT 1 FROM entries WHERE position = ?", (position,)).fetchone():
            patched(db, position)
    resigned(db, SIGNING if chance.random() < 0.5 else Signing(chance.randbytes(32)), sizes)


def roll_back(db: sqlite3.Connection, chance: random.Random, home: Path) -> None:
    """The database and the published file go back together to an earlier day; only a witness has seen more."""
    heads = [row[0] for row in db.execute("SELECT size FROM audit_heads ORDER BY size")]
    left = chance.choice(heads[:-1])
    gone = "SELECT position FROM audit_leaves WHERE seq >= ?"
    for table in ("entries", "caused"):
        db.execute(f"DELETE FROM {table} WHERE position IN ({gone})", (left,))
    db.execute("DELETE FROM audit_leaves WHERE seq >= ?", (left,))
    db.execute("DELETE FROM audit_heads WHERE size > ?", (left,))
    file = home.parent / "elsewhere" / "heads.jsonl"
    lines = file.read_text().splitlines()
    (home.parent / "witness.json").write_text(json.dumps({"heads": [json.loads(lines[-1])]}))
    file.write_text("".join(line + "\n" for line in lines if json.loads(line)["size"] <= left))


def resigned(db: sqlite3.Connection, signing: Signing, sizes: list[int]) -> None:
    """Heads of these sizes over what the kept hashes say, each naming the one before."""
    tree, before = Frontier(), _last(db)
    for (kept,) in db.execute("SELECT hash FROM audit_leaves ORDER BY seq").fetchall():
        tree.append(bytes.fromhex(kept))
        if tree.size in sizes and (before is None or before.size < tree.size):
            before = signing.head(SIGNING.name, tree.size, tree.root(), 1_800_000_000_000 + tree.size, before)
            cells = msgspec.structs.asdict(before)
            marks = ", ".join("?" * len(cells))
            db.execute(f"INSERT INTO audit_heads ({', '.join(cells)}) VALUES ({marks})", tuple(cells.values()))


def _last(db: sqlite3.Connection) -> Head | None:
    names = Head.__struct_fields__
    row = db.execute(f"SELECT {', '.join(names)} FROM audit_heads ORDER BY size DESC LIMIT 1").fetchone()
    return Head(*row) if row else None


TAMPERS: tuple[Tamper, ...] = (edit, delete, insert, reorder, lanes, times, truncate, rebuild, roll_back)


def tampered(home: Path, tamper: Tamper, seed: int) -> Path:
    """Do it to the copy at `home`; the published heads an auditor has to go by."""
    with closing(sqlite3.connect(home / "log.db")) as db:
        tamper(db, random.Random(seed), home)
        db.commit()
    witness = home.parent / "witness.json"
    return witness if witness.exists() else home.parent / "elsewhere" / "heads.jsonl"
