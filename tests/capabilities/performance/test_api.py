"""Figures, rows and the ledger over HTTP."""

import csv
import io
from pathlib import Path

import pytest

from tests.capabilities.performance.test_metrics import book
from tests.scenes.ledger_room import room
from tests.scenes.ledger_site import site

pytestmark = pytest.mark.scene


async def test_a_figure_comes_with_what_it_is_never_shown_without(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await book(here)
        async with site(here) as web:
            told = await web.told("/api/metrics/containment")
            assert [f["metric"] for f in told["figures"]] == [
                "containment",
                "verified_resolution",
                "resolved_in_contained",
            ]
            assert told["figures"][0]["value"] == 0.75
            assert 0 <= told["figures"][0]["low"] < 0.75 < told["figures"][0]["high"] <= 1
            by = await web.told("/api/metrics/aht?by=rep&where=channel:voice")
            assert {f["group"]["rep"]: f["value"] for f in by["figures"]} == {"kim": 155.0, "bo": 70.0}
            text = (await web.get("/api/metrics/aht?by=rep&format=csv")).text
            assert {row["rep"] for row in csv.DictReader(io.StringIO(text))} == {"kim", "bo"}


async def test_every_definition_and_the_rows_behind_a_figure(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await book(here)
        async with site(here) as web:
            known = await web.told("/api/metrics")
            assert {"containment", "ledger_reversed", "occupancy"} <= {m["id"] for m in known["metrics"]}
            assert all(m["formula"] and m["exclusions"] for m in known["metrics"])
            rows = await web.told("/api/metrics/containment/rows?where=intent:refund&size=1")
            assert (rows["total"], len(rows["rows"]), rows["rows"][0]["of"]["intent"]) == (2, 1, "refund")
            text = (await web.get("/api/metrics/containment/rows", accept="text/csv")).text
            assert len(list(csv.DictReader(io.StringIO(text)))) == 4


async def test_the_ledger_and_who_came_back(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await book(here)
        async with site(here) as web:
            bar = await web.told("/api/ledger")
            assert (bar["needs"], sum(s["permille"] for s in bar["shares"]), bar["contained"]["value"]) == (
                7,
                1000,
                0.75,
            )
            (pair,) = (await web.told("/api/ledger/recontacts"))["pairs"]
            assert (pair["first"]["channel"], pair["then"]["channel"], pair["issue"]) == ("chat", "voice", "refund")
            told = await web.told(f"/api/ledger/changes?need={pair['first']['conversation']}")
            assert [c["state"] for c in told["changes"]][-1] == "provisional"
            assert (await web.told("/api/performance/equal-mix"))["difference"] is None
            assert (await web.told("/api/performance/ai-use"))["reps"] == []


@pytest.mark.parametrize(
    ("path", "role", "status"),
    [("/api/metrics/shoes", "analyst", 404), ("/api/metrics/aht?by=mood", "analyst", 422), ("/api/metrics/aht", "rep", 403),
     ("/api/ledger", "customer", 403), ("/api/ledger/recontacts?days=0", "analyst", 422), ("/api/metrics", "", 401),
     ("/api/metrics/aht?format=csv", "knowledge_manager", 403), ("/api/metrics/aht?by=rep", "supervisor", 403),
     ("/api/metrics/aht/rows?where=rep:kim", "supervisor", 403), ("/api/performance/ai-use", "supervisor", 403)],
)  # fmt: skip
async def test_what_may_not_be_asked_is_refused(tmp_path: Path, path: str, role: str, status: int) -> None:
    async with room(tmp_path) as here, site(here) as web:
        answer = await web.get(path, role)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
