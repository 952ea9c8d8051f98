"""Examining: each configured model is asked one small question, and what is wrong is told with what to do. Costs some tokens each."""

from typing import Final

import msgspec

from baton.engines.llm.asking import Model, Question
from baton.engines.llm.servers import Server

QUESTION: Final = 'Answer with one JSON object and nothing else: {"ready": true}'
LIMIT_S: Final = 10.0
MOST_TOKENS: Final = 60
TO_DO: Final = {
    "unreachable": "nothing listens there: start the server, or correct its address",
    "timeout": "no answer in 10 seconds: look at the server's load, or choose a smaller model",
    "http_error": "the server refuses: look at its log, the model's name and the key",
    "redirected": "it redirects elsewhere, which is not followed: set the address it redirects to",
    "not_json": "it does not hold answers to a schema: set BATON_LLM_ANSWER=text, or plain where it is small, or choose a larger model",
    "wrong_schema": "it does not hold answers to a schema: set BATON_LLM_ANSWER=text, or plain where it is small, or choose a larger model",
}
PLAIN: Final = ", in plain words: it answers from articles and chooses no procedure"


class Ready(msgspec.Struct, frozen=True):
    """What it is asked to say."""

    ready: bool


async def examined(servers: tuple[Server, ...]) -> str:
    """Each server in order, with how it answered."""
    return "; ".join([await _one(server) for server in servers])


async def _one(server: Server) -> str:
    model = Model(server)
    try:
        form = await model.form()
        read = _any_words if form == "plain" else None
        question = Question(QUESTION, "Are you ready?", Ready, MOST_TOKENS, LIMIT_S, form, read)
        answered = await model.ask(question, 1, _silently)
    finally:
        await model.close()
    call, where = answered.call, f"{server.model} at {server.provider}"
    if call.outcome == "ok":
        return f"{where}: ok in {call.ms} ms{PLAIN if form == 'plain' else ''}"
    return f"{where}: {TO_DO.get(call.outcome, f'it answered with {call.outcome}: look at its log')}"


def _any_words(said: str) -> Ready:
    """Whatever a small model says, it is there."""
    return Ready(bool(said))


async def _silently(partial: object) -> None:
    """Nobody is told that it writes."""
