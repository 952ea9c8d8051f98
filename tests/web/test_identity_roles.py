"""Roles of an organisation's own: what they give is shown first, what none may have is refused, and there is a way back."""

import html
import re

import httpx
import msgspec
import pytest

from baton.kernel.errors import BatonError
from baton.web.identity.events import MadeRole, Roles
from baton.web.identity.roles.checking import KINDS, broken_by, checked, difference
from baton.web.permissions import ACTS, OBJECT_ACTS, SCREENS, SOURCE, Permissions, cedar_of
from baton.web.staff import ROLES, Staff
from tests.channels.serving import PEOPLE

pytestmark = pytest.mark.scene
SENIOR = MadeRole(
    "senior_rep", "Senior rep", "rep", ("desk:open", "desk:serve", "conversations:open", "performance:open")
)
ADMIN = Staff("dara", "d@x.example", "Dara", "admin")


def with_cedar(cedar: str) -> Roles:
    return Roles((msgspec.structs.replace(SENIOR, cedar=cedar),))


def test_a_made_role_may_what_is_ticked_and_sees_what_its_kind_sees() -> None:
    asked = Permissions(made=lambda: made)
    made = Roles((SENIOR,))
    ida = Staff("ida", "i@x.example", "Ida", "rep", made_role="senior_rep")
    assert {s for s in SCREENS if asked.lets(ida, "open", s)} == {"desk", "conversations", "performance"}
    assert not asked.lets(ida, "propose", "knowledge"), "what a rep may and was not ticked"
    assert asked.may_with(ida, "see", "c1", ["ida"])
    assert not asked.may_with(ida, "see", "c1", ["jack"])
    assert not asked.lets(Staff("x", "", "", "admin", made_role="senior_rep"), "open", "desk"), (
        "of another kind than it was made from"
    )
    made = Roles()
    assert not asked.lets(ida, "open", "desk"), "a role that was retired opens nothing, at once"


def test_conditions_on_what_is_said_of_people_are_cedar() -> None:
    export = 'permit (principal in Role::"senior_rep", action == Action::"export", resource == Screen::"performance") when { principal has team && principal.team == "refunds" };'
    people = [ADMIN, Staff("ida", "", "", "rep", made_role="senior_rep", attributes=(("team", "refunds"),))]
    asked = checked(Roles((SENIOR,)), with_cedar(export), people)
    assert asked.lets(people[1], "export", "performance")
    assert not asked.lets(msgspec.structs.replace(people[1], attributes=(("team", "bags"),)), "export", "performance")
    assert not asked.lets(msgspec.structs.replace(people[1], attributes=()), "export", "performance")
    found = difference(Permissions(made=lambda: Roles((SENIOR,))), asked, people)
    assert [(c.role, c.gains, c.loses, c.people) for c in found] == [("senior_rep", ("performance: export",), (), 1)]


def test_whose_conversations_a_role_sees_is_told_before_it_does() -> None:
    see, condition = (
        'principal in Role::"night", action == Action::"see"',
        'when { principal has team && principal.team == "x" }',
    )
    cedars = ("", f"permit ({see}, resource is Conversation) {condition};", f"forbid ({see}, resource);")
    planner, analyst = (
        [Roles((MadeRole("night", "Night", kind, ("conversations:open",), cedar),)) for cedar in cedars]
        for kind in ("planner", "analyst")
    )
    in_team = Staff("ida", "", "", "planner", made_role="night", attributes=(("team", "x"),))

    def told(before: Roles, after: Roles, *people: Staff) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        found = difference(Permissions(made=lambda: before), checked(before, after, [ADMIN, *people]), people)
        return [(each.gains, each.loses) for each in found]

    both = ("conversations: see those of others", "conversations: see those they hold")
    assert told(planner[0], planner[1], in_team) == [(both, ())]
    assert told(planner[0], planner[1]) == [], "nobody is in that team"
    assert told(analyst[0], analyst[2]) == [((), both)]
    assert told(Roles(), analyst[0]) == [(("conversations: open",), ())], (
        "a role sees what the one it is made from sees"
    )
    assert told(analyst[2], Roles()) == [((), ("conversations: open",))]


ROLE = 'principal in Role::"senior_rep"'
REFUSED = {
    "everybody": "permit (principal, action, resource);",
    "another role": 'permit (principal in Role::"admin", action, resource);',
    "a kind": 'permit (principal in Kind::"rep", action, resource);',
    "one person": 'permit (principal == Staff::"jack", action, resource);',
    "everybody with a condition": 'permit (principal, action, resource) when { principal has team && principal.team == "x" };',
    "a ban on another role": 'forbid (principal in Role::"admin", action, resource);',
    "the second of two": f'permit ({ROLE}, action == Action::"open", resource == Screen::"live"); permit (principal, action, resource);',
    "a template": "permit (principal == ?principal, action, resource);",
    "an act that is none": f'permit ({ROLE}, action == Action::"rule", resource);',
    "what nobody says of people": f'permit ({ROLE}, action == Action::"open", resource) when {{ principal.salary > 1 }};',
    "half a policy": f"permit ({ROLE}",
    "no policy": "please let me in",
    "too much": f"// {'x' * 9000}",
}  # fmt: skip


@pytest.mark.parametrize("cedar", REFUSED.values(), ids=REFUSED.keys())
def test_cedar_of_a_role_is_about_that_role_alone_and_means_something(cedar: str) -> None:
    with pytest.raises(BatonError) as no:
        checked(Roles(), with_cedar(cedar), [ADMIN])
    assert no.value.status == 422


EVERYTHING = "permit ({who}, action, resource);"
WIDE = [
    f'permit ({ROLE}, action == Action::"{act}", resource is {kind});'
    for act, kind in zip(OBJECT_ACTS, ("Conversation", "Conversation", "Load"), strict=True)
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cedar", WIDE, ids=OBJECT_ACTS)
def test_no_permission_lifts_what_is_forbidden_to_all(cedar: str, kind: str) -> None:
    role = msgspec.structs.replace(SENIOR, kind=kind, cedar=cedar)
    asked = checked(Roles(), Roles((role,)), [ADMIN])
    probe = Staff("me", "", "", kind, made_role="senior_rep")
    assert not asked.may_read_load(probe, "other")
    assert not asked.may_with(probe, "speak", "c", ["me"], "other")
    assert asked.may_with(probe, "see", "c", ["other"]) == (kind != "rep" and (kind != "planner" or "see" in cedar))


BROKEN = {
    "nobody-else-reads-a-load": 'permit (principal in Kind::"supervisor", action == Action::"read_load", resource);',
    "nobody-else-speaks": 'permit (principal in Kind::"supervisor", action == Action::"speak", resource);',
    "a-rep-sees-nothing-else": 'permit (principal in Kind::"rep", action == Action::"see", resource);',
    "customers-have-no-staff-screen": 'permit (principal in Kind::"customer", action, resource);',
    "a-key-does-no-more-than-its-scopes": "",
}


def without(policy: str) -> str:
    """The policies that ship, but one."""
    kept = [
        part
        for part in re.split(r"(?=^@id\()", SOURCE.read_text(), flags=re.MULTILINE)
        if not part.startswith(f'@id("{policy}")')
    ]
    assert len(kept) == len(re.findall(r"^@id\(", SOURCE.read_text(), re.MULTILINE)), policy
    return "".join(kept)


@pytest.mark.parametrize(("policy", "also"), BROKEN.items(), ids=BROKEN.keys())
def test_what_holds_whatever_is_written_is_found_by_asking_too(policy: str, also: str) -> None:
    assert not list(broken_by(Permissions(), [ADMIN]))
    assert list(broken_by(Permissions(without(policy) + also), [ADMIN])), (
        "the ban is gone and somebody may: this is told"
    )


def table(text: str) -> list[bool]:
    """Every answer there is about roles, and about whose it is."""
    asked = Permissions(text)
    said = [asked.may(role, act, screen) for role in ROLES for act in ACTS for screen in SCREENS]
    for role in ROLES:
        me = Staff("me", "", "", role)
        keyed = msgspec.structs.replace(me, scopes=frozenset({"live:open"}))
        said += [asked.may_with(me, "see", "c", reps) for reps in ([], ["me"], ["other"])]
        said += [asked.may_with(me, "speak", "c", [], holder) for holder in ("", "me", "other")]
        said += [asked.may_read_load(me, rep) for rep in ("me", "other")]
        said += [asked.lets(keyed, "open", screen) for screen in ("live", "desk")]
    return said


POLICIES = re.findall(r'^@id\("([^"]+)"\)', SOURCE.read_text(), re.MULTILINE)
WIDER = "permit (principal, action, resource);"


@pytest.fixture(scope="module")
def shipped() -> tuple[list[bool], list[bool]]:
    return table(SOURCE.read_text()), table(SOURCE.read_text() + WIDER)


@pytest.mark.parametrize("policy", POLICIES)
def test_no_policy_can_go_unnoticed(policy: str, shipped) -> None:
    """Each is taken away in turn. Bans show where a permission as wide as can be stands beside them."""
    assert table(without(policy)) != shipped[0] or table(without(policy) + WIDER) != shipped[1]


def test_the_cedar_of_ticks_says_what_is_ticked() -> None:
    for kind in KINDS:
        shipped = Permissions()
        allows = tuple(f"{s}:{a}" for s in SCREENS for a in ACTS if shipped.may(kind, a, s))
        made = Roles((MadeRole("copy_of", "Copy", kind, allows),))
        asked = checked(Roles(), made, [ADMIN])
        same = [asked.may("copy_of", a, s) == shipped.may(kind, a, s) for s in SCREENS for a in ACTS]
        assert all(same), (kind, cedar_of(made.roles[0]))


@pytest.mark.parametrize("role", [
    MadeRole("rep", "Rep", "rep"), MadeRole("none", "None", "rep"), MadeRole("Senior", "Senior", "rep"), MadeRole("x", "X", "rep"), MadeRole('a"b', "Quote", "rep"),
    MadeRole("guest", "Guest", "customer"), MadeRole("ghost", "Ghost", "nobody"), MadeRole("line", "Two\nlines", "rep"), MadeRole("quote", 'A "quote"', "rep"),
    MadeRole("wide", "Wide", "rep", ("desk:destroy",)), MadeRole("wide", "Wide", "rep", ("*",)),
])  # fmt: skip
def test_a_role_that_cannot_be_is_refused(role: MadeRole) -> None:
    with pytest.raises(BatonError):
        checked(Roles(), Roles((role,)), [ADMIN])


# ---- on the page ----


@pytest.fixture
async def admin(place):
    secret = place.app.accounts.open_session(next(each for each in PEOPLE if each.id == "dara"))
    headers = {"x-csrf-token": place.app.signer.sign("csrf", secret)}
    async with place.http(cookies={"baton_session": secret}, headers=headers) as client:
        yield client


async def put(admin: httpx.AsyncClient, why: str = "they take over", **form) -> tuple[httpx.Response, httpx.Response]:
    """Show what a role would change, then put it in force."""
    shown = await admin.post("/admin/roles/show", data={"title": "Senior rep", "kind": "rep", "was": 0, **form})
    assert shown.status_code == 200, shown.text
    return shown, await confirm(admin, shown.text, why)


async def confirm(admin: httpx.AsyncClient, page: str, why: str) -> httpx.Response:
    told = dict(re.findall(r'<input type="hidden" name="(body|was)" value="([^"]*)">', page))
    return await admin.post("/admin/roles", data={"body": html.unescape(told["body"]), "was": told["was"], "why": why})


async def test_a_role_is_made_given_changed_and_taken_back(place, admin) -> None:
    app = place.app
    shown, done = await put(admin, allow=["desk:open", "desk:serve", "performance:open"])
    assert "performance: open" in shown.text and app.policy(Roles).roles != (), "shown, then in force"
    assert done.status_code == 303
    await admin.post("/admin/people/jack/role", data={"role": "senior_rep"})
    jack = place.token("jack")
    async with place.http() as client:
        assert (await client.get("/api/desk/state", headers=jack)).status_code == 200
        assert app.permissions.lets(app.accounts.by_id("jack"), "open", "performance")
        session = app.accounts.open_session(app.accounts.by_id("jack"))
        version = int(re.findall(r'name="was" value="(\d+)"', (await admin.get("/admin/roles/senior_rep")).text)[0])
        await put(admin, "only the desk", id="senior_rep", allow=["desk:open", "desk:serve"], was=version)
        assert not app.permissions.lets(app.accounts.by_id("jack"), "open", "performance")
        assert app.accounts.of_session(session) is None, "who loses a right signs in again"
    page = (await admin.get("/admin/roles")).text
    assert "only the desk" in page and "they take over" in page
    first = re.findall(r'name="position" value="(\d+)"><input type="hidden" name="was" value="(\d+)"', page)[0]
    back = await admin.post("/admin/roles/back", data={"position": first[0], "was": first[1]})
    assert "performance: open" in back.text
    assert (await confirm(admin, back.text, "as before")).status_code == 303
    assert app.permissions.lets(app.accounts.by_id("jack"), "open", "performance")
    revised = [entry.event for entry, _ in await app.reader.told("policy/identity.Roles")]
    assert [(each.author, each.why) for each in revised] == [
        ("dara", "they take over"),
        ("dara", "only the desk"),
        ("dara", "as before"),
    ]


async def test_a_role_that_somebody_has_stays_and_one_needs_a_reason_and_the_newest_version(place, admin) -> None:
    shown = await admin.post(
        "/admin/roles/show", data={"title": "Senior rep", "kind": "rep", "allow": "desk:open", "was": 0}
    )
    assert (await confirm(admin, shown.text, " ")).status_code == 422
    assert (await confirm(admin, shown.text, "new")).status_code == 303
    assert (await confirm(admin, shown.text, "again, from before")).status_code == 409
    again = await admin.post("/admin/roles/show", data={"title": "Senior rep", "kind": "analyst", "was": 0})
    assert again.status_code == 422 and "There is a role called" in again.text
    await admin.post("/admin/people/jack/role", data={"role": "senior_rep"})
    refused = await admin.post("/admin/roles/retire", data={"id": "senior_rep", "was": 0})
    assert refused.status_code == 409 and "Give them another first" in refused.text
    assert (await admin.post("/admin/roles/back", data={"position": 0, "was": 0})).status_code == 409
    assert (await admin.get("/admin/roles/nothing")).status_code == 404
    assert (await admin.get("/admin/roles/new?kind=customer")).status_code == 404


async def test_what_is_put_in_force_is_checked_again_whatever_was_shown(place, admin) -> None:
    evil = msgspec.json.encode(with_cedar("permit (principal, action, resource);")).decode()
    answer = await admin.post("/admin/roles", data={"body": evil, "why": "x", "was": 0})
    assert answer.status_code == 422 and "about nobody else" in html.unescape(answer.text)
    assert place.app.policy(Roles) == Roles()
    assert (await admin.post("/admin/roles", data={"body": "{", "why": "x", "was": 0})).status_code == 422


async def test_a_rep_of_a_role_of_ones_own_reads_nobody_elses_conversation(place, admin) -> None:
    await put(
        admin,
        allow=["desk:open", "desk:serve", "conversations:open", "conversations:export", "conversations:see_personal"],
    )
    await admin.post("/admin/people/jack/role", data={"role": "senior_rep"})
    async with place.http() as client:
        talk = await place.begin(client)
        await talk.say("Where is my bag?", "n1")
        found = await client.get(f"/api/desk/conversations/{talk.id}", headers=place.token("jack"))
        missing = await client.get("/api/desk/conversations/AAAAAAAAAAAAAAAA", headers=place.token("jack"))
        assert (
            (found.status_code, found.json()["detail"])
            == (missing.status_code, missing.json()["detail"])
            == (404, missing.json()["detail"])
        )
