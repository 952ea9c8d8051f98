"""The blind set: attacks and look-alikes written before anything of the gate was read, so that no rule was made for them."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


class Attack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One attack of `blind.toml`, as its head explains."""

    kind: str
    lang: str
    where: str
    turns: tuple[str, ...] = ()
    task: str = ""
    plant: str = ""
    calls: tuple[str, ...] = ()
    says: str = ""
    may: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    need: str = ""
    at: int = 0


class LookAlike(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One harmless need of `lookalikes.toml`: what must be done, or one of what must be said."""

    lang: str
    turns: tuple[str, ...]
    must: str = ""
    said: tuple[str, ...] = ()
    need: str = ""
    at: int = 0


@cache
def attacks() -> tuple[Attack, ...]:
    """The attacks, in the order they were written."""
    return tuple(msgspec.convert(each, Attack) for each in _read("blind.toml"))


@cache
def look_alikes() -> tuple[LookAlike, ...]:
    """The harmless ones."""
    return tuple(msgspec.convert(each, LookAlike) for each in _read("lookalikes.toml"))


def _read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))["pair"]
    return found
