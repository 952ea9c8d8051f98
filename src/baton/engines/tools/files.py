"""The tools file: `tools.toml` in the home folder names the systems to connect, and what may be done with each tool of theirs."""

import tomllib
from collections.abc import Mapping
from typing import Final

import msgspec

from baton.engines.tools.declared import Limits, Risk

NAME: Final = "tools.toml"
SECRETS: Final = "BATON_TOOL_"
"""A secret is a setting: `secret = { header = "X-Api-Key", setting = "BOOKINGS" }` reads BATON_TOOL_BOOKINGS."""


class BrokenFile(Exception):
    """A tools file that cannot be read; the message says what is wrong and where."""


class Secret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The header that proves who asks, and the setting that holds its value."""

    header: str
    setting: str
    prefix: str = ""


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be done with a tool. `operation` (OpenAPI) or `tool` (MCP) is its name over there; else it has the same.

    `risk` must be said of all that is not a GET; unsaid, it is irreversible. `pin` is the hash of what an MCP server said of it.
    """

    operation: str = ""
    tool: str = ""
    risk: Risk | None = None
    scope: str = ""
    timeout_s: float = 10.0
    shows: str = ""
    shows_args: Mapping[str, str] = {}
    must: Mapping[str, str] = {}
    undo: str = ""
    undo_args: Mapping[str, str] = {}
    pin: str = ""
    key_argument: str = ""
    trusted: bool | None = None
    limits: Limits = Limits()


class OpenApi(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A system described by an OpenAPI document: a file beside the tools file, or an https address."""

    name: str
    document: str
    tools: Mapping[str, Terms]
    server: str = ""
    private: bool = False
    secret: Secret | None = None
    key_header: str = "Idempotency-Key"


class Mcp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A system behind an MCP server (streamable HTTP)."""

    name: str
    url: str
    tools: Mapping[str, Terms] = {}
    private: bool = False
    secret: Secret | None = None


class Python(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tools declared in Python: `module:name` of a list of them."""

    tools: str


class ToolsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a tools file names."""

    openapi: tuple[OpenApi, ...] = ()
    mcp: tuple[Mcp, ...] = ()
    python: tuple[Python, ...] = ()


def file_of(text: str) -> ToolsFile:
    """A tools file. Raises `BrokenFile`: it is not TOML, or names what is not known."""
    try:
        found = msgspec.convert(tomllib.loads(text), ToolsFile)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BrokenFile(
            f"{NAME} cannot be read: {error}. Correct it; docs/howto/connect-tools.md shows each field."
        ) from error
    names = [name for api in found.openapi for name in api.tools] + [
        name for server in found.mcp for name in server.tools
    ]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BrokenFile(f"{NAME} names {', '.join(map(repr, twice))} twice. Give each tool a name of its own.")
    return found


def secret_of(secret: Secret | None, settings: Mapping[str, str]) -> tuple[str, str]:
    """(header, value). Raises `BrokenFile` where its setting is missing."""
    if secret is None:
        return "", ""
    value = settings.get(SECRETS + secret.setting, "")
    if not value:
        raise BrokenFile(f"the setting {SECRETS + secret.setting} is missing. Set it where Baton is started")
    return secret.header, secret.prefix + value
