"""The tools of an organisation: what a home's tools.toml connects, and what the doctor says of it."""

import json
from pathlib import Path

import pytest

from baton.assembly.tools import connected_tools, examined, risks_of
from baton.capabilities.governance.gate.tools import ToolGate
from baton.kernel.ports import Claim

pytestmark = pytest.mark.port

FILE = """
[[openapi]]
name = "bookings"
document = "bookings.json"
server = "https://api.example.com"

[openapi.tools.booking]
operation = "getBooking"
"""
DOCUMENT = {"openapi": "3.1.0", "paths": {"/b": {"get": {"operationId": "getBooking", "responses": {}}}}}


async def test_a_home_without_a_file_has_no_tools_and_the_doctor_says_where_to_write_them(tmp_path: Path) -> None:
    assert await connected_tools(tmp_path, ToolGate()) is None
    assert risks_of(None) == {}
    assert "docs/howto/connect-tools.md" in await examined(tmp_path)


async def test_what_a_file_names_is_connected_with_its_risk(tmp_path: Path) -> None:
    (tmp_path / "tools.toml").write_text(FILE)
    (tmp_path / "bookings.json").write_text(json.dumps(DOCUMENT))
    tools = await connected_tools(tmp_path, ToolGate())
    assert risks_of(tools) == {"booking": "read"}
    assert await examined(tmp_path) == "ok, 1 tools: booking"


async def test_a_broken_file_starts_all_the_same_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "tools.toml").write_text(FILE)
    (tmp_path / "bookings.json").write_text("{")
    tools = await connected_tools(tmp_path, ToolGate())
    assert tools is not None
    assert (await tools.call("booking", {}, "k", Claim("assistant"))).ok is False
    assert "1 to look at" in await examined(tmp_path)
    (tmp_path / "tools.toml").write_text("[[openapi")
    assert "tools.toml cannot be read" in await examined(tmp_path)
