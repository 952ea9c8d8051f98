"""Roles over HTTP, shown before they are in force; and the document of people, keys and roles says what the server does."""

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

from baton.web.identity.events import Roles
from tests.channels.serving import Place, in_thread
from tests.web.staffed import EVERYBODY, refused
from tests.web.test_identity_api import PEOPLE, ROLES, SENIOR

pytestmark = pytest.mark.scene


async def test_a_role_is_proposed_put_in_force_and_taken_back(place: Place, admin: httpx.AsyncClient) -> None:
    shown = (await admin.post(f"{ROLES}/propose", json={"role": SENIOR})).json()
    (change,) = shown["changes"]
    assert (change["role"], change["gains"], change["people"]) == (
        "senior_rep",
        ["desk: open", "desk: serve", "performance: open"],
        0,
    )
    assert shown["yours"] == [] and 'Role::"senior_rep"' in shown["cedar"]
    assert place.app.policy(Roles).roles == (), "nothing is in force yet"
    refused(await admin.post(ROLES, json={"role": SENIOR, "why": "  ", "was": 0}), 422, "no_reason")
    first = (await admin.post(ROLES, json={"role": SENIOR, "why": "they take over", "was": shown["version"]})).json()
    refused(
        await admin.post(ROLES, json={"role": {**SENIOR, "title": "Other"}, "why": "late", "was": 0}),
        409,
        "rules_moved",
        "Load it again",
    )
    refused(await admin.post(f"{ROLES}/propose", json={"role": SENIOR}), 422, "role_refused", "Choose another title")
    role = (await admin.get(f"{ROLES}/senior_rep")).json()
    assert (role["kind"], role["ships"], role["may"]["performance"]) == ("rep", False, ["open"])
    await admin.post(f"{PEOPLE}/jack/role", json={"role": "senior_rep"})
    refused(
        await admin.post(f"{ROLES}/propose", json={"retire": "senior_rep"}),
        409,
        "role_in_use",
        "Give them another first",
    )
    await admin.post(f"{PEOPLE}/jack/role", json={"role": "rep"})
    done = await admin.post(ROLES, json={"retire": "senior_rep", "why": "not needed", "was": first["version"]})
    assert done.status_code == 200 and (await admin.get(f"{ROLES}/senior_rep")).status_code == 404
    back = {"position": first["version"], "why": "needed after all", "was": done.json()["version"]}
    assert (await admin.post(ROLES, json=back)).status_code == 200
    versions = (await admin.get("/api/admin/role-versions")).json()["versions"]
    assert [(each["why"], each["by"]) for each in versions] == [
        ("needed after all", "dara"), ("not needed", "dara"), ("they take over", "dara"),
    ]  # fmt: skip
    assert [each["in_force"] for each in versions] == [True, False, False]
    refused(await admin.post(f"{ROLES}/propose", json={"position": 7}), 404, "not_found")
    refused(await admin.post(f"{ROLES}/propose", json={"retire": "rep"}), 404, "not_found")
    refused(await admin.post(f"{ROLES}/propose", json={}), 422, "one_change", "Send one of")


NO_ROLES: tuple[dict[str, object], ...] = (
    {"cedar": "permit (principal, action, resource);"}, {"cedar": 'permit (principal in Role::"admin", action, resource);'}, {"cedar": "please"},
    {"kind": "customer"}, {"kind": "nobody"}, {"id": "rep"}, {"title": 'A "quote"'}, {"allows": ["desk:destroy"]}, {"id": "new"},
)  # fmt: skip


async def test_a_role_that_no_page_would_take_is_not_taken_here(place: Place, admin: httpx.AsyncClient) -> None:
    for change in NO_ROLES:
        body = {"role": {**SENIOR, **change}}
        refused(await admin.post(f"{ROLES}/propose", json=body), 422, "role_refused", "Nothing was changed")
        refused(await admin.post(ROLES, json={**body, "why": "x", "was": 0}), 422, "role_refused")
    assert place.app.policy(Roles) == Roles()


# ---- the document ----


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with in_thread(tmp_path_factory.mktemp("people")) as place:
        yield place


def test_what_is_generated_from_the_document_gets_answers_that_it_names(served: Place) -> None:
    schema = schemathesis.openapi.from_url(f"{served.url}/openapi.json")
    secret = served.app.accounts.open_session(EVERYBODY["dara"])
    headers = {"cookie": f"baton_session={secret}", "x-csrf-token": served.app.signer.sign("csrf", secret)}
    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if not operation.path.startswith(("/api/admin/", "/api/me")) or operation.path.startswith("/api/metrics"):
            continue

        @settings(
            max_examples=4, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy())
        def runs(case) -> None:
            if "id" in case.path_parameters:
                case.path_parameters["id"] = "rep" if "roles" in case.path else "jack"
            case.call_and_validate(headers=headers, checks=checks)

        runs()
        tried += 1
    assert tried >= 27, tried
