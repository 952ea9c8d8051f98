"""Files as they come: a file or a folder, plain or gzip, whole or cut off, in any of the usual encodings."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from baton.kernel.errors import BatonError

MAGIC_GZIP = b"\x1f\x8b"
LIMIT_BYTES = 4 << 30


class Opened(msgspec.Struct, frozen=True):
    """A file's text. `cut` where a gzip file ends early: what came before the cut is still read."""

    path: Path
    text: str
    cut: bool = False


def files(path: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """The files to read: `path` itself, or those in and below a folder with one of these suffixes (or that plus `.gz`).

    Raises:
        BatonError: where nothing is there to read.
    """
    if not path.exists():
        raise BatonError("no_such_file", 404, f"{str(path)!r} does not exist. Give a file or a folder that does.")
    if path.is_file():
        return [path]
    found = sorted(p for p in path.rglob("*") if p.is_file() and p.name.removesuffix(".gz").endswith(suffixes))
    if not found:
        raise BatonError(
            "nothing_to_read",
            422,
            f"{str(path)!r} holds no {' or '.join(suffixes)} file. Give the right folder or file.",
        )
    return found


def opened(path: Path) -> Opened:
    """The text of a file, as much of it as can be had."""
    if path.stat().st_size > LIMIT_BYTES:
        raise BatonError("too_large", 413, f"{str(path)!r} is larger than 4 GiB. Split it and import the parts.")
    raw = path.read_bytes()
    cut = False
    if raw.startswith(MAGIC_GZIP):
        raw, cut = _gunzipped(raw)
    return Opened(path, decoded(raw), cut)


def decoded(raw: bytes) -> str:
    """Text from bytes: by byte-order mark, as UTF-16 where every other byte is zero, as UTF-8, else as Latin-1."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    head = raw[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return raw.decode("utf-16-le", errors="replace")
    if head[0::2].count(0) > len(head) // 4:
        return raw.decode("utf-16-be", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        if wrong.reason == "unexpected end of data":
            return raw[: wrong.start].decode("utf-8-sig")
        return raw.decode("latin-1")


def lines(opened: Opened) -> Iterator[tuple[int, str]]:
    """Lines with something on them, numbered from 1."""
    for number, line in enumerate(opened.text.split("\n"), 1):
        told = line.strip("\r \t")
        if told:
            yield number, told


def _gunzipped(raw: bytes) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    rest = raw
    while rest.startswith(MAGIC_GZIP):
        reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            parts.append(reader.decompress(rest))
        except zlib.error:
            return b"".join(parts), True
        if not reader.eof:
            return b"".join(parts), True
        rest = reader.unused_data.lstrip(b"\0")
    return b"".join(parts), False
