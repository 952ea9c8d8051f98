"""The pages of procedures: read by those who may open agents, changed by those who may, put in force only after a rehearsal."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from baton.capabilities.agents.events import Drafts, Procedures, Unsettled
from baton.kernel.conversation import Pinned
from baton.settings import Settings
from baton.web.app import App, asgi
from baton.web.staff import Staff
from tests.scenes.agents_floor import Floor, floor

pytestmark = pytest.mark.scene

WORD = "correct horse battery staple"
PEOPLE = {
    "sam": Staff("sam", "sam@example.com", "Sam", "supervisor"),
    "mina": Staff("mina", "mina@example.com", "Mina", "rep"),
    "dara": Staff("dara", "dara@example.com", "Dara", "admin"),
    "ruth": Staff("ruth", "ruth@example.com", "Ruth", "analyst"),
}
ONE = "/agents/procedures/refund_request"


class Office:
    """Staff with a token each, before a floor whose committer runs."""

    def __init__(self, it: Floor, client: httpx.AsyncClient, tokens: dict[str, str], app: App) -> None:
        self.it, self._client, self._tokens, self.app = it, client, tokens, app

    async def get(self, who: str, path: str) -> httpx.Response:
        """GET as someone."""
        return await self._client.get(path, headers=self._as(who))

    async def post(self, who: str, path: str, **form: str) -> httpx.Response:
        """A form sent as someone, while the log is worked."""
        return await self.it.committing(self._client.post(path, data=form, headers=self._as(who)))

    async def file(self) -> str:
        """The file on the page."""
        page = (await self.get("dara", ONE)).text
        found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
        assert found is not None
        return _plain(found[1])

    async def force(self, text: str, why: str) -> httpx.Response:
        """Rehearse a text, then put it in force."""
        page = (await self.post("dara", f"{ONE}/rehearse", text=text)).text
        seen = re.search(r'name="seen" value="([^"]*)"', page)
        return await self.post("dara", f"{ONE}/force", text=text, why=why, seen=seen[1] if seen else "")

    def _as(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[who]}", "Accept": "text/html"} if who else {}


def _plain(text: str) -> str:
    for name, sign in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(name, sign)
    return text


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    """A floor with a web application before it."""
    async with floor(folder, more=("lake", "resolution")) as it:
        app = App(it.committer, Settings.model_validate({"home": folder}))
        for staff in PEOPLE.values():
            app.accounts.add(staff, WORD)
        tokens = {name: app.accounts.make_token(staff.id, "test") for name, staff in PEOPLE.items()}
        transport = httpx.ASGITransport(app=asgi(app), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://baton.example") as client:
            yield Office(it, client, tokens, app)
        app.accounts.close()


async def test_a_procedure_is_read_as_steps(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        for who, status in (("sam", 200), ("ruth", 200), ("mina", 403), ("", 401)):
            for path in ("/agents/procedures", "/agents/drafts", "/agents/outcomes", ONE):
                assert (await at.get(who, path)).status_code in {status, 303 if not who else status}, (who, path)
        page = (await at.get("sam", ONE)).text
        for words in (
            "Asks for a yes",
            "cannot be taken back",
            "Checks the record",
            "Shall I refund ‹amount of quote›",
            "as it should",
        ):
            assert words in page
        assert (await at.get("sam", "/agents/procedures/nothing")).status_code == 404


async def test_a_change_is_rehearsed_put_in_force_and_taken_back(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.it.begins("before")
        text = await at.file()
        changed = text.replace("Shall I refund", "May I refund").replace('hears = ["Shall I', 'hears = ["May I')
        page = await at.post("dara", f"{ONE}/rehearse", text=changed)
        assert "conversations would have started it" in page.text
        assert (await at.force(changed, "plainer")).status_code == 303
        made = at.app.policy(Procedures).of("refund_request")
        assert made is not None
        assert (made.revision, "May I refund" in str(made.steps)) == (5, True)
        after = (await at.get("dara", ONE)).text
        assert "plainer" in after
        assert "+text = &#34;May I refund" in after
        old = at.it.stream("before").facts.get(Pinned)
        assert old is not None
        kept = at.it.committer.memory.policies.body(Procedures, old.versions["agents.Procedures"]).of("refund_request")
        assert kept is not None
        assert "Shall I refund" in str(kept.steps)
        assert (await at.force(text, "taken back")).status_code == 303


async def test_what_is_wrong_is_told_by_line_and_never_put_in_force(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        text = (await at.file()).replace('do = "confirm"', 'do = "say"')
        page = await at.post("dara", f"{ONE}/rehearse", text=text)
        assert page.status_code == 422
        assert "can run before the customer has said yes" in page.text
        assert re.search(r'href="#line-\d+">Line \d+', page.text)
        assert (await at.post("dara", f"{ONE}/force", text=text, why="x", seen="y")).status_code == 422
        broken = await at.post("dara", f"{ONE}/rehearse", text="<script>alert(1)</script>")
        assert broken.status_code == 422
        assert "<script>alert" not in broken.text


async def test_nothing_is_put_in_force_unrehearsed_without_a_reason_or_by_others(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        text = (await at.file()).replace("Shall I refund", "May I refund")
        assert (await at.post("dara", f"{ONE}/force", text=text, why="x", seen="forged")).status_code in {409, 422}
        assert (await at.force(await at.file(), " ")).status_code == 422
        assert (await at.post("sam", f"{ONE}/force", text=text, why="x")).status_code == 403
        assert (await at.post("ruth", f"{ONE}/rehearse", text=text)).status_code == 403
        assert (await at.post("mina", f"{ONE}/draft", text=text)).status_code == 403
        made = at.app.policy(Procedures).of("refund_request")
        assert made is not None
        assert made.revision == 4


async def test_a_new_one_begins_as_a_draft_that_nobody_follows(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        begun = await at.post("sam", "/agents/drafts", id="Name correction")
        assert begun.headers["location"] == "/agents/procedures/name_correction"
        page = await at.get("sam", "/agents/procedures/name_correction")
        assert "draft, in force for nobody" in page.text
        assert [d.id for d in at.app.policy(Drafts).drafts] == ["name_correction"]
        assert at.app.policy(Procedures).of("name_correction") is None
        assert (await at.post("sam", "/agents/drafts", id="../../etc")).status_code == 422


async def test_a_new_one_may_begin_as_a_copy_for_a_need_that_customers_have(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        begun = await at.post("sam", "/agents/drafts", id="Refund a taxi", need="taxi_refund", copy_of="refund_request")
        assert begun.headers["location"] == "/agents/procedures/refund_a_taxi"
        page = (await at.get("sam", "/agents/procedures/refund_a_taxi")).text
        for words in ("4 of 4 go as they should", "taxi refund", "A copy: change what is asked", "Refund a taxi"):
            assert words in page
        gone = await at.post("sam", "/agents/drafts", id="Another", copy_of="no_such")
        assert (gone.status_code, "is gone" in gone.text) == (422, True)


async def test_an_outcome_nobody_knew_is_listed_and_told_by_a_person(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.it.begins()
        await at.it.append(
            "conversation/one", Unsettled("k1", "refund_request", "pay", "refund", since_ms=at.it.clock.now_ms())
        )
        page = (await at.get("sam", "/agents/outcomes")).text
        assert "nobody knows yet" in page
        assert (await at.post("ruth", "/agents/outcomes/k1", outcome="done")).status_code == 403
        assert (await at.post("sam", "/agents/outcomes/k2", outcome="done")).status_code == 404
        assert (await at.post("sam", "/agents/outcomes/k1", outcome="maybe")).status_code == 422
        assert (await at.post("sam", "/agents/outcomes/k1", outcome="not_done")).status_code == 303
        assert (await at.post("sam", "/agents/outcomes/k1", outcome="done")).status_code == 409
        assert "says Sam" in (await at.get("sam", "/agents/outcomes")).text
