"""Single sign-on against a small provider of the test's own: code, PKCE, state and nonce are all checked."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from baton.kernel.clock import FakeClock
from baton.web.identity.events import GroupRole, SignIns
from baton.web.identity.ruling import revise
from tests.channels.serving import serving

pytestmark = pytest.mark.scene


class Provider:
    """Signs everyone in as `email`. `spoil` changes what it vouches for; once `gone`, codes cannot be exchanged."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256", "use": "sig"})
        self.email, self.url = "mara@halcyon.example", ""
        self.spoil: dict[str, object] = {}
        self.asked: dict[str, str] = {}
        self.gone = False
        self.forge, self.names_itself = "", False
        self.journey = ""

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.told), Route("/jwks", self.keys), Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
            ]
        )  # fmt: skip

    async def told(self, _: Request) -> JSONResponse:
        ends = {"authorization_endpoint": f"authorize{self.journey}", "token_endpoint": "token", "jwks_uri": "jwks"}
        told = {
            "issuer": self.url,
            "authorization_response_iss_parameter_supported": self.names_itself,
            **{k: f"{self.url}/{v}" for k, v in ends.items()},
        }
        return JSONResponse({**told, "token_endpoint": "http://127.0.0.1:1/token"} if self.gone else told)

    async def keys(self, _: Request) -> JSONResponse:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> RedirectResponse:
        self.asked = dict(request.query_params)
        return RedirectResponse(f"{self.asked['redirect_uri']}?code=c1&state={self.asked['state']}")

    async def token(self, request: Request) -> JSONResponse:
        form = parse_qs((await request.body()).decode())
        challenge = urlsafe_b64encode(sha256(form["code_verifier"][0].encode()).digest()).rstrip(b"=").decode()
        if challenge != self.asked["code_challenge"] or form["code"] != ["c1"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        claims = {
            "iss": self.url, "aud": "baton", "sub": "1", "email": self.email, "email_verified": True, "nonce": self.asked["nonce"],
            "iat": int(time.time()), "exp": int(time.time()) + 60, **self.spoil,
        }  # fmt: skip
        told = {name: value for name, value in claims.items() if value is not None}
        return JSONResponse({"id_token": self.forged(told)})

    def signed(self, claims: dict) -> str:
        told = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "k1"}, told, self.key)

    def forged(self, claims: dict) -> object:
        good = self.signed(claims)
        head, body, signature = good.split(".")
        if self.forge == "another key":
            return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, RSAKey.generate_key(2048, {"kid": "k1"}))
        if self.forge == "no such key":
            return jwt.encode({"alg": "RS256", "kid": "k2"}, claims, RSAKey.generate_key(2048, {"kid": "k2"}))
        if self.forge == "the public key as a secret":
            secret = self.key.as_pem(private=False)
            first = f"{encoded({'alg': 'HS256', 'kid': 'k1'})}.{body}"
            return f"{first}.{urlsafe_b64encode(hmac.digest(secret, first.encode(), 'sha256')).rstrip(b'=').decode()}"
        return {
            "no algorithm": f"{encoded({'alg': 'none'})}.{body}.", "cut": f"{head}.{body}",
            "a changed body": f"{head}.{encoded({**claims, 'email': 'dara@halcyon.example'})}.{signature}", "no token": "", "a number": 5,
            "unknown and critical": f"{encoded({'alg': 'RS256', 'kid': 'k1', 'crit': ['x'], 'x': 1})}.{body}.{signature}",
        }.get(self.forge, good)  # fmt: skip


def encoded(part: dict) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@asynccontextmanager
async def providing() -> AsyncIterator[Provider]:
    import asyncio

    provider = Provider()
    server = uvicorn.Server(uvicorn.Config(provider.app(), port=0, log_level="warning"))
    task = asyncio.ensure_future(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn tells it by a flag
        await asyncio.sleep(0.01)
    provider.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield provider
    server.should_exit = True
    await task


@pytest.fixture
async def provider():
    async with providing() as made:
        yield made


@pytest.fixture
async def place(tmp_path: Path, provider: Provider):
    settings = {"oidc_issuer": provider.url, "oidc_client_id": "baton"}
    async with serving(tmp_path, settings=settings) as served:
        yield served


@pytest.fixture
async def client(place):
    async with place.http(follow_redirects=True) as opened:
        yield opened


async def test_who_has_an_account_comes_in(client, provider: Provider) -> None:
    await client.get("/sign-in/oidc")
    assert provider.asked["code_challenge_method"] == "S256"
    assert (await client.get("/api/desk/state")).json()["me"]["name"] == "Mara Nilsen"


async def test_what_the_provider_asks_for_in_its_own_address_stays_there(client, provider: Provider) -> None:
    provider.journey = "?p=b2c_1_staff"
    await client.get("/sign-in/oidc")
    assert (provider.asked["p"], provider.asked["response_type"]) == ("b2c_1_staff", "code")
    assert (await client.get("/api/desk/state")).json()["me"]["name"] == "Mara Nilsen"


async def test_who_has_no_account_stays_out(client, provider: Provider) -> None:
    provider.email = "stranger@halcyon.example"
    assert (await client.get("/sign-in/oidc")).status_code == 403
    assert (await client.get("/api/desk/state")).status_code == 401


NOW = int(time.time())
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
SPOILED: dict[str, dict[str, object]] = {
    "another nonce": {"nonce": "other"}, "no nonce": {"nonce": None}, "a nonce that is no text": {"nonce": 5}, "an empty nonce": {"nonce": ""},
    "for another client": {"aud": "other"}, "for nobody": {"aud": None}, "for a list of others": {"aud": ["other", "third"]},
    "for several without saying to whom": {"aud": ["baton", "other"]}, "issued to another": {"azp": "other"},
    "for several and issued to another": {"aud": ["baton", "other"], "azp": "other"},
    "from another issuer": {"iss": "https://evil.example"}, "from nobody": {"iss": None}, "from an issuer with a slash more": {"iss": "+/"},
    "expired": {"exp": 1}, "expired two minutes ago": {"exp": NOW - 120}, "without an end": {"exp": None}, "an end that is no number": {"exp": "soon"},
    "issued in an hour": {"iat": NOW + 3600}, "issued an hour ago": {"iat": NOW - 3600}, "issued at no time": {"iat": None},
    "not before an hour": {"nbf": NOW + 3600}, "an address nobody verified": {"email_verified": False},
    "an address of which nothing is said": {"email_verified": None}, "a word for yes": {"email_verified": "true"}, "no address": {"email": None},
    "an address that is a list": {"email": ["mara@halcyon.example"]}, "nobody": {"sub": None}, "an empty name": {"sub": ""},
    "a token that signs out": {"events": {LOGOUT: {}}},
}  # fmt: skip
FORGED = (
    "another key",
    "no algorithm",
    "the public key as a secret",
    "no such key",
    "cut",
    "a changed body",
    "no token",
    "a number",
    "unknown and critical",
)


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED.keys())
async def test_a_proof_that_says_something_else_is_refused(client, provider: Provider, spoil: dict) -> None:
    provider.spoil = {name: f"{provider.url}/" if value == "+/" else value for name, value in spoil.items()}
    assert (await client.get("/sign-in/oidc")).status_code == 401
    assert (await client.get("/api/desk/state")).status_code == 401


@pytest.mark.parametrize("forge", FORGED)
async def test_a_proof_that_is_not_signed_as_it_must_be_is_refused(client, provider: Provider, forge: str) -> None:
    provider.forge = forge
    assert (await client.get("/sign-in/oidc")).status_code == 401
    assert (await client.get("/api/desk/state")).status_code == 401


def test_forty_bad_cases_and_more_are_tried() -> None:
    assert len(SPOILED) + len(FORGED) >= 38, "beside the mix-ups and replays below and the passkeys of test_passkeys"


async def test_an_answer_of_another_provider_is_refused(client, provider: Provider) -> None:
    for iss, status in [("https://evil.example", 401), (f"{provider.url}/", 401), ("", 401), (provider.url, 303)]:
        provider.names_itself = True
        left = await client.get("/sign-in/oidc", follow_redirects=False)
        provider.asked = {k: v[0] for k, v in parse_qs(urlsplit(left.headers["location"]).query).items()}
        back = await client.get(
            "/sign-in/oidc/back",
            params={"code": "c1", "state": provider.asked["state"], "iss": iss},
            follow_redirects=False,
        )
        assert back.status_code == status, (iss, back.text)


async def test_an_answer_counts_once_and_for_ten_minutes(client, provider: Provider, place) -> None:
    left = await client.get("/sign-in/oidc", follow_redirects=False)
    kept = dict(client.cookies)
    provider.asked = {k: v[0] for k, v in parse_qs(urlsplit(left.headers["location"]).query).items()}
    back = f"/sign-in/oidc/back?code=c1&state={provider.asked['state']}"
    assert (await client.get(back, follow_redirects=False)).status_code == 303
    async with place.http(cookies=kept) as replaying:
        assert (await replaying.get(back)).status_code == 401
    left = await client.get("/sign-in/oidc", follow_redirects=False)
    state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
    place.app.accounts.once._clock = FakeClock(int(time.time() * 1000) + 601_000)
    assert (await client.get(f"/sign-in/oidc/back?code=c1&state={state}")).status_code == 401


async def test_groups_of_the_provider_give_the_role(client, provider: Provider, place) -> None:
    rules = SignIns((GroupRole("Planning", "planner"), GroupRole("Floor", "supervisor")))
    await revise(place.app, rules, "dara", "groups")
    provider.spoil = {"groups": ["staff", "planning"]}
    await client.get("/sign-in/oidc", follow_redirects=True)
    assert place.app.accounts.by_id("mara").role == "planner"
    provider.spoil = {"groups": ["staff"]}
    assert (await client.get("/sign-in/oidc")).status_code == 403, "none of the groups gives a role"


async def test_who_signs_out_at_the_provider_is_out_here(client, provider: Provider, place) -> None:
    provider.spoil = {"sid": "s1"}
    await client.get("/sign-in/oidc")
    assert (await client.get("/api/desk/state")).status_code == 200
    good = {
        "iss": provider.url,
        "aud": "baton",
        "iat": int(time.time()),
        "exp": int(time.time()) + 60,
        "jti": "j1",
        "sid": "s1",
        "events": {LOGOUT: {}},
    }
    spoiled: tuple[dict[str, object], ...] = (
        {"events": {}}, {"nonce": "n"}, {"aud": "other"}, {"iss": "https://evil.example"}, {"jti": None}, {"sid": None}, {"exp": 1}, {"sid": {"a": 1}},
    )  # fmt: skip
    for spoil in spoiled:
        answer = await client.post("/sign-in/oidc/out", data={"logout_token": provider.signed({**good, **spoil})})
        assert answer.status_code in (400, 401), (spoil, answer.text)
    assert (await client.get("/api/desk/state")).status_code == 200, "nothing of that ended anything"
    assert (await client.post("/sign-in/oidc/out", data={"logout_token": provider.signed(good)})).status_code == 200
    assert (await client.get("/api/desk/state")).status_code == 401
    assert (await client.post("/sign-in/oidc/out", data={"logout_token": provider.signed(good)})).status_code == 400, (
        "used"
    )


async def test_a_code_that_comes_back_to_another_browser_is_refused(client, provider: Provider) -> None:
    left = await client.get("/sign-in/oidc", follow_redirects=False)
    state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
    for query in (f"code=c1&state={state}x", f"state={state}", "code=c1"):
        assert (await client.get(f"/sign-in/oidc/back?{query}")).status_code == 401
    client.cookies.clear()
    assert (await client.get(f"/sign-in/oidc/back?code=c1&state={state}")).status_code == 401


async def test_a_provider_that_is_gone_when_the_code_is_exchanged_is_told_of(client, provider: Provider) -> None:
    provider.gone = True
    answer = await client.get("/sign-in/oidc")
    assert answer.status_code == 502
    assert "does not answer" in answer.text
