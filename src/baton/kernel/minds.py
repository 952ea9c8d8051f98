"""Minds: what a model that thinks is shown, what it may spend, and what it answers. The model proposes; policy disposes."""

from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec

THINK = "think"
"""The tool by which an outside act asks a model; its arguments are `prompt` (a `Prompt`) and `stream`."""

Outcome = Literal[
    "ok", "timeout", "unreachable", "redirected", "refused_address", "http_error", "too_long", "cut", "empty", "not_json", "wrong_schema",
    "filtered", "failed",
]  # fmt: skip
"""How a call to a model ended: `cut` means at the limit of its tokens, `filtered` that the provider refused."""

Form = Literal["schema", "text", "plain"]

Tell = Callable[[str, bytes], Awaitable[None]]
"""Sends a signal of a stream: something that is never logged."""


PARTIAL = b'{"thought":'
"""How the signal of what is written so far begins; other signals of a conversation tell who types."""


class Partial(msgspec.Struct, frozen=True, gc=False):
    """What of an answer may be shown while `thought` (its key) goes on: whole sentences, each judged, all of them so far.

    It is a signal, never logged. An empty `text` takes back what was shown of this thought.
    """

    thought: str
    text: str


class Amounts(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What thinking took, or may take: model calls, tool calls, tokens in and out, money in micro-units of the currency, milliseconds."""

    calls: int = 0
    tool_calls: int = 0
    tokens: int = 0
    micros: int = 0
    ms: int = 0


class Shown(msgspec.Struct, frozen=True, gc=False):
    """One part of a prompt: whose words (or what), and the text. What is `personal` is hidden before it leaves Baton."""

    title: str
    text: str
    personal: bool = True


class Brief(msgspec.Struct, frozen=True, gc=False):
    """The same question for a small model that answers in plain words: less to read, little to write.

    `read` makes the answer of its words; while they still come, the newest part of it may be unfinished.
    """

    instructions: str
    shown: tuple[Shown, ...]
    read: Callable[[str], msgspec.Struct]
    most_tokens: int


class Prompt(msgspec.Struct, frozen=True, gc=False):
    """What a model is asked: fixed instructions, what it is shown, and the Struct its answer has to be.

    `model` names one of the connected models, or is `any`. `left` is what may still be spent: an engine stays within it.
    `so_far` tells how much of an unfinished answer (as plain values, the newest part perhaps unfinished) was judged and may be shown;
    `brief` is the question for models that cannot hold to a schema.
    """

    instructions: str
    shown: tuple[Shown, ...]
    answer: type[msgspec.Struct]
    left: Amounts
    model: str = "any"
    so_far: Callable[[object], str] = lambda _: ""
    brief: Brief | None = None


class Call(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One call to one model: labels and numbers, no text. `served` is the model that the server says answered, `form` how it was asked to
    answer: held to a `schema`, in JSON as `text`, or in `plain` words.
    """

    model: str
    provider: str
    outcome: Outcome
    served: str = ""
    finish: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int = 0
    ms: int = 0
    attempt: int = 1
    form: Form = "schema"


def calls_in(told: object) -> list[Call]:
    """The calls an outcome of thinking tells of (`args["calls"]`); none where it tells of none."""
    return msgspec.json.decode(told, type=list[Call]) if isinstance(told, str) and told else []
