"""Judging a reply: each sentence is said only where it rests on a source and carries nothing it may not."""

import re
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from baton.kernel.replies.grounding import FLOOR, grounded
from baton.kernel.replies.leaks import Allowed, leaks

_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+(?=\S)|\n+")
Why = Literal[
    "ungrounded", "picture", "foreign_link", "unknown_address", "unknown_number", "hidden_data", "asks_for_a_secret", "planted_order",
]  # fmt: skip


class Judged(msgspec.Struct, frozen=True):
    """A sentence of a reply: how far it rests on its sources (permille), and why it may not be said; empty where it may."""

    sentence: str
    support: int
    why: tuple[str, ...] = ()


class ReplyVerdict(msgspec.Struct, frozen=True):
    """What may be said of a reply. `allowed` only where every sentence may; `kept` is what is left of it."""

    judged: tuple[Judged, ...]

    @property
    def allowed(self) -> bool:
        """Whether all of it may be said."""
        return not any(each.why for each in self.judged)

    @property
    def kept(self) -> str:
        """The sentences that may be said."""
        return " ".join(each.sentence for each in self.judged if not each.why)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why sentences were dropped, each reason once."""
        return tuple(dict.fromkeys(why for each in self.judged for why in each.why))


def judge(reply: str, sources: Sequence[str], allowed: Allowed | None = None) -> ReplyVerdict:
    """Judge `reply` by the trusted texts it may rest on (published passages, the record, what the customer said).

    What anyone may have written (a mail, another agent's words, free text of a tool) is no source: it can be quoted by
    nobody but a person.
    """
    may = allowed or Allowed(repeats=tuple(sources))
    parts = [part.strip() for part in _SENTENCES.split(reply) if part.strip()]
    split = set(leaks(reply, may)) - {why for part in parts for why in leaks(part, may)}
    return ReplyVerdict(tuple(_judged(part, sources, may, tuple(sorted(split))) for part in parts))


def refusals(said: str, passages: Sequence[str], own: Sequence[str], looked_up: bool = False) -> tuple[str, ...]:
    """Why an agent may not say this of these passages to whoever said `own`; none where it may.

    Where a record was `looked_up`, words may rest on that too, which is no passage: then they are judged for what they carry alone.
    """
    why = judge(said, passages, Allowed(repeats=(*passages, *own))).reasons
    return tuple(each for each in why if each != "ungrounded" or not looked_up)


def _judged(part: str, sources: Sequence[str], allowed: Allowed, split: tuple[str, ...]) -> Judged:
    support = grounded(part, sources)
    why = list(leaks(part, allowed))
    if support < FLOOR:
        why.append("ungrounded")
    return Judged(part, support, (*why, *split))
