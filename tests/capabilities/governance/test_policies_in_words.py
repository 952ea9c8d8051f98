"""Rules asked for in words: written as Cedar with tests of their own, checked like any other text, and read again with their calls."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest

from baton.capabilities.agents.events import Procedures
from baton.capabilities.governance.events import GatePolicies
from baton.capabilities.governance.gate.tools import built_in, built_in_tests
from baton.capabilities.governance.policies.adding import added
from baton.capabilities.governance.policies.building import Wanted
from baton.capabilities.governance.policies.checking import check
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import policy_name
from tests.channels.serving import Place, crafts, serving
from tests.scenes.agents_floor import procedures

pytestmark = pytest.mark.scene

TOOLS = {"refund": "irreversible", "seat": "costly", "send_code": "reversible", "account": "read"}
SUNDAYS = Wanted("refund", "irreversible", ("agent",), "refunds over 100 wait until Monday", 10_000, ("sunday",))
ASKED = [
    SUNDAYS,
    Wanted("refund", "irreversible", ("agent", "machine"), 'a "quoted" why \\ with ü', 9_950),
    Wanted("seat", "costly", ("agent", "machine", "integration", "rep"), "nights", 0, (), 22, 6),
    Wanted("seat", "costly", ("machine", "rep"), "in the week", 0, ("monday", "tuesday"), 9, 17),
    Wanted("send_code", "reversible", ("integration",), "never"),
    Wanted("account", "read", ("machine",), "not by machines"),
]
HERE = "/governance/policies"


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.told)
def test_what_is_asked_for_is_a_rule_without_a_fault_that_its_own_tests_show(asked: Wanted) -> None:
    before = GatePolicies(built_in(), built_in_tests())
    after = added(before, asked).offered
    found = check(after.text, after.tests, TOOLS)
    assert found.faults == ()
    assert after.tests.count("[[case]]") > before.tests.count("[[case]]")


def test_it_is_told_in_a_sentence_and_never_takes_the_name_of_another() -> None:
    assert SUNDAYS.told == "Refund over €100 on Sundays is refused to AI agents."
    assert ASKED[2].told == "Seat from 22:00 to 06:00 is refused to everybody."
    once = added(GatePolicies(built_in(), built_in_tests()), SUNDAYS).offered
    twice = added(once, SUNDAYS).offered
    assert '@id("no-refund-over-100-sunday")' in twice.text
    assert '@id("no-refund-over-100-sunday-2")' in twice.text


def test_an_earlier_test_that_says_otherwise_is_turned_round_and_named() -> None:
    made = added(GatePolicies(built_in(), built_in_tests()), ASKED[1])
    assert made.turned == ("a refund that the customer confirmed",)
    assert added(GatePolicies(built_in(), built_in_tests()), SUNDAYS).turned == ()
    turned = made.offered.tests.partition("a refund that the customer confirmed")[2].partition("[[case]]")[0]
    assert "allow = false" in turned
    assert "as-confirmed" not in turned


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with serving(tmp_path, made=crafts("governance", "agents", "knowledge", "empathy", "orchestration", "sentiment", "individual")) as served:  # fmt: skip
        name, body = policy_name(Procedures), msgspec.Raw(msgspec.json.encode(procedures()))
        await served.app.committer.append(f"policy/{name}", PolicyRevised(name, body), by="system")
        yield served


async def ask(
    client: httpx.AsyncClient, place: Place, form: dict[str, str | list[str]], who: str = "mara"
) -> httpx.Response:
    """Post the form as somebody."""
    headers = {**place.token(who), "Accept": "text/html"}
    return await client.post(f"{HERE}/add", data=form, headers=headers)


async def test_a_supervisor_asks_in_words_and_sees_what_it_would_change(place: Place) -> None:
    async with place.http() as client:
        form: dict[str, str | list[str]] = {
            "tool": "refund",
            "over": "100",
            "kinds": ["agent", "machine"],
            "days": "sunday",
            "why": "until Monday",
        }
        page = await ask(client, place, form)
        assert page.status_code == 200
        for words in (
            "Refund over €100 on Sundays is refused to AI agents and machine customers.",
            "No fault",
            "An administrator may put it in force",
        ):
            assert words in page.text
        wrongs: tuple[tuple[dict[str, str | list[str]], str], ...] = (
            ({"over": "much"}, "is no amount"), ({"tool": "nothing"}, "There is no tool"), ({"kinds": []}, "to whom"), ({"why": " "}, "Say why"),
            ({"from_hour": "22"}, "both hours"), ({"from_hour": "x", "until_hour": "3"}, "is no hour"), ({"over": "nan"}, "is no amount"),
            ({"over": "1e999999"}, "is no amount"), ({"from_hour": "9" * 5000, "until_hour": "3"}, "is no hour"),
        )  # fmt: skip
        for wrong, words in wrongs:
            refused = await ask(client, place, {**form, **wrong})
            assert (refused.status_code, words in refused.text) == (422, True), wrong
        assert "No fault" in (await ask(client, place, {**form, "why": 'until\x01 "Monday"\\'})).text
        assert (await ask(client, place, form, "ruth")).status_code == 403


async def test_the_rules_are_read_in_words_and_lead_to_their_calls(place: Place) -> None:
    async with place.http() as client:
        headers = {**place.token("mara"), "Accept": "text/html"}
        page = (await client.get(HERE, headers=headers)).text
        assert "What a person approved for an integration" in page
        assert "10 guards that nobody can take away" in page
        calls = await client.get(f"{HERE}/calls", params={"rule": "look-up", "refused": "true"}, headers=headers)
        assert (calls.status_code, "No call of these days" in calls.text) == (200, True)
        assert (await client.get(f"{HERE}/calls", headers=place.token("jack"))).status_code == 403
