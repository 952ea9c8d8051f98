"""`baton bench gate`: CPU microseconds that one decision of the gate takes, warm, with many policies in force; and what it would take to read them for each call."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import cedarpy
import msgspec

from baton.capabilities.agents.events import Confirmation
from baton.capabilities.governance.events import GatePolicies
from baton.capabilities.governance.gate.asking import entities, request
from baton.capabilities.governance.gate.grounds import grounds_of, hash_of
from baton.capabilities.governance.gate.ledger import Ledger
from baton.capabilities.governance.gate.rules import Rules, rules_of
from baton.capabilities.governance.gate.tools import ToolGate, built_in, guards
from baton.kernel.binding import bound
from baton.kernel.clock import WallClock
from baton.kernel.conversation import Decided
from baton.kernel.ports import Call, Claim, Origin

POLICIES: Final = 100
TOOLS: Final = 30
CALLS: Final = 4_000
TEN_MIN_MS: Final = 600_000
Figures = dict[str, float]


def bench_gate(repeats: int, say: Callable[[str], None]) -> Figures:
    """The median of `repeats` rounds over invented calls; each has its own principal, customer, tool, arguments and confirmation.

    `decision_us` is the whole of `ToolGate.judge`: the hash, the ledger, the entities, Cedar, the reasons. `one_set_us` is Cedar alone
    over all policies in one set with the same entities; `parse_each_call_us` the same where they are read for each call.
    """
    text = policies(POLICIES)
    gate, calls = _ready(text)
    rules = len(Rules((*rules_of(guards()), *rules_of(text))).rules)
    say(f"{rules} rules, {len(calls)} calls")
    allowed = sum(gate.judge(call).allowed for call in calls)
    decided = [_spent_us(partial(_judge, gate, calls), len(calls)) for _ in range(repeats)]
    whole, each = _plain(f"{guards()}\n{text}", calls, repeats)
    return {
        "decision_us": round(statistics.median(decided), 1), "decision_us_worst_round": round(max(decided), 1),
        "one_set_us": round(whole, 1), "parse_each_call_us": round(each, 1), "policies": rules, "allowed_share": round(allowed / len(calls), 3),
        "calls": len(calls),
    }  # fmt: skip


def policies(count: int) -> str:
    """The built-in policies and as many invented ones as make `count` with the guards: most about one tool, some about an argument."""
    made = [built_in()]
    already = len(rules_of(guards())) + len(rules_of(built_in()))
    for n in range(count - already):
        tool = f"tool_{n % TOOLS}"
        kind, risk = ("Agent", "Rep", "Machine")[n % 3], ("read", "reversible", "costly", "irreversible")[n % 4]
        made.append(
            f'@id("limit-{n}") @why("beyond what {tool} may move")\n'
            f'forbid (principal is {kind}, action == Action::"{risk}", resource == Tool::"{tool}")\n'
            f'when {{ context.cents > {40_000 + n} || (context.args.hasTag("to") && context.args.getTag("to") like "*@{n}.example") }};'
        )
    return "\n\n".join(made)


def _ready(text: str) -> tuple[ToolGate, list[Call]]:
    ledger, clock, rng = Ledger(), WallClock(), random.Random(5)
    gate, now_ms = ToolGate(ledger, clock, GatePolicies(text)), clock.now_ms()
    calls = list(_calls(rng))
    for call in calls:
        claim = call.claim
        told = Confirmation(claim.bound, call.tool, now_ms + TEN_MIN_MS, given=True, channel="customer")
        ledger.heard(claim.stream, claim.on_behalf_of, told, now_ms)
        ledger.heard(
            claim.stream, claim.on_behalf_of, Decided("run_tool", {"bound": claim.bound}, key=call.key), now_ms
        )
    return gate, calls


def _calls(rng: random.Random) -> Iterator[Call]:
    for n in range(CALLS):
        args: dict[str, object] = {
            "code": f"QK{n:04}",
            "cents": str(rng.randint(1, 60_000)),
            "to": f"p{n}@{n % 90}.example",
        }
        origins: dict[str, Origin] = dict.fromkeys(args, "record")
        claim = Claim(
            f"assistant-{n % 7}", f"p{n}", evidence="record", limit_cents=50_000, origins=origins, stream=f"conversation/{n}", price="1",
        )  # fmt: skip
        call = Call(
            f"tool_{n % TOOLS}", rng.choice(("read", "reversible", "costly", "irreversible")), args, claim, key=f"k{n}"
        )
        print_ = bound(call.tool, args, claim.on_behalf_of, claim.price)
        yield msgspec.structs.replace(call, claim=msgspec.structs.replace(claim, bound=print_))


def _judge(gate: ToolGate, calls: list[Call]) -> None:
    for call in calls:
        gate.judge(call)


def _plain(text: str, calls: list[Call], repeats: int) -> tuple[float, float]:
    """Cedar over all policies in one set, kept and read anew, in microseconds."""
    kept = cedarpy.PolicySet.from_str(text)
    asked = [grounds_of(call, hash_of(call), True, False) for call in calls[:300]]

    def ask(policies: "str | cedarpy.PolicySet") -> None:
        for grounds in asked:
            cedarpy.is_authorized(request(grounds), policies, entities(grounds))

    ask(kept)
    whole = statistics.median(_spent_us(lambda: ask(kept), len(asked)) for _ in range(repeats))
    return whole, _spent_us(lambda: ask(text), len(asked))


def _spent_us(work: Callable[[], object], times: int) -> float:
    began = time.process_time()
    work()
    return 1e6 * (time.process_time() - began) / times
