"""Partly: what of an answer can be read while it is still being written."""

from collections.abc import Callable
from typing import Final

import msgspec
import pydantic_core

from baton.kernel.minds import Form

CLOSES: Final = "}"
"""Something of a JSON answer is finished where one closes."""
STOPS: Final = (".", "!", "?", "\n")
Read = Callable[[str], msgspec.Struct]


class Partly:
    """An answer in the making. `read` makes it of plain words; without it, it is JSON."""

    def __init__(self, form: Form, read: Read | None) -> None:
        self._read = read if form == "plain" else None
        self._finished = 0

    def news(self, said: str) -> object:
        """What can be read of it now, as plain values, the newest part perhaps unfinished; None where nothing more was finished since."""
        finished = sum(map(said.count, STOPS)) if self._read else said.count(CLOSES)
        if finished == self._finished:
            return None
        self._finished = finished
        return msgspec.to_builtins(self._read(said)) if self._read else _json(said)


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
