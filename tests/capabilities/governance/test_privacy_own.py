"""What a customer does with their own data, with the token of their conversation: take it, agree or refuse, be forgotten."""

import io
import json
import time
import zipfile
from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from baton.capabilities.governance.privacy import holds
from baton.capabilities.governance.privacy.serving import due
from baton.capabilities.governance.tables import CONSENTS, DARK
from tests.scenes.ledger_room import Room, room
from tests.scenes.ledger_site import Site, site

pytestmark = pytest.mark.scene

SECRET = "0123456789abcdef0123456789abcdef"
ALONE = ("lake", "resolution", "orchestration", "sentiment", "performance", "governance", "routing")
AT = "/api/chat/conversations"


def proof(who: str) -> str:
    """What the embedding site signs."""
    claims = {"sub": who, "aud": "baton", "exp": int(time.time()) + 60}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))


class Talk:
    """A customer's end of one conversation."""

    def __init__(self, asks: Site, made: dict[str, str]) -> None:
        self._client, self.id, self._token = asks.client, made["id"], made["token"]

    async def ask(self, method: str, what: str, body: object = None, token: str = "") -> httpx.Response:
        headers = {"authorization": f"Bearer {token or self._token}"}
        return await self._client.request(method, f"{AT}/{self.id}{what}", json=body, headers=headers)


async def begun(asks: Site, said: str, **who: str) -> Talk:
    talk = Talk(asks, (await asks.client.post(AT, json=who)).json())
    assert (await talk.ask("POST", "/turns", {"text": said, "nonce": "n"})).status_code == 202
    return talk


def open_site(here: Room, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BATON_SITE_SECRET", SECRET)
    here.clock.forward(max(0.0, time.time() - here.clock.now_ms() / 1000))
    return site(here)


async def test_a_proved_customer_takes_everything_and_a_claimed_one_this_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path, None, ALONE) as here, open_site(here, monkeypatch) as asks:
        first = await begun(asks, "I am Ana, about my bag", identity=proof("ana"))
        proved = await begun(asks, "Ana again, about my seat", identity=proof("ana"))
        claimed = await begun(asks, "Somebody who says Ana", customer="ana")
        for talk, texts in ((proved, 3), (claimed, 1)):
            got = await talk.ask("GET", "/my-data")
            told = json.loads(zipfile.ZipFile(io.BytesIO(got.content)).read("person.json"))
            assert len(told["conversations"]) == texts, "whoever claims a name reads nothing that is the other's"
        assert (await proved.ask("GET", "/my-data", token="no.token")).status_code == 404
        codes = [(await first.ask("GET", "/my-data")).status_code for _ in range(3)]
        assert codes[-1] == 429, "everything is not given as often as somebody likes"
        looks = (await asks.told("/api/privacy/looks", "admin"))["looks"]
        assert any(each["staff"] == "" and each["what"].startswith("took out") for each in looks)


async def test_a_proved_customer_is_forgotten_everywhere_and_their_tokens_open_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path, None, ALONE) as here, open_site(here, monkeypatch) as asks:
        one = await begun(asks, "I am Ana", identity=proof("ana"))
        other = await begun(asks, "Ana again", identity=proof("ana"))
        stranger = await begun(asks, "I am Bo", customer="bo")
        customer = here.keys.known("ana")
        told = (await one.ask("POST", "/forget-me")).json()
        assert (told["state"], told["conversations"]) == ("erased", 2)
        assert told["certificate"] == f"customer/{customer}" and "facts" in told["remains"]
        for talk in (one, other):
            assert (await talk.ask("GET", "/transcript")).status_code == 404
            assert (await talk.ask("POST", "/turns", {"text": "Hello?", "nonce": "m"})).status_code == 404
        assert "I am Bo" in (await stranger.ask("GET", "/transcript")).text
        assert here.keys.known("ana") is None


async def test_a_hold_puts_off_what_a_customer_asked_and_their_widget_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path, None, ALONE) as here, open_site(here, monkeypatch) as asks:
        talk = await begun(asks, "I am Ana", customer="ana")
        until_ms = here.clock.now_ms() + 86_400_000
        await holds.place(here.committer, "h", "admin", "conversation", talk.id, ("conversations",), "a case", until_ms)
        widget = await talk.ask("DELETE", "")
        assert (widget.status_code, widget.json()["code"]) == (409, "held")
        waits = (await talk.ask("POST", "/forget-me")).json()
        assert (waits["state"], waits["certificate"]) == ("waits", f"conversation/{talk.id}")
        assert "I am Ana" in (await talk.ask("GET", "/transcript")).text
        await holds.end(here.committer, "h", "admin")
        assert (await talk.ask("DELETE", "")).json() == {"forgotten": True}
        assert [row["why"] for row in await here.rows(DARK)] == ["forgotten"]


async def test_anybody_may_refuse_and_only_who_is_proved_may_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path, None, ALONE) as here, open_site(here, monkeypatch) as asks:
        claimed = await begun(asks, "I am Ana", customer="ana")
        proved = await begun(asks, "I am Ana", identity=proof("ana"))
        yes = {"purpose": "training", "given": True, "wording": "We may learn from it.", "version": "1"}
        assert (await claimed.ask("POST", "/consents", yes)).status_code == 403
        assert (await proved.ask("POST", "/consents", yes)).status_code == 201
        assert (await claimed.ask("POST", "/consents", {"purpose": "training", "given": False})).status_code == 201
        (row,) = await here.rows(CONSENTS)
        assert (row["given"], row["source"], row["revoked_ms"] > 0) == (0, "widget", True)


async def test_a_claimed_name_neither_passes_a_hold_nor_erases_the_person_once_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path, None, ALONE) as here, open_site(here, monkeypatch) as asks:
        proved = await begun(asks, "I am Ana", identity=proof("ana"))
        claimed = await begun(asks, "Somebody who says Ana", customer="ana")
        ana, until_ms = here.keys.known("ana"), here.clock.now_ms() + 86_400_000
        assert ana
        await holds.place(here.committer, "h", "admin", "customer", ana, ("conversations",), "a case", until_ms)
        assert (await claimed.ask("POST", "/forget-me")).json()["state"] == "waits"
        assert "Somebody" in (await claimed.ask("GET", "/transcript")).text, "held, whoever asks"
        await holds.end(here.committer, "h", "admin")
        assert await due(asks.app) == 1
        assert (await claimed.ask("GET", "/transcript")).status_code == 404
        assert "I am Ana" in (await proved.ask("GET", "/transcript")).text, "a claim speaks for its own conversation"


async def test_a_customer_sees_what_their_words_are_used_for_in_their_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path, None, ALONE) as here, open_site(here, monkeypatch) as asks:
        proved = await begun(asks, "I am Ana", identity=proof("ana"), language="de")
        claimed = await begun(asks, "I am Ana", customer="ana")
        nobody = await begun(asks, "Hello")
        told = (await proved.ask("GET", "/my-privacy")).json()
        assert (told["known"], told["proved"], told["conversations"], told["held"]) == (True, True, 2, False)
        assert {u["purpose"]: u["on"] for u in told["uses"]} == {
            "service": True, "analytics": True, "training": True, "outreach": False,
        }  # fmt: skip
        assert told["uses"][3]["title"] == "Angebote" and told["uses"][0]["always"]
        offers = told["uses"][3]
        said = {"purpose": "outreach", "given": True, "wording": offers["wording"], "version": offers["version"]}
        assert (await proved.ask("POST", "/consents", said)).status_code == 201
        assert (await claimed.ask("POST", "/consents", {"purpose": "training", "given": False})).status_code == 201
        again = (await claimed.ask("GET", "/my-privacy?language=es")).json()
        assert {u["title"]: u["on"] for u in again["uses"]} == {
            "Atenderle": True, "Encontrar fallos": True, "Entrenamiento": False, "Ofertas": True,
        }  # fmt: skip
        assert (again["known"], again["proved"], again["conversations"]) == (True, False, 1)
        assert (await nobody.ask("GET", "/my-privacy")).json()["known"] is False
        assert (await proved.ask("GET", "/my-privacy", token="no.token")).status_code == 404
