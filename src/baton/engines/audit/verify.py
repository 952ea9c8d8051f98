"""Verify: whether a log is what its signed tree heads say it was. Stands alone: `python verify.py PATH`.

The log is a Merkle tree (RFC 9162): a leaf is one input and all it caused, as stored (ciphertext). A head is the tree's
root at a size, signed with Ed25519. Whoever keeps heads and key apart from the database detects whatever its owner does.
"""

import argparse
import base64
import json
import sqlite3
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

STEP: Final = 256
LANES: Final = 64
TILES: Final = frozenset((8, 16, 24, 32, 40))
"""Levels of the tree whose full nodes are kept, so that a proof reads a few hundred hashes and not the whole log."""
HEAD: Final = b"baton audit head 1\n"
FIELDS: Final = ("log", "size", "root", "at_ms", "previous", "signer")
SHAPE: Final = struct.Struct(">B5q6i").pack
LEAVES: Final = """SELECT l.seq, l.position, l.hash, e.position, e.lane, e.stream, e.once, e.by, e.cause, e.at_ms,
    e.happened_at_ms, e.body, c.ordinal, c.body, c.lane, c.stream
    FROM audit_leaves l LEFT JOIN entries e ON e.position = l.position LEFT JOIN caused c ON c.position = l.position
    ORDER BY l.seq"""
HEADS: Final = "SELECT log, size, root, at_ms, previous, signer, signature FROM audit_heads ORDER BY size"
LONE: Final = "SELECT c.position FROM caused c LEFT JOIN entries e ON e.position = c.position WHERE e.position IS NULL"
Head = Mapping[str, object]
Row = Sequence[Any]


def leaf_bytes(
    position: int, lane: int, stream: str, once: str | None, by: str, cause: str, at_ms: int, happened_at_ms: int,
    body: bytes, ordinal: int, caused: bytes | None,
) -> bytes:  # fmt: skip
    """One input and what it caused, in one way only: a version, five integers and six lengths (-1: nothing), then the parts."""
    parts = (stream.encode(), None if once is None else once.encode(), by.encode(), cause.encode(), body, caused)
    lengths = [-1 if part is None else len(part) for part in parts]
    return SHAPE(1, position, lane, at_ms, happened_at_ms, ordinal, *lengths) + b"".join(part or b"" for part in parts)


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (RFC 9162, 2.1.1)."""
    return sha256(b"\0" + data).digest()


def inner(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two (RFC 9162, 2.1.1)."""
    return sha256(b"\1" + left + right).digest()


class Frontier:
    """A tree that only grows: the roots of its full subtrees, the largest first. `full` are nodes of `TILES` made so far."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size, self.peaks = size, list(peaks)
        self.full: list[tuple[int, int, bytes]] = []

    def append(self, node: bytes) -> None:
        """Grow by one leaf."""
        n, level = self.size, 0
        self.size += 1
        while n & 1:
            node = inner(self.peaks.pop(), node)
            n >>= 1
            level += 1
            if level in TILES:
                self.full.append((level, n, node))
        self.peaks.append(node)

    def root(self) -> bytes:
        """The hash of the whole tree."""
        return folded(self.peaks)


def folded(peaks: Sequence[bytes]) -> bytes:
    """The root over full subtrees, the largest first."""
    if not peaks:
        return sha256(b"").digest()
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = inner(peak, node)
    return node


def head_bytes(head: Head) -> bytes:
    """What a head's signature is over: its fields, one a line."""
    return HEAD + "\n".join(str(head[name]) for name in FIELDS).encode()


def head_hash(head: Head) -> str:
    """The hash that the next head names as `previous`."""
    return sha256(head_bytes(head)).hexdigest()


def key_name(key: bytes) -> str:
    """A short name of a public key: the beginning of its hash."""
    return sha256(key).hexdigest()[:16]


def signed(head: Head, keys: Iterable[bytes]) -> bool:
    """Whether one of `keys` (raw Ed25519) signed this head."""
    try:
        for key in keys:
            if key_name(key) == head["signer"]:
                Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(str(head["signature"])), head_bytes(head))
                return True
    except (InvalidSignature, KeyError, ValueError):
        return False
    return False


@dataclass
class Found:
    """What was found so far: `bad` is the first thing that is wrong, by sequence."""

    entries: int = 0
    unsealed: int = 0
    bad: dict[str, object] | None = None
    newest: dict[int, int] = field(default_factory=dict)
    sealed: dict[int, int] = field(default_factory=dict)

    def wrong(self, sequence: int | None, position: int | None, what: str) -> None:
        """Keep the first that is wrong."""
        if self.bad is None:
            self.bad = {"sequence": sequence, "position": position, "what": what}


class File:
    """A log in an SQLite file, as one reader sees it at one moment."""

    def __init__(self, path: Path) -> None:
        where = path.resolve().as_uri()
        self._db = sqlite3.connect(f"{where}?mode=ro", uri=True, isolation_level=None)
        try:
            self._db.execute("BEGIN")
            self._db.execute(HEADS).fetchone()
        except sqlite3.OperationalError:
            self._db.close()
            self._db = sqlite3.connect(f"{where}?immutable=1", uri=True, isolation_level=None)
        self._db.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        kept = path.with_name("audit.pub")
        self.keys = kept.read_text().split() if kept.exists() else []

    def heads(self) -> list[Head]:
        """The log's own heads."""
        return [dict(zip((*FIELDS, "signature"), row, strict=True)) for row in self._db.execute(HEADS)]

    def leaves(self) -> Iterator[Row]:
        """What was sealed, in order, beside what is stored of it."""
        return iter(self._db.execute(LEAVES))

    def others(self, found: Found) -> None:
        """What stands in the log and was not sealed: it may only be newer than what was."""
        count = dict.fromkeys(found.newest, 0)
        for position, lane, stream in self._db.execute("SELECT position, lane, stream FROM entries NOT INDEXED"):
            if position <= found.newest.get(lane, 0):
                count[lane] += 1
            elif position % STEP or lane != crc32(str(stream).encode("utf-8", "surrogateescape")) % LANES:
                found.wrong(
                    None, position, "an entry that Baton did not write: its position or lane is not one it gives"
                )
            else:
                found.unsealed += 1
        for lane in sorted(count):
            if count[lane] > found.sealed[lane]:
                found.wrong(
                    None,
                    None,
                    f"{count[lane] - found.sealed[lane]} entries were put among those of lane {lane} that were sealed",
                )
        for (position,) in self._db.execute(LONE):
            found.wrong(None, position, "something was caused by an entry that is not there")

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class Export:
    """A folder that `baton audit export` wrote."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        kept = folder / "audit.pub"
        self.keys = kept.read_text().split() if kept.exists() else []

    def heads(self) -> list[Head]:
        """The log's own heads."""
        return heads_of(self._folder / "heads.jsonl")

    def leaves(self) -> Iterator[Row]:
        """What was sealed, in order."""
        with (self._folder / "leaves.jsonl").open() as lines:
            for line in lines:
                row = json.loads(line)
                caused = None if row[12] is None else base64.b64decode(row[12])
                yield (*row[:3], row[1], *row[3:10], base64.b64decode(row[10]), row[11], caused, *row[3:5])

    def others(self, found: Found) -> None:
        """An export holds nothing else."""

    def close(self) -> None:
        """Nothing is open."""


def heads_of(path: Path) -> list[Head]:
    """Heads from a published file (one JSON object a line), or from what a witness lists (`{"heads": […]}`)."""
    text = path.read_text().strip()
    whole: object = json.loads(text) if text and "\n" not in text else None
    listed = whole.get("heads") if isinstance(whole, dict) else None
    told = listed if isinstance(listed, list) else [json.loads(line) for line in text.splitlines()]
    return [head.get("head", head) for head in told]


def verify(path: Path, heads: Path | None = None, key: Path | None = None) -> dict[str, object]:
    """The figures: `entries` sealed, `ok`, `first_bad` (sequence, position, what), `unsealed` yet, and what it rests on."""
    found, published = Found(), heads_of(heads) if heads else []
    with closing(_source(path)) as source:
        own = source.heads()
        keys = [bytes.fromhex(word) for word in (key.read_text().split() if key else source.keys)]
        tops = _tops(found, own, published, keys)
        _walk(found, source.leaves(), tops)
        source.others(found)
    if not tops:
        found.wrong(None, None, "nothing was signed yet: run `baton audit seal`, or start Baton")
    rests = "heads kept apart" if heads and key else "published heads, and the key beside the log" if heads else (
        "the log's own heads: a rebuild by its owner shows only against heads published elsewhere (--heads, --key)")  # fmt: skip
    return {
        "entries": found.entries, "ok": found.bad is None, "first_bad": found.bad, "unsealed": found.unsealed,
        "heads": len(own), "published": len(published), "rests_on": rests,
    }  # fmt: skip


def _source(path: Path) -> File | Export:
    if path.is_dir() and (path / "leaves.jsonl").exists():
        return Export(path)
    file = path / "log.db" if path.is_dir() else path
    if not file.is_file():
        raise FileNotFoundError(f"No log at {str(path)!r}. Name a home folder, its log.db, or a folder that `baton audit export` wrote.")  # fmt: skip
    return File(file)


def _tops(found: Found, own: list[Head], published: list[Head], keys: list[bytes]) -> dict[int, tuple[str, str]]:
    """(root, whose) by size; says what is wrong with the heads themselves."""
    tops: dict[int, tuple[str, str]] = {}
    log, before = (str(own[0]["log"]) if own else ""), ""
    for whose, heads in (("published", published), ("own", own)):
        for head in heads:
            size, root = int(str(head["size"])), str(head["root"])
            if not signed(head, keys):
                found.wrong(size, None, f"the {whose} head of size {size} is not signed with the key")
            if str(head["log"]) != log:
                found.wrong(
                    size, None, f"the {whose} head of size {size} is of another log, or the log has no head of its own"
                )
            if tops.setdefault(size, (root, whose))[0] != root:
                found.wrong(size, None, f"two heads of size {size} have different roots: the log was rebuilt")
            if whose == "own":
                if str(head["previous"]) != before:
                    found.wrong(size, None, f"the head before that of size {size} was taken away or changed")
                before = head_hash(head)
    return tops


def _walk(found: Found, leaves: Iterator[Row], tops: Mapping[int, tuple[str, str]]) -> None:
    tree, good = Frontier(), 0
    for row in leaves:
        leaf = _leaf(found, tree.size, row)
        tree.append(leaf)
        top = tops.get(tree.size)
        if top is None:
            continue
        if tree.root().hex() == top[0]:
            good = tree.size
        else:
            found.wrong(
                good,
                None,
                f"from sequence {good} to {tree.size - 1} the log is not what its {top[1]} head was signed over",
            )
    found.entries = tree.size
    for size in sorted(tops):
        if size > tree.size:
            found.wrong(
                tree.size,
                None,
                f"the log ends after {tree.size} entries; its {tops[size][1]} head was signed over {size}",
            )


def _leaf(found: Found, sequence: int, row: Row) -> bytes:
    """The hash of what is stored at this place of the sequence."""
    seq, position, kept = row[:3]
    if seq != sequence:
        found.wrong(sequence, None, f"sequence {sequence} is missing")
    if row[3] is None:
        found.wrong(sequence, position, "the entry was deleted")
        return b""
    if row[13] is not None and (row[14], row[15]) != (row[4], row[5]):
        found.wrong(sequence, position, "what it caused stands on another stream or lane")
    try:
        leaf = leaf_hash(leaf_bytes(*(*row[3:12], row[12] or 0, row[13])))
    except (struct.error, AttributeError, TypeError, UnicodeEncodeError):
        found.wrong(sequence, position, "it holds what Baton cannot have written")
        return b""
    if leaf.hex() != kept:
        found.wrong(sequence, position, "it is not what was sealed: edited, moved or exchanged")
    lane = row[4]
    found.newest[lane] = max(position, found.newest.get(lane, 0))
    found.sealed[lane] = found.sealed.get(lane, 0) + 1
    return leaf


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures as one JSON object; 0 when it ran, whatever they say."""
    asked = argparse.ArgumentParser(description="Verify a Baton log against its signed tree heads.")
    asked.add_argument("path", type=Path, help="a home folder, its log.db, or an export")
    asked.add_argument("--heads", type=Path, help="heads published elsewhere, or listed by a witness")
    asked.add_argument("--key", type=Path, help="the public key, kept elsewhere")
    given = asked.parse_args(argv)
    try:
        figures = verify(given.path, given.heads, given.key)
    except (OSError, ValueError, sqlite3.Error) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps({"name": "audit verify", "figures": figures}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
