"""People of a test who are signed in, and keys of theirs."""

import httpx

from baton.web.staff import Staff
from tests.channels.serving import PEOPLE, Place

EVERYBODY = {each.id: each for each in PEOPLE}


def signed_in(place: Place, who: Staff | str | None, **headers: str) -> httpx.AsyncClient:
    """A browser, or a program, with a session of somebody's and its form token."""
    person = EVERYBODY[who] if isinstance(who, str) else who
    assert person is not None
    secret = place.app.accounts.open_session(person)
    csrf = place.app.signer.sign("csrf", secret)
    client: httpx.AsyncClient = place.http(cookies={"baton_session": secret}, headers={"x-csrf-token": csrf, **headers})
    return client


def key(place: Place, who: str, *scopes: str) -> dict[str, str]:
    """The header of a key of somebody's, with these scopes."""
    return {"Authorization": f"Bearer {place.app.accounts.keys.make(who, 'test', scopes)}"}


async def told(place: Place, staff: str) -> list[str]:
    """What the log tells of somebody, by name."""
    return [type(entry.event).__name__ for entry, _ in await place.app.reader.told(f"staff/{staff}")]


def refused(answer: httpx.Response, status: int, code: str, *words: str) -> None:
    """A problem that says what to do next."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code, problem
    assert all(word in problem["detail"] for word in words), problem["detail"]
