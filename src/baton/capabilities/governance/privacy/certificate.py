"""Certificate: the proof that a person was forgotten, made from what the log says of it, signed so that anybody can check it.

JSON with sorted keys and no spaces, and an Ed25519 signature over it. Nothing in it names the person: it is given to them, and to an auditor.
"""

import base64
from datetime import UTC, datetime
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select

from baton.capabilities.governance.privacy.governance import CustomerErased
from baton.capabilities.governance.tables import TAKEN
from baton.kernel.conversation import Entry
from baton.web.app import App

KIND: Final = "baton-erasure-certificate-1"
PURPOSE: Final = "erasure certificate"
GROUNDS: Final = {
    "asked": "the person asked (GDPR, Article 17(1)(b) or (c))",
    "consent_withdrawn": "the person took consent back (Article 17(1)(b))",
    "unlawful": "the data should not have been kept (Article 17(1)(d))",
    "not_needed": "the data is not needed any more (Article 17(1)(a))",
}
REMAINS: Final = {
    "ciphertext": "Sealed values in the log and its backups. Their keys are destroyed: nobody can read them, and the log still verifies.",
    "facts": "Figures, labels and times without text, such as how long a conversation took, under an id that leads to nobody.",
    "erasure": "The record of this erasure: it proves that it was done, and repeats it where an older copy of the keys is restored.",
    "heads": "Weights of the taught heads named here. The rows are gone from what they are taught with: teach them anew.",
    "exports": "Copies that were taken out before. Each is named here with who took it and when: have them destroyed too.",
}


async def certificate(app: App, entry: Entry, told: CustomerErased) -> dict[str, object]:
    """The signed certificate of an erasure."""
    body = await _body(app, entry, told)
    key = _key(app)
    public = key.public_key().public_bytes_raw()
    return {**body, "signature": _b64(key.sign(canonical(body))), "public_key": _b64(public)}


def holds_true(document: dict[str, object]) -> bool:
    """Whether a certificate is as it was signed, by the key that it names."""
    body = {k: v for k, v in document.items() if k not in {"signature", "public_key"}}
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(str(document["public_key"])))
        public.verify(base64.b64decode(str(document["signature"])), canonical(body))
    except (InvalidSignature, KeyError, ValueError):
        return False
    return True


def canonical(body: dict[str, object]) -> bytes:
    """The bytes that are signed."""
    return msgspec.json.encode(body, order="deterministic")


async def _body(app: App, entry: Entry, told: CustomerErased) -> dict[str, object]:
    return {
        "kind": KIND,
        "organisation": app.organisation.name,
        "subject": entry.stream,
        "identities": list(told.customers),
        "asked_by": f"staff/{told.staff}" if told.staff else "the person",
        "asked_at": _time(told.asked_ms),
        "erased_at": _time(entry.happened_at_ms),
        "grounds": GROUNDS[told.why],
        "conversations": told.conversations,
        "destroyed": {"values": dict(told.kinds), "keys": [{"of": name, "fingerprint": key} for name, key in told.destroyed]},
        "proof": {"values_tried": sum(told.kinds.values()), "values_that_still_open": told.open_after},
        "log": {"position": entry.position, "first": told.first, "last": told.last, "tree_size": told.tree_size, "root": told.root},
        "remains": [REMAINS[each] for each in told.remains],
        "heads_to_teach_anew": list(told.heads),
        "recalls": await _recalls(app, told),
    }  # fmt: skip


async def _recalls(app: App, told: CustomerErased) -> list[dict[str, object]]:
    rows = await app.store.rows(select(TAKEN).where(TAKEN.c.position.in_(told.recalls)).order_by(TAKEN.c.position))
    return [
        {"position": row["position"], "what": row["kind"], "by": row["staff"] or "the person", "at": _time(int(str(row["at_ms"])))}
        for row in rows
    ]  # fmt: skip


def _key(app: App) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(app.signer.seed(PURPOSE))


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds")


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
