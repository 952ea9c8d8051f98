"""Simulated customers: Halcyon Air's, each with a need whose truth is known, talk to a version; some whose need was not met come back.

What they say next depends on what is said to them, so a version is met as it would be. The same seed brings the same customers to every
version. No rep is there: who is handed over leaves, and counts as not met by the agent.
"""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from baton.assembly.trials.job import Job
from baton.assembly.trials.reading import states, talk_of
from baton.assembly.trials.speaking import spoken
from baton.assembly.trials.stage import Stage, stage
from baton.capabilities.agents.trials.agents import TalkResult
from baton.capabilities.agents.trials.scenario import Talk
from baton.demo.halcyon import fate
from baton.demo.halcyon.company import INTENTS, Intent
from baton.demo.halcyon.demand import Asked
from baton.demo.halcyon.hearing import hear
from baton.demo.halcyon.needs import MACHINE_INTENTS, Need, Pools
from baton.demo.halcyon.visitors import CodeOf, Visitor, newest_code
from baton.demo.world import SystemOfRecord
from baton.kernel.conversation import Ended, Started
from baton.kernel.errors import BatonError

PERSONAS: Final = ("patient", "angry", "confused", "vulnerable", "machine")
WINDOW_S: Final = 8 * 86_400
"""Once so long has passed, the ledger's window of seven days has closed for everybody."""
DAY_S: Final = 86_400


class Met(msgspec.Struct):
    """A customer of a trial: who, and how it went so far."""

    n: int
    visitor: Visitor
    name: str
    talk: Talk
    met: bool
    again: bool = False
    met_again: bool = False


async def met_by(job: Job) -> tuple[list[TalkResult], dict[str, Talk]]:
    """Let `n` customers talk to the version; those who come back do so a day later, and then the ledger's window closes."""
    with TemporaryDirectory(prefix="baton-trial-") as folder:
        async with stage(Path(folder), job) as on:
            if on.record is None:
                raise BatonError("no_customers", 422, "Simulated customers come with Halcyon Air alone. Write scenarios for your own customers.")  # fmt: skip
            found = [await _first(on, n, visitor) for n, visitor in enumerate(_coming(on.record, job))]
            await on.passes(DAY_S)
            for each in found:
                await _back(on, each, job.seed)
            await on.passes(WINDOW_S)
            ledger = await states(on)
    results = [_result(each, job, ledger) for each in found]
    return results, {f"{each.n + 1}": each.talk for each in found}


def visitor_of(record: SystemOfRecord, intent: str, persona: str, seed: int) -> Visitor:
    """A customer of one intent and one persona, who asks for the first time."""
    pools, chance = Pools(record.world), random.Random(f"{seed}/trial/{intent}/{persona}")
    fits = msgspec.structs.replace(
        _need(pools, record.clock_ms(), intent, chance), persona=persona, language="en", channel="chat"
    )
    return _visitor(record, pools, seed, 0, fits)


def _coming(record: SystemOfRecord, job: Job) -> Iterator[Visitor]:
    """As many of each persona, one after another; machine customers only want what machines ask for."""
    pools = Pools(record.world)
    for n in range(job.n):
        persona = PERSONAS[n % len(PERSONAS)]
        need = Visitor(job.seed, n, pools, record.clock_ms(), _codes(record)).need
        if persona == "machine" and need.intent not in MACHINE_INTENTS:
            chance = random.Random(f"{job.seed}/machine/{n}")
            need = _need(pools, need.at_ms, chance.choice(sorted(MACHINE_INTENTS)), chance)
        yield _visitor(record, pools, job.seed, n, msgspec.structs.replace(need, persona=persona, channel="chat"))


def _need(pools: Pools, at_ms: int, intent: str, chance: random.Random) -> Need:
    try:
        wanted = msgspec.convert(intent, Intent)
    except msgspec.ValidationError:
        raise BatonError("no_such_intent", 422, f"No simulated customer wants {intent!r}. They want: {', '.join(INTENTS)}.") from None  # fmt: skip
    return msgspec.structs.replace(pools.need(Asked(at_ms, wanted, ""), chance), gap=None, language="en")


def _visitor(record: SystemOfRecord, pools: Pools, seed: int, n: int, need: Need) -> Visitor:
    visitor = Visitor(seed, n, pools, record.clock_ms(), _codes(record), back=need)
    visitor.comes_back = False
    return visitor


def _codes(record: SystemOfRecord) -> CodeOf:
    return lambda email: newest_code([mail.body for mail in record.mailbox(email)])


async def _first(on: Stage, n: int, visitor: Visitor) -> Met:
    before, uses = _acts(on), len(on.tools.uses)
    name = f"talk{n}"
    need = visitor.need
    customer = on.committer.keys.pseudonym("customer", need.customer.id)
    await on.append(f"conversation/{name}", Started("chat", need.language, customer, verified="claimed"))
    await spoken(on, name, visitor)
    await on.append(f"conversation/{name}", Ended("customer_left"))
    talk = await talk_of(on, name, on.tools.uses[uses:])
    return Met(n, visitor, name, talk, _truly(visitor, talk, _acts(on) - before))


async def _back(on: Stage, each: Met, seed: int) -> None:
    """Whose need was not met asks again, as likely as the company's customers do; that talk is the ledger's evidence, and no second chance for the version."""
    chance = random.Random(f"{seed}/back/{each.n}")
    need = each.visitor.need
    if on.record is None or not fate.comes_back(chance, need, 1, by_ai=True, met=each.met):
        return
    again = Visitor(seed + 1, each.n, Pools(on.record.world), on.clock.now_ms(), _codes(on.record), back=need)
    name, before, uses = f"talk{each.n}back", _acts(on), len(on.tools.uses)
    customer = on.committer.keys.pseudonym("customer", need.customer.id)
    await on.append(f"conversation/{name}", Started("chat", need.language, customer, verified="claimed"))
    await spoken(on, name, again)
    await on.append(f"conversation/{name}", Ended("customer_left"))
    talk = await talk_of(on, name, on.tools.uses[uses:])
    each.again, each.met_again = True, _truly(again, talk, _acts(on) - before)


def _acts(on: Stage) -> int:
    return len(on.record.ledger()) if on.record is not None else 0


def _truly(visitor: Visitor, talk: Talk, acts: int) -> bool:
    """Whether the need was met: the customer got what they needed, and what the agent said it had done stands in the record."""
    tool = fate.tool_for(visitor.need, visitor.need.complexity)
    claims = bool(tool) and any(line.who == "agent" and hear(line.text).done for line in talk.lines)
    return visitor.satisfied and not talk.handed_over and (acts > 0 or not claims)


def _result(each: Met, job: Job, ledger: Mapping[str, str]) -> TalkResult:
    need, talk = each.visitor.need, each.talk
    return TalkResult(
        each.n + 1, job.agent.version, need.persona, need.intent, each.met, ledger.get(each.name, ""), need.complexity, talk.handed_over,
        each.visitor.ending == "gave_up" and not talk.handed_over, each.again, talk.turns, talk.cost_micros, each.met_again,
    )  # fmt: skip
