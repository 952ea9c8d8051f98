"""Connecting: the tools that a tools file names, and what is wrong with those that cannot be connected.

A tool that cannot be connected is there and turned off: a procedure that needs it hands over to a person and says so.
"""

import asyncio
import logging
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

import httpx
import msgspec

from baton.engines.tools import openapi
from baton.engines.tools.declared import Answer, AnswerTooLarge, Given, Run, Schema, Tool, ToolRefused, ToolTurnedOff
from baton.engines.tools.files import BrokenFile, Mcp, OpenApi, Terms, file_of, secret_of
from baton.engines.tools.outgoing import body_of, client

log = logging.getLogger(__name__)
DOCUMENT_S: Final = 10.0
OFF: Final[Schema] = {"type": "object"}
"""The schema of a tool that is turned off: whatever it is called with, it says so."""
LOOK_AT_IT: Final = (
    "tool {name!r} of {server!r} was not looked at, and is turned off. Its server says of it: {about!r}. "
    'If that is what it should do, set pin = "{pin}" for it.'
)


class Connected(msgspec.Struct, frozen=True):
    """The tools, and what is wrong: a line each, with what to do."""

    tools: tuple[Tool, ...] = ()
    problems: tuple[str, ...] = ()


async def connect(text: str, folder: Path, settings: Mapping[str, str]) -> Connected:
    """Connect everything a tools file names. `folder` is where its documents are, `settings` where its secrets are."""
    try:
        file = file_of(text)
    except BrokenFile as broken:
        return Connected(problems=(str(broken),))
    found = [_python(part.tools) for part in file.python]
    found += await asyncio.gather(
        *(_openapi(part, folder, settings) for part in file.openapi), *(_mcp(part, settings) for part in file.mcp)
    )
    tools = tuple(tool for part in found for tool in part.tools)
    problems = [problem for part in found for problem in part.problems]
    return Connected(tools, (*problems, *_loose(tools)))


def _loose(tools: tuple[Tool, ...]) -> list[str]:
    """Tools that name others which are not there, or name none where they should."""
    known = {tool.name for tool in tools}
    told = [
        f"tool {tool.name!r} names {other!r}, which is no tool. Correct it, or connect that one."
        for tool in tools for other in (tool.shows, tool.undo) if other and other not in known
    ]  # fmt: skip
    told += [
        f"tool {tool.name!r} changes something and nothing shows that it did: say with shows and must what the record has to show."
        for tool in tools if tool.risk in {"costly", "irreversible"} and not tool.must and tool.schema is not OFF
    ]  # fmt: skip
    return told


async def _openapi(part: OpenApi, folder: Path, settings: Mapping[str, str]) -> Connected:
    try:
        document = openapi.document_of(await _document(part, folder))
        header, secret = secret_of(part.secret, settings)
        url = part.server or _only_server(document)
    except (
        openapi.BrokenDocument,
        BrokenFile,
        ToolRefused,
        AnswerTooLarge,
        httpx.HTTPError,
        OSError,
        ValueError,
    ) as why:
        return _all_off(
            part.tools, f"{part.name!r} is not connected: {str(why) or type(why).__name__}. Its tools are turned off."
        )
    server = openapi.Server(url, part.private, header, secret, part.key_header)
    known, tools, problems = openapi.operations(document), list[Tool](), list[str]()
    for name, terms in part.tools.items():
        found = known.get(terms.operation or name, "there is no such operation")
        if isinstance(found, str):
            problems.append(f"tool {name!r} of {part.name!r} is turned off: {found}. Look at {part.document!r}.")
            tools.append(_off(name, terms, found))
            continue
        if found.method != "get" and terms.risk is None:
            problems.append(
                f"tool {name!r} changes something and its risk is not said: it is taken to be irreversible."
            )
        run = openapi.runner(found, server, terms.timeout_s, terms.limits)
        tools.append(_tool(name, terms, run, _Found(found.takes, found.gives, found.summary, found.method == "get")))
    return Connected(tuple(tools), tuple(problems))


async def _document(part: OpenApi, folder: Path) -> str:
    if "://" not in part.document:
        return await asyncio.to_thread(_beside, folder, part.document)
    async with client(part.document, part.private, DOCUMENT_S) as asks, asks.stream("GET", part.document) as response:
        if response.status_code != httpx.codes.OK:
            raise openapi.BrokenDocument(f"{part.document!r} answers {response.status_code}")
        return (await body_of(response, openapi.DOCUMENT_BYTES)).decode()


def _beside(folder: Path, name: str) -> str:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise BrokenFile(f"{name!r} is not in {str(folder)!r}. Put it there")
    return path.read_text(encoding="utf-8")


def _only_server(document: Mapping[str, object]) -> str:
    named = [url for url in openapi.servers(document) if url.startswith(("https://", "http://")) and "{" not in url]
    if len(named) != 1:
        raise BrokenFile(
            f'its document names {len(named)} servers that can be used. Say which with server = "https://…"'
        )
    return named[0]


async def _mcp(part: Mcp, settings: Mapping[str, str]) -> Connected:
    try:
        from baton.engines.tools import mcp_server as mcp
    except ModuleNotFoundError:
        return _all_off(part.tools, f"{part.name!r} is not connected: install baton-cx[mcp]. Its tools are turned off.")
    try:
        header, secret = secret_of(part.secret, settings)
        server = mcp.McpServer(part.url, part.private, header, secret)
        known = {each.name: each for each in await mcp.offered(server)}
    except Exception as why:
        log.warning("an MCP server is not connected: server=%s", part.name, exc_info=True)
        told = (getattr(why, "reason", "") or str(why) or type(why).__name__).rstrip(".")
        return _all_off(part.tools, f"{part.name!r} is not connected: {told}. Its tools are turned off.")
    tools, problems = list[Tool](), list[str]()
    for name, terms in part.tools.items():
        theirs = known.get(terms.tool or name)
        if theirs is None or theirs.pin != terms.pin:
            problems.append(_look(name, part.name, theirs, terms))
        if theirs is None:
            tools.append(_off(name, terms, "its server has no such tool"))
            continue
        run = mcp.runner(server, theirs.name, terms.pin, terms.limits, terms.key_argument)
        takes = {**theirs.takes, "properties": _without(theirs.takes, terms.key_argument)}
        tools.append(_tool(name, terms, run, _Found(takes, theirs.gives, theirs.about, trusted=False)))
    return Connected(tuple(tools), tuple(problems))


def _look(name: str, server: str, theirs: object, terms: Terms) -> str:
    about, pin = getattr(theirs, "about", None), getattr(theirs, "pin", "")
    if about is None:
        return f"tool {name!r} of {server!r} is turned off: the server has no such tool. Correct its name."
    told = LOOK_AT_IT.format(name=name, server=server, about=about, pin=pin)
    return told.replace("was not looked at", "is not what was looked at any more") if terms.pin else told


def _without(takes: Mapping[str, object], argument: str) -> dict[str, object]:
    properties = takes.get("properties")
    return {k: v for k, v in properties.items() if k != argument} if isinstance(properties, Mapping) else {}


def _python(place: str) -> Connected:
    module, _, name = place.partition(":")
    try:
        found = getattr(import_module(module), name or "TOOLS")
        return Connected(tuple(tool for tool in found if isinstance(tool, Tool)))
    except Exception as why:
        log.warning("declared tools are not there: place=%s", place, exc_info=True)
        return Connected(
            problems=(f"the tools of {place!r} are not there: {type(why).__name__}: {why}. Install them.",)
        )


class _Found(msgspec.Struct, frozen=True):
    """A tool as its system describes it. `reads`: it surely changes nothing; `trusted`: only the system writes what it gives."""

    takes: Schema
    gives: Schema | None = None
    about: str = ""
    reads: bool = False
    trusted: bool = True


def _tool(name: str, terms: Terms, run: Run, found: _Found) -> Tool:
    trusted = found.trusted if terms.trusted is None else terms.trusted
    return Tool(
        name, Given, run, terms.risk or ("read" if found.reads else "irreversible"), terms.timeout_s, terms.scope, found.about, None,
        terms.shows, terms.shows_args, terms.must, terms.undo, terms.undo_args, found.takes, found.gives, terms.limits,
        "record" if trusted else "untrusted",
    )  # fmt: skip


def _all_off(tools: Mapping[str, Terms], problem: str) -> Connected:
    return Connected(tuple(_off(name, terms, "it is not connected") for name, terms in tools.items()), (problem,))


def _off(name: str, terms: Terms, why: str) -> Tool:
    """A tool that is there, so that its risk is known, and does nothing."""

    async def run(_given: msgspec.Struct, _key: str) -> Answer:
        raise ToolTurnedOff(why)

    return _tool(name, terms, run, _Found(OFF, about=why))
