"""Where the files of Halcyon Air are, and how one becomes a typed value."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

T = TypeVar("T")


def text_of(name: str) -> str:
    """The text of one file of the company, such as `company.toml`."""
    return _folder().joinpath(name).read_text(encoding="utf-8")


def texts_in(folder: str, ending: str) -> Iterator[tuple[str, str]]:
    """(name, text) of every file in a folder of the company, in order of name."""
    entries = sorted(_folder().joinpath(folder).iterdir(), key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.endswith(ending):
            yield entry.name, entry.read_text(encoding="utf-8")


def typed(toml: str, kind: type[T]) -> T:
    """TOML text as a value of `kind`. Raises `msgspec.ValidationError` when a field is missing or of the wrong kind."""
    return msgspec.convert(tomllib.loads(toml), kind)


def _folder() -> Traversable:
    return files(__package__ or "baton.demo.halcyon")
