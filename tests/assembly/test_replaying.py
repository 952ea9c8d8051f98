"""`baton replay` over a real log: imported calls and live conversations, a change, and not a word written."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from baton.assembly.parts import Parts, opened, read_models
from baton.assembly.replaying import replayed
from baton.capabilities.lake.importing import driven, import_file
from baton.capabilities.orchestration.replaying.altering import altered_policies
from baton.capabilities.orchestration.replaying.change import Change
from baton.capabilities.orchestration.replaying.deciding import Loop, decided_again
from baton.capabilities.orchestration.replaying.running import period
from baton.cli import app
from baton.demo.policies import agents, articles, routing
from baton.demo.register import register
from baton.kernel.conversation import PolicyRevised, Started, TurnSaid
from baton.kernel.errors import BatonError
from baton.kernel.log import Recorded
from baton.kernel.stream import policy_name
from baton.settings import Settings
from tests.scenes.agents_floor import procedures

pytestmark = pytest.mark.scene

HEADER = "contact,customer,channel,queue,offered_at,answered_at,ended_at,rep,abandoned\n"
CALLS = HEADER + "".join(
    f"c{n},u{n},voice,refunds,2026-01-05T{at}:00Z,2026-01-05T{answered}:00Z,2026-01-05T{over}:00Z,kim,no\n"
    for n, (at, answered, over) in enumerate((("09:00", "09:00", "09:10"), ("09:05", "09:10", "09:20"), ("19:30", "19:30", "19:40")))
)  # fmt: skip
ASKS = (
    "Where is my refund?",
    "This is ridiculous, you are useless and I am furious!",
    "No, I will not give you a code.",
)
SHORTER = '[hours.refunds]\ncloses = "18:00"\n'


@asynccontextmanager
async def logged(home: Path) -> AsyncIterator[Parts]:
    """Three calls of a Monday, and two customers today whom the AI could not help."""
    async with opened(Settings(home=home, slow_tier="off")) as parts:
        approved = register(agents(), procedures(), parts.clock.now_ms())
        policies = (articles(), procedures(), routing(), agents(), approved)
        await _append(parts, [(f"policy/{policy_name(type(p))}", _revised(p)) for p in policies])
        (home / "calls.csv").write_text(CALLS)
        await import_file("contacts", home / "calls.csv", parts.committer, parts.keys)
        for key in ("a1", "b2"):
            await _append(parts, [(f"conversation/{key}", Started())])
            for text in ASKS:
                await _append(parts, [(f"conversation/{key}", TurnSaid("customer", text))])
        yield parts


def _revised(policy: msgspec.Struct) -> PolicyRevised:
    return PolicyRevised(policy_name(type(policy)), msgspec.Raw(msgspec.json.encode(policy)))


async def _append(parts: Parts, events: list[tuple[str, PolicyRevised | Started | TurnSaid]]) -> None:
    """Append, and let what that sets off be done: nothing else runs here."""
    await driven(parts.committer, [parts.committer.append(stream, event, by="customer") for stream, event in events])
    acting = asyncio.ensure_future(parts.actor.settle())
    while not acting.done():
        await parts.committer.settle()
        await asyncio.sleep(0.001)
    await parts.committer.settle()


async def everything(parts: Parts) -> list[Recorded]:
    return await parts.store.recorded(0, 100_000)


def quiet(line: str) -> None:
    assert line


async def test_a_customer_who_is_furious_once_would_stay_with_the_ai(tmp_path: Path) -> None:
    """As it was: a second look, a procedure, then a person at one furious turn. With a higher bar the AI goes on, and nothing after that turn is judged."""
    async with logged(tmp_path) as parts:
        loop = Loop(parts.store, parts.committer.codec, parts.crafts, parts.models)
        now = parts.committer.memory.policies
        to = altered_policies(Change(thresholds={"furious": 1000}), now, ())
        told = await decided_again(loop, 0, parts.clock.now_ms() + 1, now, to, 10)
    assert (told.there, told.drawn, told.dark) == (2, 2, 0)
    assert (told.decisions, told.same) == (6, 6), (
        "three decisions each, the third of which the change would make otherwise"
    )
    assert told.changed.value == 1000
    assert told.kinds == {"escalate anger to refunds → next_step refund_status": 2}
    assert [each.conversation for each in told.examples] == ["a1", "b2"]


async def test_a_change_that_no_decision_reads_changes_none(tmp_path: Path) -> None:
    async with logged(tmp_path) as parts:
        loop = Loop(parts.store, parts.committer.codec, parts.crafts, parts.models)
        now = parts.committer.memory.policies
        to = altered_policies(Change(routing={"starving_after_s": 60}), now, ())
        told = await decided_again(loop, 0, parts.clock.now_ms() + 1, now, to, 1)
    assert (told.there, told.drawn, told.decisions, told.same, told.changed.value) == (2, 1, 4, 4, 0)


async def test_a_conversation_that_the_log_tells_otherwise_is_left_out(tmp_path: Path) -> None:
    """Handlers of another day decided it: without the change it does not come out as recorded, so nothing is said of the change."""
    async with logged(tmp_path) as parts:
        loop = Loop(parts.store, parts.committer.codec, parts.crafts, parts.models)
        now = parts.committer.memory.policies
        other = altered_policies(Change(thresholds={"furious": 1000}), now, ())
        told = await decided_again(loop, 0, parts.clock.now_ms() + 1, other, now, 10)
    assert (told.decisions, told.same, told.astray, told.changed.n) == (6, 4, 2, 0)


async def test_who_is_forgotten_is_counted_and_not_read(tmp_path: Path) -> None:
    async with logged(tmp_path) as parts:
        parts.keys.identify("conversation/a1", "ana")
        parts.keys.forget("ana")
        parts.committer.codec.forget()
        loop = Loop(parts.store, parts.committer.codec, parts.crafts, parts.models)
        now = parts.committer.memory.policies
        told = await decided_again(loop, 0, parts.clock.now_ms() + 1, now, now, 10)
    assert (told.drawn, told.dark, told.decisions) == (2, 1, 4)


async def test_a_replay_reads_the_log_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "change.toml").write_text(SHORTER)
    async with logged(tmp_path) as parts:
        before, digest_before = await everything(parts), await digest(parts)
    settings = Settings(home=tmp_path)
    first = await replayed(settings, "2026-01-05", "2026-01-05", tmp_path / "change.toml", 1, 100, quiet)
    again = await replayed(settings, "2026-01-05", "2026-01-05", tmp_path / "change.toml", 1, 100, quiet)
    async with opened(settings) as parts:
        assert await everything(parts) == before
        assert await digest(parts) == digest_before
    assert first["contacts"] == 3
    lines = first["lines"]
    assert isinstance(lines, Mapping)
    assert lines["met_closed"]["difference"] == [1, 1, 1], "one of three calls comes after six"
    assert lines["mean_wait"]["happened"] == 100_000, "waits of 0, 5 and 0 minutes"
    assert (lines["mean_wait"]["method"], lines["met_closed"]["method"]) == ("simulated", "counted")
    assert {**again, "run_seconds": 0} == {**first, "run_seconds": 0}


async def digest(parts: Parts) -> list[list[Mapping[str, object]]]:
    """Every read model, row by row."""
    return [await parts.store.rows(select(table)) for table in read_models(parts.crafts)]


def test_the_command_says_what_it_cannot_know_and_refuses_an_unknown_key(tmp_path: Path) -> None:
    async def fill() -> None:
        async with logged(tmp_path):
            pass

    asyncio.run(fill())
    change = tmp_path / "change.toml"
    asked = ["replay", "--home", str(tmp_path), "--from", "2026-01-05", "--to", "2026-01-05", "--change", str(change)]
    change.write_text(SHORTER)
    told = CliRunner().invoke(app, [*asked, "--json"])
    assert told.exit_code == 0, told.output
    answer = msgspec.json.decode(told.stdout.splitlines()[-1])
    assert (answer["name"], answer["n"]) == ("replay", 3)
    assert any("counterfactual" in line for line in answer["figures"]["cannot_know"])
    plain = CliRunner().invoke(app, asked)
    assert "Met closed hours: 0, with the change 1" in plain.stdout
    change.write_text("[hors.refunds]\n")
    refused = CliRunner().invoke(app, asked)
    assert refused.exit_code == 1
    assert "`hors`" in refused.output
    change.write_text(SHORTER)
    assert CliRunner().invoke(app, [*asked[:-5], "yesterday", *asked[-4:]]).exit_code == 1


def test_a_day_is_whole_and_a_moment_is_itself() -> None:
    assert period("2026-01-05", "2026-01-05", "UTC") == (1_767_571_200_000, 1_767_657_600_000)
    assert (
        period("2026-03-29", "2026-03-29", "Europe/Lisbon")[1] - period("2026-03-29", "2026-03-29", "Europe/Lisbon")[0]
        == 23 * 3_600_000
    )
    assert period("2026-01-05T09:00", "2026-01-05T10:00+00:00", "UTC")[1] == 1_767_607_200_000


@pytest.mark.parametrize("told", ["yesterday", "2026-02-30", "9999-12-31", ""])
def test_what_is_no_date_is_refused(told: str) -> None:
    with pytest.raises(BatonError, match="is no ISO date"):
        period("2026-01-05", told, "UTC")
