"""Staff sign in by password, form or another provider; guessing is slow, forged forms are refused, sessions end."""

import sqlite3
import time
from pathlib import Path

import httpx
import pytest

from baton.kernel.clock import FakeClock
from baton.web.staff import Staff
from tests.channels.serving import PASSWORD, serving

pytestmark = pytest.mark.scene
MARA = Staff("mara", "mara@halcyon.example", "Mara Nilsen", "supervisor")
RIGHT = {"email": "mara@halcyon.example", "password": PASSWORD}
WRONG = {"email": "mara@halcyon.example", "password": "wrong"}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def place(tmp_path: Path, clock: FakeClock):
    async with serving(tmp_path, clock) as served:
        served.app.accounts.add(MARA, PASSWORD)
        yield served


@pytest.fixture
async def client(place):
    async with place.http() as opened:
        yield opened


async def test_a_session_is_a_cookie_no_script_reads_and_a_token_for_forms(place, client) -> None:
    answer = await client.post("/api/sign-in", json=RIGHT)
    assert answer.json().keys() == {"csrf", "name", "role"}
    kept = answer.headers.get_list("set-cookie")[0].lower()
    assert "httponly" in kept
    assert "samesite=lax" in kept
    assert (await client.get("/api/desk/state")).status_code == 200


async def test_an_unknown_address_and_a_wrong_password_look_and_take_the_same(place, client) -> None:
    took, told = [], []
    for body in (WRONG, {"email": "nobody@halcyon.example", "password": "wrong"}):
        began = time.perf_counter()
        answers = [await client.post("/api/sign-in", json=body) for _ in range(4)]
        took.append(time.perf_counter() - began)
        told.append({(a.status_code, a.text) for a in answers})
    assert told[0] == told[1]
    assert max(took) < 2.5 * min(took)


async def test_the_eleventh_guess_waits_and_the_right_password_as_well(place, client, clock: FakeClock) -> None:
    for _ in range(10):
        assert (await client.post("/api/sign-in", json=WRONG)).status_code == 401
    late = await client.post("/api/sign-in", json=RIGHT)
    assert (late.status_code, late.json()["code"]) == (429, "too_many")
    assert 1 <= int(late.headers["retry-after"]) <= 61
    clock.forward(61)
    assert (await client.post("/api/sign-in", json=RIGHT)).status_code == 200


async def test_a_session_ends_by_idling_by_age_and_by_signing_out(place, client, clock: FakeClock) -> None:
    csrf = (await client.post("/api/sign-in", json=RIGHT)).json()["csrf"]
    clock.forward(3600)
    assert (await client.get("/api/desk/state")).status_code == 200
    clock.forward(2 * 3600 + 1)
    assert (await client.get("/api/desk/state")).status_code == 401
    csrf = (await client.post("/api/sign-in", json=RIGHT)).json()["csrf"]
    for _ in range(12):
        clock.forward(3599)
        await client.get("/api/desk/state")
    clock.forward(3600)
    assert (await client.get("/api/desk/state")).status_code == 401, "twelve hours, however busy"
    csrf = (await client.post("/api/sign-in", json=RIGHT)).json()["csrf"]
    await client.post("/sign-out", headers={"x-csrf-token": csrf})
    assert (await client.get("/api/desk/state")).status_code == 401


async def test_signing_in_again_never_takes_over_a_session(place, client) -> None:
    await client.post("/api/sign-in", json=RIGHT)
    first = client.cookies["baton_session"]
    await client.post("/api/sign-in", json=RIGHT)
    second = client.cookies["baton_session"]
    assert first != second
    async with place.http(cookies={"baton_session": first}) as old:
        assert (await old.get("/api/desk/state")).status_code == 401


async def test_a_request_that_rides_on_the_cookie_needs_the_form_token(place, client) -> None:
    csrf = (await client.post("/api/sign-in", json=RIGHT)).json()["csrf"]
    ask = {"presence": "available"}
    assert (await client.post("/api/desk/presence", json=ask)).json()["code"] == "forged_form"
    assert (await client.post("/api/desk/presence", json=ask, headers={"x-csrf-token": "x" * 32})).status_code == 403
    assert (await client.post("/api/desk/presence", json=ask, headers={"x-csrf-token": csrf})).status_code == 202
    other = (await client.post("/api/sign-in", json=RIGHT)).json()["csrf"]
    assert other != csrf
    assert (await client.post("/api/desk/presence", json=ask, headers={"x-csrf-token": csrf})).status_code == 403


@pytest.mark.parametrize("sent_along", ["Basic c3RhZ2luZzpzdGFnaW5n", "Bearer", "Negotiate abc"])
async def test_what_a_browser_sends_along_by_habit_is_no_form_token(place, client, sent_along: str) -> None:
    await client.post("/api/sign-in", json=RIGHT)
    ask, headers = {"presence": "available"}, {"authorization": sent_along}
    forged = await client.post("/api/desk/presence", json=ask, headers=headers)
    assert (forged.status_code, forged.json()["code"]) == (403, "forged_form")


async def test_what_an_api_answers_is_kept_by_no_browser_and_no_proxy(place, client) -> None:
    assert (await client.post("/api/sign-in", json=RIGHT)).headers["cache-control"] == "no-store"
    for path in ("/api/desk/state", "/api/conversations", "/api/none"):
        assert (await client.get(path)).headers["cache-control"] == "no-store"


async def test_the_form_signs_in_goes_where_one_was_going_and_nowhere_else(place, client) -> None:
    page = await client.get("/", headers={"accept": "text/html"}, follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/")
    for next_, goes in [
        ("/performance", "/performance"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil", "/"),
    ]:
        shown = await client.get("/sign-in", params={"next": next_})
        csrf = shown.text.split('name="csrf" value="')[1].split('"')[0]
        form = {**RIGHT, "next": next_, "csrf": csrf}
        answer = await client.post("/sign-in", data=form, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, goes)
    assert (await client.post("/sign-in", data={**RIGHT, "csrf": "forged"})).status_code == 403
    wrong = await client.get("/sign-in")
    csrf = wrong.text.split('name="csrf" value="')[1].split('"')[0]
    again = await client.post("/sign-in", data={**WRONG, "csrf": csrf})
    assert again.status_code == 401
    assert "is not right" in again.text
    assert (
        "<script"
        not in (await client.post("/sign-in", data={"email": "<script>", "csrf": csrf}))
        .text.split("</head>")[1]
        .split("baton.css")[0]
    )


async def test_tokens_work_without_a_cookie_until_they_are_revoked(place, client) -> None:
    token = place.app.accounts.make_token("mara", "ci")
    headers = {"Authorization": f"Bearer {token}"}
    assert (await client.post("/api/desk/presence", json={"presence": "away"}, headers=headers)).status_code == 202
    place.app.accounts.revoke_token(token)
    assert (await client.get("/api/desk/state", headers=headers)).status_code == 401


async def test_who_left_the_company_is_out_at_once(place, client) -> None:
    await client.post("/api/sign-in", json=RIGHT)
    place.app.accounts.disable("mara")
    assert (await client.get("/api/desk/state")).status_code == 401
    assert (await client.post("/api/sign-in", json=RIGHT)).status_code == 401


async def test_nothing_that_opens_a_door_is_kept_readable(place, client, tmp_path: Path) -> None:
    await client.post("/api/sign-in", json=RIGHT)
    token = place.app.accounts.make_token("mara", "ci")
    kept = sqlite3.connect(tmp_path / "staff.db")
    dump = "\n".join(kept.iterdump())
    kept.close()
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in dump
    for secret in (PASSWORD, token, client.cookies["baton_session"]):
        assert secret not in dump


async def test_every_sign_in_is_on_the_log(place, client) -> None:
    await client.post("/api/sign-in", json=RIGHT)
    told = await place.app.reader.told("staff/mara")
    assert [type(e.event).__name__ for e, _ in told] == ["SignedIn"]


async def test_pages_tell_people_and_problems_tell_programs(place, client) -> None:
    page = await client.get("/nowhere", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert "<h1>" in page.text
    program = await client.get("/nowhere")
    assert program.headers["content-type"] == "application/problem+json"
    for answer in (page, program, await client.get("/health")):
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_static_files_may_be_kept_by_their_hash(place, client) -> None:
    first = await client.get("/static/vendor/htmx.min.js")
    tag = first.headers["etag"]
    assert (await client.get("/static/vendor/htmx.min.js", headers={"if-none-match": tag})).status_code == 304
    forever = await client.get("/static/vendor/htmx.min.js", params={"v": tag.strip('"')})
    assert "immutable" in forever.headers["cache-control"]
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd"):
        assert (await client.get(path)).status_code == 404


async def test_malformed_bodies_are_told_apart(place, client) -> None:
    json_type = {"content-type": "application/json"}
    for body, status in [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"email": "a@b", "password": "x", "role": "admin"}', 422),
        (b"[]", 422),
    ]:
        answer = await client.post("/api/sign-in", content=body, headers=json_type)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), body
    directory = {"authorization": f"Bearer {place.app.accounts.keys.make('dara', 'directory', ('scim',))}"}
    for deep in (b"[" * 40_000 + b"]" * 40_000, b'{"a":' * 20_000 + b"1" + b"}" * 20_000):
        answer = await client.post("/scim/v2/Users", content=b'{"x":' + deep + b"}", headers=directory)
        assert (answer.status_code, "nested too deep" in answer.text) == (400, True)
    large = await client.post("/api/sign-in", content=b"x" * 2_000_000, headers=json_type)
    assert large.status_code == 413


async def test_metrics_are_for_this_machine_or_an_administrator(place) -> None:
    from baton.web.app import asgi

    transport = httpx.ASGITransport(app=asgi(place.app), client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://baton") as stranger:
        assert (await stranger.get("/metrics")).status_code == 401
        told = await stranger.get("/metrics", headers=place.token("dara"))
        assert "baton_syncs_total" in told.text


async def test_a_home_without_accounts_tells_how_the_first_is_made(tmp_path: Path, clock: FakeClock) -> None:
    async with serving(tmp_path, clock) as served, served.http() as opened:
        for known in served.app.accounts.everyone():
            served.app.accounts.disable(known.id)
        assert "baton account you@example.com" in (await opened.get("/sign-in")).text
        served.app.accounts.add(MARA, PASSWORD)
        assert "baton account" not in (await opened.get("/sign-in")).text


async def test_a_customer_begins_at_the_chat(place, client) -> None:
    place.app.accounts.add(Staff("ana", "ana@example.com", "Ana Ruiz", "customer"), PASSWORD)
    await client.post("/api/sign-in", json={"email": "ana@example.com", "password": PASSWORD})
    assert (await client.get("/")).headers["location"] == "/chat"
