"""Names for invented customers and companies."""

from functools import cache

import msgspec

from baton.demo.halcyon.files import text_of, typed


class Flown(msgspec.Struct, frozen=True):
    """A route as `names.toml` writes it; it also flies back."""

    number: int
    origin: str
    destination: str
    departs: str
    minutes: int
    km: int


class Names(msgspec.Struct, frozen=True):
    """Words to put together, and the routes."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    company_first: tuple[str, ...]
    company_last: tuple[str, ...]
    route: tuple[Flown, ...]


@cache
def names() -> Names:
    """The names and routes of the company's files."""
    return typed(text_of("names.toml"), Names)
