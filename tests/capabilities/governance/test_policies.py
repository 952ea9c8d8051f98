"""Policies of the gate: a text that would go wrong is refused with its line, and what is right is replayed before it is in force."""

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import msgspec
import pytest

from baton.capabilities.agents.events import Procedures
from baton.capabilities.governance.events import GatePolicies
from baton.capabilities.governance.gate.tools import ToolGate, built_in, built_in_tests, guards, read
from baton.capabilities.governance.policies.checking import check
from baton.capabilities.governance.policies.differing import difference
from baton.capabilities.governance.policies.faults import Fault
from baton.capabilities.governance.policies.replaying import past_calls, replay
from baton.kernel.conversation import PolicyRevised
from baton.kernel.ports import Call, Claim
from baton.kernel.stream import policy_name
from tests.channels.serving import Place, crafts, serving
from tests.scenes.agents_floor import floor, procedures

pytestmark = pytest.mark.scene

TOOLS = {"refund": "irreversible", "account": "read", "seat": "costly", "send_code": "reversible"}
OPEN = "permit (principal, action, resource);"
NO_SEATS = '@id("no-seats") @why("people give seats this week")\nforbid (principal is Agent, action, resource == Tool::"seat");'
CAP = '@id("cap") @why("beyond 100 euros")\nforbid (principal is Agent, action, resource == Tool::"refund") when { context.cents > 10000 };'
BIG = (
    '@id("big") permit (principal is Agent, action == Action::"irreversible", resource == Tool::"refund")\n'
    'when { context.cents > 20000 && context.confirmed && context.evidence == "record" };'
)


def faults(*more: str, tests: str = "", text: str = "") -> list[Fault]:
    """What is wrong with the built-in text and something more."""
    whole = "\n".join([text or built_in(), *more])
    return list(check(whole, tests or built_in_tests(), TOOLS).faults)


def one(*more: str, tests: str = "", text: str = "") -> Fault:
    """The only thing that is wrong."""
    (found,) = faults(*more, tests=tests, text=text)
    return found


AFTER = built_in().count("\n") + 2
"""The line on which something more begins."""


def test_the_built_in_text_has_no_fault_and_neither_has_a_sensible_change() -> None:
    assert faults() == []
    assert faults(NO_SEATS) == []
    assert faults('@id("mail") @why("ours")\nforbid (principal is Agent, action, resource == Tool::"seat")\nwhen { context.args.hasTag("to") && !(context.args.getTag("to") like "*@halcyon.example") };') == []  # fmt: skip


def test_what_cannot_be_read_is_told_with_its_line() -> None:
    assert one("permit (principal, action, resource").line == AFTER
    assert one("// why\n\npermit (principal, action resource);").line == AFTER + 2
    assert "template" in one('@id("t") permit (principal == ?principal, action, resource);').says
    assert "no rule" in one(text="// nothing").says


def test_what_there_is_not_may_not_be_spoken_of() -> None:
    for unknown in (
        "context.vibe",
        "principal.salary > 3",
        'principal in Team::"a" && context.cents == "x"',
        "resource.colour",
    ):
        found = faults(f'@id("x") permit (principal, action == Action::"read", resource) when {{ {unknown} }};')
        assert {(f.line, f.rule) for f in found} == {(AFTER, "x")}
    assert "Boss" in str(faults('@id("x") permit (principal is Boss, action, resource);'))
    assert "burn" in str(faults('@id("x") permit (principal, action == Action::"burn", resource);'))


def test_rules_have_names_of_their_own_and_forbids_say_why() -> None:
    assert "no name" in one(OPEN.replace("action,", 'action == Action::"read",')).says
    assert {f.says for f in faults(NO_SEATS, NO_SEATS)} == {"Two rules have this name."}
    assert "guard" in one('@id("guard-nobody") @why("x") forbid (principal == Agent::"x", action, resource);').says
    assert "why" in one('@id("x") forbid (principal == Agent::"x", action, resource);').says


@pytest.mark.parametrize(
    "permit",
    [
        'permit (principal, action, resource);',
        'permit (principal is Agent, action in Action::"binding", resource);',
        'permit (principal, action == Action::"costly", resource == Tool::"seat") when { context.evidence == "record" };',
        'permit (principal, action, resource) when { context.cents < 500 };',
        'permit (principal is Machine, action, resource) when { principal.scopes.contains("write") };',
        'permit (principal, action in Action::"binding", resource) when { context.confirmed };',
        'permit (principal, action, resource) when { context.args.hasTag("to") && context.args.getTag("to") == "staff" };',
        'permit (principal == Agent::"trusted", action, resource) unless { context.cents == 7 };',
    ],
)  # fmt: skip
def test_what_permits_a_binding_act_unconfirmed_or_for_anybody_takes_a_guard_away(permit: str) -> None:
    found = one(f'@id("open") {permit}')
    assert (found.line, found.rule) == (AFTER, "open")
    assert "takes away what the guards demand" in found.says


def test_a_rule_that_can_never_matter_and_a_tool_nobody_can_call_are_found() -> None:
    found = {f.rule: f for f in faults(CAP, BIG, tests=SMALL)}
    assert found["big"].line == AFTER + 2
    assert f"cap (line {AFTER})" in found["big"].says
    dead = one('@id("never") @why("x") forbid (principal, action, resource == Tool::"seat");', tests=SMALL)
    assert (dead.line, dead.says) == (AFTER, "Nobody could ever call seat (costly).")
    idle = one(
        '@id("idle") permit (principal, action == Action::"read", resource) when { context.cents > 3 && context.cents < 2 };'
    )
    assert idle.rule == "idle"


SMALL = """
[[case]]
says = "a small refund"
tool = "refund"
risk = "irreversible"
confirmed = true
cents = 500
allow = true

[[case]]
says = "nobody said yes"
tool = "refund"
risk = "irreversible"
allow = false
rule = "guard-not-confirmed"
"""


def test_its_tests_must_pass_and_show_both_a_yes_and_a_no() -> None:
    assert one(CAP).says.startswith("Test 2 (a refund that the customer confirmed): refused by cap")
    assert (
        "decided by guard-not-confirmed"
        in one(tests=SMALL.replace('rule = "guard-not-confirmed"', 'rule = "cap"')).says
    )
    assert "cannot be read" in one(tests="[[case]]\nsays =").says
    assert "cannot be read" in one(tests=SMALL + 'colour = "red"').says
    assert "none that is refused" in one(tests=SMALL.partition('[[case]]\nsays = "nobody')[0]).says


def test_a_permit_that_allows_everything_allows_nothing_past_the_guards() -> None:
    wide = read(f'@id("all") {OPEN}')
    claim = Claim("assistant", "p", evidence="record", stream="conversation/a")
    gate = ToolGate(policies=GatePolicies(f'@id("all") {OPEN}'))
    assert gate.judge(Call("refund", "irreversible", {}, claim, key="k")).rules == ("guard-not-confirmed",)
    assert len(wide.rules) == guards().count("@id(") + 1


def test_a_difference_is_told_line_by_line() -> None:
    told = difference("a\nb\nc\nd\ne\nf\n", "a\nB\nc\nd\ne\nf\n")
    assert [(line.kind, line.number, line.text) for line in told][:3] == [
        ("same", 1, "a"),
        ("removed", 2, "b"),
        ("added", 2, "B"),
    ]
    assert difference("a", "a") == []


async def test_past_calls_are_judged_again_and_the_difference_is_shown(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("I forgot my password")
        await it.customer(it.record.world.customers[0].email)
        rows = await past_calls(it.committer.store, it.clock.now_ms(), 30)
        assert {(str(r["tool"]), r["allowed"]) for r in rows} >= {("account", 1)}
        assert it.record.world.customers[0].email not in str([dict(r) for r in rows])
        stricter = built_in() + '@id("no-look") @why("x") forbid (principal, action, resource == Tool::"account");'
        same, other = replay(rows, read(""), read(built_in()), 30), replay(rows, read(""), read(stricter), 30)
        assert (same.refused, same.allowed, same.changes) == (0, 0, ())
        assert (other.refused, other.changes[0].tool, other.changes[0].rules) == (1, "account", "no-look")


async def test_what_is_put_in_force_holds_at_once_also_where_a_conversation_runs(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("I forgot my password")
        text = built_in() + '@id("no-look") @why("x") forbid (principal, action, resource == Tool::"account");'
        name = policy_name(GatePolicies)
        body = msgspec.Raw(msgspec.json.encode(GatePolicies(text)))
        await it.append(f"policy/{name}", PolicyRevised(name, body, "dara", "an incident"), by="staff/dara")
        await it.customer(it.record.world.customers[0].email)
        rows = await past_calls(it.committer.store, it.clock.now_ms(), 1)
        assert [(r["tool"], r["allowed"], r["rules"]) for r in rows] == [("account", 0, "no-look")]


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with serving(tmp_path, made=crafts("governance", "agents", "knowledge", "empathy", "orchestration", "sentiment", "individual")) as served:  # fmt: skip
        body = msgspec.Raw(msgspec.json.encode(procedures()))
        name = policy_name(Procedures)
        await served.app.committer.append(f"policy/{name}", PolicyRevised(name, body), by="system")
        yield served


@pytest.fixture
async def client(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    async with place.http() as opened:
        yield opened


PATH = "/api/governance/policies"


async def offered(client: httpx.AsyncClient, who: Mapping[str, str], text: str) -> dict:
    body = {"text": text, "tests": built_in_tests()}
    told: dict = (await client.post(f"{PATH}/check", json=body, headers=who)).raise_for_status().json()
    return told


async def test_a_text_is_checked_replayed_put_in_force_and_taken_back(place: Place, client: httpx.AsyncClient) -> None:
    dara = place.token("dara")
    before = (await client.get(PATH, headers=dara)).json()
    assert before["text"] == built_in() and before["versions"] == []
    told = await offered(client, dara, f'{built_in()}\n@id("open") {OPEN}')
    assert told["seen"] == "" and [f["rule"] for f in told["faults"]] == ["open"]
    text = f"{built_in()}\n{NO_SEATS}\n"
    told = await offered(client, dara, text)
    assert told["faults"] == [] and told["told"].startswith("0 calls of 30 days")
    forced = {"text": text, "tests": built_in_tests(), "told": told["told"], "seen": told["seen"], "why": "a wet week"}
    assert (await client.post(PATH, json={**forced, "text": text + "\n"}, headers=dara)).status_code == 409
    assert (await client.post(PATH, json={**forced, "told": "nothing changes"}, headers=dara)).status_code == 409
    assert (await client.post(PATH, json={**forced, "why": " "}, headers=dara)).status_code == 422
    after = (await client.post(PATH, json=forced, headers=dara)).json()
    assert after["text"] == text
    (version,) = after["versions"]
    assert (version["who"], version["why"], version["emergency"]) == ("Dara Quinn", "a wet week", False)
    assert (await client.post(PATH, json=forced, headers=dara)).status_code == 409
    back = await offered(client, dara, built_in())
    done = await client.post(
        PATH, json={**forced, "text": built_in(), "told": back["told"], "seen": back["seen"]}, headers=dara
    )
    assert len(done.json()["versions"]) == 2


async def test_a_supervisor_may_try_it_and_an_administrator_puts_it_in_force(
    place: Place, client: httpx.AsyncClient
) -> None:
    forcing = {"text": "x", "tests": "", "told": "", "seen": "", "why": "why"}
    for who, may_look, may_try in (("jack", False, False), ("ruth", True, False), ("mara", True, True)):
        headers = place.token(who)
        assert (await client.get(PATH, headers=headers)).status_code == (200 if may_look else 403)
        tried = await client.post(f"{PATH}/check", json={"text": "", "tests": ""}, headers=headers)
        assert tried.status_code == (200 if may_try else 403)
        page = await client.get("/governance/policies", headers=headers)
        assert page.status_code == (200 if may_look else 403)
        assert ("<textarea" in page.text) == may_try
        assert "at-once" not in page.text
        assert (await client.post(PATH, json=forcing, headers=headers)).status_code == 403
        for form in ("force", "emergency"):
            assert (await client.post(f"/governance/policies/{form}", data=forcing, headers=headers)).status_code == 403
    assert (await client.get(PATH)).status_code == 401


async def test_the_page_shows_faults_the_difference_and_an_emergency(place: Place, client: httpx.AsyncClient) -> None:
    dara = place.token("dara")
    form = {"text": f'{built_in()}\n@id("<script>") {OPEN}', "tests": built_in_tests()}
    wrong = await client.post("/governance/policies/check", data=form, headers=dara)
    assert wrong.status_code == 422
    assert (
        "Not put in force: 1 fault" in wrong.text and "<script>&" not in wrong.text and "&lt;script&gt;" in wrong.text
    )
    form["text"] = f"{built_in()}\r\n{NO_SEATS}"
    shown = await client.post("/governance/policies/check", data=form, headers=dara)
    assert shown.status_code == 200
    assert re.search(r'class="added".*?no-seats', shown.text, re.DOTALL)
    assert "Put in force" in shown.text
    at_once = await client.post(
        "/governance/policies/emergency", data={**form, "why": "seats are sold twice"}, headers=dara
    )
    assert at_once.status_code == 303
    page = await client.get("/governance/policies?done=true", headers=dara)
    assert "emergency, not replayed" in page.text and "seats are sold twice" in page.text
    version = re.search(r"policies\?from=(\d+)", page.text)
    assert version
    assert (await client.get(f"/governance/policies?from={version[1]}", headers=dara)).status_code == 200
    assert (await client.get("/governance/policies?from=12345", headers=dara)).status_code == 404


SUNDAYS = '@id("sundays") @why("Monday")\nforbid (principal, action, resource == Tool::"refund")\nwhen { context.cents > 10000 && context.weekday == "sunday" };'
NIGHTS = '@id("nights") @why("by day")\nforbid (principal, action, resource == Tool::"seat")\nwhen { context.hour < 6 || context.hour >= 22 };'
SUNDAY_MS, MONDAY_MS = 1_795_946_400_000, 1_796_032_800_000
"""29 and 30 November 2026, 10:00 UTC."""


def test_a_rule_may_speak_of_the_day_and_the_hour() -> None:
    assert faults(SUNDAYS, NIGHTS) == []
    assert "never matter" in one('@id("on-sundays") permit (principal is Rep, action == Action::"read", resource == Tool::"bag")\nwhen { context.weekday == "sunday" };',
                                 '@id("no-bags") @why("x") forbid (principal, action, resource == Tool::"bag");').says  # fmt: skip


def test_past_calls_are_judged_on_the_day_they_were_made_where_the_organisation_is() -> None:
    grounds = {
        "tool": "refund",
        "risk": "irreversible",
        "kind": "rep",
        "principal": "p",
        "on_behalf": True,
        "evidence": "record",
        "cents": 20_000,
    }
    rows = [
        {"grounds": msgspec.json.encode(grounds).decode(), "conversation": "conversation/a", "at_ms": at}
        for at in (SUNDAY_MS, MONDAY_MS)
    ]
    later = read(built_in() + SUNDAYS)
    assert replay(rows, read(""), later, 30).refused == 1
    assert replay(rows, read(""), later, 30, "Pacific/Kiritimati").refused == 0, "there it is Monday and Tuesday"


def test_who_forbids_a_tool_to_everybody_is_named() -> None:
    harmless = '@id("big") @why("x") forbid (principal is Agent, action, resource == Tool::"refund") when { context.cents > 90000 };'
    found = faults(harmless, '@id("none") @why("y") forbid (principal, action, resource == Tool::"refund");')
    assert [f.rule for f in found if "Nobody could ever call refund" in f.says] == ["none"]
