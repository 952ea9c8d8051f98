"""Partly: what of an answer can be read while it is still being written."""

from collections.abc import Callable
from typing import Final

import msgspec
import pydantic_core

from baton.kernel.minds import Form

CLOSES: Final = "}"
"""Something of a JSON answer is finished where one closes."""
LONGEST: Final = 20_000
"""Letters of an answer beyond which nothing more of it is read before its end: no answer is so long."""
STOPS: Final = (".", "!", "?", "\n")
Read = Callable[[str], msgspec.Struct]


class Partly:
    """An answer in the making. `read` makes it of plain words; without it, it is JSON."""

    def __init__(self, form: Form, read: Read | None) -> None:
        self._read = read if form == "plain" else None
        self._said = ""

    def news(self, more: str) -> object:
        """What can be read of it with these words more, as plain values, the newest part perhaps unfinished; None where they finish nothing."""
        if not more or len(self._said) > LONGEST:
            return None
        self._said += more
        if not any(end in more for end in (STOPS if self._read else CLOSES)):
            return None
        return msgspec.to_builtins(self._read(self._said)) if self._read else _json(self._said)


def bare(said: str) -> str:
    """The JSON of an answer that a model put between fences; the last one may not have come yet."""
    plain = said.strip()
    if plain.startswith("```") and "\n" in plain:
        return plain[plain.index("\n") :].removesuffix("```").strip()
    return plain


def up_to_a_stop(said: str) -> str:
    """The whole sentences of words that were cut off."""
    return said[: 1 + max(map(said.rfind, STOPS))].strip()


def _json(said: str) -> object:
    try:
        return pydantic_core.from_json(bare(said), allow_partial=True)
    except ValueError:
        return None
