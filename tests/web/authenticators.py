"""A passkey of a test's own: a software authenticator that does what it is told, right or wrong."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

UP, UV, AT = 0x01, 0x04, 0x40
ORIGIN = "http://localhost:8000"


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One credential; what it says of origin, site, user and counter can be spoiled."""

    origin: str = ORIGIN
    rp_id: str = "localhost"
    flags: int = UP | UV
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = b"credential-of-a-test"
    handle: bytes = b""
    spoil: dict[str, object] = field(default_factory=dict)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False, **self.spoil}
        return json.dumps(said).encode()

    def _data(self, more: bytes = b"", flags: int = 0) -> bytes:
        return sha256(self.rp_id.encode()).digest() + bytes([self.flags | flags]) + self.count.to_bytes(4, "big") + more

    def make(self, options: dict) -> dict:
        """Answer the options of a registration."""
        self.handle = unb64(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        data = self._data(bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose, AT)
        client = self._client("webauthn.create", options["challenge"])
        response = {
            "clientDataJSON": b64(client), "attestationObject": b64(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }  # fmt: skip
        return {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}

    def answer(self, options: dict) -> dict:
        """Answer the options of a sign-in."""
        self.count += 1
        client, data = self._client("webauthn.get", options["challenge"]), self._data()
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(self.handle),
        }  # fmt: skip
        return {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
