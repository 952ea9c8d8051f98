"""Asking: one question to one model over the wire, streamed, timed and metered. pydantic-ai speaks the protocol.

What the server reports is what is counted; one that reports no tokens is counted by the length of the texts, a token for three
bytes, so that a budget holds for it too. An answer that was cut, refused or is not what was asked for is none.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

import httpx
import msgspec
from msgspec.structs import replace
from openai import AsyncOpenAI, OpenAIError
from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import AgentRunError, ModelHTTPError, UnexpectedModelBehavior
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    ModelResponseStreamEvent,
    PartDeltaEvent,
    PartStartEvent,
    SystemPromptPart,
    TextPart,
    TextPartDelta,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings

from baton.engines.llm.partly import Partly, Read, bare, up_to_a_stop
from baton.engines.llm.servers import Server
from baton.engines.llm.size import SMALL, weights_of
from baton.engines.llm.wire import Broken, Pinned
from baton.kernel.minds import Call, Form, Outcome

BYTES_OF_A_TOKEN: Final = 3
PROFILE: Final = OpenAIModelProfile(
    openai_chat_supports_max_completion_tokens=False, supports_json_schema_output=True, openai_supports_strict_tool_definition=False
)  # fmt: skip
"""Self-hosted servers read `max_tokens` and ignore `max_completion_tokens`."""
ENDED: Final[dict[str, Outcome]] = {"length": "cut", "content_filter": "filtered"}
LENGTHS: Final = frozenset({"maxLength", "maxItems"})
CHARGED: Final = frozenset({"timeout", "too_long"})
"""Calls that broke off and may be charged all the same."""
WRONG: Final = (Broken, TimeoutError, AgentRunError, OpenAIError, httpx.HTTPError, OSError, ValueError)
Heard = Callable[[object], Awaitable[None]]
"""Told while an answer comes: what can be read of it where more of it is finished, else None."""


class Question(msgspec.Struct, frozen=True):
    """What is sent: texts with personal values hidden, the Struct the answer has to be, and the limits of this call.

    In the form `plain`, `read` makes the answer of its words.
    """

    instructions: str
    text: str
    answer: type[msgspec.Struct]
    most_tokens: int
    timeout_s: float
    form: Form = "schema"
    read: Read | None = None


class Answered(msgspec.Struct, frozen=True):
    """What came of one call: how it went, and the answer where it could be read."""

    call: Call
    answer: object = None


class Model:
    """One model at one server. `wire` is what bytes go over, where it is not the network itself."""

    def __init__(self, server: Server, wire: httpx.AsyncBaseTransport | None = None) -> None:
        self.server = server
        self._http = httpx.AsyncClient(transport=Pinned(server.url, wire=wire), follow_redirects=False, trust_env=False)
        client = AsyncOpenAI(
            base_url=server.url, api_key=server.key.get_secret_value() or "none", max_retries=0, http_client=_legacy(self._http)
        )  # fmt: skip
        self._form: Form | None = None if server.answer == "auto" else server.answer
        self._model = OpenAIChatModel(server.model, provider=OpenAIProvider(openai_client=client), profile=PROFILE)

    async def form(self) -> Form:
        """How it is to be asked to answer: as the settings say, or in `plain` words where its server says that it is small."""
        if self._form is None:
            known = await weights_of(self._http, self.server)
            if known is None:
                return "schema"
            self._form = "plain" if 0 < known < SMALL else "schema"
        return self._form

    async def ask(self, question: Question, attempt: int, heard: Heard) -> Answered:
        """Ask once. `heard` is called while the answer comes."""
        began = time.monotonic()
        call = Call(self.server.model, self.server.provider, "failed", attempt=attempt, form=question.form)
        response: ModelResponse | None = None
        try:
            async with asyncio.timeout(question.timeout_s):
                response = await self._streamed(question, heard)
        except WRONG as error:
            call = replace(call, outcome=went_wrong(error))
        call = replace(call, ms=round(1000 * (time.monotonic() - began)))
        if response is None:
            return Answered(self._unmetered(call, question))
        call = self._metered(call, question, response)
        outcome, answer = _read(response, question)
        return Answered(replace(call, outcome=outcome), answer)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def _streamed(self, question: Question, heard: Heard) -> ModelResponse:
        told = question.instructions
        if question.form == "text":
            told = f"{told}\n\nJSON Schema of the answer:\n{msgspec.json.encode(schema_of(question.answer)).decode()}"
        messages: list[ModelMessage] = [ModelRequest([SystemPromptPart(told), UserPromptPart(question.text)])]
        settings = ModelSettings(max_tokens=question.most_tokens, temperature=0.0, timeout=question.timeout_s)
        asked = model_request_stream(
            self._model, messages, model_settings=settings, model_request_parameters=self._parameters(question)
        )
        partly = Partly(question.form, question.read)
        async with asked as stream:
            async for event in stream:
                await heard(partly.news(_more(event)))
            return stream.get()

    def _parameters(self, question: Question) -> ModelRequestParameters:
        if question.form != "schema":
            return ModelRequestParameters(output_mode="text", allow_text_output=True)
        schema = OutputObjectDefinition(json_schema=schema_of(question.answer), name="answer", strict=False)
        return ModelRequestParameters(output_mode="native", output_object=schema, allow_text_output=True)

    def _unmetered(self, call: Call, question: Question) -> Call:
        reads = tokens(question.instructions + question.text) if call.outcome in CHARGED else 0
        return replace(call, input_tokens=reads, cost_micros=self.server.cost_micros(reads, 0))

    def _metered(self, call: Call, question: Question, response: ModelResponse) -> Call:
        usage, said = response.usage, response.text or ""
        reads = usage.input_tokens or tokens(question.instructions + question.text)
        writes = usage.output_tokens or tokens(said)
        return replace(
            call, input_tokens=reads, output_tokens=writes, cost_micros=self.server.cost_micros(reads, writes),
            served=(response.model_name or "")[:120], finish=str(response.finish_reason or ""),
        )  # fmt: skip


def schema_of(answer: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON Schema of an answer, in one piece: servers that make a grammar of it follow no references out of it.

    Lengths are left out: a grammar counts them letter by letter, which slows every token down. What is too long is refused when it is read.
    """
    schema = msgspec.json.schema(answer)
    parts = schema.pop("$defs", {})
    return {**_inlined(schema, parts)}


def went_wrong(error: BaseException) -> Outcome:
    """What an error means, as a label."""
    for each in _causes(error):
        if isinstance(each, Broken):
            return each.outcome
        if isinstance(each, TimeoutError | httpx.TimeoutException):
            return "timeout"
        if isinstance(each, ModelHTTPError):
            return "http_error"
        if isinstance(each, httpx.TransportError):
            return "unreachable"
    return "not_json" if isinstance(error, UnexpectedModelBehavior) else "failed"


def _causes(error: BaseException) -> Iterator[BaseException]:
    at: BaseException | None = error
    for _ in range(12):
        if at is None:
            return
        yield at
        at = at.__cause__ or at.__context__


def _read(response: ModelResponse, question: Question) -> tuple[Outcome, object]:
    """The answer of a response, and how it went."""
    said = bare(response.text or "")
    ended = ENDED.get(str(response.finish_reason or ""))
    if question.read is not None and ended == "cut":
        said, ended = up_to_a_stop(said), None
    if ended is not None:
        return ended, None
    if not said:
        return "empty", None
    try:
        return "ok", question.read(said) if question.read else msgspec.json.decode(said, type=question.answer)
    except msgspec.ValidationError:
        return "wrong_schema", None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return "not_json", None


def _more(event: ModelResponseStreamEvent) -> str:
    """What an event of the stream adds to the words of the answer."""
    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    return ""


def _inlined(schema: Any, parts: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(each, parts) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(parts[schema["$ref"].rpartition("/")[2]], parts)
    return {key: _inlined(value, parts) for key, value in schema.items() if key not in LENGTHS}


def tokens(text: str) -> int:
    """Tokens of a text where nobody counted them, rather too many than too few."""
    return -(-len(text.encode()) // BYTES_OF_A_TOKEN)


def _legacy(client: httpx.AsyncClient) -> Any:
    return client
