"""The pages of scenarios, trials and traces: who may what, and the way from asking for a trial to each of its lines."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from baton.assembly.trials.halcyon import theirs
from baton.assembly.trials.running import Trials
from baton.capabilities.agents.events import Agent, Agents
from baton.capabilities.agents.tables import SCENARIO_RUNS, TRIALS
from baton.capabilities.agents.trials.agents import Scenarios, VersionForced
from baton.capabilities.agents.trials.standing import let_live, standing
from baton.engines.pool import InlinePool
from baton.kernel.errors import Conflict
from baton.kernel.rebuild import rebuild
from baton.web.app import Organisation
from tests.capabilities.agents.test_procedures_page import Office, office
from tests.scenes.agents_floor import ASSISTANT, crafts

pytestmark = pytest.mark.scene

PASSES = ("refund_within_the_limit", "a_person_please")
FAILS = """id = "never"
title = "What no agent says <b>"
says = ["How do I check in online?"]
[expect]
said = ["xyzzy"]
"""
WORSE = msgspec.structs.replace(ASSISTANT, version="2", answer_floor=1000, procedures=("flight_status",))


def some() -> Scenarios:
    """Two of Halcyon Air's scenarios."""
    return Scenarios(tuple(file for file in theirs().files if file.id in PASSES))


async def run(it: Office, trials: Trials) -> None:
    """Run what waits."""
    for stream in await trials.errands.waiting():
        await it.it.committing(trials.errands.do(stream))


async def asked(it: Office, trials: Trials, path: str, **form: str) -> str:
    """Ask for a trial, run it, and where it stands."""
    answer = await it.post("sam", path, **form)
    assert answer.status_code == 303, answer.text
    await run(it, trials)
    return answer.headers["location"]


async def ready(it: Office) -> Trials:
    """Scenarios in force, two versions, and whoever runs trials."""
    it.app.organisation = Organisation(name="Halcyon Air", invented=True)
    await it.it.policy(some())
    await it.it.policy(Agents((ASSISTANT,), (WORSE,)))
    return Trials(it.it.committer, InlinePool())


async def test_scenarios_are_run_from_the_page_and_every_line_of_a_run_is_there(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        trials = await ready(it)
        before = (await it.get("ruth", "/agents/scenarios")).text
        assert "not run yet, or changed since" in before
        trial = await asked(it, trials, "/agents/scenarios/run", on="assistant@1")
        page = (await it.get("ruth", trial)).text
        assert "2 passed, 0 failed" in page
        talk = (await it.get("ruth", f"{trial}/talk?of=refund_within_the_limit")).text
        assert "Shall I refund €123 for booking QK7M2P" in talk
        assert "run tool refund" in talk
        assert "all 2 pass" in (await it.get("ruth", "/agents/scenarios")).text
        assert "passed" in (await it.get("ruth", "/agents/scenarios/refund_within_the_limit")).text
        assert "2 of 2 scenarios pass" in (await it.get("ruth", "/agents/trials")).text
        kept = [await it.it.committer.store.rows(select(table)) for table in (TRIALS, SCENARIO_RUNS)]
        assert [len(rows) for rows in kept] == [1, 2]
        await rebuild(it.it.committer.store, it.it.committer.codec, crafts(("lake",)), [TRIALS, SCENARIO_RUNS])
        assert kept == [await it.it.committer.store.rows(select(table)) for table in (TRIALS, SCENARIO_RUNS)]


async def test_a_scenario_is_written_changed_and_taken_away_and_escaped_wherever_it_is_shown(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        await ready(it)
        assert (await it.post("sam", "/agents/scenarios", text=FAILS, why="test")).status_code == 303
        page = (await it.get("sam", "/agents/scenarios/never")).text
        assert "What no agent says &lt;b&gt;" in page
        assert "says <b>" not in page
        wrong = await it.post("sam", "/agents/scenarios/never", text="id = 1", why="test")
        assert wrong.status_code == 422
        assert "It was not saved" in wrong.text
        assert (await it.post("sam", "/agents/scenarios", text=FAILS, why="again")).status_code == 422
        changed = FAILS.replace('id = "never"', 'id = "always"')
        assert (await it.post("sam", "/agents/scenarios/never", text=changed, why="x")).headers["location"].endswith("/always")  # fmt: skip
        assert (await it.get("sam", "/agents/scenarios/never")).status_code == 404
        assert (await it.post("sam", "/agents/scenarios/always/remove")).status_code == 303
        assert it.app.policy(Scenarios) == some()


async def test_who_may_only_look_runs_and_writes_nothing_and_a_rep_sees_nothing(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        await ready(it)
        for path, form in (("/agents/scenarios/run", {"on": "assistant@1"}), ("/agents/trials", {"on": "assistant@1"}), ("/agents/scenarios", {"text": FAILS}), ("/agents/scenarios/a_person_please/remove", {})):  # fmt: skip
            assert (await it.post("ruth", path, **form)).status_code == 403, path
        for path in ("/agents/scenarios", "/agents/trials", "/agents/traces", "/agents/trials/none", "/agents/traces/none"):  # fmt: skip
            assert (await it.get("mina", path)).status_code == 403, path
        assert (await it.get("ruth", "/agents/trials/none")).status_code == 404
        assert (await it.get("ruth", "/agents/traces/none")).status_code == 404


async def test_simulated_customers_come_from_the_page_and_every_figure_leads_to_them(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        trials = await ready(it)
        trial = await asked(it, trials, "/agents/trials", on="assistant@1", rival="assistant@2", n="10", seed="3")
        page = (await it.get("ruth", trial)).text
        assert "Compared customer by customer" in page
        rows = (await it.get("ruth", f"{trial}/customers?version=1&what=all")).text
        assert "10 talks" in rows
        assert "customer wanted:" in (await it.get("ruth", f"{trial}/talk?of=1/1")).text
        assert (await it.get("ruth", f"{trial}/talk?of=1/11")).status_code == 404
        same = await it.post("sam", "/agents/trials", on="assistant@1", rival="assistant@1", n="10")
        assert same.status_code == 422


async def test_where_nobody_can_be_simulated_the_page_says_so(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        await ready(it)
        it.app.organisation = Organisation(name="Real")
        assert "Nobody to simulate" in (await it.get("sam", "/agents/trials")).text
        assert (await it.post("sam", "/agents/trials", on="assistant@1", n="10")).status_code == 422


async def test_a_failing_version_takes_no_live_traffic_unless_somebody_gives_a_reason(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        trials = await ready(it)
        await asked(it, trials, "/agents/scenarios/run", on="assistant@2")
        stand = await standing(it.app, WORSE)
        assert stand.failing == ("refund_within_the_limit",)
        with pytest.raises(Conflict, match="1 of 2 scenarios fail"):
            await it.it.committing(let_live(it.app, WORSE, "sam"))
        await it.it.committing(let_live(it.app, WORSE, "sam", "the refund desk is closed today"))
        said = [d.entry.event for d in it.it.done if isinstance(d.entry.event, VersionForced)]
        assert [(e.version, e.failing) for e in said] == [("2", ("refund_within_the_limit",))]


async def test_what_passed_counts_for_the_version_as_it_was_and_for_no_other(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        trials = await ready(it)
        with pytest.raises(Conflict, match="were not run yet, or it changed since"):
            await it.it.committing(let_live(it.app, ASSISTANT, "sam"))
        await asked(it, trials, "/agents/scenarios/run", on="assistant@1", only="a_person_please")
        assert not (await standing(it.app, ASSISTANT)).may
        await asked(it, trials, "/agents/scenarios/run", on="assistant@1")
        assert (await standing(it.app, ASSISTANT)).may
        changed: Agent = msgspec.structs.replace(ASSISTANT, answer_floor=360)
        assert not (await standing(it.app, changed)).may
        await it.it.policy(theirs())
        assert not (await standing(it.app, ASSISTANT)).may


async def test_a_trace_is_a_page_and_json_without_what_was_said(tmp_path: Path) -> None:
    async with office(tmp_path) as it:
        await it.it.begins()
        await it.it.customer("I forgot my password")
        await it.it.customer("It is ana.ruiz@example.com")
        page = (await it.get("sam", "/agents/traces/one")).text
        assert "Tool send_code" in page
        assert "Gate: send_code" in page
        assert "Decided: start procedure" in page
        assert "ana.ruiz" not in page
        assert "forgot" not in page
        told = (await it.get("sam", "/api/agents/traces/one")).json()
        assert [span["name"] for span in told["spans"]][:2] == [
            "invoke_workflow conversation",
            "invoke_agent assistant",
        ]
        assert "forgot" not in str(told)
        assert "one" in (await it.get("sam", "/agents/traces")).text
