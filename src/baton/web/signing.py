"""Signing: tokens that carry their own proof. Only this organisation's secret can make or check them."""

import hmac
import os
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

SECRET_BYTES = 32


def secret_of(home: Path, given: str | None) -> bytes:
    """The organisation's web secret: as given, or made once beside the embedded store, readable by its owner alone."""
    if given:
        return sha256(given.encode()).digest()
    path = home / "web.secret"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(handle, os.urandom(SECRET_BYTES))
        os.close(handle)
    return path.read_bytes()


class Signer:
    """Signs under one secret; each use has a `purpose`, so that no token passes for another kind."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sign(self, purpose: str, value: str) -> str:
        """HMAC-SHA-256 of the value for this purpose, 192 bits, URL-safe."""
        raw = hmac.digest(self._secret, f"{purpose}\0{value}".encode("utf-8", "surrogatepass"), "sha256")
        return urlsafe_b64encode(raw[:24]).decode()

    def seed(self, purpose: str) -> bytes:
        """256 bits that only this secret gives for this purpose: what a signing key is made of."""
        return hmac.digest(self._secret, f"seed\0{purpose}".encode(), "sha256")

    def fits(self, purpose: str, value: str, signature: str) -> bool:
        """Whether `signature` is this value's, compared in constant time."""
        return hmac.compare_digest(self.sign(purpose, value).encode(), signature.encode("utf-8", "surrogatepass"))

    def token(self, purpose: str, value: str, salt: str) -> str:
        """A token bound to `value`: the salt and the signature over both."""
        return f"{salt}.{self.sign(purpose, f'{value}.{salt}')}"

    def opens(self, purpose: str, value: str, token: str) -> bool:
        """Whether `token` was made for `value`."""
        salt, _, signature = token.partition(".")
        return self.fits(purpose, f"{value}.{salt}", signature)
