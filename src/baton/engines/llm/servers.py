"""Servers: where models are asked, in the order they are tried, with their keys and prices. Read from the settings."""

from collections.abc import Sequence
from math import ceil
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError

from baton.kernel.errors import BatonError
from baton.settings import Settings


class Server(BaseModel):
    """One model at one address. Prices are money for a million tokens, which is micro-units of the currency for one; None: nobody said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(pattern=r"^https?://[^/\s@]+(/\S*)?$")
    model: str = Field(min_length=1, max_length=200)
    key: SecretStr = SecretStr("")
    price_in: float | None = Field(default=None, ge=0)
    price_out: float | None = Field(default=None, ge=0)
    answer: Literal["auto", "schema", "text", "plain"] = "auto"

    @property
    def provider(self) -> str:
        """The host, as a label."""
        return urlsplit(self.url).hostname or ""

    @property
    def priced(self) -> bool:
        """Whether both prices were said, 0 included: what it costs can be counted."""
        return self.price_in is not None and self.price_out is not None

    def cost_micros(self, input_tokens: int, output_tokens: int) -> int:
        """What so many tokens cost, in micro-units of the currency, rounded up."""
        return ceil(round(input_tokens * (self.price_in or 0.0) + output_tokens * (self.price_out or 0.0), 6))


def servers_of(settings: Settings) -> tuple[Server, ...]:
    """The servers of the settings, the first one first; none where `BATON_LLM_URL` is empty.

    Raises:
        BatonError: `llm_settings` where they cannot be read. Keys are never part of the message.
    """
    if not settings.llm_url:
        return ()
    first = {
        "url": settings.llm_url, "model": settings.llm_model, "key": settings.llm_key or SecretStr(""),
        "price_in": settings.llm_price_in, "price_out": settings.llm_price_out, "answer": settings.llm_answer,
    }  # fmt: skip
    try:
        fallbacks = settings.llm_fallbacks.get_secret_value() if settings.llm_fallbacks else "[]"
        return Server.model_validate(first), *TypeAdapter(list[Server]).validate_json(fallbacks)
    except ValidationError as error:
        raise _unreadable(error) from None


def named(servers: Sequence[Server], model: str) -> list[Server]:
    """The servers that may answer for `model`: those of that name first and the others after them, or all for `any`.

    None where no server has that model.
    """
    if model == "any":
        return list(servers)
    mine = [server for server in servers if server.model == model]
    return mine and [*mine, *(server for server in servers if server.model != model)]


def unpriced(servers: Sequence[Server], model: str) -> list[str]:
    """Those that may answer for `model` and whose price nobody said, as `model at host`."""
    return [f"{each.model!r} at {each.provider}" for each in named(servers, model) if not each.priced]


def _unreadable(error: ValidationError) -> BatonError:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    where = ".".join(map(str, first["loc"])) or "the list"
    return BatonError(
        "llm_settings", 422,
        f"The model settings cannot be read: {where}: {first['msg']}. Set BATON_LLM_URL and BATON_LLM_MODEL, and BATON_LLM_FALLBACKS to a"
        ' JSON list such as [{"url": "http://127.0.0.1:8080/v1", "model": "local"}].',
    )  # fmt: skip
