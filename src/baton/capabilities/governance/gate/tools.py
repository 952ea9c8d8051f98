"""The tools gate: whether a tool may be called on these grounds. Guards and policies are parsed once; judging is `decision_us` of `baton bench gate`."""

import logging
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final

from baton.capabilities.governance.events import GatePolicies
from baton.capabilities.governance.gate.grounds import grounds_of, hash_of, kept
from baton.capabilities.governance.gate.known import read_back
from baton.capabilities.governance.gate.ledger import Ledger
from baton.capabilities.governance.gate.rules import Rules, Unparsed, rules_of
from baton.capabilities.governance.gate.when import when
from baton.kernel.clock import WallClock
from baton.kernel.committer import Committer, Done
from baton.kernel.log import Store
from baton.kernel.ports import Call, Clock, Verdict

FILES: Final = files(__package__)
ANOTHER_ACT: Final = "guard-another-act"
"""Grounds that name an act by its hash carry no other one: what binds is refused without a yes to it, what does not by this."""
log = logging.getLogger(__name__)


class ToolGate:
    """The gate over the policies in force; where nobody put any in force, over the built-in ones.

    `follow` binds it to a running Baton: from then on it knows which confirmations the log holds, and the newest policies.
    A gate that follows nothing knows of no confirmation, so nothing that binds passes it. `zone` is the organisation's (IANA).
    """

    def __init__(
        self,
        ledger: Ledger | None = None,
        clock: Clock | None = None,
        policies: GatePolicies | None = None,
        zone: str = "UTC",
    ) -> None:
        self.ledger, self.zone = ledger or Ledger(), zone
        self._clock: Clock = clock or WallClock()
        given = policies or GatePolicies()
        self._in_force: Callable[[], GatePolicies] = lambda: given

    def follow(self, committer: Committer) -> None:
        """Judge by the policies this log holds, and hear of every yes as it is committed."""
        self._clock = committer.clock
        self._in_force = lambda: committer.memory.policies.newest_of(GatePolicies)
        committer.listeners.append(self._heard)

    async def recall(self, store: Store) -> None:
        """Know again, after a restart or with lanes taken over, what may still count."""
        await read_back(self.ledger, store, self._clock.now_ms())

    def judge(self, call: Call) -> Verdict:
        """Whether the call passes. Fails closed: what cannot be judged is refused."""
        claim, now_ms, print_ = call.claim, self._clock.now_ms(), hash_of(call)
        asked = print_ if print_ == claim.bound else ""
        customer, who = claim.on_behalf_of or claim.stream, f"{claim.kind}/{claim.principal}"
        confirmed = self.ledger.counts(claim.stream, asked, call.key, customer, who, now_ms)
        approved = self.ledger.approved(claim.stream, asked, now_ms)
        at = when(now_ms, self.zone)
        grounds, rules = grounds_of(call, print_, confirmed, approved, at), read(self._in_force().text)
        if call.risk == "reversible" and claim.bound not in {"", print_}:
            return Verdict(False, (ANOTHER_ACT,), "the grounds were given for another act", kept(grounds))
        allowed, ids = rules.judge(grounds)
        if allowed and confirmed:
            self.ledger.spend(claim.stream, asked, call.key)
        return Verdict(allowed, ids, rules.why(allowed, ids), kept(grounds))

    def _heard(self, done: Sequence[Done]) -> None:
        for each in done:
            stream = each.stream
            if not stream.id.startswith("conversation/"):
                continue
            customer = (stream.started.customer if stream.started else "") or stream.id
            for event in (each.entry.event, *(c.event for c in each.rest.caused)):
                self.ledger.heard(stream.id, customer, event, each.entry.happened_at_ms)


@lru_cache(maxsize=8)
def read(text: str) -> Rules:
    """A policy text with the guards beside it, parsed once; the built-in policies where it is empty.

    A text that cannot be read permits nothing: no such text is put in force by the screen.
    """
    try:
        return Rules((*rules_of(guards()), *rules_of(text or built_in())))
    except Unparsed:
        log.exception("the policies of the gate cannot be read: nothing is permitted")
        return Rules(rules_of(guards()))


def guards() -> str:
    """The guards, which hold whatever the policies say."""
    return (FILES / "guards.cedar").read_text(encoding="utf-8")


def built_in() -> str:
    """The policies that are in force where nobody put others in force."""
    return (FILES / "tools.cedar").read_text(encoding="utf-8")


def built_in_tests() -> str:
    """The tests of the built-in policies."""
    return (FILES / "tools.tests.toml").read_text(encoding="utf-8")


def schema() -> str:
    """What a policy may speak of."""
    return (FILES / "gate.cedarschema").read_text(encoding="utf-8")
