"""The agreement decides what may be known of one rep: worked by hand, over HTTP, on pages, in files; and every path by rep asks it."""

import ast
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from baton.capabilities.governance.agreement.measures import MEASURES
from baton.capabilities.governance.events import Accord, Agreement, Term
from baton.capabilities.performance.registry.single import agreed, measures_of, without_rep
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError
from baton.kernel.stream import policy_name
from tests.capabilities.performance.test_metrics import book
from tests.scenes.ledger_room import Room, room
from tests.scenes.ledger_site import Site, site

pytestmark = pytest.mark.scene

NOW, DAY = 1_795_000_000_000, 86_400_000
BOTH = Term("figures", ("admin", "analyst"), 30)
HERE = "/api/governance/agreement"


def test_before_anything_is_agreed_permissions_hold_and_nothing_else_of_one_rep_exists() -> None:
    nothing = Agreement()
    assert [nothing.level("figures", role, NOW).agreed for role in ("analyst", "admin", "supervisor", "planner", "rep")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert nothing.level("figures", "analyst", NOW).since_ms == 0
    assert [m for m in MEASURES if nothing.level(m, "admin", NOW).agreed] == ["figures", "ai_use"]


def test_once_something_is_agreed_only_that_exists_for_whom_and_as_long_as_it_says() -> None:
    one = Agreement((Accord(terms=(Term("figures", ("analyst",), 30),), from_ms=NOW - DAY, until_ms=NOW + DAY),))
    assert one.level("figures", "analyst", NOW).since_ms == NOW - 30 * DAY
    assert not one.level("figures", "admin", NOW).agreed, "it is for analysts"
    refused = one.level("ai_use", "analyst", NOW)
    assert not refused.agreed and "no ai use of single reps" in refused.why and "/governance/agreement" in refused.why
    assert one.level("ai_use", "analyst", NOW - 2 * DAY).agreed, "before it began: as installed"
    assert not one.level("figures", "analyst", NOW + DAY).agreed, "after it ended nothing is agreed"


def test_an_agreement_never_gives_what_permissions_do_not() -> None:
    generous = Agreement((Accord(terms=(Term("figures", ("supervisor", "planner", "rep"), 0),), from_ms=1),))
    assert not any(
        generous.level("figures", role, NOW).agreed for role in ("supervisor", "planner", "rep", "integration")
    )


def test_where_sites_differ_only_what_each_has_exists() -> None:
    all_sites = Accord(terms=(BOTH, Term("ai_use", ("analyst",), 90)), from_ms=1, smallest_group=5)
    porto = Accord(site="Porto", terms=(msgspec.structs.replace(BOTH, days=7),), from_ms=2, smallest_group=8)
    both = Agreement((all_sites, porto))
    level = both.level("figures", "analyst", NOW)
    assert (level.agreed, level.since_ms, level.smallest) == (True, NOW - 7 * DAY, 8)
    assert not both.level("ai_use", "analyst", NOW).agreed, "Porto has none"
    later = msgspec.structs.replace(porto, terms=(BOTH, Term("ai_use", ("analyst",), 0)), from_ms=NOW - 5)
    assert Agreement((*both.accords, later)).level("ai_use", "analyst", NOW).since_ms == NOW - 90 * DAY, (
        "the latest of a site counts"
    )


def test_metrics_of_drafts_are_of_the_use_of_ai() -> None:
    assert measures_of(["aht"]) == ("figures",)
    assert measures_of(["silent_rework"]) == ("ai_use",)
    assert measures_of([]) == ("ai_use", "figures")
    only = Agreement((Accord(terms=(BOTH,), from_ms=1),))
    assert agreed(only, ["aht"], "analyst", NOW, ["rep"]) == NOW - 30 * DAY
    assert agreed(only, ["silent_rework"], "analyst", NOW, ["queue"]) == 0, "by queue it is nobody's"
    with pytest.raises(BatonError, match="no ai use of single reps"):
        agreed(only, ["silent_rework"], "analyst", NOW, ["rep", "queue"])
    assert without_rep({"rep": "kim", "queue": "q"}, only.level("ai_use", "admin", NOW)) == {"rep": "", "queue": "q"}


async def put_in_force(here: Room, agreement: Agreement) -> None:
    name = policy_name(Agreement)
    revised = PolicyRevised(name, msgspec.Raw(msgspec.json.encode(agreement)), "admin", "agreed")
    await here.committer.append(f"policy/{name}", revised, by="system")


BY_REP = (
    "/api/metrics/aht?by=rep", "/api/metrics/aht?by=rep&format=csv", "/api/metrics/aht?where=rep:kim", "/api/metrics/aht/rows?where=rep:kim",
    "/api/performance/ai-use", "/api/performance/ai-use?format=csv", "/api/ai-use/funnel?rep=kim",
)  # fmt: skip


async def test_what_is_not_agreed_is_on_no_page_in_no_file_and_not_over_http(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await book(here)
        async with site(here) as web:
            for path in BY_REP:
                assert (await web.get(path)).status_code == 200, path
            await put_in_force(here, Agreement((Accord(terms=(), from_ms=1),)))
            for path in BY_REP:
                for role in ("analyst", "admin", "supervisor"):
                    answer = await web.get(path, role)
                    assert answer.status_code == 403, (path, role)
                    assert "rep" in answer.json()["detail"]
            rows = await web.told("/api/metrics/aht/rows")
            assert rows["rows"] and not any(row["of"]["rep"] for row in rows["rows"])
            for path in ("/performance/metrics/aht/rows.csv?range=all", "/api/metrics/aht/rows?format=csv"):
                told = (await web.get(path)).text
                assert "kim" not in told and ",bo," not in told, path
            assert (await web.get("/api/metrics/aht?by=queue")).status_code == 200
            for path in (
                "/performance/part/suggestions?range=all",
                "/performance/suggestions.csv?range=all",
                "/ai-use?range=all",
                "/ai-use/use.csv?range=all",
            ):
                assert "kim" not in (await web.get(path)).text.lower(), path


async def test_days_back_are_kept(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await book(here)
        async with site(here) as web:
            whole = {f["group"]["rep"] for f in (await web.told("/api/metrics/aht?by=rep"))["figures"]}
            assert whole
            await put_in_force(here, Agreement((Accord(terms=(msgspec.structs.replace(BOTH, days=1),), from_ms=1),)))
            here.clock.forward(400 * 86_400)
            assert (await web.told("/api/metrics/aht?by=rep"))["figures"] == []


ACCORD = {
    "terms": [{"measure": "figures", "roles": ["analyst"], "days": 30}], "smallest_group": 6, "text": "Figures serve coaching.",
    "parties": "Halcyon Air and its works council", "from_day": "2099-01-01", "why": "agreed on 27 November",
}  # fmt: skip


async def written(web: Site, role: str = "admin", more: Mapping[str, object] | None = None) -> int:
    body = msgspec.json.encode({**ACCORD, **(more or {})})
    return (await web.post(HERE, body, "application/json", role)).status_code


async def test_it_is_written_by_an_administrator_from_a_day_on_and_read_by_whom_it_is_about(tmp_path: Path) -> None:
    async with room(tmp_path) as here, site(here) as web:
        for role in ("rep", "supervisor", "analyst", "planner", "integration", "customer"):
            assert await written(web, role) == 403, role
        wrong: tuple[dict[str, object], ...] = (
            {"from_day": "2001-01-01"}, {"until_day": "2098-12-31"}, {"why": ""}, {"smallest_group": 1},
            {"terms": [{"measure": "moods", "roles": ["analyst"]}]}, {"terms": [{"measure": "figures", "roles": ["supervisor"]}]},
        )  # fmt: skip
        for each in wrong:
            assert await written(web, more=each) == 422, each
        assert await written(web) == 201
        told = (await web.told(HERE, "rep"))["accords"]
        assert [(a["state"], a["parties"]) for a in told] == [("as installed", ""), ("to come", ACCORD["parties"])]
        assert told[1]["measures"][0] == {
            "measure": "figures",
            "title": "Figures by rep",
            "roles": ["analyst"],
            "days": 30,
        }
        page = await web.get("/governance/agreement", "rep")
        assert (
            page.status_code == 200 and "Figures serve coaching." in page.text and "agreed on 27 November" in page.text
        )
        assert "Put it in force" not in page.text
        assert (await web.get("/governance/agreement", "customer")).status_code == 403
        assert (await web.get(HERE, "")).status_code == 401


ASKS = {
    "src/baton/capabilities/performance/api.py": "_per_rep(",
    "src/baton/capabilities/performance/screen/files.py": 'ask.level("ai_use")',
    "src/baton/capabilities/performance/screen/parts.py": 'ask.level("ai_use")',
    "src/baton/capabilities/performance/screen/routes.py": "without_rep(",
    "src/baton/capabilities/performance/screen/suggestions.py": "level.agreed",
    "src/baton/capabilities/ai_use/api.py": "level_of(",
    "src/baton/capabilities/ai_use/screen/routes.py": "level_of(",
    "src/baton/capabilities/ai_use/screen/shown.py": "level_of(",
    "src/baton/assembly/commands.py": "agreed(agreement",
}
"""Where figures are told by rep, and how the file asks the agreement."""
TELLS = {
    ("baton.capabilities.performance.registry", "metrics"),
    ("baton.capabilities.performance.registry", "rows_of"),
    ("baton.capabilities.performance.ai_use", "ai_use"),
    ("baton.capabilities.performance.screen.suggestions", "uses"),
    ("baton.capabilities.performance.tables", "AI_USE"),
    ("baton.capabilities.ai_use.reading", "uses"),
    ("baton.capabilities.ai_use.reading.uses", "read"),
    ("baton.capabilities.ai_use.tables", "DRAFTS"),
}
"""What gives figures that may be of one rep: functions and read models."""
NEED_NOT = {
    "src/baton/capabilities/performance/ai_use/__init__.py": "works the figure out; who asks for it asks the agreement",
    "src/baton/capabilities/performance/registry/definitions/copilot.py": "defines figures",
    "src/baton/capabilities/performance/registry/grains.py": "defines figures",
    "src/baton/capabilities/performance/registry/rows.py": "defines figures",
    "src/baton/capabilities/performance/measure.py": "writes the read model",
    "src/baton/capabilities/ai_use/measure.py": "writes the read model",
    "src/baton/capabilities/ai_use/reading/uses.py": "works the figure out; who asks for it asks the agreement",
    "src/baton/capabilities/ai_use/screen/asking.py": "the newest day only",
    "src/baton/capabilities/lake/screen/selection.py": "lists conversations, which are no figure of a rep, for who may see them",
}


def importers() -> set[str]:
    """Files that import any of it."""
    found = set()
    for path in Path("src/baton").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and {(node.module, name.name) for name in node.names} & TELLS:
                found.add(str(path))
    return found


def test_every_place_that_tells_figures_by_rep_asks_the_agreement() -> None:
    unknown = importers() - set(ASKS) - set(NEED_NOT)
    assert not unknown, f"{sorted(unknown)} tells figures that may be of one rep: ask the agreement and say so here"
    assert set(NEED_NOT) <= importers(), "an exception that is none"
    for path, asks in ASKS.items():
        assert asks in Path(path).read_text(encoding="utf-8"), path
    known = [str(p) for p in Path("src/baton").rglob("*.py") if "PER_REP" in p.read_text(encoding="utf-8")]
    assert known == [], "roles alone decide nowhere"
