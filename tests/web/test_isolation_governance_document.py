"""The document of governance, privacy and audit is what is served: to an administrator, a rep, a key, a customer and nobody."""

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

from tests.channels.serving import Place, crafts, in_thread

pytestmark = pytest.mark.long
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
HERE = ("/api/governance", "/api/privacy", "/api/audit", "/api/agents")
OWN = ("/consents", "/my-data")
EXAMPLES = {"admin": 12, "customer": 6}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = crafts("agents", "governance", "knowledge", "lake", "orchestration", "resolution")
    with in_thread(tmp_path_factory.mktemp("document"), made=made) as served:
        yield served


def tries(operation, headers: dict[str, str], key: str, examples: int):
    """Calls one operation with what its schema allows, and checks each answer against the document."""

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy())
    def runs(case) -> None:
        if operation.path.endswith(OWN):
            case.path_parameters["id"] = key
        case.call_and_validate(headers=headers, checks=CHECKS)

    return runs


@pytest.mark.timeout(1200)
def test_whoever_asks_gets_answers_that_the_document_names(place: Place) -> None:
    talk = httpx.post(f"{place.url}/api/chat/conversations", json={}).json()
    key = place.app.accounts.keys.make("bridge", "test", ("conversations:export",))
    asking = {
        "admin": place.token("dara"), "rep": place.token("jack"), "key": {"Authorization": f"Bearer {key}"},
        "customer": {"Authorization": f"Bearer {talk['token']}"}, "nobody": {},
    }  # fmt: skip
    tried = 0
    for found in schemathesis.openapi.from_url(f"{place.url}/openapi.json").get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if not operation.path.startswith(HERE) and not operation.path.endswith(OWN):
            continue
        for who, headers in asking.items():
            tries(operation, headers, talk["id"], EXAMPLES.get(who, 3))()
        tried += 1
    assert tried >= 40
