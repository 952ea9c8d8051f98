"""A load is its rep's own: no route gives it to anybody else, small teams are not told of, and a supervisor approves a cost."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx
import pytest

from baton.capabilities.ai_use.events import Employed
from baton.capabilities.routing.events import MAIN, RepReady
from baton.capabilities.wellbeing.breathers.pricing import Pricing
from baton.capabilities.wellbeing.events import Breather, BreatherAsked, Left, Load, Took, team_stream
from baton.kernel.capability import load
from baton.web.app import asgi
from baton.web.permissions import Permissions
from baton.web.staff import ROLES, Staff
from tests.channels.serving import PEOPLE, Place, serving

pytestmark = pytest.mark.scene
STREAMS = frozenset({"/api/live", "/api/chat/conversations/{id}/events"})
"""What never ends is no page."""
OTHERS = ("sofia", "mara", "ruth", "dara")
"""A colleague, a supervisor, an analyst, an administrator."""
RUN = 7717
"""A run of hard conversations that nothing else would show."""
CRAFTS = [f"baton.capabilities.{name}" for name in (
    "agents", "ai_use", "complexity", "empathy", "escalations", "governance", "knowledge", "lake", "orchestration", "performance",
    "resolution", "routing", "sentiment", "wellbeing", "workforce",
)]  # fmt: skip


@pytest.fixture
async def place(tmp_path: Path):
    async with serving(tmp_path, made=load(CRAFTS)) as served:
        yield served


async def says(place: Place, stream: str, *events) -> None:
    await place.app.committer.append(stream, *events, by="system")
    await place.app.committer.settle()


async def loaded(place: Place) -> None:
    """Jack is at work and has had hard work."""
    now_ms = place.app.clock.now_ms()
    await says(
        place, "rep/jack", Employed("jack", "Lisbon", 0), Load(now_ms, 5_000, run=RUN, served=9, rested_ms=now_ms)
    )


async def test_a_rep_reads_exports_and_deletes_their_own(place) -> None:
    await loaded(place)
    jack = place.token("jack")
    async with place.http() as client:
        told = (await client.get("/api/wellbeing/mine", headers=jack)).json()
        assert (told["run"], told["served"], told["counts"]) == (RUN, 9, True)
        page = (await client.get("/wellbeing/mine", headers=jack)).text
        assert "My load" in page
        now_ms = place.app.clock.now_ms()
        await says(place, "rep/jack", Took("conversation/abc", now_ms - 60_000))
        await says(place, "rep/jack", Left("conversation/abc", now_ms, "high", 900))
        exported = (await client.get("/api/wellbeing/mine/export", headers=jack)).json()
        assert [line["event"] for line in exported][-2:] == ["wellbeing.InHand", "wellbeing.Load"]
        assert (await client.get("/wellbeing/mine", headers=jack)).text.count("hostile</span>") == 1
        gone = await client.post("/api/wellbeing/mine/forget", json={"counting": False}, headers=jack)
        assert gone.status_code == 202
        told = (await client.get("/api/wellbeing/mine", headers=jack)).json()
        assert (told["run"], told["served"], told["milli_min"], told["counts"]) == (0, 0, 0, False)
        assert (await client.get("/api/wellbeing/mine/export", headers=jack)).json() == []
        assert "is not counted" in (await client.get("/wellbeing/mine", headers=jack)).text


async def test_nobody_else_is_given_it_by_any_route(place) -> None:
    await loaded(place)
    paths = sorted(
        {path.replace("{", "").replace("}", "") for path in gets(asgi(place.app).routes) if path not in STREAMS}
    )
    assert len(paths) > 60
    own = [path for path in paths if path.startswith(("/wellbeing", "/api/wellbeing"))]
    async with place.http() as client:
        for person in [each for each in PEOPLE if each.id in OTHERS]:
            headers = place.token(person.id)
            for path in (*paths, *(f"{path}?rep=jack&show=rep-jack" for path in own), "/live?show=rep-jack"):
                answer = await _get(client, path, headers)
                assert str(RUN) not in answer, (person.role, path)


async def _get(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> str:
    """What a route answers; ids in it are Jack's name."""
    try:
        return (await client.get(path.replace("//", "/"), headers=headers, timeout=10)).text
    except httpx.HTTPError:
        return ""


def gets(routes: Iterable[object]) -> Iterator[str]:
    """The path of every GET there is, however deep."""
    for route in routes:
        inner = getattr(getattr(route, "original_router", None), "routes", None)
        if inner is not None:
            yield from gets(inner)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield str(getattr(route, "path", ""))


def test_cedar_gives_a_load_to_its_rep_alone() -> None:
    asked = Permissions()
    for role in ROLES:
        someone = Staff("someone", "s@halcyon.example", "Someone", role)
        assert asked.may_read_load(someone, "someone")
        assert not asked.may_read_load(someone, "jack"), role


async def test_a_team_of_seven_is_not_shown_and_one_of_eight_is(place) -> None:
    for n in range(7):
        await says(place, f"rep/r{n}", Employed(f"r{n}", "Lisbon", 0))
    mara = place.token("mara")
    async with place.http() as client:
        await says(place, team_stream("Lisbon"), BreatherAsked("ab12", "r1", "Lisbon", 300, ("refunds",)))
        told = (await client.get("/api/wellbeing/teams", headers=mara)).json()
        assert (told["teams"], told["small"]) == ([], 1)
        assert "Lisbon" not in (await client.get("/wellbeing", headers=mara)).text
        refused = await client.post("/api/wellbeing/teams/Lisbon/approve", json={"many": 1}, headers=mara)
        assert refused.status_code == 404
        await says(place, "rep/r7", Employed("r7", "Lisbon", 0))
        (team,) = (await client.get("/api/wellbeing/teams", headers=mara)).json()["teams"]
        assert (team["team"], team["people"], team["waiting"]) == ("Lisbon", 8, 1)
        page = (await client.get("/wellbeing", headers=mara)).text
        assert "Lisbon" in page
        assert "r1" not in json.dumps(team)


async def test_a_supervisor_sees_the_cost_and_approves_and_the_rep_takes_it(place) -> None:
    await says(place, MAIN, RepReady("jack", "available", "Jack", ("refunds",), capacity=1))
    for n in range(7):
        await says(place, f"rep/r{n}", Employed(f"r{n}", "Lisbon", 0))
    await says(place, "rep/jack", Employed("jack", "Lisbon", 0), Breather("ab12", "asked", "Lisbon", rest_s=300))
    await says(place, team_stream("Lisbon"), BreatherAsked("ab12", "jack", "Lisbon", 300, ("refunds",)))
    mara, jack = place.token("mara"), place.token("jack")
    async with place.http() as client:
        assert (
            await client.post("/api/wellbeing/teams/Lisbon/approve", json={"many": 1}, headers=jack)
        ).status_code == 403
        approved = await client.post("/api/wellbeing/teams/Lisbon/approve", json={"many": 1}, headers=mara)
        assert approved.status_code == 202
        await place.app.committer.settle()
        assert (await client.get("/api/wellbeing/mine", headers=jack)).json()["breather"] is None, (
            "not before it has a price"
        )
        await Pricing(place.app).look()
        await place.app.committer.settle()
        offered = (await client.get("/api/wellbeing/mine", headers=jack)).json()["breather"]
        assert (offered["state"], offered["kind"], offered["late_permille"]) == ("offered", "break", 0), (
            "nobody comes: it costs nothing"
        )
        assert "Breather offered" in (await client.get("/wellbeing/mine/offer", headers=jack)).text
        taken = await client.post("/api/wellbeing/mine/answer", json={"ref": "ab12", "answer": "take"}, headers=jack)
        assert taken.status_code == 202
        await place.app.committer.settle()
        assert (place.app.board.posts["jack"].presence, place.app.board.posts["jack"].reason) == ("break", "breather")
        again = await client.post("/api/wellbeing/mine/answer", json={"ref": "ab12", "answer": "take"}, headers=jack)
        assert again.status_code == 409
        assert "On a breather" in (await client.get("/wellbeing/mine/offer", headers=jack)).text
        (team,) = (await client.get("/api/wellbeing/teams", headers=mara)).json()["teams"]
        assert (team["granted_s"], team["taken"], team["waiting"]) == (300, 1, 0)
