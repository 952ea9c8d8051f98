"""What governance says of privacy. Named like governance's other events; `governance.events` offers them.

On `customer/…`: `ErasureAsked`, `CustomerErased`, `Consent`. On `conversation/…`: `TextErased`. On `hold/…`: `HoldPlaced`, `HoldEnded`.
On `access/…`: `TakenOut`, `LooksForgotten`. The policies `governance.Retention` and `governance.Purposes`.
"""

from typing import Final, Literal

import msgspec

from baton.kernel.events import Event, Fact, Personal

Purpose = Literal["service", "analytics", "training", "outreach"]
PURPOSES: Final[tuple[Purpose, ...]] = ("service", "analytics", "training", "outreach")
Basis = Literal["consent", "contract", "legal_obligation", "vital_interests", "public_interest", "legitimate_interests"]
"""The six of GDPR, Article 6(1)."""
BASES: Final[tuple[Basis, ...]] = (
    "consent", "contract", "legal_obligation", "vital_interests", "public_interest", "legitimate_interests",
)  # fmt: skip
Records = Literal["conversations", "training_rows", "access_log"]
RECORDS: Final[tuple[Records, ...]] = ("conversations", "training_rows", "access_log")
"""Kinds of records that a retention period ends and a hold keeps: texts under keys of their own, and who looked at them."""
Why = Literal["asked", "consent_withdrawn", "unlawful", "not_needed"]
WHYS: Final[tuple[Why, ...]] = ("asked", "consent_withdrawn", "unlawful", "not_needed")
"""Grounds of GDPR, Article 17(1), in short."""
Scope = Literal["all", "customer", "conversation"]


class ErasureAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: somebody asked that this person be forgotten. `staff` is empty where they asked themselves."""

    why: Why = "asked"
    staff: str = ""


class CustomerErased(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: every key of this person was destroyed, and it was looked whether anything can still be read.

    `customers` are the identities that were this person's; `destroyed` what had a key, with the key's fingerprint; `kinds` how many sealed
    values there were, by event; `open_after` how many of them still opened: 0, or the proof failed. `remains` says what was kept and why.
    `first` and `last` are positions in the log; `tree_size` and `root` the audit's, where there is one. Times are milliseconds.
    """

    asked_ms: int
    customers: tuple[str, ...] = ()
    why: Why = "asked"
    staff: str = ""
    conversations: int = 0
    destroyed: tuple[tuple[str, str], ...] = ()
    kinds: dict[str, int] = {}
    open_after: int = 0
    heads: tuple[str, ...] = ()
    recalls: tuple[int, ...] = ()
    remains: tuple[str, ...] = ()
    first: int = 0
    last: int = 0
    tree_size: int = 0
    root: str = ""


class TextErased(Fact, frozen=True, gc=False, omit_defaults=True):
    """On a conversation: its key was destroyed, so what was said before can be read by nobody. `key` is that key's fingerprint."""

    why: Literal["erased", "retention", "forgotten"]
    key: str = ""
    staff: str = ""


class HoldPlaced(Event, frozen=True, gc=False, omit_defaults=True):
    """A legal hold: until a time nothing of these records is erased. `ref` is the customer or conversation; empty for all of them."""

    scope: Scope
    until_ms: int
    staff: str
    why: Personal[str] = ""
    ref: str = ""
    records: tuple[Records, ...] = ("conversations", "training_rows")


class HoldEnded(Event, frozen=True, gc=False, omit_defaults=True):
    """A legal hold is over: `staff` ended it, or its time had come where that is empty."""

    staff: str = ""


class Consent(Fact, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: what this person's data may be used for, on which basis, as they were told it.

    `given` false: they refuse, or took it back at `revoked_ms`. `wording` is the text they saw, in `version`; `source` where (`widget`, `desk`,
    `api`, `import`); `proof` the position or reference of the record that shows it. `channel` is empty for all. Times are milliseconds, 0: none.
    """

    purpose: Purpose
    given: bool
    basis: Basis = "consent"
    channel: str = ""
    wording: str = ""
    version: str = ""
    source: str = ""
    by: str = ""
    captured_ms: int = 0
    expires_ms: int = 0
    revoked_ms: int = 0
    proof: str = ""
    jurisdiction: str = ""

    @property
    def slot(self) -> str:
        """One per purpose and channel."""
        return f"{self.purpose}/{self.channel}" if self.channel else self.purpose


class TakenOut(Event, frozen=True, gc=False, omit_defaults=True):
    """Somebody took personal data out of Baton: what is to be recalled when the person is erased. `staff` is empty where it was the person.

    `plain`: not redacted. `customer` is empty where the conversation's was not known.
    """

    kind: Literal["vcon", "person"]
    staff: str = ""
    customer: str = ""
    conversation: str = ""
    plain: bool = True


class LooksForgotten(Event, frozen=True, gc=False, omit_defaults=True):
    """On a day's `access/…`: who signed in or looked at what is forgotten where it can be searched, since its time is over.

    `positions` are the entries. The log keeps them, ids and times, so that it still verifies.
    """

    positions: tuple[int, ...]


class Keep(msgspec.Struct, frozen=True, gc=False):
    """How long records of a kind are kept, in days after the last of it; 0: for ever."""

    records: Records
    days: int = 0


class Retention(msgspec.Struct, frozen=True, gc=False):
    """The policy `governance.Retention`: what is kept how long. What has no line is kept for ever. Figures and facts stay."""

    keep: tuple[Keep, ...] = ()

    def days(self, records: Records) -> int:
        """How many days; 0: for ever."""
        return next((each.days for each in self.keep if each.records == records), 0)


class Purposes(msgspec.Struct, frozen=True, gc=False):
    """The policy `governance.Purposes`: the uses for which texts count only where the person agreed. For the others a refusal counts."""

    ask: tuple[Purpose, ...] = ("outreach",)
