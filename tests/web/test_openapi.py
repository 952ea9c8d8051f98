"""The document is what the server does: generated requests, good and bad, get answers that it names."""

from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.channels.serving import Place, in_thread

pytestmark = pytest.mark.scene
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDLESS = ("/events", "/api/live")
EXAMPLES = 6


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with in_thread(tmp_path_factory.mktemp("openapi")) as served:
        yield served


def headers_for(path: str, place: Place, talk: dict[str, str]) -> dict[str, str]:
    if path.startswith("/api/chat/"):
        return {"Authorization": f"Bearer {talk['token']}"}
    return place.token("mara")


def generated(operation, headers: dict[str, str], key: str):
    """Calls one operation with what its schema allows, and checks each answer against the document."""

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy())
    def runs(case) -> None:
        if "id" in case.path_parameters:
            case.path_parameters["id"] = key
        case.call_and_validate(headers=headers, checks=CHECKS)

    return runs


def test_what_is_generated_from_the_document_gets_answers_that_it_names(place: Place) -> None:
    schema = schemathesis.openapi.from_url(f"{place.url}/openapi.json")
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if operation.path.endswith(ENDLESS):
            continue
        talk = httpx.post(f"{place.url}/api/chat/conversations", json={}).json()
        headers = headers_for(operation.path, place, talk)

        generated(operation, headers, talk["id"])()
        tried += 1
    assert tried >= 28


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE"])
def test_a_method_that_an_address_does_not_take_is_refused_with_those_it_does(place: Place, method: str) -> None:
    for path in ("/api/sign-in", "/api/chat/conversations", "/api/chat/conversations/x/turns", "/api/desk/presence"):
        answer = httpx.request(method, place.url + path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST"), path
        assert answer.headers["content-type"] == "application/problem+json"
