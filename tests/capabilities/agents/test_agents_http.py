"""Agents, knowledge and governance over HTTP: searched, listed, stopped and started by those who may."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from baton.kernel.conversation import Holder
from baton.settings import Settings
from baton.web.app import App, asgi
from baton.web.staff import Staff
from tests.scenes.agents_floor import Floor, floor

pytestmark = pytest.mark.scene

PEOPLE = {
    "sam": Staff("sam", "sam@example.com", "Sam", "supervisor"),
    "mina": Staff("mina", "mina@example.com", "Mina", "rep"),
    "dara": Staff("dara", "dara@example.com", "Dara", "admin"),
}


class Office:
    """Staff with a token each."""

    def __init__(self, it: Floor, client: httpx.AsyncClient, tokens: dict[str, str]) -> None:
        self.floor, self._client, self._tokens = it, client, tokens

    async def get(self, who: str, path: str, **params: str) -> httpx.Response:
        """GET as someone."""
        return await self._client.get(path, params=params, headers=self._as(who))

    async def post(self, who: str, path: str, body: object) -> httpx.Response:
        """POST as someone."""
        return await self._client.post(path, json=body, headers=self._as(who))

    def _as(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[who]}"} if who else {}


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    """A floor with a web application before it and its committer running."""
    async with floor(folder) as it:
        app = App(it.committer, Settings.model_validate({"home": folder}))
        for staff in PEOPLE.values():
            app.accounts.add(staff, "correct horse battery staple")
        tokens = {name: app.accounts.make_token(staff.id, "test") for name, staff in PEOPLE.items()}
        transport = httpx.ASGITransport(app=asgi(app), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://baton.example") as client:
            yield Office(it, client, tokens)
        app.accounts.close()


async def test_a_search_gives_sections_with_citations(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        answer = await at.get("mina", "/api/knowledge/search", q="How long do refunds take?")
        first = answer.json()["results"][0]
        assert (answer.status_code, first["cite"], first["section_title"]) == (200, "art-13#1", "By way of payment")
        assert (await at.get("mina", "/api/knowledge/search", q="Is there wifi on board?")).json() == {"results": []}
        assert (await at.get("", "/api/knowledge/search", q="refunds")).status_code == 401
        assert (await at.get("mina", "/api/knowledge/search")).status_code in {400, 422}


async def test_articles_are_listed_and_shown_with_their_use_and_the_gaps(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.floor.begins()
        await at.floor.customer("How long do refunds take?")
        await at.floor.customer("Is there wifi on the plane?")
        articles = {a["id"]: a for a in (await at.get("sam", "/api/knowledge/articles")).json()["articles"]}
        assert len(articles) == 40
        assert articles["art-13"]["answered"] == 1
        shown = (await at.get("sam", "/api/knowledge/articles/art-13")).json()
        assert shown["sections"][1]["title"] == "By way of payment"
        missing = await at.get("sam", "/api/knowledge/articles/art-99")
        assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")
        gaps = (await at.get("sam", "/api/knowledge/gaps")).json()["gaps"]
        assert sum(gap["nothing_found"] for gap in gaps) == 1


async def test_a_supervisor_stops_an_agent_and_starts_it_again(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.floor.begins()
        await at.floor.customer("Hello")
        stop = at.post("sam", "/api/governance/stop", {"agent": "assistant", "why": "answers wrongly"})
        stopped = await at.floor.committing(stop)
        assert (stopped.status_code, stopped.json()) == (202, {"stopped": ["assistant"], "told": 1})
        holder = at.floor.fact(Holder)
        assert holder is not None
        assert holder.kind == "queue"
        (agent,) = (await at.get("sam", "/api/agents")).json()["agents"]
        assert (agent["stopped"], agent["serving"], agent["did"]) == (True, False, {"answer": 1})
        await at.floor.committing(at.post("sam", "/api/governance/start", {"agent": "assistant", "why": "corrected"}))
        (agent,) = (await at.get("sam", "/api/agents")).json()["agents"]
        assert (agent["stopped"], agent["serving"]) == (False, True)
        turned = (await at.get("sam", "/api/governance/switches")).json()["turned"]
        assert [(t["agents"], t["staff"], t["why"]) for t in turned] == [
            ("", "sam", "corrected"), ("assistant", "sam", "answers wrongly"),
        ]  # fmt: skip


@pytest.mark.parametrize(("who", "body", "status"), [
    ("mina", {"agent": "assistant"}, 403), ("", {"agent": "assistant"}, 401), ("sam", {"agent": "nobody"}, 404),
    ("sam", {"agent": "assistant", "surprise": 1}, 400), ("sam", {}, 400), ("sam", {"agent": "a b"}, 400),
])  # fmt: skip
async def test_others_and_odd_requests_turn_nothing(
    tmp_path: Path, who: str, body: dict[str, object], status: int
) -> None:
    async with office(tmp_path) as at:
        answer = await at.post(who, "/api/governance/stop", body)
        expected = {status, 422} if status == 400 else {status}
        assert answer.status_code in expected
        assert answer.headers["content-type"] == "application/problem+json"
        assert (await at.get("sam", "/api/governance/switches")).json() == {"stopped": [], "turned": []}


async def test_procedures_are_shown_with_how_they_ended(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.floor.begins()
        await at.floor.customer("I want to cancel my booking")
        await at.floor.customer("never mind")
        shown = (await at.get("sam", "/api/agents/procedures/booking_cancel")).json()
        assert shown["ended"] == {"started": 1, "done": 0, "refused": 0, "stopped": 1, "given_up": 0, "unknown": 0}
        assert [step["risk"] for step in shown["steps"] if step["tool"] == "cancel_booking"] == ["irreversible"]
        assert len((await at.get("sam", "/api/agents/procedures")).json()["procedures"]) == 12
        assert (await at.get("sam", "/api/agents/procedures/none")).status_code == 404
        assert (await at.get("sam", "/api/agents/approvals")).json() == {"approvals": []}


async def test_the_access_log_is_for_administrators(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        assert (await at.get("dara", "/api/governance/access")).json() == {"accesses": []}
        assert (await at.get("sam", "/api/governance/access")).status_code == 403
        assert (await at.get("sam", "/api/governance/vetoes")).json() == {"vetoes": []}
