"""The studio over HTTP: a version is made, approved by another, tried on a share, stopped by itself or by somebody, or put in force."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
from sqlalchemy import select

from baton.capabilities.agents.events import Agents, Canary, Drawn
from baton.capabilities.agents.studio.watching import look
from baton.capabilities.agents.tables import SERVED
from baton.capabilities.governance.events import Register, System, approved
from baton.capabilities.lake.events import Labelled
from baton.capabilities.performance.events import Costs
from baton.kernel.conversation import Ended, Holder, Started, TurnSaid
from baton.settings import Settings
from baton.web.app import App, asgi
from baton.web.staff import Staff
from tests.scenes.agents_floor import ASSISTANT, Floor, floor, procedures

pytestmark = pytest.mark.scene

PEOPLE = {
    "sam": Staff("sam", "sam@example.com", "Sam", "supervisor"),
    "mina": Staff("mina", "mina@example.com", "Mina", "rep"),
    "dara": Staff("dara", "dara@example.com", "Dara", "admin"),
    "ruth": Staff("ruth", "ruth@example.com", "Ruth", "analyst"),
}
HERE = "/agents/versions/assistant"
MADE = {
    "name": "Assistant",
    "disclosure": "You write with an AI.",
    "answer_floor": "300",
    "every": "on",
    "why": "answers sooner",
}


class Office:
    """Staff with a token each, before a floor whose committer runs."""

    def __init__(self, it: Floor, client: httpx.AsyncClient, tokens: dict[str, str], app: App) -> None:
        self.it, self._client, self._tokens, self.app = it, client, tokens, app

    async def get(self, who: str, path: str) -> httpx.Response:
        return await self._client.get(path, headers=self._as(who))

    async def post(self, who: str, path: str, **form: str) -> httpx.Response:
        return await self.it.committing(self._client.post(path, data=form, headers=self._as(who)))

    @property
    def agents(self) -> Agents:
        return self.app.policy(Agents)

    def _as(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[who]}", "Accept": "text/html"} if who else {}


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    async with floor(folder, more=("lake", "resolution", "performance")) as it:
        app = App(it.committer, Settings.model_validate({"home": folder}))
        for staff in PEOPLE.values():
            app.accounts.add(staff, "correct horse battery staple")
        tokens = {name: app.accounts.make_token(staff.id, "test") for name, staff in PEOPLE.items()}
        entry = System("assistant", name="Assistant", owner="sam", need="n", baseline="b", target="t", cap_cents=10**9,
                       stop_on="2099-12-31", review_on="2099-06-30", author="sam", revision=1)  # fmt: skip
        await it.policy(Register((entry,), (approved(entry, ASSISTANT, procedures(), 0, 10**15, "dara"),)))
        transport = httpx.ASGITransport(app=asgi(app), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://baton.example") as client:
            yield Office(it, client, tokens, app)
        app.accounts.close()


async def approve(at: Office, version: str) -> httpx.Response:
    page = (await at.get("dara", f"{HERE}/{version}")).text
    configured = page.partition('name="configuration" value="')[2][:64]
    return await at.post(
        "dara",
        "/governance/register/assistant/approve",
        version=version,
        configuration=configured,
        revision="1",
        why="read it",
    )


async def history(it: Floor, n: int, version: str, rival: str, permille: int, met: int) -> None:
    """Told conversations of a version, of which `met` end with thanks and the others with the customer giving up."""
    for k in range(n):
        name = f"conversation/{version}-{k}"
        told = (Started(origin="generated", source="told"), Labelled("agent_version", permille, version, "assistant"))
        await it.append(
            name, *told, Labelled("agent_rival", text_label=rival), TurnSaid("customer", "Where is my refund?")
        )
        words = "Great, that solved it, thank you!" if k < met else "That is wrong. I give up."
        await it.append(name, TurnSaid("agent", "It is on its way.", who="assistant"), TurnSaid("customer", words))
        await it.append(name, Ended("resolved" if k < met else "customer_left"))


async def test_each_page_is_for_those_who_may_open_agents(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        for path in ("/agents", HERE, f"{HERE}/1", "/agents/rows/assistant"):
            for who, status in (("sam", 200), ("ruth", 200), ("dara", 200), ("mina", 403), ("", 303)):
                assert (await at.get(who, path)).status_code in {status, 401 if not who else status}, (who, path)
        for gone in ("/agents/versions/nobody", f"{HERE}/99", "/agents/rows/nobody"):
            assert (await at.get("sam", gone)).status_code == 404
        for who, path, form in (
            ("ruth", f"{HERE}/1/new", MADE), ("sam", f"{HERE}/1/force", {"why": "me too"}), ("sam", f"{HERE}/1/share", {"percent": "5", "why": "try"}),
            ("ruth", f"{HERE}/1/stop", {"why": "stop it"}),
        ):  # fmt: skip
            assert (await at.post(who, path, **form)).status_code == 403, (who, path)


async def test_a_version_is_made_approved_tried_and_put_in_force(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        same = await at.post("sam", f"{HERE}/1/new", name=ASSISTANT.name, disclosure=ASSISTANT.disclosure, answer_floor="350", every="on", why="no change")  # fmt: skip
        assert (same.status_code, "would be the same" in same.text) == (422, True)
        assert (await at.post("sam", f"{HERE}/1/new", **{**MADE, "why": ""})).status_code == 422
        made = await at.post("sam", f"{HERE}/1/new", **MADE)
        assert (made.status_code, made.headers["location"]) == (303, f"{HERE}/2")
        page = (await at.get("sam", f"{HERE}/2")).text
        for words in ("not approved", "Sam: answers sooner", "Least score of an answer", "You write with an AI."):
            assert words in page
        early = await at.post("dara", f"{HERE}/2/share", percent="10", why="try it")
        assert (early.status_code, "not approved in the register" in early.text) == (422, True)
        assert (await at.post("dara", f"{HERE}/2/force", why="now")).status_code == 422
        assert (await approve(at, "2")).status_code == 303
        assert (await at.post("dara", f"{HERE}/2/share", percent="90.1", why="too much")).status_code == 422
        assert (await at.post("dara", f"{HERE}/2/share", percent="10", why="a tenth")).status_code == 303
        assert at.agents.canaries == (Canary("assistant", "2", 100),)
        assert (await at.post("sam", f"{HERE}/2/share", percent="20", why="more")).status_code == 403, (
            "raising is approving"
        )
        assert (await at.post("sam", f"{HERE}/2/share", percent="5", why="less")).status_code == 303, (
            "lowering is stopping"
        )
        page = (await at.get("sam", HERE)).text
        for words in (
            "Canary: version 2 gets 10 % of new conversations.",
            "now gets 5 %",
            "Version 2 was made.",
            "a tenth",
            "Nothing can be claimed yet",
        ):
            assert words in page
        assert (await at.post("dara", f"{HERE}/2/force", why="it is good")).status_code == 303
        now: Agents = at.agents
        assert ([a.version for a in now.agents], [a.version for a in now.versions], now.canaries) == (["2"], ["1"], ())
        await at.it.begins("new")
        assert (await at.it.customer("Hello", "new"))[0].startswith("You write with an AI.")
        assert (await at.post("dara", f"{HERE}/1/force", why="take it back")).status_code == 303
        assert at.agents.of("assistant") == ASSISTANT


async def test_stopped_at_once_its_customers_go_to_people(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.post("sam", f"{HERE}/1/new", **MADE)
        await approve(at, "2")
        await at.post("dara", f"{HERE}/2/share", percent="50", why="half")
        for n in range(12):
            await at.it.begins(f"c{n}")
            await at.it.customer("Hello", f"c{n}")
        assert (await at.post("sam", f"{HERE}/2/stop", why="it lies")).status_code == 303
        assert at.agents.canaries == ()
        kinds = set()
        for n in range(12):
            drawn, holder = at.it.fact(Drawn, f"c{n}"), at.it.fact(Holder, f"c{n}")
            assert drawn is not None
            kinds.add(drawn.canary)
            assert (holder is not None and holder.kind == "queue") == drawn.canary
        assert kinds == {True, False}
        assert (await at.post("sam", f"{HERE}/2/stop", why="it lies")).status_code == 409


async def test_a_canary_that_is_clearly_worse_gets_no_more_and_the_reason_says_so(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.it.policy(Costs(rep_hour=3_000_000, ai_turn=1_000, conversation=2_000))
        await history(at.it, 40, "2", "1", 300, met=6)
        await history(at.it, 60, "1", "2", 700, met=54)
        await at.post("sam", f"{HERE}/1/new", **MADE)
        await approve(at, "2")
        await at.post("dara", f"{HERE}/2/share", percent="30", why="try it")
        rows = await at.it.committer.store.rows(select(SERVED.c.version, SERVED.c.permille, SERVED.c.against))
        assert {tuple(r.values()) for r in rows} == {("2", 300, "1"), ("1", 700, "2")}
        ended = await at.it.committing(look(at.app))
        assert ended == [Canary("assistant", "2", 300)]
        assert at.agents.canaries == ()
        assert await at.it.committing(look(at.app)) == []
        page = (await at.get("ruth", HERE)).text
        assert "stopped by itself. Version 2 is clearly worse than version 1" in page
        assert "The canary of version 2 was stopped." in page
        rows_page = (await at.get("ruth", "/agents/rows/assistant?version=2&what=met")).text
        assert rows_page.count('href="/conversations/') == 6, "every number leads to its rows"


async def test_what_is_typed_is_checked_and_shown_as_text(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        for wrong in (
            {"name": ""},
            {"answer_floor": "2000"},
            {"disclosure": "x" * 501},
            {"thinks": "always"},
            {"queues": "<b>"},
        ):
            assert (await at.post("sam", f"{HERE}/1/new", **{**MADE, **wrong})).status_code == 422, wrong
        assert (
            await at.post("sam", f"{HERE}/1/new", **{**MADE, "name": "<script>alert(1)</script>", "why": "<i>why</i>"})
        ).status_code == 303
        for path in (HERE, f"{HERE}/2"):
            page = (await at.get("sam", path)).text
            assert "<script>alert" not in page
            assert "<i>why" not in page
        assert msgspec.json.encode(at.agents.of("assistant")) == msgspec.json.encode(ASSISTANT), (
            "the one in force is as it was"
        )
