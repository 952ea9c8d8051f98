"""Figures of simulated customers: what is true, what the ledger says of the same talks, and two versions met by the same customers."""

from collections.abc import Callable, Sequence
from typing import Final, Literal

import msgspec

from baton.capabilities.agents.trials.agents import TalkResult
from baton.kernel.stats import Estimate, mean, wilson

RESOLVED: Final = frozenset({"confirmed", "provisional"})
What = Literal["all", "met", "unmet", "counted", "wrong", "missed", "handed", "gave_up", "back"]
WHATS: Final[dict[str, tuple[str, Callable[[TalkResult], bool]]]] = {
    "all": ("Every customer", lambda t: True),
    "met": ("Truly met by the agent", lambda t: t.met),
    "unmet": ("Not met by the agent", lambda t: not t.met),
    "counted": ("Counted as resolved by the ledger", lambda t: t.ledger in RESOLVED),
    "wrong": ("Counted as resolved and not met", lambda t: t.ledger in RESOLVED and not (t.met or t.met_later)),
    "missed": ("Met and not counted as resolved", lambda t: t.met and t.ledger not in RESOLVED),
    "handed": ("Went to a person", lambda t: t.handed_over),
    "gave_up": ("Gave up", lambda t: t.gave_up),
    "back": ("Came back about it", lambda t: t.back),
}  # fmt: skip


class Figures(msgspec.Struct, frozen=True):
    """A version's figures. Shares are of all customers; `ledger` is the share that the ledger counts as resolved."""

    version: str
    n: int
    met: Estimate
    ledger: Estimate
    wrong: int
    missed: int
    handed: Estimate
    gave_up: Estimate
    back: int
    turns: Estimate
    cost_micros: Estimate
    personas: tuple[tuple[str, Estimate, Estimate], ...] = ()


class Paired(msgspec.Struct, frozen=True):
    """The version less its rival over the same customers: shares in whole, and what may be concluded."""

    met: Estimate
    handed: Estimate
    turns: Estimate
    cost_micros: Estimate
    only_first: int
    only_rival: int
    told: str


def figures(talks: Sequence[TalkResult], version: str) -> Figures:
    """The figures of a version."""
    mine = [talk for talk in talks if talk.version == version]
    return Figures(
        version, len(mine), _share(mine, "met"), _share(mine, "counted"), count(mine, "wrong"), count(mine, "missed"), _share(mine, "handed"),
        _share(mine, "gave_up"), count(mine, "back"), mean([talk.turns for talk in mine]), mean([talk.cost_micros for talk in mine]), tuple(_personas(mine)),
    )  # fmt: skip


def paired(talks: Sequence[TalkResult], version: str, rival: str) -> Paired | None:
    """Two versions over the customers whom both met; None where nobody met both."""
    other = {talk.n: talk for talk in talks if talk.version == rival}
    pairs = [(talk, other[talk.n]) for talk in talks if talk.version == version and talk.n in other]
    if not pairs:
        return None
    met = mean([float(a.met) - float(b.met) for a, b in pairs])
    return Paired(
        met, mean([float(a.handed_over) - float(b.handed_over) for a, b in pairs]), mean([float(a.turns - b.turns) for a, b in pairs]),
        mean([float(a.cost_micros - b.cost_micros) for a, b in pairs]), sum(a.met and not b.met for a, b in pairs),
        sum(b.met and not a.met for a, b in pairs), _told(met, version, rival, len(pairs)),
    )  # fmt: skip


def count(talks: Sequence[TalkResult], what: str) -> int:
    """How many talks are of a kind."""
    return sum(map(WHATS[what][1], talks))


def _share(talks: Sequence[TalkResult], what: str) -> Estimate:
    return wilson(count(talks, what), len(talks))


def _personas(talks: Sequence[TalkResult]) -> list[tuple[str, Estimate, Estimate]]:
    names = dict.fromkeys(talk.persona for talk in talks)
    of = {name: [talk for talk in talks if talk.persona == name] for name in names}
    return [(name, _share(found, "met"), _share(found, "handed")) for name, found in of.items()]


def _told(met: Estimate, version: str, rival: str, n: int) -> str:
    low, high = f"{100 * met.low:+.1f}", f"{100 * met.high:+.1f}"
    if met.low == met.high == 0:
        return f"No difference: both versions truly met the same needs of {n} customers."
    if met.low <= 0 <= met.high:
        return f"No difference can be claimed yet: of {n} customers who met both, version {version} truly met between {low} and {high} points more than version {rival}."
    which = "more" if met.value > 0 else "fewer"
    return f"Version {version} truly meets {which} needs of these simulated customers: {low} to {high} points against version {rival}, the same {n} customers met both."
