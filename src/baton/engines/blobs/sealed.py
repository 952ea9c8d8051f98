"""Sealed blobs: files that hold what people wrote, under the key of a stream of their own.

nonce || AES-256-GCM(key of the stream, body), bound to the name. Where the key was forgotten, the file is as good as gone.
"""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from baton.kernel.ports import Blobs, Keys

NONCE_BYTES: Final = 12


class SealedBlobs:
    """Blobs of one stream each: `stream` names the key, `name` the file."""

    def __init__(self, blobs: Blobs, keys: Keys) -> None:
        self._blobs, self._keys = blobs, keys

    async def put(self, stream: str, name: str, body: bytes) -> None:
        """Keep `body`, sealed; the stream's key is made where it has none."""
        self._keys.make([stream])
        key = self._keys.of(stream)
        if key is None:
            raise KeyError(f"Stream {stream!r} has no key: the key store is not the one of this log.")
        nonce = os.urandom(NONCE_BYTES)
        await self._blobs.put(name, nonce + AESGCM(key).encrypt(nonce, body, name.encode()))

    async def get(self, stream: str, name: str) -> bytes | None:
        """The body, or None where there is none or its key was forgotten."""
        return opened(await self._blobs.get(name), self._keys.of(stream), name)


def opened(sealed: bytes | None, key: bytes | None, name: str) -> bytes | None:
    """What a sealed file says."""
    if sealed is None or key is None:
        return None
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
    except InvalidTag:
        return None
