"""A company teaches its own labels from the screen: it sees the figures, switches, and goes back; older conversations stay as they began."""

from pathlib import Path

import pytest
from sqlalchemy import select

from baton.assembly.parts import opened
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.orchestration.tables import HEADS
from baton.capabilities.routing.events import Routing
from baton.kernel.rebuild import rebuild
from baton.settings import Settings
from tests.scenes.orchestration_school import Idle, examples, school

pytestmark = pytest.mark.scene


async def test_teach_see_switch_and_undo(tmp_path: Path) -> None:
    async with school(tmp_path) as at:
        key = await at.taught("noor", title="Autumn labels")
        page = (await at.get("noor", f"/understanding/heads/{key}")).text
        for told in (
            "Autumn labels",
            "Accuracy",
            "The head that ships with Baton",
            "Calibration error",
            "held out by hash",
        ):
            assert told in page
        (head,) = (await at.get("noor", "/api/intents/heads")).json()["heads"]
        taught, live, simple = head["sides"]
        assert taught["accuracy"]["n"] == head["held"] == live["accuracy"]["n"] == simple["accuracy"]["n"] > 0
        assert taught["accuracy"]["permille"] > live["accuracy"]["permille"] == 0
        assert (taught["known"], live["known"]) == (3, 0)

        await at.begins("before")
        assert (await at.post("noor", "/understanding/switch", head=key, why="mine", seen="0")).status_code == 403
        assert (await at.post("dara", "/understanding/switch", head=key, why="better", seen="0")).status_code == 303
        await at.begins("after")
        for name in ("before", "after"):
            await at.customer(name, "the radiator is cold")
        after = await at.fact("after", Intent)
        assert (after.label, after.model) == ("heating", f"head/{key}")
        assert (await at.fact("before", Intent)).model != f"head/{key}"

        (switch,) = (await at.get("dara", "/api/intents/switches")).json()["switches"]
        assert (switch["staff"], switch["why"], switch["title"]) == ("dara", "better", "Autumn labels")
        undone = await at.post("dara", "/understanding/undo", why="labels are missing", seen=str(switch["position"]))
        assert undone.status_code == 303
        await at.begins("again")
        await at.customer("again", "the radiator is cold")
        assert (await at.fact("again", Intent)).model.startswith("fast-")
        live = await at.parts.store.rows(select(*HEADS.c))
    async with opened(Settings.model_validate({"home": tmp_path})) as parts:
        await rebuild(parts.store, parts.committer.codec, parts.crafts, [HEADS])
        assert await parts.store.rows(select(*HEADS.c)) == live


async def test_a_restart_loads_the_head_and_the_file_holds_no_plain_words(tmp_path: Path) -> None:
    async with school(tmp_path) as at:
        key = await at.taught("dara")
        await at.post("dara", "/understanding/switch", head=key, why="better", seen="0")
    files = [path.read_bytes() for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    assert len(files) == 2
    assert not any(b"radiator" in body or b"heating" in body for body in files)
    async with school(tmp_path) as at:
        await at.begins("one")
        await at.customer("one", "the radiator is cold")
        assert (await at.fact("one", Intent)).model == f"head/{key}"


async def test_a_run_that_was_cut_off_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with school(tmp_path, Idle) as at:
        given = await at.give("noor", examples())
        key = given.headers["location"].rpartition("/")[2]
        page = (await at.get("noor", f"/understanding/heads/{key}")).text
        assert "Waiting for its turn" in page
        assert 'hx-trigger="every 2s"' in page
        assert '<noscript><meta http-equiv="refresh"' in page
    async with school(tmp_path) as at:
        await at.until(key, "taught")
        done = await at.get("noor", f"/understanding/heads/{key}/progress")
        assert done.headers["hx-refresh"] == "true"


async def test_rows_with_a_fault_are_named_and_left_out_only_when_somebody_says_so(tmp_path: Path) -> None:
    more = ("the boiler is cold,heating", "the music stopped,noise", "the music stopped,rent", ",noise")
    async with school(tmp_path) as at:
        given = await at.give("noor", examples(*more))
        path = given.headers["location"]
        page = (await at.get("noor", path)).text
        for told in ("not taught yet", "line 62 (heating)", "line 63 (noise), line 64 (rent)", "line 65 (noise)"):
            assert told in page
        assert (await at.post("sam", f"{path}/teach")).status_code == 403
        assert (await at.post("noor", f"{path}/teach")).status_code == 303
        await at.until(path.rpartition("/")[2], "taught")
        assert "Left out: 1 without text or label" in (await at.get("noor", path)).text
        assert (await at.post("noor", f"{path}/teach")).status_code == 409


async def test_a_file_that_cannot_teach_is_refused_on_the_page(tmp_path: Path) -> None:
    async with school(tmp_path, Idle) as at:
        for file, told in (
            (b"text,label\na b,noise\n", "1 label(s)"),
            (b"words,kind\na,b\n", "has no column &#39;text&#39;"),
        ):
            answer = await at.give("noor", file, title="Autumn labels")
            assert answer.status_code == 422
            assert told in answer.text
            assert "Nothing was changed" in answer.text
            assert 'value="Autumn labels"' in answer.text
        assert "There is nothing to learn from" in (await at.post("noor", "/understanding/heads")).text
        assert (await at.get("noor", "/api/intents/heads")).json() == {"heads": []}
        assert (await at.give("sam", examples())).status_code == 403
        assert (await at.get("mina", "/understanding")).status_code == 403


async def test_corrections_are_rows_and_a_forgotten_customer_is_none(tmp_path: Path) -> None:
    async with school(tmp_path) as at:
        for name in ("one", "two"):
            await at.begins(name)
            await at.customer(name, f"somebody parked on my place again, number {name}")
            form = await at.get("noor", f"/understanding/corrections/{name}")
            assert "Heating" in form.text
            answer = await at.post("noor", f"/understanding/corrections/{name}", other="Parking trouble")
            assert answer.headers["location"] == f"/conversations/{name}"
        assert (await at.fact("two", Intent)).label == "parking_trouble"
        at.parts.keys.forget("conversation/two")
        at.parts.committer.codec.forget()
        key = await at.taught(
            "noor",
            examples("a car stands on my place,parking_trouble", "my place is taken,parking_trouble"),
            corrections="on",
        )
        (head,) = (await at.get("noor", "/api/intents/heads")).json()["heads"]
        assert head["corrections"] == 1
        assert "parking_trouble" in head["labels"]
        assert (await at.get("mina", f"/understanding/heads/{key}")).status_code == 403


async def test_labels_without_a_queue_are_shown_and_given_one(tmp_path: Path) -> None:
    async with school(tmp_path) as at:
        key = await at.taught("noor")
        page = (await at.get("dara", f"/understanding/heads/{key}")).text
        assert "Labels that no queue takes" in page
        await at.post("dara", "/understanding/switch", head=key, why="better", seen="0")
        assert (await at.post("noor", "/understanding/queues", label="rent", queue="money")).status_code == 403
        assert (await at.post("dara", "/understanding/queues", label="rent", queue="nowhere")).status_code == 422
        asked = await at.post("dara", "/understanding/queues", label="rent", queue="money")
        replay = asked.headers["location"].rpartition("/")[2]
        assert (await at.replayed("dara", replay))["state"] == "done"
        assert "Give Rent this queue" in (await at.get("dara", "/understanding")).text, (
            "nothing is live before it is put live"
        )
        assert (await at.post("dara", f"/planning/replays/{replay}/live", why="rents")).status_code == 303
        assert at.parts.committer.memory.policies.newest_of(Routing).queues[1].intents == ("rent",)
        page = (await at.get("dara", "/understanding")).text
        assert "Give Noise this queue" in page
        assert "Give Rent this queue" not in page


async def test_two_who_switch_at_once_do_not_undo_each_other(tmp_path: Path) -> None:
    async with school(tmp_path) as at:
        key = await at.taught("dara")
        seen = await at.seen()
        assert (await at.post("dara", "/understanding/undo", why="no", seen=seen)).status_code == 409
        assert (await at.post("dara", "/understanding/switch", head=key, why="better", seen=seen)).status_code == 303
        late = await at.post("dara", "/understanding/switch", head="", why="no", seen=seen)
        assert late.status_code == 409
        assert "Somebody switched meanwhile" in late.text
        assert (
            await at.post("dara", "/understanding/switch", head="nothing", why="x", seen=await at.seen())
        ).status_code == 404


async def test_a_run_that_fails_says_why_and_can_be_tried_again(tmp_path: Path) -> None:
    async with school(tmp_path, Idle) as at:
        given = await at.give("noor", examples())
        path = given.headers["location"]
        key = path.rpartition("/")[2]
        at.parts.blobs.path(f"head/{key}/examples").unlink()
        await at.parts.teaching.errands.do(f"head/{key}")
        page = (await at.get("noor", path)).text
        assert "It could not be taught" in page
        assert "Give them again" in page
        assert (await at.post("noor", f"{path}/teach")).status_code == 303
