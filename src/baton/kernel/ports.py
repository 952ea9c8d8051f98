"""Ports: everything that is not pure. Clock, chance, keys, models, tools, log, tables, wake, pool, blobs."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Literal, Protocol, TypeVar

import msgspec

from baton.kernel.conversation import Args

R = TypeVar("R")
A = TypeVar("A")


class Clock(Protocol):
    """Wall time."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        ...


class Chance(Protocol):
    """Randomness for ids and secrets made at the edges. Decisions never use it: theirs is a hash (kernel.choose)."""

    def token(self, size_bytes: int = 16) -> str:
        """A URL-safe random name of `size_bytes` of randomness."""
        ...


class Keys(Protocol):
    """Keys per conversation, wrapped by a key per customer; kept, and backed up, apart from the log."""

    def of(self, stream: str) -> bytes | None:
        """The stream's open key, or None where it was forgotten or never made."""
        ...

    def make(self, streams: Iterable[str]) -> None:
        """Make and keep a key for each stream that has none. On disk when it returns."""
        ...

    def identify(self, stream: str, customer: str) -> None:
        """Wrap the stream's key anew under the customer's key."""
        ...

    def identify_all(self, customers: Mapping[str, str]) -> None:
        """Make each stream's key under its customer's, or wrap it anew: {stream: customer}, in one commit."""
        ...

    def forget(self, customer: str) -> int:
        """Destroy the customer's key, and with it all their streams. Returns how many streams went dark."""
        ...

    def forget_streams(self, streams: Iterable[str]) -> int:
        """Destroy the keys of these streams alone, whoever they belong to. Returns how many went dark."""
        ...

    def held(self, customer: str) -> list[tuple[str, str]]:
        """What forgetting this customer would destroy: (customer or stream, fingerprint of its key)."""
        ...

    def destroy(self, destroyed: Iterable[tuple[str, str]]) -> int:
        """Destroy keys by name and fingerprint, where they are still there. Returns how many streams went dark."""
        ...

    def present(self, destroyed: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of these keys, by name and fingerprint, that are still there."""
        ...

    def moved(self) -> bool:
        """Whether keys were destroyed since this was last asked, by whichever process; open ones are dropped then."""
        ...

    def pseudonym(self, kind: str, value: str) -> str:
        """What stands for a personal identifier in the log: of a customer a random name, which forgetting forgets; else a keyed hash."""
        ...

    def known(self, value: str) -> str | None:
        """The customer who gave this identifier, or None."""
        ...


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A passage found: article id, section number, score in permille of the best possible."""

    article: str
    section: int
    score: int


class Ending(msgspec.Struct, frozen=True, gc=False):
    """A conversation that is over: what each side said, in order, and what was counted of it.

    `served` are the turns of who served, `asked` the customer's; `changed` and `failed` count writes to the system of record.
    `group` names what it clusters by where that is known (a task of a simulation): a model that was fitted on this group
    answers with what it would have said without it.
    """

    served: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    changed: int = 0
    failed: int = 0
    handed_over: bool = False
    group: str = ""


class Met(msgspec.Struct, frozen=True, gc=False):
    """How likely a need was met, in permille, and by which model. -1: it says nothing of conversations like this one."""

    permille: int = -1
    model: str = ""


class Models(Protocol):
    """What models say of a text: a pure function of (text, model version), so whole batches are asked ahead."""

    version: str

    def ahead(self, texts: Sequence[str]) -> None:
        """Ask the fast tier and the index about all of `texts` in one call; the answers are kept for this cycle."""
        ...

    def judge(self, text: str, head: str = "") -> "Judgement":
        """What the fast tier says of `text`; its intent by the organisation's own `head`, where one is named."""
        ...

    def search(self, text: str) -> Sequence[Hit]:
        """The passages that answer `text` best, best first."""
        ...

    def met(self, ending: Ending) -> Met:
        """How likely the need of a conversation that is over was met."""
        ...


class Judgement(msgspec.Struct, frozen=True, gc=False):
    """What the fast tier says of one text. Scores are permille; spans are (start, end) in characters.

    `intent` is empty where the model abstains; `unsure` tells that it saw a request and could not name it.
    `mood` runs from -1000 to 1000. `confirms` and `denies` are about the need
    (it is solved, it still is not); `affirms` and `refuses` are the plain yes and no to what was just asked. `unheard` is
    the language of the text where it is surely one in which nobody measured what distress the model misses.
    """

    mood: int = 0
    frustration: int = 0
    asks_person: int = 0
    distress: int = 0
    intent: str = ""
    intent_confidence: int = 0
    intent_runner_up: str = ""
    intent_margin: int = 0
    confirms: int = 0
    denies: int = 0
    affirms: int = 0
    refuses: int = 0
    small_talk: int = 0
    issues: int = 0
    language: str = ""
    asks_person_span: tuple[int, int] = (0, 0)
    distress_span: tuple[int, int] = (0, 0)
    unsure: bool = False
    unheard: str = ""


class ActionResult(msgspec.Struct, frozen=True, gc=False):
    """What a tool answered. `ok` None: nobody knows, reconcile. `args` are labels and numbers, never personal text.

    `private` is whatever else it gave: names, addresses, words. It is sealed with the outcome. `rules` and `grounds`
    are what the gate said of the call and what it knew.
    """

    ok: bool | None
    detail: str = ""
    args: Args = {}
    private: Args = {}
    rules: tuple[str, ...] = ()
    grounds: Args = {}


Origin = Literal["customer", "record", "procedure", "staff", "model", "untrusted"]
"""Where a value came from: said by the customer on their own channel, read in the system of record, written in a procedure,
entered by staff, made up by a model, or read in a text that anyone may have written (a mail, a page, another agent)."""


class Claim(msgspec.Struct, frozen=True, gc=False):
    """On what grounds a tool is called: who acts, for whom, and what was shown. The gate judges it, outside any model.

    `kind` is what `principal` is. `evidence` says how the customer was identified: `none`, `record` (the system of record
    knew what they gave) or `verified`. `confirmed` claims a live confirmation of exactly these arguments, whose hash is
    `bound`: the gate looks it up by itself, as it does what was `approved`. Amounts are in cents. `origins` says where each
    argument came from: what is not listed is untrusted. `owner` is whose the thing acted on is, as the system of record
    says; empty where nobody looked. `stream` is the conversation that the act belongs to, `price` what was named there.
    """

    principal: str
    on_behalf_of: str = ""
    confirmed: bool = False
    evidence: str = "none"
    cents: int = 0
    limit_cents: int = 0
    approved: bool = False
    kind: Literal["agent", "rep", "machine", "integration"] = "agent"
    bound: str = ""
    origins: Mapping[str, Origin] = {}
    owner: str = ""
    scopes: tuple[str, ...] = ()
    salt: str = ""
    stream: str = ""
    price: str = ""
    team: str = ""


class Known(msgspec.Struct, frozen=True, gc=False):
    """What the system of record says of the thing a call would change, looked up for this call: words and whole numbers by name."""

    words: Mapping[str, str] = {}
    numbers: Mapping[str, int] = {}


class Call(msgspec.Struct, frozen=True, gc=False):
    """A tool about to be run, as the gate sees it: what, how risky, which scope it needs, with what, on what grounds.

    `known` is what the record says; a word `owner` in it counts before the claim's.
    """

    tool: str
    risk: str
    args: Mapping[str, object]
    claim: Claim
    scope: str = ""
    key: str = ""
    known: Known = Known()


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What the gate says of a call: the rules that decided, why in words where it is refused, and what it knew."""

    allowed: bool
    rules: tuple[str, ...] = ()
    why: str = ""
    grounds: Args = {}


class Gate(Protocol):
    """One decision outside the model for every act."""

    def judge(self, call: Call) -> Verdict:
        """Whether the call may be made. Fails closed: what cannot be judged is refused."""
        ...


class Tools(Protocol):
    """The outside world an act may touch: one call a tool, idempotent by `key`."""

    async def call(self, tool: str, args: Mapping[str, object], key: str, claim: Claim | None = None) -> ActionResult:
        """Run `tool` once for `key`, where the gate allows it; a repeated key returns the first result."""
        ...


class Wake(Protocol):
    """A hint that there is news. Losing one costs time, never data: a poll each second backs it."""

    async def ring(self, lanes: Iterable[int]) -> None:
        """Tell everyone that these lanes have news."""
        ...

    def heard(self) -> AsyncIterator[frozenset[int]]:
        """Lanes with news, as they come."""
        ...

    async def signal(self, topic: str, body: bytes) -> None:
        """Send something that is never logged: typing, presence, partial speech."""
        ...

    def signals(self, topic: str) -> AsyncIterator[bytes]:
        """Signals of a topic, as they come."""
        ...


class Pool(Protocol):
    """Run pure functions here, in processes, or on Ray."""

    def map(self, work: Callable[[A], R], items: Sequence[A]) -> list[R]:
        """`work` over `items`, in order."""
        ...


class Blobs(Protocol):
    """Files by name: recordings, attachments, exports."""

    async def put(self, name: str, body: bytes) -> None:
        """Keep `body` under `name`."""
        ...

    async def get(self, name: str) -> bytes | None:
        """The bytes kept under `name`, or None."""
        ...
