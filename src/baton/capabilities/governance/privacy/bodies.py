"""Bodies: what the privacy API takes and gives."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from baton.capabilities.governance.privacy.governance import Basis, Purpose, Records, Scope, Why

KEY = r"^[\w-]{1,80}$"
PLAIN = r"^[^\x00]*$"


class Strict(BaseModel):
    """A body without unknown fields."""

    model_config = ConfigDict(extra="forbid")


class Find(Strict):
    """What the person gave to be known by (an address, a number), or the key of one of their conversations. It is kept nowhere."""

    said: str = Field("", max_length=200, pattern=PLAIN)
    conversation: str = Field("", max_length=80, pattern=r"^[\w-]*$")


class SubjectOut(BaseModel):
    """A person: `subject` names them here, `kinds` counts sealed values by event, `held_by` the legal holds that forbid erasing."""

    subject: str
    identities: int
    conversations: int
    kinds: dict[str, int]
    held_by: list[str]


class Erase(Strict):
    """Whom, and on which ground."""

    subject: str = Field(max_length=100, pattern=r"^(customer|conversation)/[\w-]{1,80}$")
    why: Why = "asked"


class ErasureOut(BaseModel):
    """An erasure; `open_after` is how many values could still be read afterwards."""

    subject: str
    state: str
    staff: str
    why: str
    asked_ms: int
    erased_ms: int
    conversations: int
    open_after: int


class Erasures(BaseModel):
    """Erasures, the newest first."""

    erasures: list[ErasureOut]


class HoldIn(Strict):
    """What is held, of whom, why, until when (milliseconds since the epoch)."""

    scope: Scope
    ref: str = Field("", max_length=80, pattern=r"^[\w-]*$")
    records: list[Records] = Field(default=["conversations", "training_rows"], min_length=1, max_length=3)
    why: str = Field(min_length=1, max_length=500, pattern=PLAIN)
    until_ms: int = Field(ge=0, le=4_102_444_800_000)


class HoldOut(BaseModel):
    """A legal hold; `ended_ms` is 0 while it is in force, `ended_by` empty where it ended by itself."""

    hold: str
    scope: str
    ref: str
    records: list[str]
    staff: str
    placed_ms: int
    until_ms: int
    ended_ms: int
    ended_by: str
    why: str
    active: bool


class Holds(BaseModel):
    """Legal holds, the newest first."""

    holds: list[HoldOut]


class KeepIn(Strict):
    """Days that records of a kind are kept after the last of it; 0: for ever."""

    records: Records
    days: int = Field(ge=0, le=36_600)


class RetentionIn(Strict):
    """How long everything is kept, and why it changes. With `sure` it is put in force; without it only says what it would do."""

    keep: list[KeepIn] = Field(max_length=10)
    why: str = Field("", max_length=500, pattern=PLAIN)
    sure: bool = False


class DueOut(BaseModel):
    """What is due of a kind: `dark` records go dark now, `held` would and are held, `kept` stay."""

    records: str
    dark: int
    held: int
    kept: int


class RetentionOut(BaseModel):
    """What is kept how long, and what that means now."""

    keep: list[KeepIn]
    due: list[DueOut]
    in_force: bool


class ConsentIn(Strict):
    """What a person said about one use of their data."""

    purpose: Purpose
    given: bool
    basis: Basis = "consent"
    channel: str = Field("", max_length=40, pattern=r"^[\w-]*$")
    wording: str = Field("", max_length=2000, pattern=PLAIN)
    version: str = Field("", max_length=40, pattern=PLAIN)
    source: Literal["api", "desk", "widget", "import", "paper"] = "api"
    expires_ms: int = Field(0, ge=0, le=4_102_444_800_000)
    proof: str = Field("", max_length=80, pattern=r"^[\w:./-]*$")
    jurisdiction: str = Field("", max_length=8, pattern=r"^[A-Za-z-]*$")


class AgreedOut(BaseModel):
    """What somebody last said about a use; `valid` now; `position` proves it in the log."""

    purpose: str
    channel: str
    given: bool
    valid: bool
    basis: str
    version: str
    source: str
    captured_ms: int
    expires_ms: int
    revoked_ms: int
    position: int


class Agreements(BaseModel):
    """What one person agreed to."""

    consents: list[AgreedOut]


class MyUse(BaseModel):
    """One use of a customer's words, as they are told it: `on` now, `always` where it cannot be turned off."""

    purpose: Purpose
    title: str
    wording: str
    version: str
    on: bool
    always: bool


class MyPrivacy(BaseModel):
    """What a customer may do here: `known` by a name, `proved` by the site; `held` where a legal hold keeps their records for now.

    Without a proof everything is about this one conversation, and a use that was turned off stays off.
    """

    known: bool
    proved: bool
    conversations: int
    held: bool
    uses: list[MyUse]


class Kept(BaseModel):
    """Where it stands in the log."""

    position: int


class SeenOut(BaseModel):
    """A look at a conversation, or something taken out; `staff` is empty where it was the person."""

    position: int
    at_ms: int
    staff: str
    what: str
    conversation: str
    customer: str


class Looks(BaseModel):
    """Who looked at what, the newest first."""

    looks: list[SeenOut]
