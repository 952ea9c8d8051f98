"""Entry: one input of the log as it is stored, without anything that is sealed, and its proof."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from baton.engines.audit.proofs import included
from baton.engines.audit.tree import Proof, Tree
from baton.engines.audit.verify import leaf_hash
from baton.web.app import App

LONGEST: Final = 2000
OPEN: Final = ("policy/", "access/", "staff/")
"""Streams whose entries are read here. What stands on others has its own page and its own rights (a rep's load is the rep's alone)."""


@dataclass(frozen=True)
class Said:
    """An event: where it stands, its name, its open fields as JSON where they are read here, and the names of those that are sealed."""

    position: int
    name: str
    by: str
    open: str
    sealed: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """An input with what it caused; `proof` is None where no head covers it yet. `checks` are what was checked, and whether it held."""

    position: int
    lane: int
    stream: str
    by: str
    at_ms: int
    happened_at_ms: int
    input: Said
    caused: tuple[Said, ...]
    proof: Proof | None
    checks: tuple[tuple[str, bool], ...]


async def shown(app: App, position: int, public: bytes) -> Shown | None:
    """What stands at `position`, or None."""
    found = await app.store.at(position)
    if found is None:
        return None
    e = found.entry
    told, proof = readable(e.stream), await Tree(app.store).proof(e.position)
    first = _said(msgspec.json.decode(e.body), e.position, e.by, told=told)
    caused = [
        _said(each, e.position + n, "", told=told)
        for n, each in enumerate(msgspec.json.decode(found.caused or b"[]"), 1)
    ]
    return Shown(
        e.position, e.lane, e.stream, e.by, e.at_ms, e.happened_at_ms, first, tuple(caused), proof,
        _checks(proof, public) if proof else (),
    )  # fmt: skip


def readable(stream: str) -> bool:
    """Whether what stands on this stream is shown here."""
    return stream.startswith(OPEN)


def _said(body: Mapping[str, Any], position: int, by: str, *, told: bool) -> Said:
    fields = msgspec.json.format(msgspec.json.encode(body.get("e", {})), indent=2).decode()[:LONGEST] if told else ""
    return Said(position, str(body["t"]), str(body.get("b") or by), fields, tuple(sorted(body.get("s") or ())))


def _checks(proof: Proof, public: bytes) -> tuple[tuple[str, bool], ...]:
    leaf, path = leaf_hash(proof.leaf), [bytes.fromhex(step) for step in proof.path]
    return (
        ("What is stored is what was sealed", leaf.hex() == proof.hash),
        (
            "It is in the tree that the head signs",
            (included(leaf, proof.index, proof.head.size, path) or b"").hex() == proof.head.root,
        ),
        ("The head is signed with this log's key", proof.head.signed_by(public)),
    )
