"""Thinking as a tool: personal values hidden, the servers tried in order within what may be spent, values put back into the answer.

No transaction is open meanwhile: it runs beside everything else, as an outside act. What was asked and answered is never logged
here; the calls are told as labels and numbers. More than `MOST` waiting are told `busy` at once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import msgspec
from msgspec.structs import replace

from baton.engines.llm.asking import Answered, Heard, Model, Question, tokens
from baton.engines.llm.servers import Server, named
from baton.engines.llm.telling import Telling, put_back
from baton.engines.personal.hiding import Cloak
from baton.kernel.conversation import Args
from baton.kernel.minds import THINK, Amounts, Call, Form, Prompt, Shown, Tell
from baton.kernel.ports import ActionResult, Claim, Tools

AT_ONCE: Final = 8
"""Calls at the same time; a server of one's own seldom bears more."""
MOST: Final = 64
ILL_S: Final = 30.0
"""A server that did not answer is tried after the others for so long."""
DOWN: Final = frozenset({"timeout", "unreachable", "http_error"})
MOST_TOKENS: Final = 900
"""Tokens of one answer: a dozen sentences."""


class Asked(Protocol):
    """A model at a server."""

    server: Server

    async def form(self) -> Form:
        """How it is to be asked to answer."""
        ...

    async def ask(self, question: Question, attempt: int, heard: Heard) -> Answered:
        """Ask once."""
        ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...


async def silent(stream: str, body: bytes) -> None:
    """Nobody is told."""


class Thinking:
    """The tools of an organisation, and beside them its models as a tool of its own. `tell` sends that the agent is writing, and what was judged of it."""

    def __init__(self, tools: Tools, models: Sequence[Asked], timeout_s: float = 15.0, tell: Tell = silent) -> None:
        self._tools, self._timeout_s, self.tell = tools, timeout_s, tell
        self._models = {(each.server.url, each.server.model): each for each in models}
        self._servers = [each.server for each in models]
        self._room = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._ill_until_s: dict[str, float] = {}

    async def call(self, tool: str, args: Mapping[str, object], key: str, claim: Claim | None = None) -> ActionResult:
        """Any other tool is the organisation's. Who thinks under a cost cap (`capped`) asks no model whose price nobody said: it would spend unseen."""
        if tool != THINK:
            return await self._tools.call(tool, args, key, claim)
        prompt = args["prompt"]
        if not isinstance(prompt, Prompt) or self._waiting >= MOST:
            return ActionResult(False, "busy")
        servers = sorted(named(self._servers, prompt.model), key=self._is_ill)
        if not servers:
            return ActionResult(False, "no_model")
        servers = [each for each in servers if each.priced or not args.get("capped")]
        if not servers:
            return ActionResult(False, "no_price")
        self._waiting += 1
        try:
            async with self._room:
                return await self._told(prompt, servers, str(args["stream"]), key)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Let go of the connections."""
        for model in self._models.values():
            await model.close()

    def _is_ill(self, server: Server) -> bool:
        return self._ill_until_s.get(server.url, 0.0) > _now_s()

    async def _told(self, prompt: Prompt, servers: Sequence[Server], stream: str, key: str) -> ActionResult:
        cloak = Cloak()
        telling = Telling(self.tell, stream, key, prompt.so_far, cloak)
        await telling.heard(None)
        calls: list[Call] = []
        answer: object = None
        for attempt, server in enumerate(servers, 1):
            model = self._models[server.url, server.model]
            asked = await _asked(prompt, await model.form(), cloak)
            question = _within(asked, prompt.left, calls, server, self._timeout_s)
            if question is None:
                continue
            answered = await model.ask(question, attempt, telling.heard)
            calls.append(answered.call)
            self._ill_until_s[server.url] = ILL_S + _now_s() if answered.call.outcome in DOWN else 0.0
            answer = answered.answer
            if answered.call.outcome == "ok":
                break
            await telling.failed()
        await telling.done()
        return _result(calls, answer, cloak)


def _now_s() -> float:
    return asyncio.get_running_loop().time()


async def _asked(prompt: Prompt, form: Form, cloak: Cloak) -> Question:
    """The prompt as one text, personal values replaced by numbered kinds; the brief one where the model answers in plain words."""
    brief = prompt.brief if form == "plain" else None
    text = await asyncio.to_thread(_hidden, brief.shown if brief else prompt.shown, cloak)
    if brief is None:
        held = "text" if form == "plain" else form
        return Question(prompt.instructions, text, prompt.answer, MOST_TOKENS, 0.0, held)
    return Question(
        brief.instructions,
        text,
        prompt.answer,
        brief.most_tokens,
        0.0,
        form,
        lambda said: brief.read(cloak.put_back(said)),
    )


def _hidden(shown: Sequence[Shown], cloak: Cloak) -> str:
    hidden = iter(cloak.hide([part.text for part in shown if part.personal]))
    return "\n\n".join(f"## {part.title}\n{next(hidden) if part.personal else part.text}" for part in shown)


def _within(asked: Question, may: Amounts, calls: Sequence[Call], server: Server, timeout_s: float) -> Question | None:
    """The question of the next call, or None where what is left to spend may not bear it."""
    reads = tokens(asked.instructions + asked.text)
    left = Amounts(
        calls=may.calls - len(calls),
        tokens=may.tokens - sum(c.input_tokens + c.output_tokens for c in calls),
        micros=may.micros - sum(c.cost_micros for c in calls),
        ms=may.ms - sum(c.ms for c in calls),
    )
    writes = min(asked.most_tokens, left.tokens - reads)
    if server.price_out:
        writes = min(writes, int((left.micros - server.cost_micros(reads, 0)) / server.price_out))
    if min(left.calls, left.ms, writes, left.micros - server.cost_micros(reads, 0)) <= 0:
        return None
    return replace(asked, most_tokens=writes, timeout_s=min(timeout_s, left.ms / 1000))


def _result(calls: Sequence[Call], answer: object, cloak: Cloak) -> ActionResult:
    told: Args = {"calls": msgspec.json.encode(calls).decode()}
    if answer is None:
        return ActionResult(False, calls[-1].outcome if calls else "spent", told)
    plain = put_back(msgspec.to_builtins(answer), cloak)
    return ActionResult(True, "", told, {"answer": msgspec.json.encode(plain).decode()})


def models_at(servers: Sequence[Server]) -> list[Asked]:
    """A model for each server."""
    return [Model(server) for server in servers]
