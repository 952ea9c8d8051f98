"""No rule goes live from a screen without its replay: asked for on the page, run beside everything else, put live from what it told."""

from pathlib import Path

import pytest
from sqlalchemy import select

from baton.capabilities.orchestration.replaying.deciding import Loop
from baton.capabilities.orchestration.replaying.weighing import weighed
from baton.capabilities.orchestration.tables import PRESENCE, REPLAYS
from baton.capabilities.routing.events import MAIN, OfferTaken, Place, Released, RepReady, Routing, Waiting
from baton.kernel.conversation import PolicyRevised
from baton.kernel.rebuild import rebuild
from tests.scenes.orchestration_school import START_MS, School, school

pytestmark = pytest.mark.scene

DAY = "2026-09-21"
CHANGE = "[queues.money]\ntarget_s = 60\n[thresholds]\nfailed_attempts = 1\n"


async def asked(at: School, who: str = "sam", change: str = CHANGE) -> str:
    sent = await at.post(who, "/planning/replays", change=change, since=DAY, until=DAY)
    assert sent.status_code == 303, sent.text
    return sent.headers["location"].rpartition("/")[2]


async def newest(at: School, name: str) -> PolicyRevised:
    *_, last = [row for row in await at.parts.store.policies(0) if row.stream == f"policy/{name}"]
    event = at.parts.committer.codec.decode(last.stream, last.body)
    assert isinstance(event, PolicyRevised)
    return event


async def test_a_change_is_replayed_and_put_live_with_its_id(tmp_path: Path) -> None:
    async with school(tmp_path) as at:
        for key in ("one", "two"):
            await at.begins(key)
            await at.customer(key, "my radiator is cold")
            await at.customer(key, "no, that does not help")
        key = await asked(at)
        told = await at.replayed("sam", key)
        assert told["state"] == "done"
        page = (await at.get("sam", f"/planning/replays/{key}")).text
        header = (await at.get("sam", f"/planning/replays/{key}/lines.csv")).text.splitlines()[0]
        assert header.startswith("figure,queue,unit,method,happened,before,before_low")
        assert (await at.get("mina", f"/planning/replays/{key}/lines.csv")).status_code == 403
        assert "What this cannot know" in page and "counterfactual" in page and "Put it live" in page
        assert at.parts.committer.memory.policies.newest_of(Routing).queues[1].target_s == 20
        assert (await at.post("noor", f"/planning/replays/{key}/live")).status_code == 403, (
            "analysts replay and do not change"
        )
        assert (await at.post("sam", f"/planning/replays/{key}/live", why="rents wait")).status_code == 303
        assert at.parts.committer.memory.policies.newest_of(Routing).queues[1].target_s == 60
        for name in ("routing.Routing", "empathy.Triggers"):
            revised = await newest(at, name)
            assert (revised.replay, revised.emergency, revised.author) == (key, False, "sam")
        assert "It went live" in (await at.get("sam", f"/planning/replays/{key}")).text
        again = await at.post("sam", f"/planning/replays/{key}/live")
        assert again.status_code == 409 and "was revised since" in again.text


async def test_a_change_that_is_refused_stays_in_the_form_with_the_reason(tmp_path: Path) -> None:
    async with school(tmp_path) as at:
        told = await at.post("sam", "/planning/replays", change="[hors.money]\n", since=DAY, until=DAY)
        assert told.status_code == 422
        assert "`hors`" in told.text and "[hors.money]" in told.text
        late = await at.post("sam", "/planning/replays", change=CHANGE, since=DAY, until="2026-09-01")
        assert late.status_code == 422 and "must end after it begins" in late.text
        key = await asked(at, change="[queues.visas]\ntarget_s = 60\n")
        assert (await at.replayed("sam", key))["state"] == "failed"
        assert "no queue &#39;visas&#39;" in (await at.get("sam", f"/planning/replays/{key}")).text
        assert (await at.post("mina", "/planning/replays", change=CHANGE, since=DAY, until=DAY)).status_code == 403
        assert (await at.get("sam", "/planning/replays/nothing")).status_code == 404


async def test_who_revised_meanwhile_is_not_overruled(tmp_path: Path) -> None:
    async with school(tmp_path) as at:
        first, second = await asked(at), await asked(at, change="[queues.money]\ntarget_s = 90\n")
        for key in (first, second):
            await at.replayed("sam", key)
        assert (await at.post("sam", f"/planning/replays/{second}/live")).status_code == 303
        late = await at.post("sam", f"/planning/replays/{first}/live")
        assert late.status_code == 409
        assert "was revised since" in (await at.get("sam", f"/planning/replays/{first}")).text
        assert at.parts.committer.memory.policies.newest_of(Routing).queues[1].target_s == 90


async def test_rules_over_http_name_a_replay_or_an_emergency_with_its_reason(tmp_path: Path) -> None:
    async with school(tmp_path) as at:
        body = await at.json("sam", "/api/routing/rules")
        body["rules"]["queues"][1]["target_s"] = 60
        bare = await at.put("sam", "/api/routing/rules", body)
        assert (bare.status_code, bare.json()["code"]) == (422, "no_replay")
        assert (await at.put("sam", "/api/routing/rules", {**body, "emergency": True})).status_code == 422, (
            "without a reason"
        )
        other = await asked(at, change="[queues.money]\ntarget_s = 90\n")
        await at.replayed("sam", other)
        wrong = await at.put("sam", "/api/routing/rules", {**body, "replay": other})
        assert wrong.status_code == 422 and "shows other rules" in wrong.json()["detail"]
        key = await asked(at, change="[queues.money]\ntarget_s = 60\n")
        await at.replayed("sam", key)
        assert (await at.put("sam", "/api/routing/rules", {**body, "replay": key})).status_code == 202
        assert (await newest(at, "routing.Routing")).replay == key
        body = await at.json("sam", "/api/routing/rules")
        body["rules"]["queues"][1]["target_s"] = 30
        assert (
            await at.put("sam", "/api/routing/rules", {**body, "emergency": True, "why": "storm"})
        ).status_code == 202
        assert (await newest(at, "routing.Routing")).emergency


async def test_the_form_of_the_rules_leads_to_their_replay(tmp_path: Path) -> None:
    async with school(tmp_path) as at:
        version = str((await at.json("sam", "/api/routing/rules"))["version"])
        fields = {
            "version": version, "offer_s": "30", "wait_limit_s": "1800", "starving_after_s": "600", "grace_s": "45", "match_permille": "300",
            "affinity_permille": "500", "fairness_permille": "200", "effect_permille": "200",
        }  # fmt: skip
        sent = await at.post("sam", "/live/rules/all", **fields)
        assert sent.status_code == 303
        key = sent.headers["location"].rpartition("/")[2]
        told = await at.replayed("sam", key)
        assert told["state"] == "done"
        assert "the simulation does not know them: offer_s" in (await at.get("sam", f"/planning/replays/{key}")).text
        assert at.parts.committer.memory.policies.newest_of(Routing).offer_s == 20
        assert (await at.post("sam", f"/planning/replays/{key}/live")).status_code == 303
        assert at.parts.committer.memory.policies.newest_of(Routing).starving_after_s == 600
        assert f'href="/planning/replays/{key}">The replay that showed it' in (await at.get("sam", "/live/rules")).text


async def test_what_is_remembered_is_the_fold_of_the_log(tmp_path: Path) -> None:
    async with school(tmp_path) as at:
        ready = RepReady("mina", "available", "Mina", ("house",))
        for event in (ready, ready, RepReady("mina", "break", reason="lunch")):
            await at.parts.committer.append(MAIN, event, by="rep/mina")
        await at.replayed("sam", await asked(at))
        rows = {table: await at.parts.store.rows(select(table)) for table in (PRESENCE, REPLAYS)}
        assert [row["presence"] for row in rows[PRESENCE]] == ["break"], "at one instant, the last one counts"
        assert rows[PRESENCE][0]["since_ms"] == START_MS
        await rebuild(at.parts.store, at.parts.committer.codec, at.parts.crafts, [PRESENCE, REPLAYS])
        assert {table: await at.parts.store.rows(select(table)) for table in (PRESENCE, REPLAYS)} == rows


async def test_offers_left_to_chance_weigh_one_under_the_rules_that_made_them(tmp_path: Path) -> None:
    """Two reps alike: each offer to the first had 98.5 %. Read again from the log, it has the same, so nothing differs."""
    async with school(tmp_path) as at:
        for rep in ("kim", "lee"):
            await at.parts.committer.append(MAIN, RepReady(rep, "available", rep), by=f"rep/{rep}")
        for n in range(40):
            stream = f"conversation/w{n}"
            await at.parts.committer.append(MAIN, Waiting(stream, "house", START_MS), by="system")
            board = await at.parts.committer.memory.stream(MAIN)
            place = board.facts.slot(Place, stream)
            assert place is not None and place.state == "offered"
            await at.parts.committer.append(MAIN, OfferTaken(place.rep, stream), by=f"rep/{place.rep}")
            await at.parts.committer.append(MAIN, Released(place.rep, stream), by=f"rep/{place.rep}")
        loop = Loop(at.parts.store, at.parts.committer.codec, at.parts.crafts, at.parts.models)
        told, lines = await weighed(loop, START_MS - 1, START_MS + 1, at.parts.committer.memory.policies)
    assert (told.offers, told.chancy, told.effective, told.clipped) == (40, 40, 40, 0)
    assert [(line.before.value, line.after.value, line.difference.value) for line in lines] == [(1000, 1000, 0)]
