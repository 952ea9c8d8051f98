"""The ledger's pages and API: windows, promises to settle, the draw to answer blindly, identities to join; and who may do what."""

from pathlib import Path

import msgspec
import pytest

from baton.capabilities.resolution.events import ProbeAnswered, Probing
from baton.capabilities.resolution.tables import PROBES, PROMISES, TOLD
from baton.capabilities.routing.events import WrappedUp
from baton.channels.desk.screen.day import day_of
from baton.kernel.conversation import PolicyRevised
from baton.kernel.ports import Judgement
from tests.scenes.ledger_room import Room, room
from tests.scenes.ledger_site import site
from tests.scenes.recorded import Recorded

pytestmark = pytest.mark.scene

MODELS = Recorded(
    {
        "Where is my refund?": Judgement(intent="refund_status", intent_confidence=900, intent_margin=500),
        "Thanks, that is solved.": Judgement(confirms=950, mood=500),
    }
)
ASK = ("customer", "Where is my refund?")
SOLVED = ("customer", "Thanks, that is solved.")
CALL = ("rep", "I will call you tomorrow.")
ALONE = ("lake", "resolution", "orchestration", "sentiment", "performance", "governance")
FORM = "application/x-www-form-urlencoded"


async def promised(here: Room) -> None:
    await here.talked("one", "ana", ASK, CALL, why="closed_by_rep", then=(WrappedUp("kim", "refund", "yes"),))


async def test_every_window_sums_to_all_needs_and_opens_its_rows(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await here.talked("one", "ana", ASK, SOLVED, why="resolved")
        await here.talked("two", "bo", ASK, why="customer_left")
        await here.pass_days(2)
        async with site(here) as asks:
            told = await asks.told("/api/resolution/ledger?days=1")
            assert [w["days"] for w in told["windows"]] == [1, 3, 7, 14, 30]
            assert all(sum(s["permille"] for s in w["states"]) == 1000 for w in told["windows"])
            chosen = {s["state"]: s["needs"] for s in told["chosen"]["states"] if s["needs"]}
            assert chosen == {"confirmed": 1, "given_up": 1}
            rows = await asks.told("/api/resolution/needs?days=1&state=confirmed")
            assert [(n["need"], n["evidence"]) for n in rows["needs"]] == [
                ("one", ["customer_confirmed", "no_return_in_1_days"])
            ]
            csv = await asks.get("/api/resolution/needs?days=1&state=confirmed&format=csv")
            assert csv.text.splitlines()[1].startswith("1,one,confirmed,one,")
            assert (await asks.get("/performance/ledger/states.csv?days=3")).text.count("\r\n") == 1 + 5 * 9
            page = (await asks.get("/performance/ledger?days=3")).text
            assert (
                "3 days, chosen" in page
                and "/performance/ledger/needs?range=28d&amp;days=3&amp;state=confirmed" in page
            )
            assert "Needs: confirmed" in (await asks.get("/performance/ledger/needs?days=1&state=confirmed")).text
            wrong = await asks.get("/api/resolution/ledger?days=2")
            assert (wrong.status_code, wrong.json()["code"]) == (422, "no_such_window")
            for path in (
                "/performance/ledger",
                "/performance/ledger/needs",
                "/performance/draw",
                "/api/resolution/corrected",
            ):
                assert (await asks.get(path, role="rep")).status_code == 403


async def test_a_promise_is_settled_by_its_owner_once_and_seen_by_whoever_leads(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, (*ALONE, "routing", "workforce")) as here:
        await promised(here)
        await here.talked("two", "bo", ASK, ("agent", "Your refund will be on your card within 2 days."), SOLVED)
        await here.pass_days(1.5)
        async with site(here) as asks:
            mine = (await asks.get("/performance/promises", role="rep")).text
            assert "Call back" in mine and "Money comes" not in mine, "a rep sees their own"
            told = await asks.told("/api/resolution/promises")
            assert [(p["deed"], p["stands"], p["owner"]) for p in told["promises"]] == [
                ("call_back", "overdue", "rep:kim"), ("money", "soon", "queue:"),
            ]  # fmt: skip
            kim = asks.app.accounts.by_email("kim@halcyon.example")
            assert kim is not None
            day = await day_of(asks.app, kim)
            assert (day.promised, day.late) == (1, 1), "the desk says it too"
            assert "owner told 1 time" in (await asks.get("/performance/promises?stands=overdue")).text
            other = await asks.post(
                "/api/resolution/promises/two.money/settle", b'{"state":"kept"}', "application/json", "rep"
            )
            assert other.status_code == 404, "an AI's promise is for whoever leads"
            form = await asks.post(
                "/performance/promises/one.call_back", b"state=kept&back=%3Fstands%3Doverdue", FORM, "rep"
            )
            assert (form.status_code, form.headers["location"]) == (
                303,
                "/performance/promises?stands=overdue&settled=kept",
            )
            (row,) = [p for p in await here.rows(PROMISES) if p["deed"] == "call_back"]
            (said,) = await here.rows(TOLD)
            assert (row["state"], said["state"], said["who"]) == ("kept", "kept", "kim")
            assert "Kim said so" in (await asks.get("/performance/promises?stands=kept")).text
            again = await asks.post(
                "/api/resolution/promises/one.call_back/settle", b'{"state":"broken"}', "application/json", "supervisor"
            )
            assert (again.status_code, again.json()["code"]) == (409, "already_told")
            led = await asks.post(
                "/api/resolution/promises/two.money/settle", b'{"state":"withdrawn"}', "application/json", "supervisor"
            )
            assert (led.status_code, led.json()["stands"], led.json()["told_by"]) == (200, "withdrawn", "supervisor")
            none = await asks.post(
                "/api/resolution/promises/no.such/settle", b'{"state":"kept"}', "application/json", "analyst"
            )
            assert none.status_code == 404
            planner = await asks.post(
                "/api/resolution/promises/two.money/settle", b'{"state":"kept"}', "application/json", "planner"
            )
            assert planner.status_code in {404, 409}
            csv = await asks.get("/performance/promises/all.csv")
            assert csv.text.splitlines()[0].startswith("promise,conversation,deed")


async def drawing(here: Room, permille: int) -> None:
    body = msgspec.Raw(msgspec.json.encode(Probing(permille=permille)))
    await here.append("policy/resolution.Probing", PolicyRevised("resolution.Probing", body))


async def test_a_drawn_need_is_judged_by_what_was_said_alone(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await drawing(here, 1000)
        await here.talked("one", "ana", ASK, SOLVED, why="resolved")
        async with site(here) as asks:
            page = (await asks.get("/performance/draw/one")).text
            main = page[page.index('<main id="main"') :]
            assert "Where is my refund?" in main and "Thanks, that is solved." in main
            for judged in (
                "Provisional",
                "provisional",
                "evidence",
                "customer_confirmed",
                "refund_status",
                "Refund status",
            ):
                assert judged not in main, "nothing that Baton judged may sway the answer"
            assert (await asks.get("/performance/draw/one", role="planner")).status_code == 403
            assert (await asks.get("/performance/draw/two")).status_code == 404
            form = await asks.post("/performance/draw/one", b"met=no&note=It+was+never+sent.", FORM, "analyst")
            assert (form.status_code, form.headers["location"]) == (303, "/performance/draw?answered=no")
            (row,) = await here.rows(PROBES)
            assert (row["met"], row["who"], row["answered_by"]) == ("no", "analyst", "reviewer")
            kept = [
                r
                for r in await here.store.read("SELECT body FROM entries")
                if b"never sent" in bytes(str(r[0]), "utf8")
            ]
            assert not kept, "the note is sealed"
            told = await asks.told("/api/resolution/corrected")
            assert (told["drawn"], told["answered"], told["corrected"]) == (1, 1, None)
            assert "29 more answers" in (await asks.get("/performance/ledger")).text
            assert (await asks.told("/api/resolution/draw"))["drawn"][0]["met"] == "no"


async def test_the_share_is_corrected_once_enough_are_answered(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await drawing(here, 1000)
        for n in range(40):
            await here.talked(f"c{n}", f"cu{n}", ASK, *([SOLVED] if n < 24 else []), why="resolved")
            answer = ProbeAnswered("yes" if n < 18 or n >= 36 else "no", "reviewer", "ana")
            await here.append(f"conversation/c{n}", answer)
        async with site(here) as asks:
            told = await asks.told("/api/resolution/corrected")
            assert told["automatic"]["value"] == pytest.approx(0.6)
            assert told["corrected"]["value"] == pytest.approx(0.55), "all are answered: their mean"
            assert told["agree"] == 30
            page = (await asks.get("/performance/ledger")).text
            assert "55.0 %" in page and "40 of 40 drawn needs have an answer" in page


async def test_identities_are_joined_by_hand_and_by_file_and_parted_again(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        mail, phone = (here.keys.pseudonym("customer", said) for said in ("ana@example.com", "+34 600"))
        await here.talked("chat", mail, ASK, SOLVED, why="resolved")
        await here.pass_days(1)
        await here.talked("call", phone, ASK, ("rep", "One moment."), channel="voice")
        async with site(here) as asks:
            nobody = (
                await asks.post("/conversations/call/same-person/find", b"said=bo%40example.com", FORM, "rep")
            ).text
            assert "Nobody is known by that" in nobody and "bo@example.com" not in nobody
            found = (
                await asks.post("/conversations/call/same-person/find", b"said=Ana%40Example.com+", FORM, "rep")
            ).text
            assert "Is this the same person?" in found and mail in found
            made = await asks.post("/conversations/call/same-person", f"customer={mail}".encode(), FORM, "rep")
            assert made.status_code == 303
            assert [(n["need"], n["state"]) for n in await here.needs()] == [("chat", "reversed")]
            again = await asks.post("/conversations/call/same-person", f"customer={mail}".encode(), FORM, "analyst")
            assert again.status_code == 409
            assert "1 identity was joined" in " ".join((await asks.get("/performance/ledger")).text.split())
            moved = max(mail, phone)
            apart = await asks.post(
                "/conversations/call/same-person/apart", f"customer={moved}".encode(), FORM, "analyst"
            )
            assert apart.status_code == 303
            assert len(await here.needs()) == 2
            file = b"customer,same_as\nana@example.com,+34 600\n+34 600,ana@example.com\nx,\n"
            told = await asks.post("/api/resolution/same-person", file, "text/csv")
            assert told.json() == {"joined": 1, "already": 1, "skipped": ["row 4: an identity is empty"]}
            assert len(await here.needs()) == 1
            assert (await asks.post("/api/resolution/same-person", b"a,b\n1,2\n", "text/csv")).status_code == 422
            assert (await asks.post("/api/resolution/same-person", file, "text/csv", "rep")).status_code == 403
            assert (await asks.get("/conversations/call/same-person", role="planner")).status_code == 403
