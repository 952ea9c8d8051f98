"""Bodies of the audit's HTTP."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from baton.engines.audit.heads import Head
from baton.engines.audit.tree import Proof
from baton.engines.audit.witnessing import Kept

Hash = Annotated[str, Field(min_length=64, max_length=64, pattern=r"^[0-9a-f]+$")]


class HeadBody(BaseModel):
    """A signed tree head: fields and signature as `baton audit verify` reads them."""

    model_config = ConfigDict(extra="forbid")

    log: str = Field(min_length=1, max_length=64, pattern=r"^[\w-]+$")
    size: int = Field(ge=1, le=1 << 53)
    root: Hash
    at_ms: int = Field(ge=0, le=1 << 53)
    previous: str = Field("", max_length=64, pattern=r"^[0-9a-f]*$")
    signer: str = Field(min_length=16, max_length=16, pattern=r"^[0-9a-f]+$")
    signature: str = Field(min_length=128, max_length=128, pattern=r"^[0-9a-f]+$")

    @classmethod
    def of(cls, head: Head) -> "HeadBody":
        """As it goes out."""
        return cls.model_validate({name: getattr(head, name) for name in Head.__struct_fields__})

    def head(self) -> Head:
        """As it is worked with."""
        return Head(self.log, self.size, self.root, self.at_ms, self.previous, self.signer, self.signature)


class Brought(BaseModel):
    """A head brought to be kept: with the size of the last one kept here, the proof that it continues it, and, the first time, the key."""

    model_config = ConfigDict(extra="forbid")

    head: HeadBody
    since: int = Field(0, ge=0, le=1 << 53)
    proof: list[Hash] = Field([], max_length=128)
    public: str = Field("", max_length=64, pattern=r"^[0-9a-f]*$")


class ReceiptBody(BaseModel):
    """The counter-signature: Ed25519 with `public` over `baton audit witness 1`, head, at_ms and public, one a line."""

    head: Hash
    at_ms: int
    public: str
    signature: str


class KeptBody(HeadBody):
    """A head kept for another log, since when, and the receipt that was given (JSON)."""

    model_config = ConfigDict(extra="ignore")

    seen_ms: int
    receipt: str

    @classmethod
    def kept(cls, one: Kept) -> "KeptBody":
        """As it goes out."""
        told = {name: getattr(one.head, name) for name in Head.__struct_fields__}
        return cls.model_validate({**told, "seen_ms": one.seen_ms, "receipt": one.receipt})


class KeptHeads(BaseModel):
    """Heads kept for others, the newest first. `baton audit verify --heads` reads it as it is."""

    heads: list[KeptBody]


class Heads(BaseModel):
    """The log's own heads, in order, and the public keys (hex) that sign them."""

    heads: list[HeadBody]
    public: list[str]


class ProofBody(BaseModel):
    """That the input at `position` is leaf `index` under `head` (RFC 9162, 2.1.3): fold `hash` with `path`, get the head's root.

    `leaf` is what was hashed, in base64: given to staff who may open the audit, of policies, accesses and staff; what stands elsewhere has rights of its own.
    """

    position: int
    index: int
    hash: str
    path: list[str]
    head: HeadBody
    leaf: str

    @classmethod
    def of(cls, proof: Proof, leaf: str) -> "ProofBody":
        """As it goes out."""
        return cls(
            position=proof.position,
            index=proof.index,
            hash=proof.hash,
            path=list(proof.path),
            head=HeadBody.of(proof.head),
            leaf=leaf,
        )


class Place(BaseModel):
    """Where heads go."""

    where: str
    state: str
    size: int
    at_ms: int
    told: str
    witnessed: bool


class Standing(BaseModel):
    """How the audit stands: `kind` is good, warn, bad or idle."""

    kind: str
    title: str
    text: str
    size: int
    signed_ms: int
    verified_ms: int
    places: list[Place]


class Record(BaseModel):
    """Who did what, when, on what, and where it stands in the log."""

    position: int
    at_ms: int
    kind: str
    who: str
    on: str
    why: str
    replay: str
    emergency: bool


class Records(BaseModel):
    """Records that fit, the newest first."""

    records: list[Record]
