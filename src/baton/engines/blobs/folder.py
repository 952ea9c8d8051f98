"""Blobs in a folder."""

import asyncio
import os
from hashlib import blake2b
from pathlib import Path


class FolderBlobs:
    """One file a name. Names are hashed into paths, so that no name can leave the folder or meet another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, name: str, body: bytes) -> None:
        """Keep `body` under `name`; on disk when it returns, and never half of it."""
        await asyncio.to_thread(self._put, self.path(name), body)

    async def get(self, name: str) -> bytes | None:
        """The bytes kept under `name`, or None."""
        return await asyncio.to_thread(self.read, name)

    def read(self, name: str) -> bytes | None:
        """The same at once, for who cannot wait: a turn that is judged by a head not read yet."""
        return _read(self.path(name))

    def path(self, name: str) -> Path:
        """Where `name` lies, or would."""
        key = blake2b(name.encode(), digest_size=20).hexdigest()
        return self._folder / key[:2] / key

    def _put(self, path: Path, body: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.{id(body)}.part")
        with part.open("wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        _sync(path.parent)
        _sync(self._folder)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
