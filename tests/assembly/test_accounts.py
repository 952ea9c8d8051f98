"""The first sign-in of a home of one's own, made on the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from baton.cli import app
from baton.kernel.clock import SystemChance, WallClock
from baton.web.staff import Accounts, Staff

pytestmark = pytest.mark.scene


def made(home: Path, *words: str) -> dict[str, str]:
    told = CliRunner().invoke(app, ["account", *words, "--home", str(home), "--json"])
    assert told.exit_code == 0, told.output
    figures: dict[str, str] = json.loads(told.output.splitlines()[-1])["figures"]
    return figures


async def signed_in(home: Path, email: str, password: str) -> Staff | None:
    accounts = Accounts(home / "staff.db", WallClock(), SystemChance())
    try:
        return await accounts.check(email, password)
    finally:
        accounts.close()


async def test_whoever_was_let_in_signs_in_and_a_second_time_changes_role_and_password(tmp_path: Path) -> None:
    first = made(tmp_path, "Ada@example.com", "--name", "Ada Ek")
    ada = await signed_in(tmp_path, "ada@example.com", first["password"])
    assert ada is not None
    assert (ada.id, ada.name, ada.role) == ("ada", "Ada Ek", "admin")
    second = made(tmp_path, "ada@example.com", "--role", "analyst")
    assert await signed_in(tmp_path, "ada@example.com", first["password"]) is None
    again = await signed_in(tmp_path, "ada@example.com", second["password"])
    assert again is not None
    assert (again.id, again.name, again.role) == ("ada", "Ada Ek", "analyst")


async def test_two_of_the_same_name_at_two_companies_are_two(tmp_path: Path) -> None:
    first, second = made(tmp_path, "ada@example.com"), made(tmp_path, "ada@example.org")
    assert await signed_in(tmp_path, "ada@example.com", first["password"]) is not None
    other = await signed_in(tmp_path, "ada@example.org", second["password"])
    assert other is not None
    assert other.id == "ada@example.org"


@pytest.mark.parametrize(
    ("words", "told"),
    [(["ada"], "'ada' is no e-mail address"), (["ada@example.com", "--role", "boss"], "'boss' is no role. Use one of")],
)
def test_what_cannot_be_is_refused_in_words(tmp_path: Path, words: list[str], told: str) -> None:
    refused = CliRunner().invoke(app, ["account", *words, "--home", str(tmp_path)])
    assert refused.exit_code == 1
    assert told in refused.output
    assert not (tmp_path / "staff.db").exists()
