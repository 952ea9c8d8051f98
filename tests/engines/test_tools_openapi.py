"""Tools from an OpenAPI document: called as it says, bounded, pinned to their host, and off where the document is broken."""

import gzip
import json
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from baton.engines.tools import LocalTools, ToolRefused
from baton.engines.tools.connecting import Connected, connect
from baton.engines.tools.declared import Given
from baton.engines.tools.openapi import BrokenDocument, Operation, Server, document_of, operations, request_of
from baton.engines.tools.outgoing import Forbidden, address, client, public
from baton.engines.tools.schemas import coerced, fault
from baton.kernel.ports import ActionResult, Call, Verdict
from tests.engines.serving import DOCUMENT, Bookings, served

pytestmark = pytest.mark.port

FILE = """
[[openapi]]
name = "bookings"
document = "bookings.json"
server = "{url}"
private = true
secret = {{ header = "X-Api-Key", setting = "BOOKINGS" }}

[openapi.tools.booking]
operation = "getBooking"
scope = "bookings:read"

[openapi.tools.refund]
operation = "refundBooking"
risk = "irreversible"
shows = "booking"
shows_args = {{ code = "args.code" }}
must = {{ state = "refunded" }}

[openapi.tools.flood]

[openapi.tools.moved]
risk = "reversible"

[openapi.tools.hangs]
risk = "reversible"
timeout_s = 0.2

[openapi.tools.odd]
"""
SECRETS = {"BATON_TOOL_BOOKINGS": "very-secret"}


class OpenGate:
    """Lets everything pass."""

    def judge(self, call: Call) -> Verdict:
        """Yes."""
        return Verdict(True)


async def connected(folder: Path, url: str) -> Connected:
    """What the tools file connects."""
    (folder / "bookings.json").write_text(json.dumps(DOCUMENT))
    return await connect(FILE.format(url=url), folder, SECRETS)


async def test_operations_are_called_as_the_document_says(tmp_path: Path) -> None:
    system = Bookings()
    async with served(system.app()) as url:
        found = await connected(tmp_path, url)
        tools = LocalTools(found.tools, OpenGate())
        looked = await tools.call("booking", {"code": "QK7M2P"}, "k1")
        assert looked.private == {"code": "QK7M2P", "state": "paid", "notes": "paid"}
        assert looked.args == {"paid.cents": 12_300}
        refunded = await tools.call("refund", {"code": "QK7M2P", "cents": "12300"}, "k2")
        again = await LocalTools(found.tools, OpenGate()).call("refund", {"code": "QK7M2P", "cents": "12300"}, "k2")
    assert (refunded.ok, again.ok, system.ledger) == (True, True, [("k2", "QK7M2P", 12_300)])
    assert system.headers[0]["x-api-key"] == "very-secret"
    assert "very-secret" not in str(found)


async def test_what_the_schema_forbids_is_never_sent_and_a_no_is_known(tmp_path: Path) -> None:
    system = Bookings()
    async with served(system.app()) as url:
        tools = LocalTools((await connected(tmp_path, url)).tools, OpenGate())
        for args in ({"code": "../etc"}, {"code": "QK7M2P", "more": "x"}, {}):
            assert (await tools.call("booking", args, "")).detail == "bad_arguments"
        assert (await tools.call("refund", {"code": "QK7M2P", "cents": "99999"}, "k1")).detail == "bad_arguments"
        assert system.headers == []
        assert (await tools.call("booking", {"code": "ZZZZZZ"}, "k2")).detail == "not_found"
        refused = await tools.call("refund", {"code": "QK7M2P", "cents": "20000"}, "k3")
    assert (refused.ok, refused.detail, refused.private) == (False, "refused", {"reason": "More than was paid"})


async def test_a_system_that_lies_is_told_as_not_done(tmp_path: Path) -> None:
    system = Bookings()
    system.lies = True
    async with served(system.app()) as url:
        tools = LocalTools((await connected(tmp_path, url)).tools, OpenGate())
        assert (await tools.call("refund", {"code": "QK7M2P", "cents": "100"}, "k1")).detail == "not_shown"
    assert system.ledger == []


async def test_fifty_megabytes_are_cut_off_while_they_are_read(tmp_path: Path) -> None:
    system = Bookings()
    async with served(system.app()) as url:
        tools = LocalTools((await connected(tmp_path, url)).tools, OpenGate())
        assert (await tools.call("flood", {}, "k1")).detail == "too_large"
    assert system.sent_bytes < 20_000_000


async def test_redirects_are_not_followed_and_silence_is_unknown(tmp_path: Path) -> None:
    async with served(Bookings().app()) as url:
        tools = LocalTools((await connected(tmp_path, url)).tools, OpenGate())
        assert (await tools.call("moved", {}, "k1")).detail == "moved"
        assert await tools.call("hangs", {}, "k2") == ActionResult(None, "timeout")


async def test_a_system_that_cannot_be_reached_did_nothing(tmp_path: Path) -> None:
    async with served(Bookings().app()) as url:
        found = await connected(tmp_path, url)
    refused = await LocalTools(found.tools, OpenGate()).call("refund", {"code": "QK7M2P", "cents": "1"}, "k1")
    assert (refused.ok, refused.detail) == (False, "unavailable")


async def test_an_operation_that_cannot_be_read_is_off_and_the_others_are_on(tmp_path: Path) -> None:
    found = await connected(tmp_path, "http://127.0.0.1:9")
    (problem,) = found.problems
    assert "'odd'" in problem
    assert "'#/nowhere'" in problem
    assert (await LocalTools(found.tools, OpenGate()).call("odd", {}, "k1")).detail == "turned_off"


@pytest.mark.parametrize(("text", "why"), [
    ("{", "neither JSON nor YAML"), ("{}", "not OpenAPI"), ("openapi: 2.0", "not OpenAPI"), ("a: [", "neither JSON nor YAML"),
    ('{"openapi": "3.1.0", "servers": []}', "names 0 servers"),
])  # fmt: skip
async def test_a_broken_document_is_told_and_turns_its_tools_off(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "broken").write_text(text)
    file = '[[openapi]]\nname = "b"\ndocument = "broken"\n[openapi.tools.look]\nrisk = "read"'
    found = await connect(file, tmp_path, {})
    assert why in found.problems[0]
    assert (await LocalTools(found.tools, OpenGate()).call("look", {}, "k")).detail == "turned_off"


@pytest.mark.parametrize(("file", "why"), [
    ("[[openapi]", "cannot be read"), ('[[openapi]]\nname = "b"', "missing required field `document`"),
    ("surprise = 1", "unknown field `surprise`"), ('[[openapi]]\nname="b"\ndocument="../../etc/passwd"\n[openapi.tools.x]', "is not in"),
    ('[[openapi]]\nname="b"\ndocument="missing.json"\n[openapi.tools.x]', "No such file"),
    ('[[python]]\ntools = "no_such_module:TOOLS"', "Install them"),
    ('[[mcp]]\nname="m"\nurl="http://127.0.0.1:9/mcp"\n[mcp.tools.x]', "Only a private address"),
])  # fmt: skip
async def test_a_broken_tools_file_says_what_to_do(tmp_path: Path, file: str, why: str) -> None:
    assert why in (await connect(file, tmp_path, {})).problems[0]


async def test_a_missing_secret_turns_the_tools_off(tmp_path: Path) -> None:
    (tmp_path / "bookings.json").write_text(json.dumps(DOCUMENT))
    found = await connect(FILE.format(url="http://127.0.0.1:9"), tmp_path, {})
    assert "BATON_TOOL_BOOKINGS" in found.problems[0]


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "::1",
        "fd00::1",
        ".".join("0000"),
        "::ffff:10.0.0.1",
        "100.64.0.1",
        "224.0.0.1",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "::ffff:0:7f00:1",
        "fec0::1",
        "2002:7f00:1::",
        "2606:4700::200:5efe:7f00:1",
        "192.0.0.8",
        "192.88.99.1",
        "fe80::1%eth0",
    ],
)
def test_addresses_inside_are_not_public(inside: str) -> None:
    assert not public(inside)
    assert public("93.184.216.34") and public("2606:4700::1111") and public("::ffff:93.184.216.34")


async def test_only_the_host_that_was_agreed_is_asked_and_not_inside() -> None:
    with pytest.raises(Forbidden):
        await address("localhost", 80, private=False)
    with pytest.raises(Forbidden):
        client("http://example.com", private=False, timeout_s=1)
    async with client("http://127.0.0.1:9", private=True, timeout_s=1) as asks:
        with pytest.raises(Forbidden):
            await asks.get("http://localhost:9")


async def test_an_answer_that_is_compressed_unasked_is_not_taken(tmp_path: Path) -> None:
    async def bomb(scope: Scope, receive: Receive, send: Send) -> None:
        body = gzip.compress(b"0" * 50_000_000)
        headers = [(b"content-encoding", b"gzip"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async with served(bomb) as url:
        tools = LocalTools((await connected(tmp_path, url)).tools, OpenGate())
        assert (await tools.call("flood", {}, "k1")).detail == "too_large"


def test_references_without_end_are_refused() -> None:
    loop = {"a": {"$ref": "#/x/b"}, "b": {"$ref": "#/x/a"}}
    wide = {f"w{n}": {"properties": {str(m): {"$ref": f"#/x/w{n + 1}"} for m in range(9)}} for n in range(9)} | {
        "w9": {}
    }
    for start in ("a", "w0"):
        body = {"content": {"application/json": {"schema": {"$ref": f"#/x/{start}"}}}}
        document = {
            "openapi": "3.0.0",
            "x": {**loop, **wide},
            "paths": {"/p": {"post": {"operationId": "o", "requestBody": body}}},
        }
        assert "contains itself" in str(operations(document)["o"])


def test_a_document_in_yaml_is_read() -> None:
    found = operations(
        document_of("openapi: 3.0.3\npaths:\n  /a:\n    get:\n      operationId: look\n      responses: {}\n")
    )
    assert isinstance(found["look"], Operation)
    with pytest.raises(BrokenDocument):
        document_of("x" * 5_000_001)


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=40))
def test_no_argument_leaves_its_place_in_the_address(value: str) -> None:
    operation = operations(DOCUMENT)["getBooking"]
    assert isinstance(operation, Operation)
    with suppress(ToolRefused):
        made = request_of(operation, Server("https://b.example"), {"code": value}, "k")
        assert str(made["url"]).startswith("https://b.example/bookings/")
        assert not set("/?#") & set(str(made["url"])[len("https://b.example/bookings/") :])


@pytest.mark.parametrize(("schema", "value", "wrong"), [
    ({"type": "integer", "minimum": 1}, 0, "less than"), ({"type": "integer"}, True, "not integer"), ({"type": "number"}, 1.5, ""),
    ({"enum": ["a"]}, "b", "none of 1"), ({"type": ["string", "null"]}, None, ""), ({"type": "string", "maxLength": 1}, "ab", "characters"),
    ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, 1.5, "none"), ({"oneOf": [{}, {}]}, 1, "more than one"),
    ({"type": "array", "items": {"type": "integer"}, "maxItems": 2}, [1, "x"], "an item"), ({"pattern": "^a"}, "b", "written"),
    ({"type": "object", "additionalProperties": False}, {"x": 1}, "not known"), ({"const": 3}, 4, "only value"),
    ({"allOf": [{"required": ["a"]}]}, {}, "lacks 'a'"), ({"type": "object", "additionalProperties": {"type": "integer"}}, {"a": "b"}, "'a'"),
])  # fmt: skip
def test_a_value_is_what_its_schema_says(schema: dict[str, object], value: object, wrong: str) -> None:
    found = fault(schema, value)
    assert (wrong in found) if wrong else (found == "")


def test_texts_become_what_the_schema_names() -> None:
    schema = {
        "properties": {
            "n": {"type": "integer"},
            "b": {"type": "boolean"},
            "l": {"type": "array"},
            "s": {"type": "string"},
            "e": {},
        }
    }
    given_ = {"n": "12", "b": "true", "l": "a,b", "s": "12", "e": ""}
    assert coerced(schema, given_) == {"n": 12, "b": True, "l": ["a", "b"], "s": "12"}
    assert coerced({"properties": {"n": {"type": "number"}}}, {"n": "x"}) == {"n": "x"}
    assert msgspec.structs.asdict(Given({"a": 1})) == {"args": {"a": 1}}
