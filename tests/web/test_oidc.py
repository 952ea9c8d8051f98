"""Single sign-on against a small provider of the test's own: code, PKCE, state and nonce are all checked."""

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

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.told), Route("/jwks", self.keys), Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
            ]
        )  # fmt: skip

    async def told(self, _: Request) -> JSONResponse:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        told = {"issuer": self.url, **{k: f"{self.url}/{v}" for k, v in ends.items()}}
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
        key = RSAKey.generate_key(2048, {"kid": "k1"}) if "forge" in self.spoil else self.key
        return JSONResponse({"id_token": jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key)})


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
async def client(tmp_path: Path, provider: Provider):
    settings = {"oidc_issuer": provider.url, "oidc_client_id": "baton"}
    async with serving(tmp_path, settings=settings) as place, place.http(follow_redirects=True) as opened:
        yield opened


async def test_who_has_an_account_comes_in(client, provider: Provider) -> None:
    await client.get("/sign-in/oidc")
    assert provider.asked["code_challenge_method"] == "S256"
    assert (await client.get("/api/desk/state")).json()["me"]["name"] == "Mara Nilsen"


async def test_who_has_no_account_stays_out(client, provider: Provider) -> None:
    provider.email = "stranger@halcyon.example"
    assert (await client.get("/sign-in/oidc")).status_code == 403
    assert (await client.get("/api/desk/state")).status_code == 401


@pytest.mark.parametrize(
    "spoil",
    [
        {"nonce": "other"},
        {"aud": "other"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"email_verified": False},
        {"forge": True},
    ],
)
async def test_a_proof_that_does_not_hold_is_refused(client, provider: Provider, spoil: dict) -> None:
    provider.spoil = spoil
    assert (await client.get("/sign-in/oidc")).status_code == 401
    assert (await client.get("/api/desk/state")).status_code == 401


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
