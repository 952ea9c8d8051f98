"""The routing rules over HTTP: read, revised, and refused where a queue could never be served."""

from pathlib import Path

import pytest

from baton.capabilities.routing.events import Queue, Routing, Urgency
from baton.capabilities.routing.rules.checking import checked
from baton.kernel.errors import BatonError
from tests.channels.serving import serving

pytestmark = pytest.mark.scene

NOW_MS = 1_767_571_200_000
REFUNDS = Queue("refunds", "Refunds", skill="refunds")


def refused(*queues: Queue, skills: tuple[str, ...] = ("refunds:4", "bags")) -> str:
    with pytest.raises(BatonError) as told:
        checked(Routing(queues), skills, NOW_MS)
    assert (told.value.code, told.value.status) == ("routing_rules", 422)
    assert told.value.message.endswith("Nothing was changed.")
    return told.value.message


def test_a_skill_nobody_has_is_refused_with_the_queue_named() -> None:
    told = refused(REFUNDS, Queue("visas", "Visas", skill="visas"))
    assert "Visas" in told and "'visas'" in told and "bags, refunds" in told
    assert checked(Routing((REFUNDS,)), (), NOW_MS).queues == (REFUNDS,), "where no rep is known, skills are not judged"


def test_a_queue_that_is_never_open_is_refused() -> None:
    assert "closed on every day" in refused(Queue("refunds", "Refunds", "refunds", closed_days=tuple(range(7))))
    assert "same minute" in refused(Queue("refunds", "Refunds", "refunds", opens_minute=60, closes_minute=60))


@pytest.mark.parametrize(
    ("queue", "says"),
    [
        (Queue("refunds", "Refunds", "refunds", zone="Mars/Olympus"), "'Mars/Olympus' is no time zone"),
        (Queue("refunds", "Refunds", "refunds", overflow_to=("nowhere",)), "cannot overflow to 'nowhere'"),
        (Queue("refunds", "Refunds", "refunds", overflow_to=("refunds",)), "cannot overflow to 'refunds'"),
        (Queue("refunds", "Refunds", "refunds", urgency=Urgency(1000, 1234)), "the power 1234"),
    ],
)
def test_what_cannot_be_is_refused(queue: Queue, says: str) -> None:
    assert says in refused(queue)


def test_two_queues_of_one_id_are_refused() -> None:
    assert "Two queues" in refused(REFUNDS, REFUNDS)
    assert "no queue" in refused()


def test_the_policy_carries_the_clock_of_each_zone() -> None:
    found = checked(Routing((Queue("refunds", "Refunds", "refunds", zone="Europe/Lisbon"),)), ("refunds",), NOW_MS)
    (lisbon,) = found.zones
    assert lisbon.id == "Europe/Lisbon"
    assert {minutes for _, minutes in lisbon.offsets} == {0, 60}
    assert len(lisbon.offsets) > 20, "ten years of changes"


async def test_rules_are_read_revised_and_refused_over_http(tmp_path: Path) -> None:
    async with serving(tmp_path) as place, place.http() as client:
        mara, jack = place.token("mara"), place.token("jack")
        assert (await client.get("/api/routing/rules", headers=jack)).status_code == 403
        before = (await client.get("/api/routing/rules", headers=mara)).json()
        assert [queue["id"] for queue in before["rules"]["queues"]] == ["refunds"]
        body = {**before, "why": "Lisbon hours", "emergency": True}
        body["rules"]["queues"][0] |= {
            "zone": "Europe/Lisbon",
            "opens_minute": 480,
            "closes_minute": 1200,
            "reserved": 1,
        }
        assert (await client.put("/api/routing/rules", json=body, headers=jack)).status_code == 403
        done = await client.put("/api/routing/rules", json=body, headers=mara)
        assert done.status_code == 202
        after = (await client.get("/api/routing/rules", headers=mara)).json()
        assert after["version"] == done.json()["version"] > before["version"]
        assert (after["rules"]["queues"][0]["zone"], after["rules"]["queues"][0]["reserved"]) == ("Europe/Lisbon", 1)
        assert place.app.policy(Routing).zones[0].id == "Europe/Lisbon"
        late = await client.put("/api/routing/rules", json=body, headers=mara)
        assert (late.status_code, late.json()["code"]) == (409, "rules_moved")
        body["version"], body["rules"]["queues"][0]["skill"] = after["version"], "visas"
        told = await client.put("/api/routing/rules", json=body, headers=mara)
        assert told.status_code == 422
        assert "Refunds" in told.json()["detail"] and "'visas'" in told.json()["detail"]
        body["rules"]["queues"][0]["target_s"] = -5
        assert (await client.put("/api/routing/rules", json=body, headers=mara)).status_code == 422
        assert (await client.get("/api/routing/rules", headers=mara)).json() == after


async def test_a_supervisor_changes_a_queue_on_the_page(tmp_path: Path) -> None:
    async with serving(tmp_path) as place, place.http() as client:
        mara, jack = place.token("mara"), place.token("jack")
        assert (await client.get("/live/rules", headers=jack)).status_code == 403
        page = (await client.get("/live/rules", headers=mara)).text
        assert "Refunds" in page and "around the clock, UTC" in page
        fields = {
            "version": str((await client.get("/api/routing/rules", headers=mara)).json()["version"]), "title": "Refunds", "skill": "refunds",
            "zone": "Europe/Lisbon", "opens": "08:00", "closes": "00:00", "day": ["0", "1", "2", "3", "4"], "closed_dates": "2026-12-25",
            "target_s": "30", "weight_permille": "2000", "power_permille": "2500", "reserved": "1", "overflow_after_s": "60",
            "deferred_target_s": "3600", "agent_after_s": "20", "agent_level": ["low"], "why": "winter", "emergency": "on",
        }  # fmt: skip
        wrong = await client.post("/live/rules/refunds", data={**fields, "skill": "visas"}, headers=mara)
        assert wrong.status_code == 422 and "no rep has the skill" in wrong.text
        for field, value in (("target_s", "soon"), ("opens", "8h"), ("closed_dates", "Christmas"), ("zone", "Mars")):
            refused = await client.post("/live/rules/refunds", data={**fields, field: value}, headers=mara)
            assert refused.status_code == 422 and "Nothing was changed" in refused.text
        assert (await client.post("/live/rules/refunds", data=fields, headers=jack)).status_code == 403
        assert (await client.post("/live/rules/refunds", data=fields, headers=mara)).status_code == 303
        queue = place.app.policy(Routing).queues[0]
        assert (queue.zone, queue.opens_minute, queue.closes_minute, queue.closed_days) == (
            "Europe/Lisbon",
            480,
            1440,
            (5, 6),
        )
        assert (queue.agent_levels, queue.agent_after_s) == (("low",), 20)
        marked = (await client.get("/live/rules", headers=mara)).text
        assert "by Mara Nilsen: winter." in marked and "Emergency, without a replay." in marked
        assert (queue.urgency, queue.closed_dates) == (Urgency(2000, 2500), ("2026-12-25",))
        late = await client.post("/live/rules/refunds", data=fields, headers=mara)
        assert late.status_code == 409 and "Somebody else" in late.text
        assert (
            "Not Sat" not in page and "not Sat, Sun" in (await client.get("/live/rules?changed=1", headers=mara)).text
        )
        assert (await client.get("/live/rules/nowhere", headers=mara)).status_code == 404
