"""Privacy over HTTP: finding and forgetting a person, legal holds, retention, consent, a person's own data, and who looked."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from baton.capabilities.governance.privacy.governance import Retention
from baton.capabilities.governance.privacy.serving import due
from baton.capabilities.governance.tables import DARK, ERASURES, HOLDS
from baton.capabilities.routing.events import WrappedUp
from baton.channels.desk.events import Noted
from baton.kernel.codec import ERASED
from baton.kernel.conversation import TurnSaid
from baton.web.purposes import may_use
from tests.scenes.ledger_room import Room, room
from tests.scenes.ledger_site import Site, site

pytestmark = pytest.mark.scene

DAY_MS = 86_400_000
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
ALONE = ("lake", "resolution", "orchestration", "sentiment", "performance", "governance")
PAGES = ("", "/holds", "/keep", "/looks")


async def ask(asks: Site, method: str, path: str, body: Any = None, role: str = "admin") -> Any:
    headers = {"authorization": f"Bearer {asks.tokens[role]}"}
    return await asks.client.request(method, path, json=body, headers=headers)


async def ana(here: Room, said: str = "ana@example.com", key: str = "one") -> str:
    """A customer who is known by an address, and talked once."""
    customer = here.keys.pseudonym("customer", said)
    here.keys.identify(f"conversation/{key}", customer)
    wrapped = WrappedUp("kim", "refund", "yes", "call Ana tomorrow", 1)
    turns = (("customer", "My name is Ana Ruiz"), ("rep", "Hello Ana"))
    await here.talked(key, customer, *turns, then=(Noted("kim", "Ana is angry"), wrapped))
    return customer


def stored(folder: Path) -> bytes:
    """Every byte of the log's files."""
    return b"".join(path.read_bytes() for path in folder.glob("log.db*"))


async def test_a_person_is_found_shown_and_forgotten_with_a_certificate(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here:
        await ana(here)
        await here.talked("two", here.keys.pseudonym("customer", "bo"), ("customer", "I am Bo"))
        async with site(here) as asks:
            found = (await ask(asks, "POST", "/api/privacy/find", {"said": " ANA@example.com"})).json()
            assert (found["conversations"], found["kinds"]["desk.Noted"], found["held_by"]) == (1, 1, [])
            page = await asks.get(f"/governance/privacy/people/{found['subject']}", "admin")
            assert "Erase this person" in page.text and "Ana Ruiz" not in page.text
            done = await ask(asks, "POST", "/api/privacy/erasures", {"subject": found["subject"], "why": "not_needed"})
            assert (done.status_code, done.json()["state"], done.json()["open_after"]) == (201, "erased", 0)
            read = await asks.told("/api/conversations/one", "analyst")
            assert {t["text"] for t in read["turns"]} == {ERASED}
            assert "I am Bo" in (await asks.get("/api/conversations/two", "analyst")).text
            assert (await ask(asks, "POST", "/api/privacy/find", {"said": "ana@example.com"})).status_code == 404
            shown = (await asks.get(f"/governance/privacy/erasures/{found['subject']}", "admin")).text
            assert "Certificate of erasure" in shown and "not needed any more" in shown
            document = (await asks.get(f"/api/privacy/erasures/{found['subject']}", "admin")).json()
            assert document["proof"] == {
                "values_tried": found["kinds"] and sum(found["kinds"].values()),
                "values_that_still_open": 0,
            }
            assert document["asked_by"] == "staff/admin" and "ana" not in json.dumps(document).lower().replace(
                "manager", ""
            )
            (row,) = await here.rows(ERASURES)
            assert (row["state"], row["conversations"]) == ("erased", 1)


async def test_who_comes_back_is_somebody_new(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here:
        before = await ana(here)
        async with site(here) as asks:
            await ask(asks, "POST", "/api/privacy/erasures", {"subject": f"customer/{before}"})
        after = await ana(here, key="three")
        assert after != before
        stream = await here.committer.memory.stream("conversation/three")
        assert stream.turns[0].text == "My name is Ana Ruiz"


async def test_copies_that_were_taken_out_are_recalled_on_the_certificate(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here:
        customer = await ana(here)
        async with site(here) as asks:
            assert (await asks.get("/api/conversations/one.vcon", "analyst")).status_code == 200
            await ask(asks, "POST", "/api/privacy/erasures", {"subject": f"customer/{customer}"})
            document = (await asks.get(f"/api/privacy/erasures/customer/{customer}", "admin")).json()
            assert [(r["what"], r["by"]) for r in document["recalls"]] == [("vcon", "analyst")]


async def test_a_legal_hold_forbids_erasing_and_retention_until_it_ends_by_itself(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here:
        customer = await ana(here)
        async with site(here) as asks:
            until_ms = here.clock.now_ms() + 30 * DAY_MS
            wanted = {"scope": "customer", "ref": customer, "why": "court case 7 of Ana Ruiz", "until_ms": until_ms}
            assert (await ask(asks, "POST", "/api/privacy/holds", {**wanted, "until_ms": 5})).status_code == 422
            assert (await ask(asks, "POST", "/api/privacy/holds", wanted)).status_code == 201
            refused = await ask(asks, "POST", "/api/privacy/erasures", {"subject": f"customer/{customer}"})
            assert (refused.status_code, refused.json()["code"]) == (409, "held")
            assert "Ana Ruiz" in (await asks.get("/api/conversations/one", "analyst")).text
            keep = {"keep": [{"records": "conversations", "days": 10}], "why": "as agreed", "sure": True}
            here.clock.forward(20 * 86_400)
            told = (await ask(asks, "PUT", "/api/privacy/retention", {**keep, "sure": False})).json()
            assert (
                told["due"][0] == {"records": "conversations", "dark": 0, "held": 1, "kept": 0} and not told["in_force"]
            )
            await ask(asks, "PUT", "/api/privacy/retention", keep)
            assert await due(asks.app) == 0, "a hold comes before retention"
            page = (await asks.get("/governance/privacy/holds", "admin")).text
            assert "in force" in page and "court case 7" in page
        await here.pass_days(11)
        (row,) = await here.rows(HOLDS)
        assert row["ended_ms"] and not row["ended_by"], "it ended by itself, as an event"
        async with site(here) as asks:
            assert await due(asks.app) == 1
            assert [r["why"] for r in await here.rows(DARK)] == ["retention"]
        assert b"court case" not in stored(tmp_path), "why records are held may name a person"


async def test_retention_destroys_old_texts_and_leaves_every_figure(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here:
        await here.talked("old", here.keys.pseudonym("customer", "ana"), ("customer", "My name is Ana"))
        await here.pass_days(8)
        await here.talked("new", here.keys.pseudonym("customer", "ana"), ("customer", "Ana again"))
        before = [row["turns_customer"] for row in await here.conversations()]
        async with site(here) as asks:
            form = b"conversations=5&training_rows=0&why=less+is+more"
            seen = await asks.post("/governance/privacy/keep", form, FORM, "admin")
            assert "1 record would become unreadable at once" in seen.text
            assert not asks.app.policy(Retention).keep, "nothing is in force before somebody says so again"
            assert (await asks.post("/governance/privacy/keep", form + b"&sure=yes", FORM, "admin")).status_code == 303
            assert (await due(asks.app), await due(asks.app)) == (1, 0)
            texts = [
                (await asks.told(f"/api/conversations/{key}", "analyst"))["turns"][0]["text"] for key in ("old", "new")
            ]
            assert texts == [ERASED, "Ana again"], "the same customer's newer conversation stays"
        assert [row["turns_customer"] for row in await here.conversations()] == before


async def test_consent_is_kept_with_the_words_that_were_shown_and_taken_back(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here:
        customer = await ana(here)
        async with site(here) as asks:
            at = f"/api/privacy/customers/{customer}/consents"
            bare = await ask(asks, "POST", at, {"purpose": "training", "given": True})
            assert (bare.status_code, bare.json()["code"]) == (422, "no_wording")
            words = {"purpose": "training", "given": True, "wording": "We may learn from this.", "version": "3"}
            assert (await ask(asks, "POST", at, words)).status_code == 201
            (said,) = (await ask(asks, "GET", at)).json()["consents"]
            assert (said["valid"], said["basis"], said["version"], said["position"] > 0) == (True, "consent", "3", True)
            vcon = (await asks.get("/api/conversations/one.vcon", "analyst")).json()
            (basis,) = vcon["attachments"]
            grant = json.loads(basis["body"])["purpose_grants"][0]
            assert (basis["purpose"], grant["purpose"], grant["granted"]) == ("lawful_basis", "training", True)
            rule = retention_rule(asks)
            now = here.clock.now_ms()
            assert (await may_use(here.store, rule, ["one"], "training", now)).left_out == 0
            await ask(asks, "POST", at, {"purpose": "training", "given": False})
            assert (await may_use(here.store, rule, ["one"], "training", now)).left_out == 1
            assert (await may_use(here.store, rule, ["one"], "outreach", now)).left_out == 1, (
                "asked for, and never given"
            )


def retention_rule(asks: Site) -> Any:
    from baton.capabilities.governance.events import Purposes

    return asks.app.policy(Purposes)


async def test_everything_of_a_person_is_taken_out_readable_and_that_it_was_is_kept(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here:
        customer = await ana(here)
        await here.talked("two", here.keys.pseudonym("customer", "bo"), ("customer", "I am Bo"))
        async with site(here) as asks:
            await asks.get("/conversations/one", "supervisor")
            got = await asks.get(f"/api/privacy/people/customer/{customer}.zip", "admin")
            files = zipfile.ZipFile(io.BytesIO(got.content))
            told, page = json.loads(files.read("person.json")), files.read("person.html").decode()
            assert [t["text"] for t in told["conversations"][0]["said"]] == ["My name is Ana Ruiz", "Hello Ana"]
            assert "Ana is angry" in page and "call Ana tomorrow" in page and "Supervisor" in page
            assert "Bo" not in files.read("person.json").decode()
            looks = (await asks.told(f"/api/privacy/looks?customer={customer}", "admin"))["looks"]
            assert {(each["staff"], each["what"]) for each in looks} == {
                ("admin", "took out everything of the person"), ("supervisor", "read the texts"),
            }  # fmt: skip
            assert "Supervisor" in (await asks.get("/governance/privacy/looks", "admin")).text


async def test_texts_that_were_found_by_words_are_looks_in_a_file_too(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here:
        await ana(here)
        async with site(here) as asks:
            assert (await asks.get("/conversations.csv?q=ruiz&range=all", "supervisor")).status_code == 200
            looks = (await asks.told("/api/privacy/looks?staff=supervisor", "admin"))["looks"]
            assert [each["conversation"] for each in looks] == ["one"]


async def test_only_administrators_open_privacy_and_nobody_without_signing_in(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here:
        customer = await ana(here)
        gets = [f"/governance/privacy{page}" for page in PAGES]
        gets += [f"/governance/privacy/people/customer/{customer}", f"/api/privacy/people/customer/{customer}.zip"]
        gets += [
            f"/api/privacy/{name}"
            for name in ("erasures", "holds", "retention", "looks", f"customers/{customer}/consents")
        ]
        async with site(here) as asks:
            for path in gets:
                assert (await asks.get(path, "admin")).status_code == 200, path
                for role in ("rep", "supervisor", "analyst", "planner", "knowledge_manager", "integration"):
                    assert (await asks.get(path, role)).status_code == 403, (path, role)
                assert (await asks.get(path, "")).status_code == 401, path
            for path, body in (("find", {"said": "x"}), ("erasures", {"subject": f"customer/{customer}"})):
                assert (await ask(asks, "POST", f"/api/privacy/{path}", body, "supervisor")).status_code == 403
            for subject in ("customer/none", "conversation/none"):
                gone = await ask(asks, "POST", "/api/privacy/erasures", {"subject": subject})
                assert (gone.status_code, gone.json()["code"]) == (404, "nobody_known")
            assert (
                "Nobody is known by that"
                in (await asks.post("/governance/privacy/find", b"said=nobody", FORM, "admin")).text
            )


async def test_an_anonymous_conversation_is_erased_by_its_own_key(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here:
        await here.talked("nobody", "", ("customer", "I give no name"))
        async with site(here) as asks:
            found = (await ask(asks, "POST", "/api/privacy/find", {"conversation": "nobody"})).json()
            assert (found["subject"], found["identities"]) == ("conversation/nobody", 0)
            done = await ask(asks, "POST", "/api/privacy/erasures", {"subject": found["subject"]})
            assert done.json()["open_after"] == 0
            assert ERASED in (await asks.get("/api/conversations/nobody", "analyst")).text


async def test_an_erasure_that_was_cut_short_goes_on(tmp_path: Path) -> None:
    from baton.capabilities.governance.events import ErasureAsked

    async with room(tmp_path, None, ALONE) as here:
        customer = await ana(here)
        await here.append(f"customer/{customer}", ErasureAsked())
        async with site(here) as asks:
            assert await due(asks.app) == 1
            assert await due(asks.app) == 0
            document = (await asks.get(f"/api/privacy/erasures/customer/{customer}", "admin")).json()
            assert document["asked_by"] == "the person"


async def test_a_turn_on_the_way_while_a_person_is_erased_is_not_left_readable(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here:
        customer = await ana(here)
        async with site(here) as asks:
            await ask(asks, "POST", "/api/privacy/erasures", {"subject": f"customer/{customer}"})
            await here.committer.append("conversation/one", TurnSaid("rep", "Goodbye Ana", who="kim"), by="rep/kim")
            again = await ask(asks, "POST", "/api/privacy/erasures", {"subject": f"customer/{customer}"})
            assert again.status_code == 201, "what was said afterwards is found by the id and erased too"
            assert "Goodbye" not in (await asks.get("/api/conversations/one", "analyst")).text
