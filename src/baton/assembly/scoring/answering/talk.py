"""Talk: one question put to the assistant of Halcyon Air, in a conversation of its own, and what came of it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Literal

import msgspec

from baton.assembly.parts import NoTools, packages, read_models
from baton.assembly.written import known, passages
from baton.capabilities.agents.events import Agent, Agents, Procedures
from baton.capabilities.knowledge.events import Articles
from baton.engines.looking import Looking
from baton.engines.meanings import Meanings
from baton.engines.models.fast import FastTier
from baton.engines.models.search import Index
from baton.engines.understanding import Understanding
from baton.kernel.actor import Actor
from baton.kernel.capability import load
from baton.kernel.clock import FakeClock
from baton.kernel.committer import Committer, Done
from baton.kernel.conversation import Decided, PolicyRevised, Started, TurnSaid
from baton.kernel.events import Event
from baton.kernel.ports import Pool
from baton.kernel.stream import policy_name
from baton.stores.keys import SqliteKeys
from baton.stores.sqlite import SqliteStore

ASSISTANT: Final = Agent(id="assistant", name="Assistant", approved=True)
NOW_MS: Final = 1_790_000_000_000
LOOK: Final = "look_again"


class Came(msgspec.Struct, frozen=True):
    """What came of a question: an `answer` with citations; `act`, a procedure begun; `meant` or `near`, a procedure or a section asked
    back about; a `person`; or `nothing` found. `looked`: meaning was asked.
    """

    kind: Literal["answer", "act", "meant", "near", "person", "nothing"]
    cites: tuple[str, ...] = ()
    procedure: str = ""
    said: str = ""
    looked: bool = False


class Talk:
    """A Baton to which questions are put."""

    def __init__(self, committer: Committer, actor: Actor) -> None:
        self._committer, self._actor, self._asked = committer, actor, 0

    async def ask(self, question: str) -> Came:
        """Put a question in a conversation of its own."""
        self._asked += 1
        stream = f"conversation/q{self._asked}"
        decisions, spoken = list[Decided](), list[TurnSaid]()

        def keep(done: Sequence[Done]) -> None:
            for caused in (c.event for each in done if each.stream.id == stream for c in each.rest.caused):
                if isinstance(caused, Decided):
                    decisions.append(caused)
                elif isinstance(caused, TurnSaid) and caused.role == "agent":
                    spoken.append(caused)

        self._committer.listeners.append(keep)
        await self.append(stream, Started(), "customer")
        await self.append(stream, TurnSaid("customer", question), "customer")
        self._committer.listeners.remove(keep)
        return _came(decisions, spoken)

    async def append(self, stream: str, event: Event, by: str) -> None:
        """Append, and let everything come to rest."""
        asked = asyncio.ensure_future(self._committer.append(stream, event, by=by))
        await asyncio.sleep(0)
        idle = 0
        while idle < 2:
            acting = asyncio.ensure_future(self._actor.settle())
            while not acting.done():
                await self._committer.settle()
                await asyncio.sleep(0.0005)
            idle = 0 if await self._committer.cycle() else idle + 1
        await asked


@asynccontextmanager
async def talk(
    folder: Path, articles: Articles, procedures: Procedures, pool: Pool | None, vectors: Path | None = None
) -> AsyncIterator[Talk]:
    """A Baton in `folder` with these articles and procedures; without a `pool` only words are known."""
    store, keys = SqliteStore(folder / "log.db"), SqliteKeys(folder / "keys.db")
    crafts = load(packages())
    await store.open(read_models(crafts))
    models = Understanding(FastTier(), Index.build(passages(articles)))
    committer = Committer(store, crafts, keys, models, FakeClock(NOW_MS))
    meanings = Meanings(vectors)
    meanings.learn(known(articles, procedures))
    looking = Looking(NoTools(), pool, meanings=meanings)
    actor = Actor(committer, crafts, looking)
    committer.outside = actor.start
    await committer.start()
    made = Talk(committer, actor)
    for policy in (articles, procedures, Agents(agents=(ASSISTANT,))):
        name = policy_name(type(policy))
        await made.append(f"policy/{name}", PolicyRevised(name, msgspec.Raw(msgspec.json.encode(policy))), "system")
    if pool is not None:
        await looking.prepared()
    try:
        yield made
    finally:
        await looking.close()
        await store.close()
        keys.close()


def _came(decisions: Sequence[Decided], spoken: Sequence[TurnSaid]) -> Came:
    looked = any(each.action == LOOK for each in decisions)
    told = next((each for each in decisions if each.action != LOOK), None)
    said, answers = (spoken[0].text, spoken[0].cites) if spoken else ("", ())
    offer = str(told.args.get("offer", "")) if told is not None else ""
    if told is None:
        return Came("nothing", looked=looked)
    if told.action == "answer" and answers:
        return Came("answer", answers, offer, said, looked)
    if told.action == "start_procedure":
        return Came("act", (), str(told.args["procedure"]), said, looked)
    if told.action == "ask_back" and offer:
        cites = tuple(name for name in offer.split() if "#" in name)
        act = "".join(name for name in offer.split() if "#" not in name)
        return Came("near" if cites else "meant", cites, act, said, looked)
    return Came("person" if told.action == "escalate" else "nothing", said=said, looked=looked)
