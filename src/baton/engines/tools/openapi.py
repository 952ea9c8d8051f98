"""Tools from an OpenAPI document (3.0 and 3.1): operations chosen by their id, each checked against its schema before it is called.

A document says how to call a system, never what may be done with it: risk, scope and what the record must show are declared
beside it (`connecting`). Its texts are shown to people and read by no model.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final
from urllib.parse import quote

import httpx
import msgspec

from baton.engines.tools.answers import read
from baton.engines.tools.declared import Answer, Given, Limits, Run, Schema, ToolRefused
from baton.engines.tools.outgoing import body_of, client
from baton.engines.tools.schemas import UnreadableSchema, plain, pointed

METHODS: Final = ("get", "put", "post", "delete", "patch", "head")
DOCUMENT_BYTES: Final = 5_000_000
REASON_CHARS: Final = 300
TWICE: Final = "two operations have this id"
REFUSED: Final = {404: "not_found", 410: "not_found", 401: "not_authorised", 403: "not_authorised", 429: "busy"}


class BrokenDocument(Exception):
    """A document that cannot be used; the message says what is wrong and where."""


class Operation(msgspec.Struct, frozen=True):
    """One operation: where each argument goes (path, query, header or body), what it takes and what it gives."""

    id: str
    method: str
    path: str
    places: Mapping[str, tuple[str, str]]
    takes: Schema
    gives: Schema | None = None
    summary: str = ""
    whole_body: bool = False


class Server(msgspec.Struct, frozen=True):
    """Where operations are sent, and the header that proves who asks."""

    url: str
    private: bool = False
    header: str = ""
    secret: str = ""
    key_header: str = "Idempotency-Key"


def document_of(text: str) -> dict[str, Any]:
    """A document from JSON, or from YAML where PyYAML is installed. Raises `BrokenDocument`."""
    if len(text) > DOCUMENT_BYTES:
        raise BrokenDocument(f"it is longer than {DOCUMENT_BYTES} bytes")
    try:
        found = msgspec.json.decode(text) if text.lstrip().startswith("{") else _yaml(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BrokenDocument(f"it is neither JSON nor YAML: {error}") from error
    if not isinstance(found, dict) or not str(found.get("openapi", "")).startswith(("3.0", "3.1")):
        raise BrokenDocument("it is not OpenAPI 3.0 or 3.1: the field 'openapi' is missing or of another version")
    return found


def operations(document: Mapping[str, Any]) -> dict[str, Operation | str]:
    """Every operation by id; in place of one that cannot be used, why."""
    found: dict[str, Operation | str] = {}
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method in METHODS if isinstance(item, dict) else ():
            told = item.get(method)
            if isinstance(told, dict) and told.get("operationId"):
                name = str(told["operationId"])
                found[name] = _tried(name, method, str(path), item, document) if name not in found else TWICE
    return found


def servers(document: Mapping[str, Any]) -> list[str]:
    """The servers that a document names."""
    listed = document.get("servers")
    return [str(each.get("url", "")) for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def runner(operation: Operation, server: Server, timeout_s: float, limits: Limits) -> Run:
    """What calls the operation."""

    async def run(given: msgspec.Struct, key: str) -> Answer:
        args = given.args if isinstance(given, Given) else {}
        async with client(server.url, server.private, timeout_s) as asks:
            try:
                async with asks.stream(
                    operation.method.upper(), **request_of(operation, server, args, key)
                ) as response:
                    return await _answer(response, limits)
            except httpx.ConnectError as error:
                raise ToolRefused("unavailable", "The system cannot be reached.") from error

    return run


def request_of(operation: Operation, server: Server, args: Mapping[str, object], key: str) -> dict[str, Any]:
    """The request for checked arguments, as httpx takes it."""
    parts: dict[str, dict[str, object]] = {"path": {}, "query": {}, "header": {}, "body": {}}
    for name, value in args.items():
        place, theirs = operation.places[name]
        parts[place][theirs] = value
    path = operation.path
    for name, value in parts["path"].items():
        path = path.replace("{" + name + "}", _segment(name, value))
    headers = {name: str(value) for name, value in parts["header"].items()}
    headers |= {server.header: server.secret} if server.header else {}
    headers |= {server.key_header: key} if operation.method != "get" and key else {}
    made: dict[str, Any] = {"url": server.url.rstrip("/") + path, "headers": headers, "params": parts["query"] or None}
    if operation.whole_body or parts["body"]:
        made["json"] = parts["body"].get("body") if operation.whole_body else parts["body"]
    return made


async def _answer(response: httpx.Response, limits: Limits) -> Answer:
    status = response.status_code
    if 300 <= status < 400:
        raise ToolRefused("moved", "The system answers from another address. Look at it and change tools.toml.")
    body = await body_of(response, limits.answer_bytes)
    if 400 <= status < 500:
        raise ToolRefused(REFUSED.get(status, "refused"), _reason(body))
    if status >= 500:
        raise httpx.HTTPStatusError("the system failed", request=response.request, response=response)
    return read(body, limits)


def _reason(body: bytes) -> str:
    """Why, as the system says it: a line for the person who takes over."""
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return ""
    words = (
        next((told[name] for name in ("detail", "message", "title", "error") if told.get(name)), "")
        if isinstance(told, dict)
        else ""
    )
    return str(words)[:REASON_CHARS]


def _segment(name: str, value: object) -> str:
    text = quote(str(value), safe="")
    if text in {"", ".", ".."}:
        raise ToolRefused("bad_arguments", f"{name!r} cannot be part of an address.")
    return text


def _tried(id: str, method: str, path: str, item: Mapping[str, Any], document: Mapping[str, Any]) -> Operation | str:
    try:
        return _operation(id, method, path, item, document)
    except (UnreadableSchema, AttributeError, KeyError, TypeError) as error:
        return f"its schema cannot be read: {error}"


def _operation(id: str, method: str, path: str, item: Mapping[str, Any], document: Mapping[str, Any]) -> Operation:
    told = item[method]
    places: dict[str, tuple[str, str]] = {}
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for each in _parameters(item, told, document):
        if each["in"] == "cookie":
            continue
        places[each["name"]] = (each["in"], each["name"])
        properties[each["name"]] = plain(each.get("schema", {}), document)
        required += [each["name"]] if each.get("required") or each["in"] == "path" else []
    whole = False
    for name, theirs, schema, needed in _body(told, document):
        mine = f"body_{name}" if name in places else name
        whole = whole or theirs == ""
        places[mine], properties[mine] = ("body", theirs or "body"), schema
        required += [mine] if needed else []
    if unfilled := [part for part in path.split("{")[1:] if part.partition("}")[0] not in places]:
        raise UnreadableSchema(f"nothing says what {unfilled[0].partition('}')[0]!r} of its path is")
    takes = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    summary = str(told.get("summary") or told.get("description") or "")[:REASON_CHARS]
    return Operation(id, method, path, places, takes, _gives(told, document), summary, whole)


def _parameters(
    item: Mapping[str, Any], told: Mapping[str, Any], document: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    for each in (*item.get("parameters", ()), *told.get("parameters", ())):
        found = pointed(str(each["$ref"]), document) if "$ref" in each else each
        if not isinstance(found, Mapping) or found["in"] not in {"path", "query", "header", "cookie"}:
            raise UnreadableSchema("a parameter that says not where it goes")
        yield found


def _body(told: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[tuple[str, str, Schema, bool]]:
    """(argument, field of the body, schema, whether it is needed); a body that is no object is one argument, its field empty."""
    body = told.get("requestBody")
    if body is None:
        return
    found = plain(body, document)
    content = found.get("content")
    media = content.get("application/json") if isinstance(content, dict) else None
    if not isinstance(media, dict):
        raise UnreadableSchema("a body that is not JSON")
    schema = media.get("schema")
    inner = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(schema, dict) or not isinstance(inner, dict):
        yield "body", "", schema if isinstance(schema, dict) else {}, found.get("required") is True
        return
    for name, each in inner.items():
        yield str(name), str(name), each, name in schema.get("required", ())


def _gives(told: Mapping[str, Any], document: Mapping[str, Any]) -> Schema | None:
    """The schema of the answer, where it is an object and can be read; without one an answer is bounded and nothing else."""
    responses = told.get("responses")
    for status, each in responses.items() if isinstance(responses, dict) else ():
        if str(status).startswith("2"):
            try:
                found = plain(each, document).get("content")
            except UnreadableSchema:
                return None
            media = found.get("application/json") if isinstance(found, dict) else None
            schema = media.get("schema") if isinstance(media, dict) else None
            return schema if isinstance(schema, dict) and schema.get("type") == "object" else None
    return None


def _yaml(text: str) -> object:
    try:
        yaml = import_module("yaml")
    except ModuleNotFoundError as missing:
        raise BrokenDocument("it is YAML, and PyYAML is not installed: save it as JSON") from missing
    try:
        found: object = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BrokenDocument(f"it is neither JSON nor YAML: {str(error)[:REASON_CHARS]}") from error
    return found
