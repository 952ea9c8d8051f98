"""Passkeys open an account to who holds them and to nobody else: each way of getting one wrong is refused, alike."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from baton.kernel.clock import FakeClock
from baton.web.identity.events import SignIns
from baton.web.identity.ruling import revise
from baton.web.staff import Staff
from tests.channels.serving import PASSWORD, serving
from tests.web.authenticators import UP, UV, Authenticator, b64

pytestmark = pytest.mark.scene
MARA = Staff("mara", "mara@halcyon.example", "Mara Nilsen", "supervisor")
RUTH = Staff("ruth", "ruth@halcyon.example", "Ruth Ekwueme", "analyst")
Spoils = Callable[[Authenticator], object]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def place(tmp_path: Path, clock: FakeClock):
    async with serving(tmp_path, clock) as served:
        for person in (MARA, RUTH):
            served.app.accounts.add(person, PASSWORD)
        yield served


async def signed_in(client: httpx.AsyncClient, person: Staff = MARA) -> dict[str, str]:
    csrf = (await client.post("/api/sign-in", json={"email": person.email, "password": PASSWORD})).json()["csrf"]
    return {"x-csrf-token": csrf}


async def added(client: httpx.AsyncClient, device: Authenticator, person: Staff = MARA) -> httpx.Response:
    headers = await signed_in(client, person)
    options = (await client.post("/me/passkeys/begin", headers=headers)).json()
    return await client.post(
        "/me/passkeys", headers=headers, json={"credential": device.make(options), "name": "Laptop"}
    )


async def at_the_door(client: httpx.AsyncClient) -> dict[str, str]:
    page = (await client.get("/sign-in")).text
    found = re.search(r'data-csrf="([^"]+)"', page)
    assert found is not None
    return {"x-csrf-token": found[1]}


async def asked(client: httpx.AsyncClient, headers: dict[str, str]) -> dict:
    told: dict = (await client.post("/sign-in/passkey/begin", headers=headers)).json()
    return told


async def enters(client: httpx.AsyncClient, device: Authenticator) -> httpx.Response:
    headers = await at_the_door(client)
    return await client.post(
        "/sign-in/passkey", headers=headers, json={"credential": device.answer(await asked(client, headers))}
    )


async def test_a_passkey_is_added_and_opens_the_account_without_a_name_or_a_password(place) -> None:
    device = Authenticator()
    async with place.http() as client:
        assert (await added(client, device)).status_code == 201
        assert "Laptop" in (await client.get("/me")).text
    async with place.http() as fresh:
        headers = await at_the_door(fresh)
        options = await asked(fresh, headers)
        assert options["userVerification"] == "required"
        assert not options.get("allowCredentials"), "the device finds the account, and nobody is named"
        assert (await enters(fresh, device)).status_code == 200
        assert (await fresh.get("/api/desk/state")).json()["me"]["rep"] == "mara"
        assert place.app.accounts.of_session(fresh.cookies["baton_session"]).how == "passkey"
    told = [type(entry.event).__name__ for entry, _ in await place.app.reader.told("staff/mara")]
    assert told == ["SignedIn", "PasskeyAdded", "SignedIn"]


def other_key(device: Authenticator) -> None:
    device.key = ec.generate_private_key(ec.SECP256R1())


BAD: dict[str, Spoils] = {
    "another origin": lambda d: setattr(d, "origin", "https://evil.example"),
    "the same host on another port": lambda d: setattr(d, "origin", "http://localhost:8001"),
    "the origin as a prefix": lambda d: setattr(d, "origin", "http://localhost:8000.evil.example"),
    "another site": lambda d: setattr(d, "rp_id", "evil.example"),
    "nobody there": lambda d: setattr(d, "flags", UV),
    "nobody verified": lambda d: setattr(d, "flags", UP),
    "another key": other_key,
    "an unknown credential": lambda d: setattr(d, "id", b"never-seen-here-before"),
    "another's handle": lambda d: setattr(d, "handle", b"ruth"),
    "no handle": lambda d: setattr(d, "handle", b""),
    "made instead of answered": lambda d: d.spoil.update(type="webauthn.create"),
    "a challenge of its own": lambda d: d.spoil.update(challenge=b64(b"x" * 32)),
    "an empty challenge": lambda d: d.spoil.update(challenge=""),
    "a counter that went back": lambda d: setattr(d, "count", 3),
    "a counter that stands still": lambda d: setattr(d, "count", 6),
}  # fmt: skip


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD.keys())
async def test_a_passkey_that_is_wrong_opens_nothing(place, spoil: Spoils) -> None:
    device = Authenticator(count=5)
    async with place.http() as client:
        await added(client, device)
    async with place.http() as fresh:
        assert (await enters(fresh, device)).status_code == 200, "counter 6"
        await fresh.post(
            "/sign-out", headers={"x-csrf-token": place.app.signer.sign("csrf", fresh.cookies["baton_session"])}
        )
        fresh.cookies.clear()
        device.count = 7
        spoil(device)
        device.count -= device.count == 6
        answer = await enters(fresh, device)
        assert (answer.status_code, answer.json()["code"]) == (401, "passkey_refused"), answer.text
        assert (await fresh.get("/api/desk/state")).status_code == 401


async def test_a_copy_is_told_of_on_the_log(place) -> None:
    device = Authenticator(count=5)
    async with place.http() as client:
        await added(client, device)
    async with place.http() as fresh:
        assert (await enters(fresh, device)).status_code == 200
        device.count = 2
        fresh.cookies.clear()
        assert (await enters(fresh, device)).status_code == 401
    told = [entry.event for entry, _ in await place.app.reader.told("staff/mara")]
    assert type(told[-1]).__name__ == "PasskeyRefused"


async def test_a_challenge_is_for_one_browser_one_time_and_two_minutes(place, clock: FakeClock) -> None:
    device = Authenticator()
    async with place.http() as client, place.http() as thief:
        await added(client, device)
        client.cookies.clear()
        headers, stolen = await at_the_door(client), await at_the_door(thief)
        options = await asked(client, headers)
        answer = {"credential": device.answer(options)}
        assert (await thief.post("/sign-in/passkey", headers=stolen, json=answer)).status_code == 401
        assert (await client.post("/sign-in/passkey", headers=headers, json=answer)).status_code == 401, (
            "and is used up by that"
        )
        again = {"credential": device.answer(await asked(client, headers))}
        assert (await client.post("/sign-in/passkey", headers=headers, json=again)).status_code == 200
        client.cookies.delete("baton_session")
        headers = await at_the_door(client)
        assert (await client.post("/sign-in/passkey", headers=headers, json=again)).status_code == 401, "replayed"
        late = {"credential": device.answer(await asked(client, headers))}
        clock.forward(121)
        assert (await client.post("/sign-in/passkey", headers=headers, json=late)).status_code == 401


@pytest.mark.parametrize("credential", [
    {}, {"id": "x"}, {"id": "x", "response": {}}, {"id": "x", "response": {"clientDataJSON": "%%%"}}, {"response": "text"},
    {"id": 5, "rawId": 5, "type": "public-key", "response": {"clientDataJSON": b64(b"[]")}},
    {"id": "x", "response": {"clientDataJSON": b64(b'{"challenge": 5}')}},
])  # fmt: skip
async def test_what_is_no_credential_is_refused_alike(place, credential: dict) -> None:
    async with place.http() as client:
        headers = await at_the_door(client)
        answer = await client.post("/sign-in/passkey", headers=headers, json={"credential": credential})
        assert (answer.status_code, answer.json()["code"]) == (401, "passkey_refused")


async def test_a_passkey_is_added_only_by_who_is_signed_in_and_belongs_to_one_account(place) -> None:
    device = Authenticator()
    async with place.http() as client, place.http() as other:
        assert (await client.post("/me/passkeys/begin")).status_code == 401
        key = place.token("mara")
        assert (await client.post("/me/passkeys/begin", headers=key)).status_code == 403, "a key adds none"
        assert (await added(client, device)).status_code == 201
        assert (await added(other, device, RUTH)).status_code == 401, "the same credential, claimed by another"
        for spoil in (
            Authenticator(origin="https://evil.example"),
            Authenticator(rp_id="evil.example"),
            Authenticator(flags=UP),
        ):
            spoil.id = b"another-credential-here"
            assert (await added(other, spoil, RUTH)).status_code == 401
        mine = msgspec.json.encode([each.id for each in place.app.accounts.sessions.of("mara")])
        assert mine
        headers = await signed_in(other, RUTH)
        gone = await other.post("/me/passkeys/remove", headers=headers, data={"passkey": b64(device.id)})
        assert gone.status_code == 404, "another's passkey is not there"


async def test_a_role_that_signs_in_with_passkeys_is_let_in_to_add_one_and_then_only_by_it(place) -> None:
    device = Authenticator()
    await revise(place.app, SignIns(passkeys=("supervisor",)), "dara", "stronger")
    async with place.http() as client:
        await signed_in(client)
        refused = await client.get("/api/desk/state")
        assert (refused.status_code, refused.json()["code"]) == (403, "passkey_needed")
        assert "Add a passkey to go on" in (await client.get("/me")).text
        assert (
            await client.post("/me/keys", headers=await signed_in(client), data={"name": "x", "scope": "live:open"})
        ).status_code == 403
        assert (await added(client, device)).status_code == 201
        right = await client.post("/api/sign-in", json={"email": MARA.email, "password": PASSWORD})
        assert (right.status_code, right.json()["code"]) == (403, "passkey_needed"), (
            "the password alone opens nothing now"
        )
    async with place.http() as fresh:
        assert (await enters(fresh, device)).status_code == 200
        assert (await fresh.get("/api/desk/state")).status_code == 200
        headers = {"x-csrf-token": place.app.signer.sign("csrf", fresh.cookies["baton_session"])}
        last = await fresh.post("/me/passkeys/remove", headers=headers, data={"passkey": b64(device.id)})
        assert last.status_code == 409


async def test_who_guesses_passkeys_waits(place) -> None:
    async with place.http() as client:
        headers = await at_the_door(client)
        bad = {"credential": Authenticator().answer({"challenge": "x"})}
        codes = [(await client.post("/sign-in/passkey", headers=headers, json=bad)).status_code for _ in range(11)]
        assert codes == [401] * 10 + [429]
        assert (await client.post("/sign-in/passkey", json=bad)).status_code == 403, (
            "without the form's token nothing is read"
        )


async def test_who_left_cannot_come_in_by_passkey(place) -> None:
    device = Authenticator()
    async with place.http() as client:
        await added(client, device)
    place.app.accounts.disable("mara")
    async with place.http() as fresh:
        assert (await enters(fresh, device)).status_code == 401
