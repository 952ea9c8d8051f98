"""The shared words: conversation, turn, holder, proposal, decision, outcome. Every capability speaks them."""

from typing import Literal

import msgspec

from baton.kernel.events import Event, Fact, Personal

Role = Literal["customer", "machine", "rep", "agent", "system"]
Holds = Literal["agent", "rep", "queue", "nobody"]
Args = dict[str, str | int | bool]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One input of the log.

    `position` is unique in the whole log and ordered within its lane. `at_ms` is when Baton learned of it,
    `happened_at_ms` when it happened; they differ for imported history. `by` is `customer`, `rep/<id>`, `agent/<id>`,
    `machine/<id>`, `import/<source>` or `system`. `cause` is the position.n of what led to it, or empty.
    """

    position: int
    stream: str
    event: Event
    by: str
    at_ms: int
    happened_at_ms: int
    cause: str = ""
    once: str = ""


class Started(Event, frozen=True, gc=False, omit_defaults=True):
    """A contact began. `origin` tells live traffic from imported and generated history, which never acts.

    `salt` is random and sealed: hashes of what the customer gave are made with it, so that they tell nothing once it is erased.
    """

    channel: str = "chat"
    language: str = ""
    customer: str = ""
    origin: Literal["live", "imported", "generated"] = "live"
    source: str = ""
    queue: str = ""
    brand: str = ""
    site: str = ""
    simulated: bool = False
    verified: Literal["anonymous", "claimed", "verified"] = "anonymous"
    salt: Personal[str] = ""


class TurnSaid(Event, frozen=True, gc=False, omit_defaults=True):
    """Something said, once it is final. `who` is the rep or agent id, or empty; `cites` are article sections."""

    role: Role
    text: Personal[str]
    nonce: str = ""
    who: str = ""
    cites: tuple[str, ...] = ()
    card: Personal[str] = ""


class Ended(Event, frozen=True, gc=False, omit_defaults=True):
    """The conversation is over. `why`: customer_left, closed_by_rep, resolved, idle, abandoned, imported, transferred."""

    why: str
    rep: str = ""


class Holder(Fact, frozen=True, gc=False, omit_defaults=True):
    """Who holds the baton. `epoch` grows with each change of hands; a late agent turn of an older epoch is refused."""

    kind: Holds
    who: str = ""
    epoch: int = 0
    name: str = ""


class Pinned(Fact, frozen=True, gc=False):
    """The versions of the policies in force when the stream began: what its decisions are made with, always."""

    versions: dict[str, int]


class Proposed(Event, frozen=True, gc=False, omit_defaults=True):
    """What a capability would do and why. `value` is the expected benefit in permille of one met need."""

    action: str
    args: Args = {}
    value: int = 0
    why: str = ""


class Vetoed(Event, frozen=True, gc=False, omit_defaults=True):
    """A proposal that policy does not allow. Only governance says it, after proposing and before choosing."""

    action: str
    why: str


class Decided(Event, frozen=True, gc=False, omit_defaults=True):
    """The proposal that was chosen, with what it beat. `chance_permille` is how likely it was to be chosen."""

    action: str
    args: Args = {}
    value: int = 0
    why: str = ""
    by: str = ""
    over: tuple[Proposed, ...] = ()
    vetoed: tuple[Vetoed, ...] = ()
    chance_permille: int = 1000
    key: str = ""


class ActionDone(Event, frozen=True, gc=False, omit_defaults=True):
    """What came of an outside act. `ok` is None where the outcome is unknown and has to be reconciled.

    `args` are labels and numbers; `private` is what the tool gave beside them, sealed. `rules` decided at the
    gate, on these `grounds`: labels and numbers, never an argument's words.
    """

    action: str
    key: str
    ok: bool | None
    detail: str = ""
    args: Args = {}
    private: Personal[Args] = {}
    rules: tuple[str, ...] = ()
    grounds: Args = {}


class Failed(Event, frozen=True, gc=False, omit_defaults=True):
    """A capability raised while it worked an input. The rest of the input was worked; nothing was blocked."""

    capability: str
    step: str
    error: str


class Due(Event, frozen=True, gc=False, omit_defaults=True):
    """The time a stream asked for has come."""

    what: str
    ref: str = ""


class PolicyRevised(Event, frozen=True, gc=False, omit_defaults=True):
    """A new version of a policy (stream `policy/<name>`): its body is data that decisions may read.

    `replay` is the id of the run that showed what it would change; `emergency` that somebody went without one, for the reason `why`.
    """

    policy: str
    body: msgspec.Raw
    author: str = ""
    why: str = ""
    replay: str = ""
    emergency: bool = False


class Turn(msgspec.Struct, frozen=True, gc=False):
    """A turn as deciding sees it: who, what, and where it stands in the log (`ref` is `position.n`)."""

    role: Role
    text: str
    position: int
    who: str = ""
    n: int = 0
    at_ms: int = 0


class To(msgspec.Struct, frozen=True, gc=False):
    """What an inside act, or understanding, yields to speak to another stream (or to its own, later): sent through the outbox.

    `at_ms` 0 means as soon as the work has committed.
    """

    stream: str
    event: Event
    at_ms: int = 0
