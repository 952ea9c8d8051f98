"""The forgotten list: which keys were destroyed, beside the key store and apart from it, so that an older copy of the keys brings nobody back.

A line is `<stream or owner> TAB <fingerprint of the key>`: nothing in it is secret or personal. The store keeps how far it has read it;
a restored one is behind, and destroys the rest before it opens anything.
"""

import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

Destroyed = tuple[str, str]
"""A stream or an owner, and the fingerprint of the key it had."""


def fingerprint(key: bytes) -> str:
    """128 bits of SHA-256 of a random key: tells it from any other, and gives nothing of it away."""
    return sha256(key).hexdigest()[:32]


class ForgottenList:
    """The file. It only grows."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, destroyed: Iterable[Destroyed]) -> int:
        """Write down what is about to be destroyed; on disk when it returns. The length of the file, in bytes."""
        lines = "".join(f"{name}\t{print_}\n" for name, print_ in destroyed).encode()
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, lines)
            os.fsync(handle)
            return os.fstat(handle).st_size
        finally:
            os.close(handle)

    def after(self, at: int) -> tuple[list[Destroyed], int]:
        """What was written after byte `at`, and the length of the file. A file shorter than that was changed: all of it counts."""
        if not self._path.exists():
            return [], 0
        raw = self._path.read_bytes()
        lines = raw[at if at <= len(raw) else 0 :].decode().splitlines()
        return [(name, print_) for name, _, print_ in (line.partition("\t") for line in lines)], len(raw)
