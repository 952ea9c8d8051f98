"""Heads: the key that signs them, and heads made and read."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from baton.engines.audit.verify import head_bytes, head_hash, key_name, signed
from baton.kernel.errors import BatonError

SEED_BYTES: Final = 32
WITNESS: Final = "baton audit witness 1"


class Head(msgspec.Struct, frozen=True):
    """A signed tree head: the log had `size` inputs sealed with this `root` at `at_ms`; `previous` is the hash of the head before."""

    log: str
    size: int
    root: str
    at_ms: int
    previous: str
    signer: str
    signature: str = ""

    def hash(self) -> str:
        """What the next head names."""
        return head_hash(msgspec.structs.asdict(self))

    def signed_by(self, key: bytes) -> bool:
        """Whether this raw public key signed it."""
        return signed(msgspec.structs.asdict(self), [key])


class Signing:
    """An Ed25519 key: signs heads, and heads of others that it has seen."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()
        self.name = key_name(self.public)

    def head(self, log: str, size: int, root: bytes, at_ms: int, before: Head | None) -> Head:
        """A signed head; without a log's name, the key gives it one."""
        bare = Head(log or self.name, size, root.hex(), at_ms, before.hash() if before else "", self.name)
        signature = self._key.sign(head_bytes(msgspec.structs.asdict(bare)))
        return msgspec.structs.replace(bare, signature=signature.hex())

    def receipt(self, head: Head, at_ms: int) -> "Receipt":
        """A counter-signature: this key has seen `head` at `at_ms`, and it continued what it had seen before."""
        bare = Receipt(head.hash(), at_ms, self.public.hex())
        return msgspec.structs.replace(bare, signature=self._key.sign(bare.told()).hex())


class Receipt(msgspec.Struct, frozen=True):
    """A witness's word on a head: which (`head`, its hash), when, with which public key."""

    head: str
    at_ms: int
    public: str
    signature: str = ""

    def told(self) -> bytes:
        """What is signed."""
        return f"{WITNESS}\n{self.head}\n{self.at_ms}\n{self.public}".encode()

    def holds(self) -> bool:
        """Whether it was signed with the key it names."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public))
            key.verify(bytes.fromhex(self.signature), self.told())
        except (InvalidSignature, ValueError):
            return False
        return True


def _made_at(path: Path) -> None:
    """A new key; where another process was first, its key stays."""
    with suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(handle, os.urandom(SEED_BYTES).hex().encode())
        os.close(handle)


def signing_of(home: Path, given: str | None) -> Signing:
    """The organisation's audit key: as given (32 bytes as hex), or made once in the home folder, readable by its owner alone.

    Its public half is written beside it, as `audit.pub`.
    """
    home.mkdir(parents=True, exist_ok=True)
    path = home / "audit.key"
    if not given and not path.exists():
        _made_at(path)
    try:
        made = Signing(bytes.fromhex(given or path.read_text()))
    except ValueError as error:
        raise BatonError("bad_audit_key", 500, f"The audit key is not 32 bytes as hex: {error}. Restore audit.key, or set BATON_AUDIT_KEY.") from error  # fmt: skip
    public = home / "audit.pub"
    known = public.read_text().split() if public.exists() else []
    if made.public.hex() not in known:
        public.write_text("\n".join([*known, made.public.hex()]) + "\n")
    return made
